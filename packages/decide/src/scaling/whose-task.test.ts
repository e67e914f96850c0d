import type { BrokerReading, EpochMs, WorkerReading } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { look, tasks, Watch, worker } from "./scaling.fixture.ts";

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
