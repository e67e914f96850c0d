import { describe, expect, test } from "vitest";
import { Pace } from "./pace.ts";

/** A pace after looks every half second of real time, in each of which so much simulated time went by. */
function paced(simulatedPerLook: number, looks: number): Pace {
  const pace = new Pace();
  for (let i = 0; i < looks; i += 1) pace.note({ real: i * 500, simulated: i * simulatedPerLook });
  return pace;
}

describe("how fast a story really goes", () => {
  test("is told when it is less than four fifths of the chosen speed", () => {
    expect(paced(23_900, 9).behind(60)).toBe(47.8);
    expect(paced(24_000, 9).behind(60)).toBeUndefined();
  });

  test("is not told of a pause, nor from less than a second and a half", () => {
    expect(paced(0, 9).behind(0)).toBeUndefined();
    expect(paced(5_000, 3).behind(60)).toBeUndefined();
    expect(paced(5_000, 4).behind(60)).toBe(10);
  });

  test("looks back four seconds and not further, and begins anew with another speed", () => {
    const pace = paced(30_000, 5);
    for (let i = 1; i <= 8; i += 1) pace.note({ real: 2_000 + i * 500, simulated: 120_000 + i * 5_000 });
    expect(pace.behind(60)).toBe(10);
    pace.restart();
    expect(pace.behind(60)).toBeUndefined();
  });
});
