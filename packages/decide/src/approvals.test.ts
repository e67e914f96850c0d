import { type Approval, epochMs, minutes, ms } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { mayAnswer, needsOf, planLasts, type Word } from "./approvals.ts";

const at = epochMs(Date.UTC(2026, 2, 14, 3, 12, 0));
const plan = (over: Partial<Approval> = {}): Approval => ({
  plan: "shop-api-43-to-42-9k2p",
  planHash: "{}",
  what: "deploy shop-api:42",
  because: "5xx",
  service: "shop-api",
  askedAt: at,
  expiresAt: epochMs(at + 600_000),
  state: "pending",
  needs: { role: "operator", people: 1 },
  requester: "ana",
  incident: undefined,
  given: [],
  by: undefined,
  answeredAt: undefined,
  callbackId: undefined,
  ...over,
});
const word = (over: Partial<Word> = {}): Word => ({ says: "approved", by: "ana", at, whoMay: 3, ...over });
const two = { role: "owner", people: 2 } as const;

describe("a plan for one person", () => {
  test("may be approved by who asked for it", () => {
    expect(mayAnswer(plan(), word())).toEqual({ kind: "counts" });
  });

  test.each([
    [599_999, "counts"],
    [600_000, "refused"],
  ])("may be answered %i ms after it was made: %s", (later, kind) => {
    expect(mayAnswer(plan(), word({ at: epochMs(at + later) })).kind).toBe(kind);
    expect(mayAnswer(plan(), word({ says: "denied", at: epochMs(at + later) })).kind).toBe(kind);
  });

  test("says when it expired", () => {
    expect(mayAnswer(plan(), word({ at: epochMs(at + 600_000) }))).toEqual({
      kind: "refused",
      because: "shop-api-43-to-42-9k2p expired at 03:22:00 UTC, so nothing was changed. Ask for a new one.",
    });
  });

  test("that was answered takes no other word, and the same word changes nothing", () => {
    const answered = plan({ state: "approved", by: "lead", answeredAt: epochMs(at + 20_000) });
    expect(mayAnswer(answered, word())).toEqual({ kind: "again", because: "shop-api-43-to-42-9k2p was approved by lead at 03:12:20 UTC already." });
    expect(mayAnswer(answered, word({ says: "denied" }))).toEqual({
      kind: "refused",
      because: "shop-api-43-to-42-9k2p was approved by lead at 03:12:20 UTC already. A word is given once and nothing was changed.",
    });
  });
});

describe("a plan for two people", () => {
  test("takes the requester's yes first, but not second", () => {
    expect(mayAnswer(plan({ needs: two }), word()).kind).toBe("counts");
    expect(mayAnswer(plan({ needs: two, given: [{ by: "lead", at }] }), word())).toEqual({
      kind: "refused",
      because: "You asked for shop-api-43-to-42-9k2p, so the second yes must be somebody else's.",
    });
    expect(mayAnswer(plan({ needs: two, given: [{ by: "ana", at }] }), word({ by: "lead" })).kind).toBe("counts");
  });

  test("takes one yes of one person", () => {
    expect(mayAnswer(plan({ needs: two, given: [{ by: "lead", at }] }), word({ by: "lead" }))).toEqual({
      kind: "again",
      because: "You approved shop-api-43-to-42-9k2p already; a second person must, too.",
    });
  });

  test("may be denied by anybody who may approve it", () => {
    expect(mayAnswer(plan({ needs: two, given: [{ by: "ana", at }] }), word({ says: "denied" })).kind).toBe("counts");
  });

  test.each([
    [599_999, "refused"],
    [600_000, "counts"],
  ])("takes a lone person's second yes %i ms after the first: %s", (later, kind) => {
    const waiting = plan({ needs: two, expiresAt: epochMs(at + 1_800_000), given: [{ by: "ana", at }] });
    expect(mayAnswer(waiting, word({ whoMay: 1, at: epochMs(at + later) })).kind).toBe(kind);
  });

  test("tells a lone person how long to wait", () => {
    const waiting = plan({ needs: two, given: [{ by: "ana", at }] });
    expect(mayAnswer(waiting, word({ whoMay: 1, at: epochMs(at + 60_000) }))).toEqual({
      kind: "refused",
      because: "You are the only one who may approve shop-api-43-to-42-9k2p, so you confirm it twice, ten minutes apart: again in 9 m.",
    });
  });
});

test("a rollback needs one operator, a restore two owners", () => {
  expect(needsOf("rollback")).toEqual({ role: "operator", people: 1 });
  expect(needsOf("restore")).toEqual({ role: "owner", people: 2 });
});

test("a plan waits ten minutes, and half an hour where one person confirms it twice", () => {
  expect(planLasts({ role: "operator", people: 1 }, 1)).toBe(minutes(10));
  expect(planLasts(two, 2)).toBe(minutes(10));
  expect(planLasts(two, 1)).toBe(ms(1_800_000));
});
