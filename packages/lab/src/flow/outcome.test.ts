import { hours, seconds } from "@nightshift/model";
import { expect, test } from "vitest";
import { judgeWaits } from "./outcome.ts";
import { usualFleet, type Workload } from "./workload.ts";
import { tasksOf } from "./workloads/draw.ts";

const due = (count: number, second: number): readonly { readonly published: number; readonly service: number }[] =>
  Array.from({ length: count }, () => ({ published: second * 1_000, service: 1_000 }));
const judge = (tasks: Workload["tasks"], waited: (task: number) => number, end = 3_600_000) =>
  judgeWaits(
    { name: "", says: "", source: "own", length: hours(1), wait: seconds(60), fleet: usualFleet, tasks },
    tasks.due.map((at, task) => at + waited(task) * 1_000),
    end,
  );

test("a minute violates when more than 1 % of its tasks start later than promised", () => {
  const two = tasksOf([...due(100, 10), ...due(100, 70)]);
  expect(judge(two, (task) => (task === 0 ? 61 : 1))).toMatchObject({ late: 1, violatingMinutes: 0 });
  expect(judge(two, (task) => (task <= 1 ? 61 : 1))).toMatchObject({ late: 2, violatingMinutes: 1 });
  expect(judge(two, (task) => (task === 0 || task === 1 || task >= 198 ? 61 : 1))).toMatchObject({ late: 4, violatingMinutes: 2 });
});

test("one late task is enough in a minute of few", () => {
  expect(judge(tasksOf(due(3, 10)), (task) => (task === 2 ? 60.001 : 60))).toMatchObject({ late: 1, violatingMinutes: 1 });
});

test("a minute is the minute a task is due in, not the one it starts in", () => {
  const tasks = tasksOf([...due(1, 10), ...due(1, 500)]);
  expect(judge(tasks, () => 90)).toMatchObject({ late: 2, violatingMinutes: 2 });
});

test("a task that never started is late once its promise is over, and unknown before", () => {
  const tasks = tasksOf([...due(1, 0), ...due(1, 50)]);
  expect(judge(tasks, () => Number.NaN, 100_000)).toMatchObject({ late: 1, violatingMinutes: 1, wait: { longest: 100 } });
});

test("percentiles are by nearest rank", () => {
  const waits = judge(tasksOf(due(100, 0)), (task) => task + 1).wait;
  expect(waits).toEqual({ p50: 50, p95: 95, p99: 99, longest: 100 });
});
