import { awsWorld, reachOf } from "@nightshift/aws/world";
import { gatherAccountFacts } from "@nightshift/aws/account-facts";
import type { Connections } from "@nightshift/aws/connect";
import { createAccount, LabWorld } from "@nightshift/lab";
import { labConnections, loadAdapters } from "@nightshift/lab/connections";
import { digest, minutes, ms, serviceDeploymentArn, serviceName } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { problems, readModel, type ServiceModel } from "./service-models.ts";

const folder = process.env["BOTOCORE_DATA"];
/** botocore's names of the services whose calls are plain SDK calls (the ledger's go through the document client). */
const models = { ecs: "ecs", elbv2: "elbv2", cloudwatch: "cloudwatch", logs: "logs", ecr: "ecr", s3: "s3", sns: "sns", sqs: "sqs" } as const;

interface Exchange {
  readonly service: keyof typeof models;
  readonly operation: string;
  readonly input: unknown;
  readonly answer: unknown;
}

/** One of each call of the guard and the doctor, in the lab; what was sent and what the lab answered. */
async function exchanges(): Promise<readonly Exchange[]> {
  await loadAdapters();
  const account = createAccount({ seed: 7 });
  const world = new LabWorld(account.kernel, { ecs: { staleFor: ms(0) } });
  for (const module of world.modules) account.register(module);
  const { api } = world.product({ name: "shop", cluster: "shop", services: [{ name: "api", traffic: { rpm: 600 } }] });
  account.s3.create("evidence");
  const { region, clock } = account.kernel;
  const environment = {
    AWS_REGION: region,
    EVIDENCE_BUCKET: "evidence",
    PAGE_TOPIC_ARN: account.sns.create("pages"),
    DEAD_LETTER_QUEUE_URL: account.sqs.create({ name: "dead" }).url,
  };
  const seen: Exchange[] = [];
  const parts = {
    connections: recording(labConnections(account, "contract"), seen),
    clock: { now: () => clock.now() },
    patience: { pause: async () => {}, random: () => 0 },
  };
  const aws = awsWorld({ ...parts, environment, ledger: {} });
  const ref = { cluster: "shop", service: serviceName("api") };
  await account.run(async () => {
    const deployed = world.deploy("api");
    await account.clock.sleep(minutes(2));
    const [state] = await aws.services.describe([ref]);
    const [deployment] = await aws.services.recentDeployments(ref);
    const [revision] = await aws.services.revisions(deployment === undefined ? [] : [deployment.target]);
    const [task] = await aws.services.tasks(ref);
    await aws.targets.health(state?.targetGroups[0] ?? "");
    const query = {
      id: "requests",
      namespace: "AWS/ApplicationELB",
      metric: "RequestCount",
      dimensions: { LoadBalancer: api?.traffic?.loadBalancer ?? "" },
      statistic: "Sum",
      period: minutes(1),
    };
    await aws.metrics.read([query], state?.observedAt ?? clock.now(), clock.now());
    await aws.alarms.describe(["none"]);
    await aws.logs.tail(task?.logs[0]?.group ?? "", task?.logs[0]?.stream ?? "", 10).catch(() => []);
    await aws.images.exists(`${world.registry.host()}/${api?.repository}:v1`, digest(api?.digest ?? ""));
    if (revision !== undefined) await aws.rollbacks.registerPinned(revision.identity, "models");
    await aws.rollbacks.stopDeployment(serviceDeploymentArn(deployed.serviceDeployment));
    if (revision !== undefined) await aws.rollbacks.redeploy(ref, revision.identity.taskDefinition).catch(() => undefined);
    await aws.evidence.save("k", "text");
    await aws.pages.page("subject", "text", "key");
    await aws.deadLetters.send("{}", "error");
    await gatherAccountFacts(reachOf(parts), region, { services: [ref], alarms: [], series: [], known: [], passableRoles: undefined });
  });
  return seen;
}

/** The same connections, remembering every exchange. */
function recording(connections: Connections, seen: Exchange[]): Connections {
  const wrapped = Object.entries(models).map(([service]) => [
    service,
    async () => {
      const client: unknown = await Reflect.get(connections, service)();
      return {
        send: async (command: { readonly constructor: { readonly name: string }; readonly input: unknown }) => {
          // Every client of the lab has this one method.
          const answer = await (client as { send(command: object): Promise<unknown> }).send(command);
          seen.push({ service: service as keyof typeof models, operation: command.constructor.name.replace(/Command$/, ""), input: command.input, answer }); // a key of the table above
          return answer;
        },
      };
    },
  ]);
  return { ...connections, ...Object.fromEntries(wrapped) };
}

describe("requests and lab answers by AWS's service models", () => {
  if (folder === undefined) {
    it.skip("need BOTOCORE_DATA; `npm run test:moto` sets it", () => undefined);
    return;
  }
  it("have only members that the service knows, of the right type, and all that it requires", async () => {
    const known = new Map<string, ServiceModel>();
    const wrong = new Set<string>();
    const seen = await exchanges();
    for (const { service, operation, input, answer } of seen) {
      const model = known.get(service) ?? readModel(folder, models[service]);
      known.set(service, model);
      const described = model.operations[operation];
      if (described === undefined) wrong.add(`${service} has no ${operation}`);
      for (const problem of problems(model, described?.input?.shape ?? "", input, `${operation} request`)) wrong.add(problem);
      if (described?.output !== undefined) for (const problem of problems(model, described.output.shape, answer, `${operation} answer`)) wrong.add(problem);
    }
    expect([...wrong]).toEqual([]);
    expect(new Set(seen.map(({ operation }) => operation)).size).toBeGreaterThanOrEqual(20);
  });
});
