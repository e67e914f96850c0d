import { backupId, epochMs, type ResticPolicy, type RetentionCandidate } from "@nightshift/model";
import { expect, it } from "vitest";
import { keepByRestic } from "./restic.ts";
import { NOW, night } from "./retention.fixture.ts";

const nothing: ResticPolicy = { kind: "restic", periods: {}, withinPeriods: {}, tags: [], oldest: true, atLeast: 0 };
const keep = (candidates: readonly RetentionCandidate[], policy: Partial<ResticPolicy>) =>
  [...keepByRestic(candidates, { ...nothing, ...policy }, NOW)].map(([id, why]) => `${id}: ${why.join(", ")}`);
const four = [night(0), night(1), night(40), night(41)];

it.each([
  ["an option keeps its number", { last: 2 }, ["night-0: one of the newest", "night-1: one of the newest"]],
  ["zero keeps nothing", { last: 0, periods: { daily: 1 } }, ["night-0: newest of its day"]],
  [
    "-1 keeps all of them",
    { last: -1 },
    ["night-0: one of the newest", "night-1: one of the newest", "night-40: one of the newest", "night-41: one of the newest"],
  ],
  [
    "the newest of each period stays, and the oldest of all while the number is not used up",
    { periods: { monthly: 3 } },
    ["night-0: newest of its month", "night-40: newest of its month", 'night-41: oldest of all, and "newest of its month" is not used up'],
  ],
  ["a number that is used up keeps no oldest", { periods: { monthly: 2 } }, ["night-0: newest of its month", "night-40: newest of its month"]],
  [
    "the oldest is kept as the oldest",
    { periods: { yearly: 2 } },
    ["night-0: newest of its year", 'night-41: oldest of all, and "newest of its year" is not used up'],
  ],
  ["or not, as before restic 0.16", { periods: { yearly: 2 }, oldest: false }, ["night-0: newest of its year"]],
  ["a length counts from the newest, its end left out", { within: { years: 0, months: 0, days: 1, hours: 0 } }, ["night-0: within 1d"]],
  ["an hour more takes the next in", { within: { years: 0, months: 0, days: 1, hours: 1 } }, ["night-0: within 1d1h", "night-1: within 1d1h"]],
  [
    "of each month within a length",
    { withinPeriods: { monthly: { years: 0, months: 2, days: 0, hours: 0 } }, oldest: false },
    ["night-0: newest of its month within 2m", "night-40: newest of its month within 2m"],
  ],
] as const)("%s", (_, policy, expected) => {
  expect(keep(four, policy)).toEqual(expected);
});

it("lists of tags are alternatives, the tags of a list are not, and an empty one stands for none", () => {
  const tagged = [night(0, { tags: ["a", "b"] }), night(1, { tags: ["a"] }), night(2, { tags: ["c"] }), night(3)];
  expect(keep(tagged, { tags: [["a", "b"], ["c"]] })).toEqual(["night-0: has a and b", "night-2: has c"]);
  expect(keep(tagged, { tags: [[""]] })).toEqual(["night-3: has no tags"]);
});

it("what comes from the future is no measure of age, and everything is young when all of it does", () => {
  const future = night(0, { id: backupId("future"), at: epochMs(NOW + 1), scheduled: epochMs(NOW + 1) });
  const day = { within: { years: 0, months: 0, days: 1, hours: 0 } };
  expect(keep([future, ...four], day)).toEqual(["future: within 1d", "night-0: within 1d"]);
  expect(keep([future], day)).toEqual(["future: within 1d"]);
});
