import { describe, expect, test } from "vitest";
import { ecs } from "../build.ts";
import { celery, cpu, memory, rabbitmq, redis, secret, sqs } from "../build-workers.ts";
import { checkConfig } from "../check.ts";
import { good, problemsOf, warningsOf, withTop } from "../good.fixture.ts";
import type { CeleryInput } from "../sections/workers.ts";
import { hours, minutes, percent, seconds } from "../units.ts";

const network = { subnets: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"], securityGroups: ["sg-0123456789abcdef0"] };
const broker = redis({ secret: secret("ShopBroker") });
const quiet = { broker, queues: ["celery"], wait: minutes(2) };
/** A sound config with one worker service, some of it replaced by anything at all. */
const withWorker = (over: Record<string, unknown>): unknown =>
  withTop({ services: { "shop-worker": ecs({ cluster: "prod" }) }, workers: { "shop-worker": { kind: "celery", ...quiet, ...over } }, network });
const two = (first: Partial<CeleryInput>, second: Partial<CeleryInput>): unknown =>
  withTop({
    services: { "shop-worker": ecs({ cluster: "prod" }), "mail-worker": ecs({ cluster: "prod" }) },
    workers: { "shop-worker": celery({ ...quiet, ...first }), "mail-worker": celery({ ...quiet, ...second }) },
    network,
  });

describe("a worker service in our words", () => {
  test("every default is filled in", () => {
    const { resolved, problems, warnings } = checkConfig(withWorker({}));
    expect([problems, warnings]).toEqual([[], []]);
    expect(resolved?.workers).toEqual([
      {
        product: "shop",
        service: "shop-worker",
        cluster: "prod",
        group: "shop-worker",
        mode: "shadow",
        broker: { kind: "redis", secret: "ShopBroker", keyPrefix: "", prioritySteps: [0, 3, 6, 9], separator: "\u0006\u0016", visibilityTimeout: 3_600_000 },
        queues: [{ name: "celery", wait: 120_000 }],
        concurrency: 4,
        prefetch: 4,
        acksLate: false,
        control: "celery",
        min: 2,
        max: 10,
        maxStep: 10,
        maxChangesPerHour: 40,
        startTime: 60_000,
        inCoolDown: 60_000,
        idleBeforeZero: 0,
        drainAtMost: 3_600_000,
        backlogAbove: undefined,
        backlogAlarm: 1_000,
        utilisation: [],
        expected: [],
        spot: undefined,
        stopTimeout: 30_000,
      },
    ]);
    expect(resolved?.network).toEqual(network);
  });
  test("a config without workers scales nothing, outside of any VPC", () => {
    const { resolved } = checkConfig(good);
    expect([resolved?.workers, resolved?.network]).toEqual([[], undefined]);
  });
  test("cluster, group and mode are the service's, and the worker's own mode stands over them", () => {
    const service = ecs({ cluster: "arn:aws:ecs:eu-central-1:123456789012:cluster/prod", group: "shop", mode: "auto" });
    const workersOf = (over: Partial<CeleryInput>) =>
      checkConfig(withTop({ services: { "shop-worker": service }, workers: { "shop-worker": celery({ ...quiet, ...over }) }, network })).resolved?.workers;
    expect(workersOf({})).toMatchObject([{ cluster: "prod", group: "shop", mode: "auto" }]);
    expect(workersOf({ mode: "ask" })).toMatchObject([{ mode: "ask" }]);
  });
  test("queues have the service's promise or their own", () => {
    expect(checkConfig(withWorker({ queues: ["celery", "mail"], waits: { mail: minutes(10) } })).resolved?.workers[0]?.queues).toEqual([
      { name: "celery", wait: 120_000 },
      { name: "mail", wait: 600_000 },
    ]);
  });
  test("SQS has no remote control, RabbitMQ may have a management API", () => {
    expect(checkConfig(withWorker({ broker: sqs({ queueNamePrefix: "shop-" }) })).resolved?.workers[0]).toMatchObject({
      control: "none",
      broker: { kind: "sqs", queueNamePrefix: "shop-", visibilityTimeout: 1_800_000 },
    });
    const rabbit = rabbitmq({ secret: secret("ShopBroker"), management: secret("ShopBrokerPage") });
    expect(checkConfig(withWorker({ broker: rabbit })).resolved?.workers[0]).toMatchObject({
      control: "celery",
      broker: { kind: "rabbitmq", secret: "ShopBroker", managementSecret: "ShopBrokerPage" },
    });
  });
  test("our own backlog alarm opens an incident of its service, unless a rule says otherwise", () => {
    const alarms = checkConfig(withWorker({})).resolved?.incidents.alarms;
    expect(alarms).toEqual([{ match: "nightshift-*-shop-worker-backlog", service: "shop-worker", severity: "P3" }]);
  });
  test("expected work and rules", () => {
    const it = checkConfig(
      withWorker({
        expected: [{ at: "02:30", zone: "Europe/Berlin", tasks: 12_000, days: ["monday"] }],
        utilisation: [cpu({ out: { above: percent(60), for: minutes(5) } }), memory({ target: { at: percent(70) } })],
      }),
    ).resolved?.workers[0];
    expect(it?.expected).toEqual([{ at: { hour: 2, minute: 30 }, days: ["monday"], zone: "Europe/Berlin", tasks: 12_000, workers: undefined, for: 1_800_000 }]);
    expect(it?.utilisation).toEqual([
      { metric: "cpu", out: { above: 60, for: 300_000 }, in: undefined, target: undefined },
      { metric: "memory", out: undefined, in: undefined, target: { at: 70, outCoolDown: 60_000, inCoolDown: 300_000 } },
    ]);
  });
});

describe("a worker section that cannot be used", () => {
  test.each([
    ["min above max", { min: 11 }, "workers.shop-worker.min", "at most max, 10", "11", "write min: 10 or less, or max: 11 or more"],
    [
      "a promise shorter than a start, with no worker standing",
      { min: 0, wait: seconds(79) },
      "workers.shop-worker.wait",
      "seconds(80) or more with min: 0: 15 s until a task is seen, and minutes(1) to start a worker",
      "seconds(79)",
      "write seconds(80), or min: 1",
    ],
    [
      "a promise of one queue shorter than any look, with no worker standing",
      { min: 0, wait: minutes(5), waits: { celery: seconds(14) }, startTime: seconds(90) },
      "workers.shop-worker.waits.celery",
      "seconds(110) or more with min: 0: 15 s until a task is seen, and seconds(90) to start a worker",
      "seconds(14)",
      "write seconds(110)",
    ],
    [
      "a promise shorter than a look",
      { wait: seconds(14) },
      "workers.shop-worker.wait",
      "seconds(15) or more: a busy service is looked at every 15 s",
      "seconds(14)",
      "write seconds(15)",
    ],
    ["no queue", { queues: [] }, "workers.shop-worker.queues", "at least one queue", "an empty list", 'write queues: ["celery"], Celery\'s own default'],
    [
      "a queue twice",
      { queues: ["celery", "mail", "celery"] },
      "workers.shop-worker.queues[2]",
      "each queue once",
      '"celery" a second time',
      "remove the second one",
    ],
    [
      "a promise for a queue that nobody reads",
      { queues: ["celery", "mail"], waits: { mial: minutes(5) } },
      "workers.shop-worker.waits.mial",
      "one of celery, mail",
      '"mial", which is not under queues',
      'did you mean "mail"?',
    ],
    [
      "remote control over SQS",
      { broker: sqs(), control: "celery" },
      "workers.shop-worker.control",
      '"none" or "task-protection" over SQS',
      '"celery"',
      "Celery has no remote control over SQS: leave it out, or let the workers protect their own task",
    ],
    [
      "a secret of Slack's",
      { broker: redis({ secret: "SlackBotToken" }) },
      "workers.shop-worker.broker.secret",
      "a secret of its own",
      '"SlackBotToken", which is Slack\'s',
      'write secret("ShopBroker")',
    ],
    [
      "priority steps in the wrong order",
      { broker: redis({ secret: "ShopBroker", prioritySteps: [0, 6, 3] }) },
      "workers.shop-worker.broker.prioritySteps",
      "rising steps that begin with 0",
      "0, 6, 3",
      "copy priority_steps from Celery's broker_transport_options: [0, 3, 6], or leave it out for 0, 3, 6, 9",
    ],
    [
      "more Spot base than workers",
      { spot: { onDemandBase: 11 } },
      "workers.shop-worker.spot.onDemandBase",
      "at most max, 10",
      "11",
      "write onDemandBase: 2, the workers that always stand, or leave spot out: none would be Spot",
    ],
    [
      "work that says neither how much nor for whom",
      { expected: [{ at: "09:00" }] },
      "workers.shop-worker.expected[0]",
      "tasks or workers, one of them",
      "neither",
      "write tasks: 10_000 and let it reckon the workers, or workers: 6",
    ],
    [
      "more workers expected than allowed",
      { expected: [{ at: "09:00", workers: 11 }] },
      "workers.shop-worker.expected[0].workers",
      "at most max, 10",
      "11",
      "write workers: 10, or max: 11",
    ],
    [
      "a rule that goes out and in by turns",
      { utilisation: [cpu({ out: { above: percent(60), for: minutes(5) }, in: { below: percent(60), for: minutes(10) } })] },
      "workers.shop-worker.utilisation[0].in.below",
      "less than out.above, percent(60)",
      "percent(60)",
      "write percent(20): above both it would go out and in by turns",
    ],
    [
      "a rule beside a target",
      { utilisation: [cpu({ target: { at: percent(70) }, out: { above: percent(60), for: minutes(5) } })] },
      "workers.shop-worker.utilisation[0].target",
      "a target alone, or out and in",
      "both",
      "keep one of the two: they would pull against each other",
    ],
  ])("%s", (_, over, path, expected, got, remedy) => {
    expect(problemsOf(withWorker(over))).toEqual([{ path, expected, got, remedy }]);
  });

  test("the bounds themselves are allowed", () => {
    expect(problemsOf(withWorker({ min: 10, max: 10, spot: { onDemandBase: 10 }, expected: [{ at: "09:00", workers: 10 }] }))).toEqual([]);
    expect(problemsOf(withWorker({ min: 0, wait: seconds(80) }))).toEqual([]);
    expect(problemsOf(withWorker({ wait: seconds(15) }))).toEqual([]);
    expect(
      problemsOf(withWorker({ utilisation: [cpu({ out: { above: percent(60), for: minutes(5) }, in: { below: percent(59), for: minutes(5) } })] })),
    ).toEqual([]);
  });

  test("a broker without a secret, or with the address itself, which is not shown", () => {
    expect(problemsOf(withWorker({ broker: { kind: "redis" } }))).toMatchObject([
      { path: "workers.shop-worker.broker.secret", expected: "the name of a secret: a capital letter, then letters and digits", got: "nothing" },
    ]);
    const said = JSON.stringify(problemsOf(withWorker({ broker: redis({ secret: "rediss://app:hunter2@cache.example.com:6379/0" }) })));
    expect(said).toContain("workers.shop-worker.broker.secret");
    expect(said).not.toContain("hunter2");
  });

  test("a broker of an unknown kind", () => {
    expect(problemsOf(withWorker({ broker: { kind: "rabbit" } }))).toMatchObject([
      { path: "workers.shop-worker.broker", got: 'the kind "rabbit"', expected: "redis({...}), rabbitmq({...}), sqs({...})" },
    ]);
  });

  test("a service that nobody knows, and a second section for one that has its own", () => {
    const services = { "shop-worker": ecs({ cluster: "prod" }) };
    expect(problemsOf(withTop({ services, workers: { "shop-wroker": celery(quiet) }, network }))).toEqual([
      {
        path: "workers.shop-wroker",
        expected: "one of shop-worker",
        got: '"shop-wroker", which is no service of this config',
        remedy: 'did you mean "shop-worker"?',
      },
    ]);
    expect(problemsOf(withTop({ services, workers: { "shop-worker": celery(quiet), Shop_Worker: celery(quiet) }, network }))).toMatchObject([
      { path: "workers.Shop_Worker", remedy: 'did you mean "shop-worker"? it has a section already: one section a service' },
    ]);
  });

  test("an empty network, and ids that are none", () => {
    const over = (network_: unknown) => problemsOf({ ...(withWorker({}) as object), network: network_ }).map(({ path }) => path);
    expect(over({ subnets: [], securityGroups: [] })).toEqual(["network.subnets", "network.securityGroups"]);
    expect(over({ subnets: ["private-a"], securityGroups: ["default"] })).toEqual(["network.subnets[0]", "network.securityGroups[0]"]);
  });
});

describe("a worker section that can be used, with a word to say", () => {
  test("a promise that a burst breaks even with workers standing", () => {
    expect(warningsOf(withWorker({ wait: seconds(79) }))).toEqual([
      {
        path: "workers.shop-worker.wait",
        expected: "seconds(80) or more: 15 s until a burst is seen, and minutes(1) to start a worker",
        got: "seconds(79)",
        remedy: "write seconds(80), or min: as many workers as a sudden burst needs; steady and slowly growing work is served in time as it is",
      },
    ]);
    expect(warningsOf(withWorker({ wait: seconds(80) }))).toEqual([]);
  });
  test("Redis without a network; SQS needs none", () => {
    const without = (over: Record<string, unknown>) => warningsOf({ ...(withWorker(over) as object), network: undefined }).map(({ path }) => path);
    expect(without({})).toEqual(["network"]);
    expect(without({ broker: sqs(), acksLate: true })).toEqual([]);
  });
  test("SQS with early acknowledgement, where nobody sees what runs", () => {
    expect(warningsOf(withWorker({ broker: sqs() })).map(({ path }) => path)).toEqual(["workers.shop-worker.acksLate"]);
    expect(warningsOf(withWorker({ broker: sqs(), control: "task-protection" }))).toEqual([]);
  });
  test("one subnet", () => {
    expect(warningsOf({ ...(withWorker({}) as object), network: { ...network, subnets: ["subnet-0123456789abcdef0"] } })).toMatchObject([
      { path: "network.subnets" },
    ]);
  });
  test("two services that scale for one queue", () => {
    expect(warningsOf(two({}, {}))).toMatchObject([{ path: "workers.mail-worker.queues[0]", got: '"celery", which shop-worker is scaled for as well' }]);
    expect(warningsOf(two({}, { queues: ["mail"] }))).toEqual([]);
    expect(warningsOf(two({}, { broker: redis({ secret: "MailBroker" }) }))).toEqual([]);
  });
  test("tasks acknowledged late that may run for longer than the visibility timeout", () => {
    expect(warningsOf(withWorker({ acksLate: true, drainAtMost: hours(2) }))).toMatchObject([
      { path: "workers.shop-worker.broker.visibilityTimeout", expected: "at least drainAtMost, hours(2)", got: "hours(1)" },
    ]);
    expect(warningsOf(withWorker({ acksLate: true, drainAtMost: hours(1) }))).toEqual([]);
    expect(warningsOf(withWorker({ acksLate: false, drainAtMost: hours(2) }))).toEqual([]);
  });
});
