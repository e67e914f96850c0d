import { ackEntry } from "@nightshift/decide/incidents/transitions";
import { describe, expect, test } from "vitest";
import { changeIncident, openIncident } from "./incidents.ts";
import { resolve, ring, stage } from "./intake.fixture.ts";
import { mergeIncidents } from "./intake-alarms.ts";
import { atSecond } from "./testing/fake-incidents.ts";

describe("opening", () => {
  const opening = (id: string, at = 0) => ({ id, group: "api", service: "api", severity: "P2" as const, title: id, openedAt: atSecond(at), by: "guard" });
  test("joins the group's incident, under another name", async () => {
    const it = stage();
    await it.take([ring("api/5xx", 0)]);
    const id = (await it.all())[0]?.id;
    expect(await openIncident(it.world, opening("INC-guard"))).toMatchObject({ id, how: "joined" });
    expect(await openIncident(it.world, opening("INC-guard"))).toMatchObject({ id, how: "known" });
  });
  test("by two at once is one incident", async () => {
    const it = stage();
    const opened = await Promise.all(["INC-a", "INC-b", "INC-c"].map((id) => openIncident(it.world, opening(id))));
    expect([new Set(opened.map((one) => one.id)).size, (await it.all()).length]).toEqual([1, 1]);
  });
  test("finishes what a crash between the claim and the opening left", async () => {
    const it = stage();
    it.failOnce.add("open");
    await expect(openIncident(it.world, opening("INC-a"))).rejects.toThrow("it was lost");
    expect(await openIncident(it.world, opening("INC-b"))).toMatchObject({ id: "INC-a", how: "joined" });
  });
  test("opens the same again within ten minutes of its end", async () => {
    const it = stage();
    await openIncident(it.world, opening("INC-a"));
    await resolve(it, "INC-a", 100);
    expect(await openIncident(it.world, opening("INC-b", 700))).toMatchObject({ id: "INC-a", how: "reopened" });
    expect((await it.all()).map((one) => one.state)).toEqual(["open"]);
    await resolve(it, "INC-a", 5_000);
    expect(await openIncident(it.world, opening("INC-c", 5_601))).toMatchObject({ id: "INC-c", how: "opened" });
  });
});

test("merging twice is merging once, and takes the alarms along", async () => {
  const it = stage();
  await it.take([ring("api/5xx", 0), ring("blog/5xx", 0)]);
  const [a, b] = await it.all();
  const merge = { from: b?.id ?? "", into: a?.id ?? "", doing: { by: "ana", actor: "cli/ana", at: atSecond(5) } };
  expect(await mergeIncidents(it.world, merge)).toEqual({ kind: "merged", into: a?.id });
  expect(await mergeIncidents(it.world, merge)).toEqual({ kind: "merged", into: a?.id });
  expect((await it.all()).map((one) => [one.state, one.alarms.length, one.absorbed])).toEqual([
    ["open", 2, [b?.id]],
    ["merged", 1, []],
  ]);
});

describe("a change", () => {
  const ack = (by: string) => (incident: Parameters<typeof ackEntry>[0]) => ackEntry(incident, { by, actor: by, at: atSecond(60) });
  test("that two make at once is made by one; the other learns who was first", async () => {
    const it = stage();
    await it.take([ring("api/5xx", 0)]);
    const id = (await it.all())[0]?.id ?? "";
    const changed = await Promise.all([changeIncident(it.world, id, ack("ana")), changeIncident(it.world, id, ack("lead"))]);
    expect(changed.map((one) => (one.kind === "refused" ? one.because : one.kind))).toEqual(["changed", "acknowledged already by ana, 0 s ago"]);
  });
  test("of what is not there is said to be so", async () => {
    expect(await changeIncident(stage().world, "INC-9", ack("ana"))).toEqual({ kind: "unknown" });
  });
});
