import { expect, test } from "vitest";
import { emptyWorker, tasks, Watch } from "./scaling.fixture.ts";

test("a backlog that the standing workers cannot start in time starts workers at the first look, and none is started twice", () => {
  const watch = new Watch();
  watch.see({ arrived: 0, finished: 0, running: 0 });
  const out = watch.see({ waiting: 400, running: 4, arrived: 404, finished: 0, desired: 1 });
  expect(out.kind).toBe("out");
  expect(out.desired).toBeGreaterThan(5);
  const again = watch.see({ waiting: 394, running: 4, arrived: 404, finished: 6, desired: out.desired, ready: 1 });
  expect(again.kind).toBe("hold");
});

test("workers that are not needed are drained, found empty, given up with all others protected, and proven", () => {
  const watch = new Watch({ min: 1 });
  const calm = { waiting: 0, running: 1, desired: 3, heard: [1, 0, 0], tasks: tasks(3) };
  for (let i = 1; i < 30 && watch.last?.kind !== "drain"; i += 1) watch.see({ ...calm, arrived: i, finished: i });
  expect(watch.last?.kind).toBe("drain");
  expect(watch.last?.drain.map(({ task }) => task)).toEqual(["arn:task/3", "arn:task/2"]);
  expect(watch.last?.desired).toBe(3);
  const lowered = watch.see((at) => ({ ...calm, arrived: 40, finished: 40, drained: [emptyWorker(3, at), emptyWorker(2, at)] }));
  expect(lowered.kind).toBe("in");
  expect(lowered.desired).toBe(1);
  expect(lowered.protect).toEqual(["arn:task/1"]);
  const settled = watch.see({ waiting: 0, running: 1, desired: 1, arrived: 41, finished: 41, tasks: tasks(1) });
  expect(settled.kind).toBe("settle");
  expect(settled.unprotect).toEqual(["arn:task/1"]);
  expect(watch.state.draining).toEqual([]);
  expect(watch.state.lowering).toBe(undefined);
});
