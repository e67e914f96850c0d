import { always, rotation } from "@nightshift/config";
import { hours, minutes, seconds } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { headersIn, openTeam, people, type Workplace } from "./workplace.ts";

/** Three tiers, the first in turns: ana until 03:30 on Monday, then ben. */
const ladder = {
  onCall: rotation({ people: ["ana", "ben"], handoff: "monday 03:30", zone: "UTC", from: "2026-03-09" }),
  escalation: { tier2: { who: always(["cleo"]) }, tier3: { who: always(["boss"]) } },
};

/** Who was called when, in seconds since the alarm, as the record has it. */
async function calls(place: Workplace, since: number) {
  const [incident] = await place.incidents();
  return (incident?.pages ?? []).map((page) => [Math.round((page.at - since) / 1_000), page.tier, page.people.join()]);
}
const texts = (place: Workplace, severity: string) => place.stage.lab.sns.published.filter((one) => one.topic.endsWith(severity));

describe("a P1 that nobody takes", () => {
  test("climbs the ladder to the second, and calls everybody at its end", async () => {
    const place = await openTeam(["svc-01"], "P1", ladder);
    const began = place.now();
    place.ring("svc-01/down");
    await place.pass(minutes(45));
    const all = await calls(place, began);
    expect(all.map(([, tier, whom]) => [tier, whom])).toEqual([
      [1, "ana"],
      [1, "ana"],
      [2, "cleo"],
      [3, "boss"],
      [3, "@channel"],
    ]);
    for (const [index, due] of [0, 300, 900, 1_800, 2_100].entries()) {
      const late = Number(all[index]?.[0]) - due;
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThanOrEqual(5);
    }
  });

  test("its SNS texts say in a line what is wrong and how to take it, for phones, mail and machines", async () => {
    const place = await openTeam(["svc-01"], "P1", ladder);
    place.ring("svc-01/down");
    await place.pass(minutes(1));
    const [page] = texts(place, "p1");
    const [incident] = await place.incidents();
    expect(page?.subject).toContain("P1");
    expect(page?.subject?.length ?? 100).toBeLessThan(100);
    expect(page?.message).toContain(incident?.id);
    expect(page?.message).toContain(`/ops ack ${incident?.id}`);
    expect(page?.protocols["sms"]?.length ?? 999).toBeLessThanOrEqual(140);
    expect(page?.protocols["sms"]).toContain("svc-01");
  });

  test("after somebody took it nobody is called, and after its end SNS is told once", async () => {
    const place = await openTeam(["svc-01"], "P1", ladder);
    place.ring("svc-01/down");
    await place.pass(minutes(4));
    await place.press(people.ana, "ns.ack", { channel: headersIn(place)[0]?.channel ?? "", ts: headersIn(place)[0]?.ts ?? "" });
    const before = texts(place, "p1").length;
    await place.pass(minutes(25));
    expect(texts(place, "p1")).toHaveLength(before);
    expect((await place.incidents())[0]?.pages.map((one) => one.tier)).toEqual([1]);
    await place.ops(people.ana, "resolve svc-01");
    await place.pass(minutes(1));
    expect(
      texts(place, "p1")
        .slice(before)
        .map((one) => one.message.includes("resolved")),
    ).toEqual([true]);
  });

  test("an acknowledgement without a sign of work is asked about, taken back, and the ladder begins anew", async () => {
    const place = await openTeam(["svc-01"], "P1", ladder);
    place.ring("svc-01/down");
    await place.pass(minutes(1));
    await place.ops(people.ana, "ack svc-01");
    await place.pass(minutes(31));
    const entries = async () => (await place.incidents())[0]?.entries ?? [];
    expect(
      (await entries())
        .filter((one) => one.kind === "asked")
        .map((one) => one.text)
        .join(),
    ).toContain("ana: are you still on it?");
    await place.pass(minutes(4));
    expect((await place.incidents())[0]).toMatchObject({ acked: undefined, turns: { acked: 1, unacked: 1 } });
    // It is past 03:30: ben's turn.
    expect((await place.incidents())[0]?.pages.at(-1)).toMatchObject({ tier: 1, people: ["ben"] });
  });
});

describe("who is on call", () => {
  test("changes with the hand-over, between two calls of one tier", async () => {
    const place = await openTeam(["svc-01"], "P1", ladder);
    await place.pass(minutes(28));
    place.ring("svc-01/down");
    await place.pass(minutes(6));
    expect((await place.incidents())[0]?.pages.map((one) => one.people.join())).toEqual(["ana", "ben"]);
  });

  test("is whoever took over by hand, until their time ends", async () => {
    const place = await openTeam(["svc-01"], "P1", { ...ladder, onCall: always(["ana"]) });
    expect(await place.ops(people.ana, "handoff @cleo --for 1h")).toContain("ana handed tier 1 to cleo for 1 h, until 2026-03-16 04:00");
    place.ring("svc-01/down");
    await place.pass(minutes(1));
    expect((await place.incidents())[0]?.pages.map((one) => one.people.join())).toEqual(["cleo"]);
    await place.ops(people.cleo, "resolve svc-01");
    await place.pass(hours(1));
    place.ring("svc-01/again");
    await place.pass(minutes(1));
    expect((await place.incidents()).at(-1)?.pages.map((one) => one.people.join())).toEqual(["ana"]);
  });

  test("where nobody is, the channel is called once, and SNS", async () => {
    const place = await openTeam(["svc-01"], "P1", { onCall: undefined });
    place.ring("svc-01/down");
    await place.pass(minutes(20));
    const [incident] = await place.incidents();
    expect(incident?.pages.filter((one) => one.people.includes("@channel"))).toHaveLength(1);
    expect(incident?.entries.find((one) => one.kind === "paged")?.text).toContain("Nobody is on call for tier 1");
    expect(texts(place, "p1").length).toBeGreaterThanOrEqual(1);
  });

  test("a P3 calls nobody for an hour", async () => {
    const place = await openTeam(["svc-01"], "P3", ladder);
    place.ring("svc-01/slow");
    await place.pass(minutes(59));
    expect((await place.incidents())[0]?.pages).toEqual([]);
    await place.pass(seconds(90));
    expect((await place.incidents())[0]?.pages.map((one) => [one.tier, one.people.join()])).toEqual([[1, "ben"]]);
    expect(place.stage.lab.sns.published).toEqual([]);
  });
});
