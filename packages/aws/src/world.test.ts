import { epochMs, seconds, serviceName } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { answering } from "./testing/answering.ts";
import { awsWorld } from "./world.ts";

const environment = {
  AWS_REGION: "eu-central-1",
  EVIDENCE_BUCKET: "nightshift-evidence",
  GUARD_FUNCTION_ARN: "arn:aws:lambda:eu-central-1:123456789012:function:guard:7",
};
const worldOf = (answers: Parameters<typeof answering>[0]) => {
  const { reach, sent } = answering(answers);
  return { world: awsWorld({ connections: reach.connections, clock: reach.clock, environment, ledger: {} }), sent };
};

const page = { severity: "P1", subject: "s", text: "t", key: "k" } as const;

describe("the world that AWS serves", () => {
  it("pages by the severity's own topic, and by the one for all where there is none", async () => {
    const { reach, sent } = answering({ Publish: () => ({}) });
    const all = "arn:aws:sns:eu-central-1:123456789012:pages";
    const given = { ...environment, PAGE_TOPIC_ARN: all, PAGE_P1_TOPIC_ARN: `${all}-p1` };
    const { pages } = awsWorld({ connections: reach.connections, clock: reach.clock, environment: given, ledger: {} });
    await pages.page(page);
    await pages.page({ ...page, severity: "P2" });
    expect(sent.map((call) => call.input)).toMatchObject([{ TopicArn: `${all}-p1` }, { TopicArn: all }]);
  });

  it("reaches every client through the connections it was given", async () => {
    const { world, sent } = worldOf({ PutObject: () => ({}), Invoke: () => ({}), DescribeTargetHealth: () => ({}) });
    await world.targets.health("arn:tg");
    await world.evidence.save("k", "text");
    await world.starter.start("guard", "work-1", {});
    expect(sent.map((call) => call.operation)).toEqual(["DescribeTargetHealth", "PutObject", "Invoke"]);
  });

  it("a port whose variable this function was not given says so when it is used, and others work", async () => {
    const { world } = worldOf({});
    await expect(world.pages.page(page)).rejects.toThrow("PAGE_TOPIC_ARN");
    await expect(world.outbox.nudge("C1", "INC-1", "a")).rejects.toThrow("OUTBOX_QUEUE_URL");
    await expect(world.deadLetters.send("b", "e")).rejects.toThrow("DEAD_LETTER_QUEUE_URL");
  });

  it("scales through the same connections, and prints its gauges where it is told", async () => {
    const { reach, sent } = answering({ UpdateService: () => ({}), SendMessage: () => ({}), DescribeScalableTargets: () => ({ ScalableTargets: [] }) });
    const lines: string[] = [];
    const given = { ...environment, EVENTS_QUEUE_URL: "https://sqs.eu-central-1.amazonaws.com/123456789012/events" };
    const world = awsWorld({ connections: reach.connections, clock: reach.clock, environment: given, ledger: {}, print: (line) => void lines.push(line) });
    const ref = { cluster: "shop", service: serviceName("worker") };
    await world.scaling.setDesired(ref, 3);
    await world.fleets.rival(ref);
    await world.ticks.later({ service: "worker", due: epochMs(1) }, seconds(15));
    await world.gauges.publish("worker", epochMs(60_000), { ...figures, waiting: 2 });
    expect(sent.map((call) => call.operation)).toEqual(["UpdateService", "DescribeScalableTargets", "SendMessage"]);
    expect(lines.map((line) => JSON.parse(line).Waiting)).toEqual([2]);
    await expect(world.ticks.now({ service: "worker", due: epochMs(1) })).rejects.toThrow("SCALER_FUNCTION_ARN");
  });
});

describe("backups in the world that AWS serves", () => {
  const job = { run: "night/shop", of: "shop", do: "night", diskGiB: 20 } as const;
  const definition = "arn:aws:ecs:eu-central-1:123456789012:task-definition/nightshift-shop:3";
  const given = {
    ...environment,
    RUNNER_CLUSTER: "backups",
    RUNNER_TASK_DEFINITIONS: JSON.stringify({ shop: definition }),
    RUNNER_SUBNETS: "subnet-a,subnet-b",
    RUNNER_SECURITY_GROUPS: "sg-1,sg-2",
  };
  const runnersOf = (over: object) => {
    const { reach, sent } = answering({ RunTask: () => ({ tasks: [{ taskArn: "arn", lastStatus: "PENDING" }] }) });
    return { ...awsWorld({ connections: reach.connections, clock: reach.clock, environment: { ...given, ...over }, ledger: {} }), sent };
  };

  it("a runner starts where the environment says, by the task definition of its database", async () => {
    const { runners, sent } = runnersOf({ RUNNER_PUBLIC_ADDRESS: "ENABLED" });
    await runners.start(job);
    expect(sent[0]?.input).toMatchObject({
      cluster: "backups",
      taskDefinition: definition,
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-a", "subnet-b"], securityGroups: ["sg-1", "sg-2"], assignPublicIp: "ENABLED" } },
    });
  });

  it("what restores has a task definition of its own, and a database without one starts nothing", async () => {
    const restoring = definition.replace("shop:3", "restore-shop:2");
    const { runners, sent } = runnersOf({ RUNNER_RESTORE_DEFINITIONS: JSON.stringify({ shop: restoring }) });
    await runners.start({ ...job, do: "restore" });
    expect(sent[0]?.input).toMatchObject({ taskDefinition: restoring });
    const none = runnersOf({ RUNNER_RESTORE_DEFINITIONS: "{}" });
    await expect(none.runners.start({ ...job, do: "restore" })).rejects.toThrow("deploy again with this database and its restoreUrl in the config");
    expect(none.sent).toEqual([]);
  });

  it("a database that has no runner is told as such, and so is what this function was not given", async () => {
    const { runners, sent } = runnersOf({});
    await expect(runners.start({ ...job, of: "carts" })).rejects.toMatchObject({ kind: "invalid", on: "carts" });
    await expect(runners.start({ ...job, of: "toString" })).rejects.toMatchObject({ kind: "invalid" });
    await expect(runnersOf({ RUNNER_SUBNETS: undefined }).runners.start(job)).rejects.toThrow("RUNNER_SUBNETS");
    expect(sent).toEqual([]);
  });

  it("copies of the configuration need the bucket of backups only when one is kept", async () => {
    const { world, sent } = worldOf({ GetParametersByPath: () => ({ Parameters: [] }) });
    expect(await world.configurationCopies.read({ taskDefinitions: [], parameterPaths: ["/shop"] })).toBe('{"schema":1}\n');
    await expect(world.configurationCopies.keep("configuration/1", "{}")).rejects.toThrow("BACKUP_BUCKET");
    expect(sent.length).toBe(1);
  });

  it("what could be lost is printed where gauges are", async () => {
    const { reach } = answering({});
    const lines: string[] = [];
    const world = awsWorld({ connections: reach.connections, clock: reach.clock, environment, ledger: {}, print: (line) => void lines.push(line) });
    await world.recoveryGauges.publish("shop", epochMs(60_000), { rpoSeconds: 192 });
    expect(lines.map((line) => JSON.parse(line).RecoveryPoint)).toEqual([192]);
  });
});

const figures = {
  ...{ waiting: undefined, reserved: undefined, running: undefined, dueSoon: undefined, arrivals: undefined, completions: undefined },
  ...{ serviceSeconds: undefined, startSeconds: 40, workers: undefined, starting: 0, draining: 0 },
  ...{ worstNowSeconds: undefined, worstAfterSeconds: undefined, desired: undefined },
};
