import { backupId, type BackupState, epochMs, type RetentionCandidate, type RetentionFacts, type RetentionPlan } from "@nightshift/model";
import { expect, it } from "vitest";
import { planRetention } from "./plan-retention.ts";
import { usual } from "./retention.fixture.ts";

const HISTORIES = 100_000;
const SEED = 20_260_314;
const DAY = 86_400_000;
const EPOCH = Date.UTC(2026, 0, 1, 2);

/** Chances from 0 to 1 that follow from the seed (a linear congruence: it draws histories, not secrets). */
function chances(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

interface Drawn {
  readonly given: readonly RetentionCandidate[];
  readonly facts: RetentionFacts & { readonly atMost: number };
}

/** Nights with outages, failures, second tries, repeated deliveries, clocks that are off, locks, pins, copies, safety copies, and a store and a ledger that do not agree. */
function draw(seed: number): Drawn {
  const chance = chances(seed);
  const failing = chance() < 0.3 ? 0.6 : 0.08;
  const disputing = chance() < 0.25 ? 0.4 : 0.05;
  const skewed = chance() < 0.15;
  const given: RetentionCandidate[] = [];
  let at = EPOCH + Math.floor(chance() * 400) * DAY;
  for (let n = Math.floor(chance() * 28); n > 0; n -= 1) {
    at += chance() < 0.75 ? DAY : Math.floor(chance() * 12 * DAY);
    const off = skewed && chance() < 0.1 ? Math.floor((chance() - 0.5) * 6 * DAY) : Math.floor(chance() * 20_000);
    const lot = chance();
    const state: BackupState = lot > failing ? "verified" : lot < failing * 0.6 ? "uploaded" : lot < failing * 0.97 ? "failed" : "suspect";
    const one: RetentionCandidate = {
      id: backupId(`b${given.length}`),
      at: epochMs(at + off),
      scheduled: epochMs(at),
      state,
      series: chance() < 0.07 ? "safety" : "nightly",
      ...(chance() < 0.05 ? { lockedUntil: epochMs(at + Math.floor(chance() * 60 * DAY)) } : {}),
      ...(chance() < 0.03 ? { pinnedUntil: epochMs(at + 7 * DAY) } : {}),
      ...(chance() < 0.05 ? { copies: ["us-west-2"] } : {}),
      ...(state === "suspect" && chance() < 0.8 ? { acknowledged: true } : {}),
      ...(state !== "verified" && chance() < disputing ? { disputed: "the ledger says otherwise", ...(chance() < 0.5 ? { acknowledged: true } : {}) } : {}),
    };
    given.push(one);
    if (chance() < 0.03) given.push(chance() < 0.7 ? one : { ...one, state: "uploaded" });
  }
  const now = epochMs(at + Math.floor(chance() * (chance() < 0.2 ? 200 : 1) * DAY));
  return { given, facts: { now, storeClock: epochMs(now + (chance() < 0.05 ? 90_000 : 900)), atMost: 1 + Math.floor(chance() * 12) } };
}

const gone = ({ removed }: RetentionPlan): ReadonlySet<string> => new Set(removed.map(({ id }) => id));

/** Every invariant that a plan breaks. */
function broken({ given, facts }: Drawn, plan: RetentionPlan): readonly string[] {
  const found: string[] = [];
  const removed = gone(plan);
  const listed = [...plan.kept, ...plan.removed, ...plan.refused].map(({ id }) => id as string);
  const ids = new Set<string>(given.map(({ id }) => id));
  if (listed.length !== ids.size || listed.some((id) => !ids.has(id)) || new Set(listed).size !== ids.size) found.push("every backup is in exactly one list");
  if (removed.size > facts.atMost) found.push("one run removes no more than it may");
  const verified = given.filter(({ state, series }) => state === "verified" && series !== "safety");
  const newest = verified.toSorted((a, b) => b.at - a.at);
  if (newest[0] !== undefined && removed.has(newest[0].id)) found.push("the newest verified stays");
  const left = new Set(verified.filter(({ id }) => !removed.has(id)).map(({ id }) => id)).size;
  if (removed.size > 0 && left < Math.min(3, new Set(verified.map(({ id }) => id)).size)) found.push("three verified stay");
  if (removed.size > 0 && left === 0) found.push("nothing goes while nothing is verified");
  const states = new Map(given.map(({ id, state }) => [id, state]));
  if (plan.pointers.some(({ folder, id }) => folder !== "safety" && states.get(id) !== "verified")) found.push("only verified ones stand for a period");
  if (plan.pointers.some(({ id }) => removed.has(id))) found.push("what a folder points at stays");
  for (const { id, lockedUntil = 0, pinnedUntil = 0, at, scheduled } of given)
    if (removed.has(id) && (lockedUntil > facts.now || pinnedUntil > facts.now || Math.abs(at - scheduled) > DAY))
      found.push(`${id} is locked, pinned or in doubt`);
  const disputed = given.filter((one) => one.disputed !== undefined);
  if (disputed.some(({ id, acknowledged }) => removed.has(id) && acknowledged !== true)) found.push("what only the store proves stays until it is accepted");
  if (disputed.some(({ id }) => removed.has(id)) && left < 3) found.push("what only the ledger calls unproven is a reserve");
  if (removed.size > 0 && new Set(disputed.filter(({ acknowledged }) => acknowledged !== true).map(({ id }) => id)).size >= 3)
    found.push("nothing goes while many are disputed");
  if (removed.size > 0 && given.some(({ at, scheduled }) => Math.max(at, scheduled) > facts.now + 600_000)) found.push("nothing goes while a backup is ahead");
  if (removed.size > 0 && Math.abs((facts.storeClock ?? facts.now) - facts.now) > 60_000) found.push("nothing goes while clocks differ");
  if (removed.size > 0 && given.some(({ state, acknowledged }) => state === "suspect" && acknowledged !== true))
    found.push("nothing goes while one is suspect");
  return found;
}

/** After the plan was carried out, to the end: the same is kept, and then nothing more goes. */
function unstable({ given, facts }: Drawn, first: RetentionPlan): readonly string[] {
  const whole = planRetention(usual, given, { ...facts, atMost: Number.POSITIVE_INFINITY });
  const wanted = whole.kept.map(({ id }) => id).join();
  let left = given;
  let plan = first;
  for (let run = 0; run < 60 && plan.removed.length > 0; run += 1) {
    const removed = gone(plan);
    left = left.filter(({ id }) => !removed.has(id));
    plan = planRetention(usual, left, facts);
  }
  return plan.kept.map(({ id }) => id).join() === wanted && plan.removed.length === 0 ? [] : ["carrying a plan out changes what is kept"];
}

it("no invariant breaks in a hundred thousand histories with failures, clocks that are off and duplicates", () => {
  const violations: string[] = [];
  const seen = { disputed: 0, accepted: 0, removed: 0, stopped: 0, doubted: 0, left: 0, failed: 0 };
  for (let n = 0; n < HISTORIES; n += 1) {
    const drawn = draw(SEED + n * 7_919);
    const plan = planRetention(usual, drawn.given, drawn.facts);
    violations.push(...broken(drawn, plan).map((what) => `seed ${SEED + n * 7_919}: ${what}`));
    if (n % 20 === 0) violations.push(...unstable(drawn, plan).map((what) => `seed ${SEED + n * 7_919}: ${what}`));
    seen.disputed += drawn.given.filter((one) => one.disputed !== undefined && one.acknowledged !== true).length >= 3 ? 1 : 0;
    seen.accepted += drawn.given.some((one) => one.disputed !== undefined && plan.removed.some(({ id }) => id === one.id)) ? 1 : 0;
    seen.removed += plan.removed.length;
    seen.stopped += plan.stopped === undefined ? 0 : 1;
    seen.doubted += plan.refused.some(({ because }) => because.startsWith("it is listed twice")) ? 1 : 0;
    seen.left += plan.refused.some(({ because }) => because.startsWith("left for")) ? 1 : 0;
    seen.failed += drawn.given.some(({ state }) => state !== "verified") ? 1 : 0;
  }
  expect(violations.slice(0, 5)).toEqual([]);
  // The draw reaches what it is for.
  expect(Math.min(seen.removed / 5, ...Object.values(seen))).toBeGreaterThan(1_000);
}, 120_000);

it("the same history makes the same plan, in whatever order it is told", () => {
  for (let n = 0; n < 500; n += 1) {
    const { given, facts } = draw(SEED + n);
    const plan = planRetention(usual, given, facts);
    expect(planRetention(usual, given.toReversed(), facts)).toEqual(plan);
  }
});
