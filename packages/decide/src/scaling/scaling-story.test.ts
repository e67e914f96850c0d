import { epochMs, minutes, seconds } from "@nightshift/model";
import { expect, test } from "vitest";
import { followStarts } from "./starts.ts";
import { emptyWorker, NOON, task, tasks, usual, Watch } from "./scaling.fixture.ts";

test("workers without remote control are given up only after two looks at which nothing is in flight", () => {
  const watch = new Watch({ control: "none", min: 0, idleBeforeZero: seconds(0) });
  for (let i = 1; i <= 6; i += 1) expect(watch.see({ running: 1, desired: 3, arrived: i, finished: i - 1 }).kind).toBe("hold");
  const first = watch.see({ desired: 3, arrived: 6, finished: 6 });
  expect([first.kind, first.desired]).toEqual(["hold", 3]);
  const second = watch.see({ desired: 3, arrived: 6, finished: 6 });
  expect([second.kind, second.desired, second.drain, second.protect]).toEqual(["in", 0, [], []]);
});

test("workers that protect themselves are given up while others work, as many as are idle", () => {
  const watch = new Watch({ control: "task-protection" });
  for (let i = 1; i < 30 && watch.last?.kind !== "in"; i += 1) watch.see({ running: 2, desired: 6, arrived: i, finished: i });
  expect([watch.last?.kind, watch.last?.desired]).toEqual(["in", 2]);
});

test("the on-demand base stays: above it on-demand workers go before Spot ones", () => {
  const watch = new Watch({ spot: { onDemandBase: 1 } });
  const fleet = [task(1), task(2), task(3, { spot: true }), task(4, { spot: true })];
  for (let i = 1; i < 30 && watch.last?.kind !== "drain"; i += 1)
    watch.see({ running: 0, desired: 4, heard: [0, 0, 0, 0], tasks: fleet, arrived: i, finished: i });
  expect(watch.last?.drain.map(({ task: arn }) => arn)).toEqual(["arn:task/2", "arn:task/4", "arn:task/3"]);
});

test("a worker that Spot took back counts as a start in flight, and nobody is taken away meanwhile", () => {
  const watch = new Watch();
  for (let i = 1; i <= 8; i += 1) watch.see({ running: 6, desired: 3, arrived: 30 * i, finished: 30 * i - 6 });
  const less = watch.see({ running: 6, desired: 3, ready: 2, arrived: 270, finished: 264, heard: [3, 3], tasks: tasks(2) });
  expect([less.kind, less.figures.starting, watch.state.memory.starting]).toEqual(["hold", 1, [{ at: watch.at, workers: 1 }]]);
});

test("more workers that do not help are told, and none is added for five minutes", () => {
  const watch = new Watch();
  let [arrived, finished] = [0, 0];
  const see = (rate: number, done: number, more: { desired: number; ready?: number; waiting: number }) => {
    arrived += rate * 15;
    finished += done;
    return watch.see({ running: (more.ready ?? more.desired) * 4, arrived, finished, ...more });
  };
  for (let i = 1; i <= 10; i += 1) see(2, 30, { desired: 1, waiting: 60 });
  for (let i = 1; i <= 20 && watch.last?.kind !== "out"; i += 1) see(2, 30, { desired: 1, waiting: 60 + 20 * i });
  expect(watch.last?.kind).toBe("out");
  for (let i = 1; i <= 8; i += 1) see(2, 30, { desired: 4, ready: 4, waiting: 300 + 10 * i });
  expect(watch.last?.attention.map(({ kind }) => kind)).toContain("saturated");
  expect([watch.last?.kind, watch.last?.desired, watch.last?.because[0]]).toEqual(["hold", 4, "all 4 workers are needed"]);
});

test("a promise that is broken with all workers is told after a minute, with the number that waits", () => {
  const watch = new Watch({ max: 1 });
  for (let i = 1; i <= 8; i += 1) watch.see({ running: 4, arrived: 30 * i + 500, finished: 30 * i, waiting: 500 });
  const told = watch.last?.attention.find(({ kind }) => kind === "promise-broken-at-max");
  expect(told?.says[0]).toMatch(/^All 1 workers are asked for, and tasks will still wait .+; promised are 1 m\. 500 wait now\.$/);
  expect((told?.since ?? 0) - NOON).toBe(75_000);
});

test("with all workers and no help from more, nobody is told to raise max", () => {
  const watch = new Watch({ max: 4 });
  const see = (i: number, more: { desired: number; ready?: number; waiting: number }) =>
    watch.see({ running: (more.ready ?? more.desired) * 4, arrived: 30 * i, finished: 30 * i, ...more });
  for (let i = 1; i <= 12; i += 1) see(i, { desired: 1, waiting: 60 + 20 * i });
  for (let i = 13; i <= 24; i += 1) see(i, { desired: 4, waiting: 90 });
  expect(watch.last?.attention.map(({ kind }) => kind)).toEqual(["saturated"]);
  for (let i = 25; i <= 30; i += 1) see(i, { desired: 4, waiting: 600 });
  expect(watch.last?.attention.map(({ kind }) => kind)).toEqual(["saturated", "promise-broken-at-max"]);
  expect(watch.last?.attention[1]?.says[1]).toBe("Leave max as it is: more workers do not help while something else holds them up.");
});

test("starts that do not come are told after five minutes", () => {
  const watch = new Watch({ max: 11 });
  watch.see({});
  watch.see({ waiting: 400, running: 4, arrived: 404 });
  const kinds = (passed: number, later: number) =>
    watch.see({ waiting: 400, running: 4, arrived: 404 + passed, finished: passed, desired: 11, ready: 1 }, later).attention.map(({ kind }) => kind);
  expect(kinds(300, 300)).not.toContain("start-stuck");
  expect(kinds(301, 1)).toContain("start-stuck");
});

test("the documents' rule adds a whole step at once when more wait than it says, and not again while they start", () => {
  const rule = { backlogAbove: 1_000, maxStep: 2, queues: [{ name: "celery", wait: minutes(60) }] };
  const see = (waiting: number) => {
    const watch = new Watch(rule);
    for (let i = 1; i <= 8; i += 1) watch.see({ running: 4, arrived: 60 * i, finished: 60 * i - 4 });
    const first = watch.see({ waiting, running: 4, arrived: 540 + waiting, finished: 536 });
    const second = watch.see({ waiting, running: 4, arrived: 600 + waiting, finished: 596, desired: first.desired, ready: 1 });
    return [first.desired, second.desired];
  };
  expect(see(1_001)).toEqual([3, 3]);
  expect(see(1_000)).toEqual([1, 1]);
});

test("the changes of an hour are a limit for both ways, and a quarter of them is kept for scale-outs", () => {
  const watch = new Watch({ maxChangesPerHour: 4 });
  const changed = (count: number) => Array.from({ length: count }, (_, i) => ({ at: epochMs(NOON + i * 1_000), from: 1, to: 2 }));
  const wave = { waiting: 400, running: 4, arrived: 404 };
  watch.see({});
  watch.state = { ...watch.state, changes: changed(4) };
  expect(watch.see(wave).desired).toBe(1);
  watch.state = { ...watch.state, changes: changed(3) };
  expect(watch.see({ ...wave, arrived: 405, finished: 1 }).kind).toBe("out");
  const calm = new Watch({ maxChangesPerHour: 4 });
  calm.see({});
  calm.state = { ...calm.state, changes: changed(3) };
  for (let i = 1; i < 20; i += 1) calm.see({ running: 1, desired: 3, heard: [1, 0, 0], tasks: tasks(3), arrived: i, finished: i });
  expect([calm.last?.kind, calm.last?.because[0]]).toEqual(["hold", "this hour's changes are used up"]);
});

test("nobody is told to leave within the cool-down after the last change", () => {
  const after = (inCoolDown: number) => {
    const watch = new Watch({ inCoolDown: seconds(inCoolDown) });
    watch.see({});
    watch.see({ waiting: 40, running: 4, arrived: 44 });
    watch.state = { ...watch.state, memory: { ...watch.state.memory, lastOut: watch.at, starting: [] } };
    const from = watch.at;
    for (let i = 0; i < 60 && watch.last?.kind !== "drain"; i += 1)
      watch.see({ running: 0, desired: 5, heard: [0, 0, 0, 0, 0], tasks: tasks(5), arrived: 44, finished: 44 });
    return (watch.at - from) / 1_000;
  };
  expect(after(120)).toBe(120);
  expect(after(300)).toBe(300);
});

test("a busy shared promise is the shortest of the queues", () => {
  const with2 = (wait: number) => {
    const watch = new Watch({
      queues: [
        { name: "celery", wait: minutes(60) },
        { name: "mail", wait: seconds(wait) },
      ],
    });
    watch.see({});
    return watch.see({ waiting: 400, running: 4, arrived: 404 });
  };
  expect(with2(60).because[0]).toContain("1 m is promised");
});

test("the expected start is the one that four in five do not exceed, from five on", () => {
  const expects = (startSeconds: readonly number[]) =>
    followStarts({ ...new Watch().state.memory, startSeconds }, { at: NOON, missing: 0, gapSeconds: 15 }, usual).expectSeconds;
  expect(expects([30, 30, 30, 30])).toBe(60);
  expect(expects([50, 10, 40, 20, 30])).toBe(40);
  expect(expects([45, 45, 45, 45, 45])).toBe(45);
  expect(expects([10, 20, 30, 40, 50, 60, 70, 80, 90, 100])).toBe(80);
});

test("an answer of an empty worker is worth nothing for one that shares no name with it", () => {
  const watch = new Watch();
  watch.see({ desired: 3 });
  watch.state = {
    ...watch.state,
    draining: [{ worker: "celery@ip-10-0-0-3.ec2.internal", task: "arn:task/3", queues: ["celery"], since: NOON, emptyAt: undefined }],
  };
  expect(watch.see((at) => ({ desired: 3, tasks: tasks(3), drained: [emptyWorker(2, at)] })).desired).toBe(3);
});
