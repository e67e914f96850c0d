import type { BrokerReading, EpochMs, WorkerReading } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { calmThenDrain, emptyWorker, look, tasks, Watch, worker } from "./scaling.fixture.ts";

const heardBy = (at: EpochMs, workers: readonly WorkerReading[]): BrokerReading => {
  const { broker } = look(at);
  return broker.kind === "seen" ? { ...broker, workers } : broker;
};

/** Looks at three workers who are hardly needed until some are told to leave: theirs are these tasks. */
function drainedOf(heard: (at: EpochMs) => readonly WorkerReading[]): readonly string[] {
  const watch = new Watch();
  for (let n = 0; n < 20; n += 1) {
    const verdict = watch.see((at) => ({ desired: 3, tasks: tasks(3), broker: heardBy(at, heard(at)) }));
    if (verdict.kind === "drain") return verdict.drain.map(({ task }) => task).toSorted();
  }
  return [];
}

describe("whose task a worker is", () => {
  test("each of three workers is on its own task, and two that are spared are drained", () => {
    expect(drainedOf((at) => [worker(1, at, { active: 1 }), worker(2, at), worker(3, at)])).toEqual(["arn:task/2", "arn:task/3"]);
  });

  test("a task with two nodes is not given up: what the other one holds would be killed with it", () => {
    const second = (at: EpochMs): WorkerReading => ({ ...worker(3, at), name: "mail@ip-10-0-0-3.ec2.internal", active: 1 });
    expect(drainedOf((at) => [worker(1, at, { active: 1 }), worker(2, at), worker(3, at), second(at)])).toEqual(["arn:task/1", "arn:task/2"]);
  });

  test.each([
    ["celery@ip-10-0-0-3", "arn:task/3"],
    ["celery@10.0.0.3", "arn:task/3"],
    ["ip-10-0-0-1@ip-10-0-0-3.ec2.internal", "arn:task/3"],
    ["ip-10-0-0-1@elsewhere", ""],
  ])("%s is found on %s by what stands behind its @", (name, task) => {
    const watch = new Watch();
    for (let n = 0; n < 3; n += 1) watch.see({ desired: 3 });
    watch.state = { ...watch.state, draining: [{ worker: name, task: "", queues: ["celery"], since: watch.at, emptyAt: undefined }] };
    watch.see({ desired: 3, tasks: tasks(3), drained: [{ ...worker(3, watch.at), name, active: 1 }] });
    expect(watch.state.draining.map((row) => row.task)).toEqual(task === "" ? [] : [task]);
  });
});

test("workers whom ECS had not stopped when more were asked for take work again half a minute later, and nobody is told of a wrong one", () => {
  const watch = calmThenDrain();
  const emptied = (at: EpochMs) => [2, 3].map((one) => emptyWorker(one, at));
  while (watch.last?.kind !== "in") watch.see((at) => ({ running: 1, desired: 3, arrived: 40, finished: 40, tasks: tasks(3), drained: emptied(at) }));
  const rush = (n: number, desired: number) =>
    watch.see((at) => ({ running: 4, waiting: 300 + n, desired, ready: 3, arrived: 340 + n, finished: 40, tasks: tasks(3), drained: emptied(at) }));
  const asked = rush(0, 1);
  expect([asked.kind, asked.undrain]).toEqual(["out", []]);
  const next = rush(10, asked.desired);
  expect([next.undrain.toSorted(), next.unprotect, next.attention]).toEqual([
    ["celery@ip-10-0-0-2.ec2.internal", "celery@ip-10-0-0-3.ec2.internal"],
    ["arn:task/1"],
    [],
  ]);
});
