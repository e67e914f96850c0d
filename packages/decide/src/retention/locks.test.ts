import { backupId, days, type EpochMs, epochMs, type KeepSettings, type ShelvedMoment } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { extensionsOf, locksOf } from "./locks.ts";
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

describe("of what lies in the store", () => {
  const plan = planRetention(usual, nights(14), { now: NOW });
  const lying = (daysAgo: number, lockedUntil?: EpochMs): ShelvedMoment => ({
    ...{ id: backupId(`night-${daysAgo}`), of: "shop", contentsOf: NIGHT, scheduled: NIGHT, verified: true, suspect: false },
    ...(lockedUntil === undefined ? {} : { lockedUntil }),
  });
  const weekly = epochMs(NIGHT + days(24));
  const longer = (...shelved: readonly ShelvedMoment[]) =>
    extensionsOf(plan, shelved, { keep: settings, now: NOW }).map(({ id, until, from }) => [id, until, from]);

  it("what was promoted is locked for longer, and only that", () => {
    // Six days ago was a Sunday: its lock was a day's, and it is kept as a week's.
    expect(longer(lying(6, epochMs(NIGHT + days(1))), lying(5, epochMs(NIGHT + days(2))))).toEqual([["night-6", weekly, NIGHT + days(1)]]);
  });

  it("a lock that ends later than its class stays as it is; one a moment too short does not", () => {
    expect(longer(lying(6, weekly), lying(0, epochMs(NIGHT + days(365))))).toEqual([]);
    expect(longer(lying(6, epochMs(weekly - 1)))).toEqual([["night-6", weekly, weekly - 1]]);
  });

  it("what goes, and what a class no longer keeps, is not locked", () => {
    expect(longer(lying(8), lying(12))).toEqual([]);
  });

  it("what is not locked at all comes first, and twenty go in one run", () => {
    const many = Array.from({ length: 30 }, (_, n) => ({ folder: "daily" as const, id: backupId(`night-${n}`), at: NIGHT }));
    const shelved = many.map((_, n) => lying(n, n === 29 ? undefined : epochMs(NIGHT + days(6) - n)));
    const chosen = extensionsOf({ pointers: many }, shelved, { keep: settings, now: NOW }).map(({ id }) => String(id));
    expect([chosen.length, chosen[0], chosen[1]]).toEqual([20, "night-29", "night-28"]);
  });

  it("a plan that was stopped locks nothing", () => {
    expect(extensionsOf({ ...plan, stopped: "the clocks differ" }, [lying(6)], { keep: settings, now: NOW })).toEqual([]);
  });
});
