import { gatherAccountFacts } from "@nightshift/aws/account-facts";
import { surveyAccount } from "@nightshift/aws/account-survey";
import { secretsFrom } from "@nightshift/aws/ssm-secrets";
import { awsWorld, reachOf } from "@nightshift/aws/world";
import { createAccount, LabWorld } from "@nightshift/lab";
import type { Tap } from "@nightshift/lab/boundary/tap";
import { labConnections, loadAdapters } from "@nightshift/lab/connections";
import { digest, minutes, ms, serviceDeploymentArn, serviceName } from "@nightshift/model";

/** Calls every method of the adapters once in the lab: those that no scenario needs too, such as the doctor's. */
export async function tour(tap: Tap): Promise<void> {
  await loadAdapters();
  const account = createAccount({ seed: 7, tap });
  const world = new LabWorld(account.kernel, { ecs: { staleFor: ms(0) } });
  for (const module of world.modules) account.register(module);
  const { api } = world.product({ name: "shop", cluster: "shop", services: [{ name: "api", traffic: { rpm: 600 } }] });
  if (api?.traffic === undefined) throw new Error("the tour's API has a load balancer");
  const { loadBalancer } = api.traffic;
  account.s3.create("evidence");
  const parameter = "/nightshift/tour/slack-token";
  account.ssm.put(parameter, "not a token");
  const { region, clock } = account.kernel;
  const environment = {
    AWS_REGION: region,
    EVIDENCE_BUCKET: "evidence",
    PAGE_TOPIC_ARN: account.sns.create("pages"),
    OUTBOX_QUEUE_URL: account.sqs.create({ name: "outbox.fifo", fifo: true }).url,
    DEAD_LETTER_QUEUE_URL: account.sqs.create({ name: "dead" }).url,
  };
  const parts = { connections: labConnections(account, "tour"), clock: { now: () => clock.now() }, patience: { pause: async () => {}, random: () => 0 } };
  const aws = awsWorld({ ...parts, environment, ledger: {} });
  const ref = { cluster: "shop", service: serviceName("api") };
  await account.run(async () => {
    const deployed = world.deploy("api");
    await account.clock.sleep(minutes(2));
    const [state] = await aws.services.describe([ref]);
    const [deployment] = await aws.services.recentDeployments(ref);
    const [revision] = await aws.services.revisions(deployment === undefined ? [] : [deployment.target]);
    const [task] = await aws.services.tasks(ref);
    if (state === undefined || revision === undefined || task === undefined) throw new Error("the tour's API runs");
    await aws.targets.health(state.targetGroups[0] ?? "");
    const query = {
      id: "requests",
      namespace: "AWS/ApplicationELB",
      metric: "RequestCount",
      dimensions: { LoadBalancer: loadBalancer },
      statistic: "Sum",
      period: minutes(1),
    };
    await aws.metrics.read([query], state.observedAt, clock.now());
    await aws.alarms.describe(["none"]);
    await aws.logs.tail(task.logs[0]?.group ?? "", task.logs[0]?.stream ?? "", 10);
    await aws.images.exists(`${world.registry.host()}/${api.repository}:v1`, digest(api.digest));
    await aws.rollbacks.registerPinned(revision.identity, "models");
    await aws.rollbacks.stopDeployment(serviceDeploymentArn(deployed.serviceDeployment));
    await aws.rollbacks.redeploy(ref, revision.identity.taskDefinition);
    await aws.evidence.save("k", "text");
    await aws.evidence.savePicture("chart", new Uint8Array([137, 80, 78, 71]));
    await aws.evidence.picture("chart");
    await aws.charts.draw({
      title: "requests",
      from: state.observedAt,
      to: clock.now(),
      series: [{ ...query, label: "requests", periodSeconds: 60 }],
      above: 10,
      marks: [{ at: clock.now(), text: "now" }],
    });
    await aws.pages.page({ severity: "P1", subject: "subject", text: "text", key: "key" });
    await aws.outbox.nudge("C0123", "INC-1", "first");
    await aws.deadLetters.send("{}", "error");
    const reach = reachOf(parts);
    await secretsFrom(reach).read(parameter);
    await gatherAccountFacts(reach, region, { services: [ref], alarms: [], series: [], known: [], passableRoles: undefined });
    await surveyAccount(reach);
  });
}
