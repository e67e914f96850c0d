import { backupId, days, epochMs, ms, type RetentionCandidate, type RetentionPlan } from "@nightshift/model";
import { expect, it } from "vitest";
import { planRetention } from "./plan-retention.ts";
import { hoursOn, NIGHT, NOW, night, nights, usual } from "./retention.fixture.ts";

const plan = (given: readonly RetentionCandidate[], facts: Partial<Parameters<typeof planRetention>[2]> = {}, policy = usual): RetentionPlan =>
  planRetention(policy, given, { now: NOW, ...facts });
const kept = ({ kept: all }: RetentionPlan): readonly string[] => all.map(({ id }) => id);
const removed = ({ removed: all }: RetentionPlan): readonly string[] => all.map(({ id }) => id);
const why = (of: RetentionPlan, id: string): string | undefined => of.refused.find((one) => one.id === id)?.because;
const reasons = (of: RetentionPlan, id: string): readonly string[] | undefined => of.kept.find((one) => one.id === id)?.reasons;

it("of a hundred good nights seven days stay, the Sundays, the firsts of months, and the first within reach of the week and month that a class cuts", () => {
  // 14 March is a Saturday: Sundays are 6, 13, 20, 27 days ago; the firsts of March, February and January 13, 41 and 72. 29 and 89 are cut.
  const made = plan(nights(100));
  expect(kept(made).map((id) => Number(id.slice(6)))).toEqual([0, 1, 2, 3, 4, 5, 6, 13, 20, 27, 29, 41, 72, 89]);
  expect(reasons(made, "night-13")).toEqual(["first verified of its week", "first verified of its month"]);
  expect(reasons(made, "night-0")).toEqual(["first verified of its day", "one of the newest 3 verified"]);
  expect(removed(made).length).toBe(86);
  expect(made.stopped).toBeUndefined();
});

it("a class ends when its length has passed since the newest verified one, and not a millisecond before", () => {
  const policy = { ...usual, weekly: ms(0), monthly: ms(0), atLeast: 1 };
  const inside = night(7, { at: epochMs(NIGHT - days(7) + 1) });
  expect(removed(plan([night(0), inside], {}, policy))).toEqual([]);
  expect(removed(plan([night(0), night(7)], {}, policy))).toEqual(["night-7"]);
});

it("ages do not grow while nights fail", () => {
  const hundred = nights(100);
  const good = kept(plan(hundred));
  const yearLater = plan(
    hundred.filter(({ id }) => good.includes(id)),
    { now: epochMs(NOW + days(365)) },
  );
  expect(kept(yearLater)).toEqual(good);
  expect(yearLater.removed).toEqual([]);
});

it("Monday's stands for the week when Sunday's was not proven", () => {
  const policy = { ...usual, daily: ms(0), monthly: ms(0), atLeast: 1 };
  const week = nights(14).filter(({ id }) => id !== "night-6");
  expect(kept(plan(week, {}, policy))).toEqual(["night-0", "night-5", "night-13"]);
  expect(kept(plan([...week, night(6, { state: "failed" })], {}, policy))).toEqual(["night-0", "night-5", "night-13"]);
});

it("the week begins at Sunday's midnight, UTC", () => {
  const policy = { ...usual, daily: ms(0), monthly: ms(0), atLeast: 1 };
  const midnight = epochMs(NIGHT - days(6) - 7_200_000);
  const before = night(6, { id: backupId("saturday"), at: epochMs(midnight - 1), scheduled: epochMs(midnight - 1) });
  const sunday = night(6, { id: backupId("sunday"), at: midnight, scheduled: midnight });
  expect(kept(plan([night(0), sunday, before], {}, policy))).toEqual(["night-0", "sunday", "saturday"]);
});

it("a night that began after midnight stays in the day that it was scheduled for", () => {
  const policy = { ...usual, weekly: ms(0), monthly: ms(0), atLeast: 1 };
  const late = night(2, { id: backupId("late"), scheduled: epochMs(NIGHT - days(2) - 7_260_000), at: epochMs(NIGHT - days(2) - 7_140_000) });
  expect(kept(plan([night(0), night(2), late], {}, policy))).toEqual(["night-0", "night-2", "late"]);
});

it("the newest three verified stay, however old, and a fourth goes", () => {
  const policy = { ...usual, weekly: ms(0), monthly: ms(0), daily: days(1) };
  const spread = [night(0), night(100), night(200), night(300)];
  expect(removed(plan(spread, {}, policy))).toEqual(["night-300"]);
  expect(removed(plan(spread, {}, { ...policy, atLeast: 4 }))).toEqual([]);
});

it("an unproven backup stays until a later day's is verified", () => {
  const failed = night(0, { id: backupId("tried"), state: "uploaded", at: hoursOn(-1), scheduled: hoursOn(-1) });
  expect(reasons(plan([night(0), failed]), "tried")).toEqual(["not proven, and no later day's is"]);
  expect(plan([night(0), night(1, { state: "uploaded" })]).removed).toEqual([
    { id: "night-1", because: "never proven, and night-0 of a later day is verified" },
  ]);
});

it("an unproven backup that nothing supersedes goes after seven days, unless it is the newest", () => {
  const unproven = [night(0, { state: "uploaded" }), night(1, { state: "failed" })];
  const verified = nights(10).slice(2);
  const at = (age: number) => ({ now: epochMs(NIGHT - days(1) + age) });
  expect(removed(plan([...unproven, ...verified], at(days(7))))).not.toContain("night-1");
  const later = plan([...unproven, ...verified], at(days(7) + days(1) + 1));
  expect(later.removed).toEqual([{ id: "night-1", because: "its proof failed, and more than seven days went by" }]);
  expect(reasons(later, "night-0")).toEqual(["not proven, but nothing is newer"]);
});

it("nothing goes while nothing is verified", () => {
  const made = plan(nights(20, { state: "uploaded" }));
  expect(made.removed).toEqual([]);
  expect(made.stopped).toBe("nothing is verified yet, so nothing is superseded: find out why no proof succeeds");
  const copies = plan(nights(20, { series: "safety" }));
  expect([copies.removed, copies.stopped]).toEqual([[], made.stopped]);
  expect(plan([])).toEqual({ kept: [], removed: [], refused: [], pointers: [] });
});

it("a suspect backup stops everything until it is acknowledged, and counts nowhere after that either", () => {
  const old = night(200);
  const suspect = night(0, { state: "suspect" });
  const rest = nights(5).slice(1);
  const made = plan([suspect, ...rest, old]);
  expect(made.stopped).toBe("night-0 is suspect: look at what changed in its source and acknowledge it, then prune again");
  expect(why(made, "night-200")).toBe(made.stopped);
  const acknowledged = plan([{ ...suspect, acknowledged: true }, ...rest, old]);
  expect(removed(acknowledged)).toEqual(["night-200"]);
  expect(acknowledged.pointers.map(({ id }) => id)).not.toContain("night-0");
});

it("ten minutes ahead is a clock's play, a millisecond more stops everything", () => {
  const ahead = (length: number): RetentionCandidate => night(0, { id: backupId("ahead"), at: epochMs(NOW + length), scheduled: NOW });
  expect(plan([ahead(600_000), night(200), ...nights(4)]).stopped).toBeUndefined();
  expect(plan([ahead(600_001), night(200), ...nights(4)]).stopped).toBe(
    "ahead says 2026-03-14 03:10, more than 10 m ahead of our clock: find out which clock is wrong, then prune again",
  );
  expect(kept(plan([ahead(600_001), ...nights(4)]))).not.toContain("ahead");
});

it("a minute between our clock and the store's is let pass, a millisecond more stops everything, either way", () => {
  const given = [...nights(4), night(200)];
  for (const sign of [-1, 1]) {
    expect(removed(plan(given, { storeClock: epochMs(NOW + sign * 60_000) }))).toEqual(["night-200"]);
    expect(plan(given, { storeClock: epochMs(NOW + sign * 60_001) }).stopped).toBe(
      "our clock and the store's differ by 1 m: find out which one is wrong, then prune again",
    );
  }
});

it("a moment that is no number stops everything", () => {
  expect(plan([...nights(4), night(200), night(1, { id: backupId("odd"), at: epochMs(Number.NaN) })]).stopped).toContain("odd says no time at all");
});

it("a backup that is a day off its schedule counts nowhere and is not removed", () => {
  const off = (length: number) =>
    plan([...nights(4), night(200, { id: backupId("off"), at: epochMs(NIGHT - days(200) + length), scheduled: epochMs(NIGHT - days(200)) })]);
  expect(removed(off(days(1)))).toEqual(["off"]);
  expect(removed(off(days(1) + 1))).toEqual([]);
  expect(why(off(days(1) + 1), "off")).toBe("its contents are of 2025-08-27 02:00, but it was scheduled for 2025-08-26 02:00");
});

it("what is listed twice counts once, and not at all when the two differ", () => {
  expect(kept(plan([...nights(4), night(0)]))).toEqual(["night-0", "night-1", "night-2", "night-3"]);
  const made = plan([...nights(4), night(200), night(200, { state: "uploaded" })]);
  expect([removed(made), why(made, "night-200")]).toEqual([[], "it is listed twice, with different facts"]);
});

it("locks and pins hold until their moment", () => {
  const given = (over: Partial<RetentionCandidate>) => plan([...nights(4), night(200, over)]);
  expect(why(given({ lockedUntil: epochMs(NOW + 1) }), "night-200")).toBe("locked until 2026-03-14 03:00");
  expect(why(given({ pinnedUntil: epochMs(NOW + 1) }), "night-200")).toBe("pinned until 2026-03-14 03:00");
  expect(removed(given({ lockedUntil: NOW, pinnedUntil: NOW }))).toEqual(["night-200"]);
});

it("the newest copy in another region stays, an older one goes", () => {
  const given = [...nights(4), night(200, { copies: ["us-west-2"] }), night(300, { copies: ["us-west-2"] })];
  const made = plan(given);
  expect(removed(made)).toEqual(["night-300"]);
  expect(reasons(made, "night-200")).toEqual(["newest copy in us-west-2: without it the next one there is a full copy"]);
});

it("one run removes the oldest first and no more than it may", () => {
  const made = plan([...nights(4), night(200), night(201), night(202)], { atMost: 2 });
  expect(removed(made)).toEqual(["night-202", "night-201"]);
  expect(why(made, "night-200")).toBe("left for the next run, which may delete 2 again");
});

it("a safety copy stands for no day and stays seven days", () => {
  const safety = (ago: number) => night(ago, { id: backupId(`safety-${ago}`), series: "safety", at: epochMs(NIGHT - days(ago) - 60_000) });
  const made = plan([...nights(9), safety(3), safety(7)]);
  expect(reasons(made, "safety-3")).toEqual(["safety copy, kept 7 days"]);
  expect(removed(made)).toEqual(["safety-7", "night-7"]);
  expect(made.pointers.filter(({ folder }) => folder === "safety").map(({ id }) => id)).toEqual(["safety-3"]);
});

it("a policy that keeps nothing, or no number of verified ones, removes nothing", () => {
  const zero = ms(0);
  expect(plan(nights(9), {}, { ...usual, daily: zero, weekly: zero, monthly: zero }).stopped).toContain("the policy keeps nothing");
  expect(plan(nights(9), {}, { ...usual, atLeast: 0 }).stopped).toBe("at-least is 0: expected a whole number from 1 on");
  const restic = { kind: "restic", periods: {}, withinPeriods: {}, tags: [], oldest: true, atLeast: 0 } as const;
  expect(planRetention(restic, nights(9), { now: NOW }).stopped).toContain("the policy keeps nothing");
  expect(planRetention({ ...restic, last: 0 }, nights(9), { now: NOW }).stopped).toContain("the policy keeps nothing");
});

it("a restic policy that would remove every verified backup removes nothing", () => {
  const made = planRetention({ kind: "restic", periods: {}, withinPeriods: {}, tags: [["keep"]], oldest: true, atLeast: 0 }, nights(9), { now: NOW });
  expect([made.stopped, made.removed]).toEqual(["the policy would delete every verified backup: let it keep more", []]);
});

it("what is pruned already is in no list", () => {
  const made = plan([...nights(4), night(9, { state: "pruned" })]);
  expect([...kept(made), ...removed(made), ...made.refused.map(({ id }) => id)]).not.toContain("night-9");
});
