import { createAccount, LabWorld } from "@nightshift/lab";
import { labConnections, labProbes, loadAdapters } from "@nightshift/lab/connections";
import { LogStreams } from "@nightshift/lab/services/logs/streams";
import { single } from "@nightshift/lab/services/cloudwatch/metricStore";
import { awsWorld } from "@nightshift/aws/world";
import { after, days, digest, minutes, ms, seconds, serviceDeploymentArn, serviceName, taskDefinitionArn } from "@nightshift/model";
import { beforeAll } from "vitest";
import { deploymentsContract, type DeploymentsStage } from "./deployments.contract.ts";
import { redeployContract, type RedeployStage } from "./redeploy.contract.ts";
import { servicesContract, type ServicesStage } from "./services.contract.ts";
import { tellingContract, type TellingStage } from "./telling.contract.ts";
import { watchingContract, type WatchingStage } from "./watching.contract.ts";

beforeAll(loadAdapters);

const ref = { cluster: "shop", service: serviceName("api") };

/** A shop with an API that had an earlier release and a worker, read without delay through the adapters that production runs. */
function shop() {
  const account = createAccount({ seed: 7 });
  const world = new LabWorld(account.kernel, { ecs: { staleFor: ms(0) } });
  for (const module of world.modules) account.register(module);
  const made = world.product({
    name: "shop",
    cluster: "shop",
    services: [
      { name: "api", past: [{ ago: days(9) }], traffic: { rpm: 600 } },
      { name: "worker", worker: { queue: "jobs", jobsPerMinute: 60 } },
    ],
  });
  account.s3.create("evidence");
  const dead = account.sqs.create({ name: "dead" });
  const { api } = made;
  if (api === undefined) throw new Error("the shop has an API");
  const { region, clock } = account.kernel;
  const environment = { AWS_REGION: region, EVIDENCE_BUCKET: "evidence", PAGE_TOPIC_ARN: account.sns.create("pages"), DEAD_LETTER_QUEUE_URL: dead.url };
  const connections = labConnections(account, "contract");
  const aws = awsWorld({
    connections,
    environment,
    ledger: {},
    clock: { now: () => clock.now() },
    patience: { pause: async () => {}, random: () => 0 },
    probes: labProbes(account, world),
  });
  /** The same port; every call lets the lab's time pass until it is answered. */
  const inside = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        return typeof method === "function" ? (...args: readonly unknown[]) => account.run(async () => method(...args)) : method;
      },
    });
  return { account, world, api, aws, inside, dead };
}

const atRest = async (): Promise<ServicesStage & RedeployStage> => {
  const { api, aws, inside } = shop();
  const current = taskDefinitionArn(api.taskDefinition);
  return {
    services: inside(aws.services),
    rollbacks: inside(aws.rollbacks),
    taskDefinitions: inside(aws.taskDefinitions),
    ref,
    second: { cluster: "shop", service: serviceName("worker") },
    desired: 2,
    taskDefinition: current,
    current,
    older: taskDefinitionArn(current.replace(/:\d+$/, ":1")),
    container: "api",
  };
};

const underWay = async (): Promise<DeploymentsStage> => {
  const { account, world, aws, inside } = shop();
  const services = inside(aws.services);
  const [finished] = await services.recentDeployments(ref);
  const { serviceDeployment } = await account.run(async () => world.deploy("api"));
  await account.pass(minutes(1));
  return {
    services,
    rollbacks: inside(aws.rollbacks),
    ref,
    finished: finished?.arn ?? serviceDeploymentArn(""),
    underWay: serviceDeploymentArn(serviceDeployment),
  };
};

const watched = async (): Promise<WatchingStage> => {
  const { account, world, api, aws, inside } = shop();
  const logs = new LogStreams(account.kernel);
  account.register(logs);
  const stream = { group: "/ecs/shop/api", stream: "api/api/0123456789abcdef", lines: ["starting", "listening on 8080", "KeyError: 'total'", "exit"] };
  for (const line of stream.lines) logs.write(stream, line);
  const series = {
    query: { id: "requests", namespace: "Contract", metric: "RequestCount", dimensions: { TargetGroup: "api" }, statistic: "Sum", period: minutes(1) },
    from: account.kernel.clock.now(),
    sums: [3, 5, 7],
  };
  const metric = { namespace: series.query.namespace, name: series.query.metric, dimensions: series.query.dimensions };
  series.sums.forEach((sum, i) => world.store.publish(metric, after(series.from, minutes(i)), single(sum), series.from));
  world.alarm({
    kind: "metric",
    name: "api-5xx",
    metrics: [{ id: "m1", metric, statistic: "Sum" }],
    period: minutes(1),
    evaluationPeriods: 1,
    threshold: 2,
    comparison: "GreaterThanThreshold",
    initially: "ALARM",
  });
  await account.pass(seconds(1));
  const tasks = await inside(aws.services).tasks(ref);
  return {
    targets: inside(aws.targets),
    metrics: inside(aws.metrics),
    alarms: inside(aws.alarms),
    logs: inside(aws.logs),
    images: inside(aws.images),
    targetGroup: { arn: api.traffic?.targetGroupArn ?? "", ids: tasks.map((task) => task.ip ?? "none") },
    series,
    alarm: { name: "api-5xx", value: "ALARM" },
    stream,
    image: { name: `${world.registry.host()}/${api.repository}:v1`, digest: digest(api.digest) },
  };
};

const told = async (): Promise<TellingStage> => {
  const { account, aws, inside, dead } = shop();
  return {
    evidence: inside(aws.evidence),
    pages: inside(aws.pages),
    deadLetters: inside(aws.deadLetters),
    stored: async (key) => account.s3.text("evidence", key) ?? "",
    paged: async () => account.sns.published.map(({ subject = "", message }) => ({ subject, text: message })),
    dead: async () => dead.receive(10).map(({ body, attributes }) => ({ body, error: textOf(attributes["error"]) })),
  };
};

/** The text of a message attribute, in the API's or in Lambda's spelling. */
const textOf = (attribute: unknown): string =>
  typeof attribute === "object" && attribute !== null ? String(Reflect.get(attribute, "StringValue") ?? Reflect.get(attribute, "stringValue")) : "";

servicesContract("the lab", atRest);
redeployContract("the lab", atRest);
deploymentsContract("the lab", underWay);
watchingContract("the lab", watched);
tellingContract("the lab", told);
