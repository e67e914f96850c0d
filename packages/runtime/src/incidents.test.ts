import { ackEntry } from "@nightshift/decide/incidents/transitions";
import { describe, expect, test } from "vitest";
import { changeIncident, openIncident, readIncident } from "./incidents.ts";
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

describe("merges of merges", () => {
  const ids = Array.from({ length: 12 }, (_, n) => `INC-${String(n).padStart(2, "0")}`);
  const doing = { by: "ana", actor: "cli/ana", at: atSecond(5) };
  const opened = async (...some: readonly string[]) => {
    const it = stage();
    for (const id of some) await openIncident(it.world, { id, group: id, service: id, severity: "P2", title: id, openedAt: atSecond(0), by: "guard" });
    return it;
  };
  test("lead to the one that stands, however many there are", async () => {
    const it = await opened(...ids);
    for (const [n, from] of ids.entries()) {
      const into = ids[n + 1];
      if (into !== undefined) await mergeIncidents(it.world, { from, into, doing });
    }
    expect(await Promise.all(ids.map(async (id) => (await readIncident(it.world, id))?.id))).toEqual(ids.map(() => "INC-11"));
  });
  test("in a circle lead to the smallest id, which stands and takes alarms and people", async () => {
    const it = await opened("INC-00", "INC-01", "INC-02");
    for (const [from, into] of [
      ["INC-01", "INC-00"],
      ["INC-00", "INC-01"],
      ["INC-02", "INC-01"],
    ] as const)
      await it.incidents.say(from, { key: "merged", at: atSecond(5), kind: "changed", text: "merged", announce: true, change: { what: "merged", into } });
    const read = await Promise.all(["INC-00", "INC-01", "INC-02"].map((id) => readIncident(it.world, id)));
    expect(read.map((one) => [one?.id, one?.state])).toEqual([
      ["INC-00", "open"],
      ["INC-00", "open"],
      ["INC-00", "open"],
    ]);
    it.now = 60;
    expect((await it.take([ring("INC-01/5xx", 59)])).failed).toEqual([]);
    expect((await readIncident(it.world, "INC-01"))?.firing).toBe(1);
  });
  test("two that are merged into each other at once become one, with the alarms of both", async () => {
    const it = stage();
    await it.take([ring("api/5xx", 0), ring("blog/5xx", 0)]);
    const [a, b] = await it.all();
    const { say } = it.incidents;
    let waiting = 0;
    let go = (): void => {};
    const both = new Promise<void>((done) => (go = done));
    const world = {
      ...it.world,
      incidents: {
        ...it.incidents,
        say: async (...word: Parameters<typeof say>) => {
          if (word[1].key === "merged" && ++waiting === 2) go();
          if (word[1].key === "merged") await both;
          return say(...word);
        },
      },
    };
    const merges = [
      { from: a?.id ?? "", into: b?.id ?? "", doing },
      { from: b?.id ?? "", into: a?.id ?? "", doing },
    ];
    const made = await Promise.all(merges.map((one) => mergeIncidents(world, one)));
    const smaller = [a?.id ?? "", b?.id ?? ""].toSorted()[0];
    expect(made.map((one) => one.kind).toSorted()).toEqual(["merged", "refused"]);
    const stands = await Promise.all([readIncident(it.world, a?.id ?? ""), readIncident(it.world, b?.id ?? "")]);
    expect(stands.map((one) => [one?.id, one?.state, one?.firing])).toEqual([
      [smaller, "open", 2],
      [smaller, "open", 2],
    ]);
  });
  test("a running one does not end with one that is over, nor with one that is ended meanwhile", async () => {
    const it = await opened("INC-00", "INC-01");
    await resolve(it, "INC-01", 3);
    expect(await mergeIncidents(it.world, { from: "INC-00", into: "INC-01", doing })).toEqual({
      kind: "refused",
      because: "INC-01 is resolved: open it again first, or merge it into INC-00",
    });
    const other = await opened("INC-00", "INC-01");
    const { say } = other.incidents;
    const incidents = {
      ...other.incidents,
      say: async (...word: Parameters<typeof say>) => {
        if (word[1].key === "merged") await resolve(other, "INC-01", 4);
        return say(...word);
      },
    };
    expect(await mergeIncidents({ ...other.world, incidents }, { from: "INC-00", into: "INC-01", doing })).toEqual({ kind: "merged", into: "INC-01" });
    expect((await readIncident(other.world, "INC-00"))?.state).toBe("open");
  });
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
