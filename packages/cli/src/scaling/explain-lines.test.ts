import { after, minutes } from "@nightshift/model";
import { expect, test } from "vitest";
import { decision, night } from "./decision.fixture.ts";
import { decisionLines, sayVerdict, standingScaling } from "./explain-lines.ts";

test("a decision says what was done, why, and from what", () => {
  expect(decisionLines(decision, 100)).toEqual([
    "2026-03-14 03:12:08 UTC  out: 2 → 5 workers",
    "  because  the longest wait would be 1 m 35 s, and 60 s is promised",
    "           5 workers bring it to 40 s",
    "  seen     waiting 1,200, reserved 8, running unknown, due soon 0; arrivals 21 a second, completions",
    "           3.25 a second; a task takes 1.2 s, a start 58 s; workers ready 2, starting 0, draining 0;",
    "           longest wait to come 1 m 35 s, after this decision 40 s",
    "  doubt    nobody listened to heartbeats",
  ]);
});

test("a broker or an ECS that was not seen is said", () => {
  const blind = {
    ...decision,
    observation: {
      ...decision.observation,
      broker: { kind: "unknown", at: night, broker: "redis", because: "it refused the connection" },
      fleet: { ok: false, because: "throttled" },
    },
    verdict: { ...decision.verdict, kind: "hold", desired: 1 },
  } as const;
  const lines = decisionLines(blind, 100);
  expect(lines[0]).toBe("2026-03-14 03:12:08 UTC  hold at 1 worker");
  expect(lines.slice(-2)).toEqual(["  doubt    ECS: throttled", "  doubt    the broker: it refused the connection"]);
});

test.each([
  ["out", 2, 5, "out: 2 → 5 workers"],
  ["in", 2, 1, "in: 2 → 1 worker"],
  ["drain", 5, 5, "drain, so that fewer than 5 workers can stand"],
  ["undrain", 5, 5, "undrain: drained workers take work again, 5 workers"],
  ["settle", 4, 4, "settle: the last scale-in is proven, 4 workers"],
  ["hold", undefined, 4, "hold at 4 workers"],
] as const)("%s", (kind, from, to, said) => {
  expect(sayVerdict(kind, from, to)).toBe(said);
});

test("orders, drained workers and what people should know stand first", () => {
  const order = { service: "shop-worker", workers: 16, max: undefined, by: "ada", because: "sale", at: night, until: after(night, minutes(90)) };
  const attention = [{ kind: "saturated", since: night, says: ["More workers do not help."] }] as const;
  expect(standingScaling({ order, attention, draining: 1 }, after(night, minutes(30)))).toEqual([
    "Ordered by ada, for 1 h more: 16 workers (sale)",
    "1 worker takes no more work and will be taken away when empty.",
    "! More workers do not help. (for 30 m)",
  ]);
  expect(standingScaling({ order: undefined, attention: [], draining: 0 }, night)).toEqual([]);
});
