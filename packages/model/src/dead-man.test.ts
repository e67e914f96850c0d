import { expect, test } from "vitest";
import { deadManFigure, deadManHours, deadManLimit } from "./dead-man.ts";
import { hours, minutes } from "./time.ts";

test("the limit is a day for each night between two proofs, and twice what makes a night late", () => {
  expect([deadManLimit(1, hours(2)), deadManLimit(1, hours(10)), deadManLimit(7, hours(2))]).toEqual([hours(28), hours(44), hours(172)]);
  expect([deadManHours(1), deadManHours(7), deadManHours(30)]).toEqual([24, 168, 168]);
});

test("the figure is above zero for all hours of the alarm from the very limit on, however long a night takes", () => {
  for (const lateAfter of [hours(2), hours(10)]) {
    const figure = (age: number) => deadManFigure(age as ReturnType<typeof hours>, { proveEvery: 1, lateAfter });
    expect(figure(2 * lateAfter)).toBe(0);
    expect(figure(2 * lateAfter + minutes(1))).toBe(minutes(1));
    expect(figure(deadManLimit(1, lateAfter))).toBe(hours(24));
  }
});
