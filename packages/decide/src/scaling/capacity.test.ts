import { expect, test } from "vitest";
import { type Arriving, keepsWait, LONGEST, type Supply, worstWait } from "./capacity.ts";

const four: Supply = { idle: 0, busy: 4, serviceSeconds: 10, coming: [] };
const waiting = (backlog: number, more: Partial<Arriving> = {}): Arriving => ({ backlog, perSecond: 0, lots: [], ...more });
const now = { horizon: 0, added: 0, addedIn: 60 };

test("four busy slots of 10 s tasks start 24 tasks within a minute, and not 25", () => {
  expect(keepsWait(four, waiting(24), { ...now, limit: 60 })).toBe(true);
  expect(keepsWait(four, waiting(25), { ...now, limit: 60 })).toBe(false);
});

test("an idle slot takes its first task at once", () => {
  const idle: Supply = { ...four, idle: 4, busy: 0 };
  expect(keepsWait(idle, waiting(4), { ...now, limit: 0 })).toBe(true);
  expect(keepsWait(idle, waiting(5), { ...now, limit: 0 })).toBe(false);
});

test("slots that come later start nothing before they are there", () => {
  const coming: Supply = { ...four, busy: 0, coming: [{ inSeconds: 40, slots: 4 }] };
  expect(keepsWait(coming, waiting(4), { ...now, limit: 40 })).toBe(false);
  expect(keepsWait(coming, waiting(4), { ...now, limit: 41 })).toBe(true);
});

test("a start in flight counts once, beside what is added", () => {
  const coming: Supply = { ...four, coming: [{ inSeconds: 30, slots: 4 }] };
  expect(keepsWait(coming, waiting(36), { ...now, limit: 60 })).toBe(true);
  expect(keepsWait(coming, waiting(37), { ...now, limit: 60 })).toBe(false);
  expect(keepsWait(coming, waiting(40), { ...now, limit: 60, added: 4, addedIn: 59 })).toBe(true);
  expect(keepsWait(coming, waiting(41), { ...now, limit: 60, added: 4, addedIn: 59 })).toBe(false);
});

test("what has waited already has less time left", () => {
  const old = waiting(12, { past: [{ age: 30, tasks: 12 }] });
  expect(keepsWait(four, old, { ...now, limit: 60 })).toBe(true);
  expect(keepsWait(four, { ...old, past: [{ age: 31, tasks: 12.5 }] }, { ...now, limit: 60 })).toBe(false);
});

test("a lot that comes at a known moment must start within the limit after it", () => {
  const lot = waiting(0, { lots: [{ inSeconds: 30, tasks: 36 }] });
  expect(keepsWait(four, lot, { ...now, limit: 60 })).toBe(true);
  expect(keepsWait(four, { ...lot, lots: [{ inSeconds: 30, tasks: 37 }] }, { ...now, limit: 60 })).toBe(false);
});

test("starts before the moment from which is judged are not judged", () => {
  const late = waiting(25);
  expect(keepsWait(four, late, { ...now, limit: 60, from: 61 })).toBe(true);
  expect(keepsWait(four, late, { ...now, limit: 60, from: 60 })).toBe(false);
});

test("chance takes its part of what ends, and no more than all of it", () => {
  expect(keepsWait(four, waiting(14, { scatter: 2 }), { ...now, limit: 60 })).toBe(true);
  expect(keepsWait(four, waiting(15, { scatter: 2 }), { ...now, limit: 60 })).toBe(false);
  const long: Supply = { idle: 2, busy: 4, serviceSeconds: 900, coming: [] };
  expect(keepsWait(long, waiting(2, { scatter: 5 }), { ...now, limit: 60 })).toBe(true);
});

test("the longest wait of forty tasks on four slots is a hundred seconds; without slots it has no end", () => {
  expect(worstWait(four, waiting(40), now)).toBeGreaterThan(98);
  expect(worstWait(four, waiting(40), now)).toBeLessThan(101);
  expect(worstWait({ ...four, busy: 0 }, waiting(1), now)).toBe(LONGEST);
  expect(worstWait(four, waiting(0), now)).toBe(0);
});
