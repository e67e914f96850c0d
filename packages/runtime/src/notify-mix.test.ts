import fc from "fast-check";
import { type EpochMs, epochMs, hours, type Severity, seconds } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { describe, expect, test } from "vitest";
import { announcedAt, drain, lineOf, openingOf, said, sendingPolicy } from "./testing/fake-sender.ts";
import { type FakeTelling, fakeTelling, Killed, say, type SlackCall, type Trouble } from "./testing/fake-telling.ts";

/** A seeded stream of numbers in [0, 1): mulberry32. */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const slack = (kind: "throttled" | "unavailable" | "timeout", says: string, retryAfter?: number) =>
  new PortError(kind, "slack", "C", says, undefined, retryAfter === undefined ? undefined : seconds(retryAfter));

/** The mix of `facts/incidents.md` 9, G4, as the Slack adapter reports it. */
const mix: readonly (() => Trouble)[] = [
  () => ({ error: slack("throttled", "429 with a header", 2) }),
  () => ({ error: slack("throttled", "429 without a header") }),
  () => ({ error: slack("throttled", "200 ok:false ratelimited") }),
  () => ({ error: slack("unavailable", "connection refused") }),
  () => ({ error: slack("timeout", "503") }),
  () => ({ error: slack("timeout", "a page instead of JSON") }),
  () => ({ error: slack("timeout", "applied, then 500"), applied: true }),
  () => ({ error: slack("timeout", "applied, then reset"), applied: true }),
  () => ({ error: slack("timeout", "applied, then no answer"), applied: true, after: seconds(4) }),
  () => ({ error: slack("timeout", "no answer"), after: seconds(4) }),
  () => ({ error: new Killed("killed before the call") }),
  () => ({ error: new Killed("killed after the call"), applied: true }),
];

/** So many of all calls go wrong, in every way alike. */
function mixed(seed: number, share: number): (call: SlackCall) => Trouble | undefined {
  const random = chance(seed);
  return () => (random() < share ? mix[Math.floor(random() * mix.length)]?.() : undefined);
}

interface Told {
  readonly lost: number;
  readonly twice: number;
  readonly outOfOrder: number;
  readonly headers: readonly string[];
  readonly posts: readonly SlackCall[];
}

/** Every line of every incident, as the channel shows it in the end. */
function judge(fake: FakeTelling): Told {
  const found = { lost: 0, twice: 0, outOfOrder: 0 };
  const headers: string[] = [];
  for (const [id, { entries }] of fake.records) {
    const header = fake.slack.filter(({ key }) => key.startsWith(`${id}/header`));
    headers.push(...header.map(({ card }) => said(card)));
    const shown = fake.slack.filter(({ key }) => key.startsWith(`${id}/reply/`)).flatMap(({ card }) => said(card).replace("while away: ", "").split(" | "));
    const wanted = entries.filter(({ announce }) => announce).map(({ text }) => text);
    found.lost += wanted.filter((text) => !shown.includes(text)).length + (header.length === 0 ? 1 : 0);
    found.twice += shown.length - new Set(shown).size + Math.max(0, header.length - 1);
    if (shown.join() !== wanted.filter((text) => shown.includes(text)).join()) found.outOfOrder++;
  }
  return { ...found, headers, posts: fake.calls.filter(({ method }) => method === "post") };
}

const severities: readonly Severity[] = ["P1", "P2", "P3", "P4"];

/** So many incidents over five channels, each with lines that come while others are sent; then until all is told, at most ten hours. */
async function play(seed: number, { incidents, lines, share }: { incidents: number; lines: number; share: number }): Promise<FakeTelling> {
  const random = chance(seed + 1);
  const ids = Array.from({ length: incidents }, (_, n) => `INC-${String(n).padStart(4, "0")}`);
  const fake = fakeTelling(...ids.map((id, n) => openingOf(id, { service: `s${n % 5}`, severity: severities[n % 4] ?? "P4" })));
  const policy = { ops: undefined, incidents: undefined, byService: Object.fromEntries([0, 1, 2, 3, 4].map((n) => [`s${n}`, `C${n}`])) };
  fake.trouble = mixed(seed, share);
  for (const id of ids) say(fake, id, announcedAt(fake.now));
  for (let line = 0; line < lines; line++) {
    for (const [n, id] of ids.entries()) {
      say(fake, id, lineOf(`${id} line ${line}`, fake.now));
      await fake.outbox.nudge(`C${n % 5}`, id, `stream/${line}`);
      if (random() < 0.2) await drain(fake, epochMs(fake.now + 1), sendingPolicy(policy));
    }
  }
  for (const id of ids) say(fake, id, lineOf(`${id} over`, fake.now, { what: "resolved", how: "alarms" }));
  for (const [n, id] of ids.entries()) await fake.outbox.nudge(`C${n % 5}`, id, "stream/over");
  await drain(fake, epochMs(fake.now + hours(10)), sendingPolicy(policy));
  return fake;
}

/** Nothing beyond one post a second and channel, and fifty updates in any minute. */
function overLimits(calls: readonly SlackCall[]): number {
  const last = new Map<string, EpochMs>();
  let over = 0;
  for (const { method, on, at } of calls) {
    if (method !== "post") continue;
    const before = last.get(on);
    if (before !== undefined && at - before < 1_000) over++;
    last.set(on, at);
  }
  const updates = calls.filter(({ method }) => method === "update").map(({ at }) => at);
  return over + updates.filter((at, n) => (updates[n + 50] ?? Number.POSITIVE_INFINITY) - at < 60_000).length;
}

describe("a fault mix", () => {
  test("of 40 % over 200 incidents of four lines: nothing lost, nothing twice, everything in order, no limit broken", async () => {
    const fake = await play(20_261_121, { incidents: 200, lines: 3, share: 0.4 });
    const { lost, twice, outOfOrder, headers } = judge(fake);
    expect({ lost, twice, outOfOrder, over: overLimits(fake.calls), left: fake.nudges.length }).toEqual({ lost: 0, twice: 0, outOfOrder: 0, over: 0, left: 0 });
    expect(headers.filter((text) => text.includes(" resolved · "))).toHaveLength(200);
  });

  test("of any share up to 70 %, with any seed: the same", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 0, max: 7 }), async (seed, tenths) => {
        const fake = await play(seed, { incidents: 8, lines: 4, share: tenths / 10 });
        const { lost, twice, outOfOrder } = judge(fake);
        expect({ lost, twice, outOfOrder, over: overLimits(fake.calls) }).toEqual({ lost: 0, twice: 0, outOfOrder: 0, over: 0 });
      }),
      { seed: 7, numRuns: 25 },
    );
  });

  test("is judged by what stands in Slack: a message too many and one too few are seen", async () => {
    const fake = await play(3, { incidents: 8, lines: 3, share: 0 });
    const first = fake.slack.find(({ key }) => key.includes("/reply/"));
    if (first !== undefined) fake.slack.push({ ...first, ts: "ts-again" });
    expect(judge(fake).twice).toBeGreaterThan(0);
    fake.slack.splice(0, 1);
    expect(judge(fake).lost).toBeGreaterThan(0);
  });
});

describe("a storm", () => {
  test.each([1, 10])(
    "of a line a second over %i incidents at once: a header, 15 replies and 15 updates each in five minutes, within every limit",
    async (count) => {
      const ids = Array.from({ length: count }, (_, n) => `INC-${n}`);
      const fake = fakeTelling(...ids.map((id) => openingOf(id, { severity: "P1" })));
      const start = fake.now;
      for (const id of ids) say(fake, id, announcedAt(fake.now));
      for (let second = 0; second < 300; second++) {
        for (const id of ids) {
          say(fake, id, lineOf(`${id} line ${String(second).padStart(3, "0")}`, fake.now, { what: "title", to: `${second} alarms` }));
          await fake.outbox.nudge("C1", id, `stream/${second}`);
        }
        await drain(fake, epochMs(start + second * 1_000));
        if (fake.now < start + second * 1_000) await fake.pause(seconds((start + second * 1_000 - fake.now) / 1_000));
      }
      const calls = fake.calls.filter(({ at }) => at - start < 300_000);
      for (const id of ids) {
        const replies = calls.filter(({ method, key }) => method === "post" && key.startsWith(`${id}/reply/`)).length;
        expect(replies).toBeGreaterThan(2);
        expect(replies).toBeLessThanOrEqual(15);
        const header = fake.slack.find(({ key }) => key === `${id}/header`);
        const updates = calls.filter(({ method, key }) => method === "update" && key === header?.ts).length;
        expect(updates).toBeGreaterThan(2);
        expect(updates).toBeLessThanOrEqual(15);
      }
      expect(fake.slack.filter(({ thread }) => thread === undefined)).toHaveLength(count);
      await drain(fake, epochMs(fake.now + hours(1)));
      const { lost, twice, outOfOrder } = judge(fake);
      expect({ lost, twice, outOfOrder, over: overLimits(fake.calls) }).toEqual({ lost: 0, twice: 0, outOfOrder: 0, over: 0 });
    },
  );
});
