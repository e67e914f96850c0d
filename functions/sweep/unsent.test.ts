import { epochMs, seconds } from "@nightshift/model";
import { announcedAt, drain, lineOf, openingOf, sendingPolicy } from "@nightshift/runtime/testing/fake-sender";
import { type FakeTelling, fakeTelling, say } from "@nightshift/runtime/testing/fake-telling";
import { expect, test } from "vitest";
import { nudgeUnsent } from "./unsent.ts";

const policy = sendingPolicy({ ops: undefined, incidents: "C1", byService: {} });
async function told(): Promise<FakeTelling> {
  const fake = fakeTelling(openingOf("a"));
  say(fake, "a", announcedAt(fake.now));
  say(fake, "a", lineOf("seen", fake.now));
  await fake.outbox.nudge("C1", "a", "stream/1");
  await drain(fake, epochMs(fake.now + seconds(60)));
  return fake;
}
const nudgedAfter = async (change: (fake: FakeTelling) => void) => {
  const fake = await told();
  change(fake);
  await nudgeUnsent(fake, policy);
  return fake.nudges.map(({ incident }) => incident);
};

test("an incident that is told is left alone", async () => {
  expect(await nudgedAfter(() => undefined)).toEqual([]);
});

test.each<[string, (fake: FakeTelling) => void]>([
  ["with a line that nobody was told", (fake) => say(fake, "a", lineOf("lost", fake.now))],
  ["whose header shows an older state", (fake) => say(fake, "a", { ...lineOf("acked/1", fake.now, { what: "acked", by: "ana" }), announce: false })],
  ["whose reply was begun and not sent", (fake) => fake.rows.forEach((row, key) => key === "a/reply/1" && fake.rows.set(key, { ...row, state: "trying" }))],
  [
    "whose reply was refused for good some time ago",
    (fake) => fake.rows.forEach((row, key) => key === "a/reply/1" && fake.rows.set(key, { ...row, state: "parked", ts: undefined })),
  ],
  ["of which nothing was sent", (fake) => fake.rows.clear()],
])("an incident %s is nudged", async (_, change) => {
  expect(await nudgedAfter(change)).toEqual(["a"]);
});

test.each([
  [86_400_000, ["a"]],
  [86_400_001, []],
])("an incident that was closed %i ms ago and not told: %j", async (ago, nudged) => {
  expect(
    await nudgedAfter((fake) => {
      say(fake, "a", { ...lineOf("resolved/1", fake.now, { what: "resolved", how: "alarms" }), announce: false });
      say(fake, "a", { ...lineOf("closed", epochMs(fake.now + 1), { what: "closed" }), announce: false });
      fake.now = epochMs(fake.now + 1 + ago);
    }),
  ).toEqual(nudged);
});

test("an incident that was never announced is nobody's business", async () => {
  const fake = fakeTelling(openingOf("a"));
  await nudgeUnsent(fake, policy);
  expect(fake.nudges).toEqual([]);
});

test("of sixty open incidents the oldest is nudged, too, and one that cannot be read is logged", async () => {
  const ids = Array.from({ length: 60 }, (_, n) => `INC-${100 + n}`);
  const fake = fakeTelling(...ids.map((id) => openingOf(id)));
  for (const id of ids) {
    say(fake, id, announcedAt(fake.now));
    say(fake, id, lineOf("seen", fake.now));
  }
  const logged: unknown[] = [];
  const list: FakeTelling["incidents"]["list"] = async (limit, more = {}) => {
    more.unreadable?.("INC-130", "a newer release's");
    return (await fake.incidents.list(limit, more)).filter(({ opening }) => opening.id !== "INC-130");
  };
  const world = { ...fake, incidents: { ...fake.incidents, list } };
  await nudgeUnsent(world, policy, (line) => void logged.push(line["incident"]));
  expect([fake.nudges.length, fake.nudges.some(({ incident }) => incident === "INC-100"), new Set(logged)]).toEqual([59, true, new Set(["INC-130"])]);
});
