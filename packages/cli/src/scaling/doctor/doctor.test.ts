import { epochMs, minutes, seconds, serviceName, type WorkerSettings } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { night } from "../decision.fixture.ts";
import { workerChecks } from "./index.ts";
import { examineWorker, type WorkerPatient } from "./index.ts";
import { examinedLines } from "./lines.ts";
import { isKnown } from "./gather.ts";

const settings: WorkerSettings = {
  product: "shop",
  service: serviceName("shop-worker"),
  cluster: "shop-prod",
  group: "shop",
  mode: "shadow",
  broker: { kind: "redis", secret: "ShopBroker", keyPrefix: "", prioritySteps: [0, 3, 6, 9], separator: "\u0006\u0016", visibilityTimeout: minutes(60) },
  queues: [{ name: "celery", wait: seconds(60) }],
  concurrency: 4,
  prefetch: 1,
  acksLate: true,
  control: "celery",
  min: 2,
  max: 10,
  maxStep: 10,
  maxChangesPerHour: 40,
  startTime: seconds(60),
  inCoolDown: seconds(60),
  idleBeforeZero: minutes(3),
  drainAtMost: minutes(60),
  backlogAbove: undefined,
  utilisation: [],
  expected: [],
  spot: undefined,
  stopTimeout: seconds(120),
};
const container = { name: "worker", stopTimeout: seconds(120), command: ["celery", "-A", "shop", "worker"], entryPoint: [], remapSigterm: undefined };
const queue = { name: "celery", known: true, dueLater: 0, due: [] };
const server = {
  evictionPolicy: "noeviction",
  cluster: false,
  replica: false,
  database: 0,
  databases: [{ database: 0, keys: 12 }],
  sample: { keys: 12, foreign: [] },
};
const ok = <T>(value: T) => ({ ok: true, value }) as const;

const healthy: WorkerPatient = {
  at: night,
  settings,
  definition: ok({ containers: [container], fargate: true }),
  redis: ok(server),
  queues: ok([queue]),
  workers: ok([{ name: "celery@w1", slots: 4, reserved: 4, active: 4 }]),
  taskSeconds: ok(2),
  rival: ok(undefined),
};
const withSettings = (over: Partial<WorkerSettings>): WorkerPatient => ({ ...healthy, settings: { ...settings, ...over } });
const withContainer = (over: Partial<typeof container> | { readonly remapSigterm: string }): WorkerPatient => ({
  ...healthy,
  definition: ok({ containers: [{ ...container, ...over }], fargate: true }),
});
const withServer = (
  over: Partial<Omit<typeof server, "sample">> & { readonly sample?: { readonly keys: number; readonly foreign: readonly string[] } },
): WorkerPatient => ({ ...healthy, redis: ok({ ...server, ...over }) });
const said = (patient: WorkerPatient, id: string) => {
  const found = examineWorker(patient).filter((one) => one.id === id);
  return found.map(({ checkup }) =>
    checkup.kind === "wrong" ? `${checkup.severity}: ${checkup.found}` : checkup.kind === "right" ? `right: ${checkup.found}` : `unseen: ${checkup.because}`,
  );
};

test("in a healthy worker service every check ran and found nothing wrong", () => {
  expect(examineWorker(healthy).map(({ id, checkup }) => [id, checkup.kind])).toEqual(workerChecks.map(({ id }) => [id, "right"]));
});

test("a queue is known by what it holds, by who takes from it, or by a broker that would say otherwise", () => {
  const figure = (value: number) => ({ value, at: night, confidence: 1, how: "counted" });
  const reading = (waiting: number) => ({
    queue: "mail",
    waiting: figure(waiting),
    reserved: figure(0),
    running: undefined,
    dueLater: undefined,
    due: [],
    oldest: undefined,
    byPriority: [],
    arrived: undefined,
    finished: undefined,
  });
  const seen = (broker: "redis" | "rabbitmq" | "sqs", ...doubts: string[]) =>
    ({ kind: "seen", at: night, broker, queues: [], counters: undefined, workers: [], doubts }) as const;
  expect(isKnown(reading(0), seen("redis"), [])).toBeUndefined();
  expect(isKnown(reading(1), seen("redis"), [])).toBe(true);
  expect(isKnown(reading(0), seen("redis"), ["mail"])).toBe(true);
  expect(isKnown(reading(0), seen("rabbitmq"), [])).toBe(true);
  expect(isKnown(reading(0), seen("redis", "nobody ever declared a queue mail here: check its name"), [])).toBe(false);
  expect(isKnown(reading(0), seen("rabbitmq", "there is no queue mail in virtual host /: nobody declared it yet"), [])).toBe(false);
  expect(isKnown(reading(0), seen("sqs", "SQS has no queue mail here: nobody created it yet"), [])).toBe(false);
  expect(isKnown(reading(0), seen("sqs", "SQS has no queue mailbox here: nobody created it yet"), [])).toBe(true);
});

test("what could not be read is said, for every check that needed it, and is never right", () => {
  const away = { ok: false, because: "nobody answered" } as const;
  const blind: WorkerPatient = { ...healthy, definition: away, redis: away, queues: away, workers: away, taskSeconds: away, rival: away };
  const kinds = Object.fromEntries(examineWorker(blind).map(({ id, checkup }) => [id, checkup.kind]));
  expect(kinds).toEqual({
    S1: "right",
    S2: "right",
    S3: "unseen",
    S4: "unseen",
    S5: "unseen",
    S6: "unseen",
    S7: "unseen",
    S8: "unseen",
    S9: "unseen",
    S10: "unseen",
    S11: "unseen",
    S12: "unseen",
    S13: "unseen",
  });
  for (const { checkup } of examineWorker(blind)) if (checkup.kind === "unseen") expect(checkup.because).toContain("nobody answered");
});

describe("each check finds its own sick worker", () => {
  const sick: readonly (readonly [string, string, WorkerPatient, readonly string[]])[] = [
    [
      "S1",
      "prefetch that hides tasks for longer than the promise",
      { ...withSettings({ prefetch: 4 }), taskSeconds: ok(16) },
      ["warning: worker_prefetch_multiplier 4; a task takes 16.0 s, so one that was taken waits up to 1 m 4 s behind it while new workers find nothing"],
    ],
    [
      "S1",
      "a worker that holds more than the config says",
      { ...healthy, workers: ok([{ name: "celery@w1", slots: 4, reserved: 16, active: 4 }]) },
      [
        "warning: worker_prefetch_multiplier 1; a worker holds 4.0 times its slots, more than the config says; a task takes 2.0 s, so one that was taken waits up to 2 s behind it while new workers find nothing",
      ],
    ],
    [
      "S2",
      "early acknowledgement",
      withSettings({ acksLate: false }),
      ["warning: task_acks_late is off: a task whose worker is killed (out of memory, stop timeout) is gone, and nothing says so"],
    ],
    [
      "S2",
      "early acknowledgement on Spot",
      withSettings({ acksLate: false, spot: { onDemandBase: 2 } }),
      ["danger: task_acks_late is off: a task whose worker is killed (out of memory, Spot taken back, stop timeout) is gone, and nothing says so"],
    ],
    [
      "S3",
      "ECS's default stop timeout",
      { ...healthy, definition: ok({ containers: [{ ...container, stopTimeout: undefined }], fargate: true }) },
      ["warning: worker: 30 s, which is ECS's default, from SIGTERM to SIGKILL; a task takes 2.0 s; the config says 2 m"],
    ],
    [
      "S4",
      "a cold shutdown in place of a warm one",
      withContainer({ remapSigterm: "SIGQUIT" }),
      [
        "danger: worker: REMAP_SIGTERM=SIGQUIT: ECS's stop becomes a cold shutdown, and Celery 5.6.3 acknowledges the running task and loses it, even with acks_late",
      ],
    ],
    [
      "S5",
      "an ETA beyond the visibility timeout",
      { ...healthy, queues: ok([{ ...queue, dueLater: 3, due: [{ at: epochMs(night + 3_600_001), tasks: 3 }] }]) },
      [
        "danger: visibility_timeout 1 h by the config, and a task waits for a time 1 h from now: it is handed to another worker again and again, and runs more than once",
      ],
    ],
    [
      "S6",
      "tasks with an ETA in the hot queue",
      { ...healthy, queues: ok([{ ...queue, dueLater: 30 }]) },
      [
        "warning: celery holds 30 tasks with an ETA or countdown, in the memory of its workers: each raises a worker's prefetch by one, and a worker that holds one is never empty",
      ],
    ],
    [
      "S7",
      "a shell as process 1",
      { ...healthy, definition: ok({ containers: [{ ...container, command: ["sh", "-c", "celery -A shop worker"] }], fargate: true }) },
      ["danger: worker: sh -c … is process 1, and may keep SIGTERM from Celery: every stop is a kill after the stop timeout"],
    ],
    [
      "S8",
      "a Redis that throws queues away",
      withServer({ evictionPolicy: "allkeys-lru" }),
      ["danger: maxmemory-policy allkeys-lru: when memory is full Redis throws whole queues away, and nothing says so"],
    ],
    [
      "S8",
      "a Redis that throws results away",
      withServer({ evictionPolicy: "volatile-lru" }),
      ["warning: maxmemory-policy volatile-lru: when memory is full keys with an expiry go first, results among them, and nothing says so"],
    ],
    [
      "S9",
      "a cache in the broker's database",
      withServer({ sample: { keys: 200, foreign: [":1:session", ":1:page"] } }),
      ["warning: 2 of 200 sampled keys of database 0 are not Celery's, such as :1:session, :1:page"],
    ],
    [
      "S9",
      "a cache in another database of the same Redis",
      withServer({ databases: [{ database: 1, keys: 5_000 }] }),
      ["note: the same Redis has keys in database 1 (5000)"],
    ],
    [
      "S10",
      "another concurrency than the config's",
      { ...healthy, workers: ok([{ name: "celery@w1", slots: 8, reserved: 0, active: 0 }]) },
      ["warning: celery@w1 has 8 slots, the config says 4"],
    ],
    ["S11", "a queue that nobody knows", { ...healthy, queues: ok([{ ...queue, known: false }]) }, ['danger: the broker has no queue "celery"']],
    [
      "S11",
      "an empty queue that nobody takes from",
      { ...healthy, queues: ok([queue, { ...queue, name: "mial", known: undefined }]) },
      ["unseen: mial may be empty or misspelt: nothing is in it and no worker that answered takes from it"],
    ],
    [
      "S12",
      "another scaler",
      { ...healthy, rival: ok("Application Auto Scaling keeps it between 1 and 4") },
      ["danger: Application Auto Scaling keeps it between 1 and 4: Nightshift holds until it is gone"],
    ],
    [
      "S13",
      "cluster mode",
      withServer({ cluster: true }),
      ["danger: cluster mode is on: Celery's Redis transport does not work with it, and the probe refuses it"],
    ],
    ["S13", "a replica", withServer({ replica: true }), ["danger: this is a replica: it is behind, and cannot be written to"]],
  ];

  test.each(sick)("%s: %s", (id, _, patient, expected) => {
    expect(said(patient, id)).toEqual(expected);
  });

  test("no check goes without a sick worker here", () => {
    expect(workerChecks.map(({ id }) => id).filter((id) => !sick.some(([other]) => other === id))).toEqual([]);
  });
});

describe("what is still fine, and what nobody can see", () => {
  test.each([
    ["S1", { ...withSettings({ prefetch: 4 }), taskSeconds: ok(15) }, "right: worker_prefetch_multiplier 4, and a task takes 15.0 s"],
    [
      "S5",
      { ...healthy, queues: ok([{ ...queue, due: [{ at: epochMs(night + 3_600_000), tasks: 3 }] }]) },
      "right: visibility_timeout 1 h by the config; nothing waits or runs for that long",
    ],
    [
      "S7",
      { ...healthy, definition: ok({ containers: [{ ...container, command: ["sh", "-c", "exec celery -A shop worker"] }], fargate: true }) },
      "right: worker: the shell hands over with exec",
    ],
    [
      "S7",
      { ...healthy, definition: ok({ containers: [{ ...container, command: [] }], fargate: true }) },
      "unseen: worker: the command is the image's own, which ECS does not show",
    ],
    ["S8", { ...healthy, redis: ok({ ...server, evictionPolicy: undefined }) }, "unseen: Redis did not tell its maxmemory-policy"],
    ["S10", { ...healthy, workers: ok([]) }, "unseen: no worker answered"],
  ] as const)("%s (%#)", (id, patient, expected) => {
    expect(said(patient, id)).toEqual([expected]);
  });

  test("checks of Redis say nothing of RabbitMQ", () => {
    const rabbit = withSettings({ broker: { kind: "rabbitmq", secret: "ShopBroker", managementSecret: undefined } });
    expect(["S5", "S8", "S9", "S13"].flatMap((id) => said(rabbit, id))).toEqual([]);
  });
});

test("a finding reads: what was found, what is right, what to do next", () => {
  const [worst] = examineWorker(withContainer({ remapSigterm: "SIGQUIT" }));
  expect(worst === undefined ? [] : examinedLines(worst, 90)).toEqual([
    "✗ S4 shop-worker, REMAP_SIGTERM: worker: REMAP_SIGTERM=SIGQUIT: ECS's stop becomes a cold",
    "  shutdown, and Celery 5.6.3 acknowledges the running task and loses it, even with",
    "  acks_late",
    "  right: not set: plain SIGTERM lets the running task finish",
    "  → remove REMAP_SIGTERM from the task definition; try your exact Celery version before",
    "    you rely on it",
  ]);
});
