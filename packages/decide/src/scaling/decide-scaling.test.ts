import { minutes, seconds } from "@nightshift/model";
import { expect, test } from "vitest";
import { calmThenDrain, emptyWorker, NOON, task, tasks, Watch, worker } from "./scaling.fixture.ts";

test("a backlog that the standing workers cannot start in time starts workers at once, and none is started twice", () => {
  const watch = new Watch();
  for (let i = 1; i <= 8; i += 1) watch.see({ running: 2, arrived: 15 * i, finished: 15 * i - 2 });
  const out = watch.see({ waiting: 150, running: 4, arrived: 285, finished: 131 });
  expect([out.kind, out.desired]).toEqual(["out", 11]);
  const again = watch.see({ waiting: 137, running: 4, arrived: 300, finished: 159, desired: 11, ready: 1 });
  expect([again.kind, again.desired, again.figures.starting]).toEqual(["hold", 11, 10]);
});

test("what the standing workers start in time starts nobody", () => {
  const watch = new Watch();
  for (let i = 1; i <= 8; i += 1) watch.see({ running: 2, arrived: 15 * i, finished: 15 * i - 2 });
  expect(watch.see({ waiting: 20, running: 4, arrived: 155, finished: 131 }).kind).toBe("hold");
});

test("workers that are not needed are drained, found empty, given up with all others protected, and proven", () => {
  const watch = calmThenDrain();
  expect(watch.last?.drain.map(({ task: arn }) => arn)).toEqual(["arn:task/3", "arn:task/2"]);
  expect(watch.last?.desired).toBe(3);
  const lowered = watch.see((at) => ({
    running: 1,
    desired: 3,
    arrived: 40,
    finished: 40,
    tasks: tasks(3),
    drained: [emptyWorker(3, at), emptyWorker(2, at)],
  }));
  expect([lowered.kind, lowered.desired, lowered.protect]).toEqual(["in", 1, ["arn:task/1"]]);
  const settled = watch.see({ running: 1, desired: 1, arrived: 41, finished: 41, tasks: tasks(1) });
  expect([settled.kind, settled.desired, settled.unprotect]).toEqual(["settle", 1, ["arn:task/1"]]);
  expect([watch.state.draining, watch.state.lowering]).toEqual([[], undefined]);
});

test("a drained worker that still executes, holds or schedules a task, or does not answer, is not given up", () => {
  for (const said of [{ active: 1 }, { reserved: 1 }, { scheduled: 1 }, { reserved: undefined }, { scheduled: undefined }]) {
    const watch = calmThenDrain();
    const next = watch.see((at) => ({
      running: 1,
      desired: 3,
      arrived: 40,
      finished: 40,
      tasks: tasks(3),
      drained: [3, 2].map((n) => worker(n, at, { reserved: 0, scheduled: 0, ...said })),
    }));
    expect([next.kind, next.desired], JSON.stringify(said)).toEqual(["hold", 3]);
  }
  const watch = calmThenDrain();
  expect(watch.see({ running: 1, desired: 3, arrived: 40, finished: 40, tasks: tasks(3), drained: [] }).desired).toBe(3);
});

test("what a worker said at the very moment it was told to take no more is no proof that it is empty", () => {
  const watch = calmThenDrain();
  const toldAt = watch.at;
  const early = watch.see({ running: 1, desired: 3, arrived: 40, finished: 40, tasks: tasks(3), drained: [emptyWorker(3, toldAt), emptyWorker(2, toldAt)] });
  expect([early.kind, early.desired]).toEqual(["hold", 3]);
});

test("a drained worker whose process began anew and takes work again is told again, and counted from then", () => {
  const watch = calmThenDrain();
  const again = watch.see((at) => ({
    running: 1,
    desired: 3,
    arrived: 40,
    finished: 40,
    tasks: tasks(3),
    drained: [worker(3, at, { reserved: 0, scheduled: 0, queues: ["celery"] }), worker(2, at, { active: 1, reserved: 0, scheduled: 0, queues: [] })],
  }));
  expect([again.kind, again.drain.map(({ worker: name }) => name)]).toEqual(["drain", ["celery@ip-10-0-0-3.ec2.internal"]]);
  expect(watch.state.draining.find(({ task: arn }) => arn === "arn:task/3")?.since).toBe(watch.at);
});

test("a drained worker that takes from a queue nobody named is not empty, and is told of that queue as well", () => {
  const watch = calmThenDrain();
  const again = watch.see((at) => ({
    running: 1,
    desired: 3,
    arrived: 40,
    finished: 40,
    tasks: tasks(3),
    drained: [3, 2].map((n) => worker(n, at, { reserved: 0, scheduled: 0, queues: ["mail"] })),
  }));
  expect([again.kind, again.desired, again.drain.map(({ queues }) => queues)]).toEqual([
    "drain",
    3,
    [
      ["celery", "mail"],
      ["celery", "mail"],
    ],
  ]);
});

test("an empty worker waits one look for those that drain beside it, then goes alone", () => {
  const watch = calmThenDrain();
  const one = { running: 2, desired: 3, arrived: 40, finished: 39, tasks: tasks(3) };
  const busy = { active: 1, reserved: 0, scheduled: 0 };
  expect(watch.see((at) => ({ ...one, drained: [emptyWorker(3, at), worker(2, at, busy)] })).kind).toBe("hold");
  const alone = watch.see((at) => ({ ...one, drained: [emptyWorker(3, at), worker(2, at, busy)] }));
  expect([alone.kind, alone.desired, alone.protect]).toEqual(["in", 2, ["arn:task/1", "arn:task/2"]]);
});

test("demand that returns takes drained workers back before it starts new ones", () => {
  const watch = calmThenDrain();
  const back = watch.see((at) => ({
    waiting: 900,
    running: 4,
    desired: 3,
    arrived: 950,
    finished: 40,
    tasks: tasks(3),
    drained: [emptyWorker(3, at), emptyWorker(2, at)],
  }));
  expect([...back.undrain].toSorted()).toEqual(["celery@ip-10-0-0-2.ec2.internal", "celery@ip-10-0-0-3.ec2.internal"]);
  expect(back.desired).toBeGreaterThan(3);
  expect(watch.state.draining).toEqual([]);
});

test("a drain that takes longer than the settings allow is given up and told; one that takes just as long is not", () => {
  const seeBusy = (watch: Watch, later: number) => {
    const { arrived = 0, finished = 0 } = watch.state.memory.samples.at(-1) ?? {};
    const drained = (at: typeof NOON) => [3, 2].map((n) => worker(n, at, { active: 1, reserved: 0, scheduled: 0 }));
    return watch.see((at) => ({ running: 1, desired: 3, arrived, finished, tasks: tasks(3), drained: drained(at) }), later);
  };
  const watch = calmThenDrain({ drainAtMost: minutes(5) });
  expect(seeBusy(watch, 300).kind).toBe("hold");
  const given = seeBusy(watch, 1);
  expect([given.kind, given.undrain.length, given.attention.map(({ kind }) => kind)]).toEqual(["undrain", 2, ["drain-stuck"]]);
});

test("while a deployment runs nobody is given up, and drained workers take work again", () => {
  const watch = calmThenDrain();
  const next = watch.see((at) => ({
    running: 1,
    desired: 3,
    arrived: 40,
    finished: 40,
    deploying: "revision 7 rolls out",
    tasks: tasks(3),
    drained: [emptyWorker(3, at), emptyWorker(2, at)],
  }));
  expect([next.kind, next.desired, next.undrain.length]).toEqual(["undrain", 3, 2]);
});

test("a deployment does not keep workers from being added", () => {
  const watch = new Watch();
  for (let i = 1; i <= 8; i += 1) watch.see({ running: 2, arrived: 15 * i, finished: 15 * i - 2 });
  expect(watch.see({ waiting: 400, running: 4, arrived: 535, finished: 131, deploying: "revision 7 rolls out" }).kind).toBe("out");
});

test("a victim that ECS left while it stopped another is told, and takes work again", () => {
  const watch = calmThenDrain();
  watch.see((at) => ({ running: 1, desired: 3, arrived: 40, finished: 40, tasks: tasks(3), drained: [emptyWorker(3, at), emptyWorker(2, at)] }));
  const wrong = watch.see((at) => ({
    running: 1,
    desired: 1,
    ready: 1,
    arrived: 41,
    finished: 41,
    tasks: [task(2)],
    stopped: [{ arn: "arn:task/1", at, code: "ServiceSchedulerInitiated", reason: "Scaling activity initiated by (deployment ecs-svc/1)" }],
  }));
  expect(wrong.attention.map(({ kind }) => kind)).toEqual(["wrong-victim"]);
  expect(wrong.unprotect).toEqual(["arn:task/1"]);
  expect(wrong.undrain).toEqual(["celery@ip-10-0-0-2.ec2.internal"]);
  expect(watch.state.lowering).toBe(undefined);
});

test("no second scale-in is sent before the first is proven and its protection is taken back", () => {
  const watch = calmThenDrain();
  const busy = { active: 1, reserved: 0, scheduled: 0 };
  const one = { running: 2, desired: 3, arrived: 40, finished: 39, tasks: tasks(3) };
  watch.see((at) => ({ ...one, drained: [emptyWorker(3, at), worker(2, at, busy)] }));
  watch.see((at) => ({ ...one, drained: [emptyWorker(3, at), worker(2, at, busy)] }));
  const unproven = watch.see((at) => ({ ...one, desired: 2, ready: 3, drained: [emptyWorker(2, at)] }));
  expect([unproven.kind, unproven.desired]).toEqual(["hold", 2]);
  const proven = watch.see((at) => ({ ...one, desired: 2, tasks: tasks(2), drained: [emptyWorker(2, at)] }));
  expect([proven.kind, proven.desired, proven.unprotect]).toEqual(["settle", 2, ["arn:task/1", "arn:task/2"]]);
  const second = watch.see((at) => ({ ...one, desired: 2, tasks: tasks(2), drained: [emptyWorker(2, at)] }));
  expect([second.kind, second.desired, second.protect]).toEqual(["in", 1, ["arn:task/1"]]);
});

test("a worker whose address begins like another's is not taken for it", () => {
  const watch = new Watch();
  watch.see({ running: 0, desired: 12 });
  watch.state = {
    ...watch.state,
    draining: [{ worker: "celery@ip-10-0-0-12.ec2.internal", task: "", queues: ["celery"], since: NOON, emptyAt: undefined }],
  };
  const next = watch.see((at) => ({ running: 0, desired: 12, tasks: tasks(12), drained: [emptyWorker(12, at)] }));
  expect(watch.state.lowering?.victims ?? next.because).toEqual(["arn:task/12"]);
});

test("a drained worker that belongs to no task of the service takes work again", () => {
  const watch = new Watch();
  watch.see({ running: 0, desired: 2 });
  watch.state = { ...watch.state, draining: [{ worker: "celery@ip-10-9-9-9.ec2.internal", task: "", queues: ["celery"], since: NOON, emptyAt: undefined }] };
  const next = watch.see({ running: 0, desired: 2, tasks: tasks(2), drained: [] });
  expect([next.kind, next.undrain]).toEqual(["undrain", ["celery@ip-10-9-9-9.ec2.internal"]]);
});

test("from zero, the first task starts a worker, and a service without work goes back to zero when it was idle so long", () => {
  const watch = new Watch({ min: 0, idleBeforeZero: minutes(3), queues: [{ name: "celery", wait: minutes(3) }] });
  watch.see({ desired: 0 });
  expect(watch.see({ desired: 0, waiting: 1, arrived: 1 }).desired).toBe(1);
  for (let i = 0; i < 6; i += 1) watch.see({ desired: 1, arrived: 1, finished: 1, running: 0, heard: [0], tasks: tasks(1) });
  expect(watch.last?.kind).toBe("hold");
  for (let i = 0; i < 8 && watch.last?.kind !== "drain"; i += 1) watch.see({ desired: 1, arrived: 1, finished: 1, running: 0, heard: [0], tasks: tasks(1) });
  expect(watch.last?.kind).toBe("drain");
  expect((watch.at - (watch.state.memory.quietSince ?? 0)) / 1_000).toBe(180);
  const zero = watch.see((at) => ({ desired: 1, arrived: 1, finished: 1, tasks: tasks(1), drained: [emptyWorker(1, at)] }));
  expect([zero.kind, zero.desired]).toEqual(["in", 0]);
});

test("a service is quiet after three minutes without work and is then looked at once a minute; any task makes it busy again", () => {
  const watch = new Watch();
  for (let i = 0; i < 12; i += 1) watch.see({});
  expect(watch.last?.next).toBe(15_000);
  expect(watch.see({}).next).toBe(60_000);
  expect(watch.see({ waiting: 1, arrived: 1 }, 60).next).toBe(15_000);
});

test("from zero workers a quiet service is looked at as often as its promise needs", () => {
  const next = (wait: number): number => {
    const watch = new Watch({ min: 0, queues: [{ name: "celery", wait: seconds(wait) }] });
    for (let i = 0; i < 14; i += 1) watch.see({ desired: 0 });
    return watch.last?.next ?? 0;
  };
  expect([next(125), next(124), next(95), next(94)]).toEqual([60_000, 30_000, 30_000, 15_000]);
});
