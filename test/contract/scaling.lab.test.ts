import { createAccount, LabWorld } from "@nightshift/lab";
import { labConnections, labProbes, loadAdapters } from "@nightshift/lab/connections";
import { publishEmbedded } from "@nightshift/lab/services/cloudwatch/embedded";
import { awsWorld } from "@nightshift/aws/world";
import { parseEvent } from "@nightshift/events";
import { epochMs, minutes, ms, seconds, serviceName } from "@nightshift/model";
import { beforeAll, describe, expect, it } from "vitest";
import { fleetsContract, type FleetsStage } from "./fleets.contract.ts";
import { protectionContract, type ProtectionStage } from "./protection.contract.ts";
import { ticksContract, type TicksStage } from "./ticks.contract.ts";

beforeAll(loadAdapters);

const ref = { cluster: "shop", service: serviceName("worker") };

/** A shop with twelve workers, two of them on demand, and a mailer, read without delay through the adapters that production runs. */
function shop() {
  const account = createAccount({ seed: 7 });
  const world = new LabWorld(account.kernel, { ecs: { staleFor: ms(0) } });
  for (const module of world.modules) account.register(module);
  world.product({
    name: "shop",
    cluster: "shop",
    services: [
      { name: "worker", desired: 12, spot: { onDemandBase: 2 }, worker: { queue: "jobs", jobsPerMinute: 60 } },
      { name: "mailer", desired: 1, worker: { queue: "mails", jobsPerMinute: 6 } },
    ],
  });
  const events = account.sqs.create({ name: "events" });
  const looked: unknown[] = [];
  account.lambda.register({
    name: "scaler",
    kind: "plain",
    timeout: seconds(60),
    handler: () => async (event) => void looked.push(event),
  });
  const { region, accountId, clock } = account.kernel;
  const aws = awsWorld({
    connections: labConnections(account, "contract"),
    environment: { AWS_REGION: region, EVENTS_QUEUE_URL: events.url, SCALER_FUNCTION_ARN: `arn:aws:lambda:${region}:${accountId}:function:scaler` },
    ledger: {},
    clock: { now: () => clock.now() },
    patience: { pause: async () => {}, random: () => 0 },
    probes: labProbes(account, world),
    print: (line) => void publishEmbedded(world.store, line, clock.now()),
  });
  /** The same port; every call lets the lab's time pass until it is answered. */
  const inside = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        return typeof method === "function" ? (...args: readonly unknown[]) => account.run(async () => method(...args)) : method;
      },
    });
  return { account, world, events, looked, inside, aws };
}

const fleets = async (): Promise<FleetsStage> => {
  const { account, world, aws, inside } = shop();
  return {
    fleets: inside(aws.fleets),
    scaling: inside(aws.scaling),
    ref,
    second: { cluster: "shop", service: serviceName("mailer") },
    desired: 12,
    definition: async () => world.revisionOf("worker"),
    register: async ({ min, max, suspended }) =>
      account.autoscaling.register({
        ...{ cluster: "shop", service: "worker", min, max },
        suspended: { DynamicScalingInSuspended: suspended, DynamicScalingOutSuspended: suspended, ScheduledScalingSuspended: suspended },
      }),
  };
};

const protection = async (): Promise<ProtectionStage> => {
  const { account, world, aws, inside } = shop();
  return {
    fleets: inside(aws.fleets),
    scaling: inside(aws.scaling),
    ref,
    pass: (length) => account.pass(length),
    reclaim: async (count) => world.interrupt("worker", { count, code: "SpotInterruption" }),
  };
};

const ticks = async (): Promise<TicksStage> => {
  const { events, aws, inside } = shop();
  return {
    ticks: inside(aws.ticks),
    received: async () => events.receive(10).map((message) => message.body),
    delayed: async () => events.depth.delayed,
  };
};

fleetsContract("the lab", fleets);
protectionContract("the lab", protection);
ticksContract("the lab", ticks);

describe("what only the lab plays to its end", () => {
  it("a delayed look comes at its time", async () => {
    const { account, aws, inside, events } = shop();
    await inside(aws.ticks).later({ service: "worker", due: epochMs(0) }, seconds(15));
    await account.pass(ms(14_900));
    expect(events.depth).toEqual({ visible: 0, inFlight: 0, delayed: 1 });
    await account.pass(ms(100));
    expect(events.depth).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  });

  it("a look at once starts the scaler with the same event", async () => {
    const { account, aws, inside, looked } = shop();
    await inside(aws.ticks).now({ service: "worker", due: epochMs(1_795_251_615_000) });
    await account.pass(seconds(1));
    expect(looked.map((event) => parseEvent(event))).toMatchObject([{ kind: "scaling-tick", tick: { service: "worker", due: 1_795_251_615_000 } }]);
  });

  it("published figures are metrics of the service; an unknown one has no point", async () => {
    const { account, aws, inside } = shop();
    const from = epochMs(Math.floor(account.kernel.clock.now() / 60_000) * 60_000);
    const figures = { reserved: 0, running: 0, dueSoon: 0, arrivals: 1, completions: 1, serviceSeconds: 1, startSeconds: 40, starting: 0, draining: 0 };
    await inside(aws.gauges).publish("worker", account.kernel.clock.now(), {
      ...{ ...figures, waiting: 1_200, workers: 4, desired: 5, worstNowSeconds: undefined, worstAfterSeconds: undefined },
    });
    await account.pass(minutes(1));
    const query = (metric: string) =>
      ({ id: metric.toLowerCase(), namespace: "Nightshift", metric, dimensions: { Service: "worker" }, statistic: "Maximum", period: minutes(1) }) as const;
    const found = await inside(aws.metrics).read(["Waiting", "Workers", "DesiredWorkers", "Wait"].map(query), from, epochMs(from + 60_000));
    expect(found.map(({ points }) => points.map(({ value }) => value))).toEqual([[1_200], [4], [5], []]);
  });

  it("a lower count during a deployment is taken, and both revisions end at it", async () => {
    const { account, world, aws, inside } = shop();
    const [before] = await inside(aws.fleets).describe([ref]);
    world.deploy("worker");
    await account.pass(seconds(30));
    await inside(aws.scaling).setDesired(ref, 6);
    const [during] = await inside(aws.fleets).describe([ref]);
    await account.pass(minutes(10));
    const [after] = await inside(aws.fleets).describe([ref]);
    expect([before?.deploying, during?.desired, after?.desired, after?.running, after?.deploying]).toEqual([undefined, 6, 6, 6, undefined]);
    expect(during?.deploying).toMatch(/^shop-worker:2 is being deployed: \d+ of 6 tasks run$/);
  });

  it("every call is counted by its name", async () => {
    const { account, aws, inside } = shop();
    await inside(aws.fleets).describe([ref]);
    await inside(aws.fleets).tasks(ref, { stopped: false, protection: false });
    await inside(aws.scaling).setDesired(ref, 11);
    expect(account.meter.calls).toEqual({ "ecs:DescribeServices": 1, "ecs:DescribeTasks": 1, "ecs:ListTasks": 1, "ecs:UpdateService": 1 });
    expect(account.history.flatMap((line) => (line.kind === "call" && line.mutating ? [line.operation] : []))).toEqual(["UpdateService"]);
  });
});
