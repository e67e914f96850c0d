import { type Datapoint, epochMs, type EpochMs, minutes, percent, type Reading, type UtilisationRule } from "@nightshift/model";
import { expect, test } from "vitest";
import { NOON, Watch } from "./scaling.fixture.ts";

const points = (at: EpochMs, values: readonly number[]): Reading<readonly Datapoint[]> => ({
  ok: true,
  value: values.map((value, i) => ({ at: epochMs(at - (values.length - i) * 60_000), value })),
});
const rule: UtilisationRule = { metric: "cpu", out: { above: percent(60), for: minutes(5) }, in: { below: percent(20), for: minutes(10) }, target: undefined };
const ready = (utilisation: readonly UtilisationRule[], desired = 2): Watch => {
  const watch = new Watch({ utilisation });
  for (let i = 1; i <= 8; i += 1)
    watch.see({
      running: 5,
      desired,
      arrived: 15 * i,
      finished: 15 * i - 5,
      more: { cpu: points(epochMs(NOON + 15_000 * i), [40, 40, 40, 40, 40, 40, 40, 40, 40, 40]) },
    });
  return watch;
};
const cpu = (watch: Watch, values: readonly number[], desired = 2) => {
  const { arrived = 0, finished = 0 } = watch.state.memory.samples.at(-1) ?? {};
  return watch.see((at) => ({ running: 5, desired, arrived: arrived + 15, finished: finished + 15, more: { cpu: points(at, values) } }));
};

test("five minutes above the limit add one worker; four, or one just at it, do not", () => {
  expect(cpu(ready([rule]), [50, 61, 61, 61, 61, 61]).desired).toBe(3);
  expect(cpu(ready([rule]), [50, 60, 61, 61, 61, 61]).desired).toBe(2);
  expect(cpu(ready([rule]), [61, 61, 61, 61]).desired).toBe(2);
});

test("a second worker is added only after as long again", () => {
  const watch = ready([rule]);
  cpu(watch, [61, 61, 61, 61, 61]);
  expect(cpu(watch, [61, 61, 61, 61, 61], 3).desired).toBe(3);
  for (let i = 0; i < 18; i += 1) expect(cpu(watch, [61, 61, 61, 61, 61], 3).desired).toBe(3);
  expect(cpu(watch, [61, 61, 61, 61, 61], 3).desired).toBe(4);
});

test("old figures, and figures that could not be read, add nobody", () => {
  const watch = ready([rule]);
  expect(
    watch.see((at) => ({ running: 5, desired: 2, arrived: 135, finished: 130, more: { cpu: points(epochMs(at - 300_000), [61, 61, 61, 61, 61]) } })).desired,
  ).toBe(2);
  expect(watch.see({ running: 5, desired: 2, arrived: 135, finished: 130, more: { cpu: { ok: false, because: "throttled" } } }).desired).toBe(2);
});

test("a target adds what brings the average down to it", () => {
  const target: UtilisationRule = {
    metric: "cpu",
    out: undefined,
    in: undefined,
    target: { at: percent(50), outCoolDown: minutes(1), inCoolDown: minutes(5) },
  };
  expect(cpu(ready([target]), [76]).desired).toBe(4);
  expect(cpu(ready([target]), [50]).desired).toBe(2);
});

test("while a limit is passed nobody is taken away, whatever the queue says", () => {
  const memory: UtilisationRule = { ...rule, metric: "memory" };
  const watch = new Watch({ utilisation: [memory], max: 3 });
  for (let i = 1; i < 30; i += 1)
    watch.see((at) => ({ running: 0, desired: 3, heard: [0, 0, 0], arrived: i, finished: i, more: { memory: points(at, [90, 90, 90, 90, 90]) } }));
  expect([watch.last?.kind, watch.last?.drain, watch.last?.because[0]]).toEqual(["hold", [], "memory stayed above 60 % for 5 m"]);
});
