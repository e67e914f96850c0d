import { days, type KeepSettings } from "@nightshift/model";
import { expect, it } from "vitest";
import { locksOf } from "./locks.ts";
import { planRetention } from "./plan-retention.ts";
import { NIGHT, NOW, nights, usual } from "./retention.fixture.ts";

const settings: KeepSettings = { daily: days(7), weekly: days(30), monthly: days(90), safety: days(7), atLeast: 3 };

it("a backup is locked until its longest class ends, and what is past its class is not", () => {
  const locks = locksOf(planRetention(usual, nights(14), { now: NOW }), settings, NOW);
  const inDays = [...locks].map(([id, until]) => [id, (until - NIGHT) / 86_400_000]).toSorted();
  // 13 days ago was the first of the month and a Sunday; 6 days ago a Sunday.
  expect(inDays).toEqual([
    ["night-0", 7],
    ["night-1", 6],
    ["night-13", 77],
    ["night-2", 5],
    ["night-3", 4],
    ["night-4", 3],
    ["night-5", 2],
    ["night-6", 24],
  ]);
});
