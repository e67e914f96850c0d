import { type Change, type Entry, epochMs, type GroupPointer, type Opening, type RungAlarm } from "@nightshift/model";
import { describe, expect } from "vitest";
import { at, type Behaviour, ten } from "./ledger-stage.ts";

const opening = (id: string, more: Partial<Opening> = {}): Opening => ({
  id,
  group: "shop",
  service: "api",
  severity: "P2",
  title: "5xx 12 %",
  openedAt: at(0),
  by: "alarms",
  ...more,
});
const entry = (key: string, seconds: number, more: Partial<Entry> = {}): Entry => ({
  key,
  at: at(seconds),
  kind: "seen",
  text: `line ${key}`,
  announce: true,
  ...more,
});
const alarm = (name: string): RungAlarm => ({
  name,
  service: "api",
  value: "ALARM",
  since: at(1),
  reason: "too many",
  first: at(1),
  rang: at(1),
  severity: "P2",
  role: "symptom",
  changes: [at(1)],
});

/** Every change there is, so that each survives the round trip. */
const changes: readonly Change[] = [
  { what: "standing", automation: "guard", standing: "needs-person", severity: "P1", title: "t" },
  { what: "standing", automation: "guard", standing: "working" },
  { what: "announced" },
  { what: "acked", by: "lead" },
  { what: "unacked" },
  { what: "severity", to: "P3", by: "person" },
  { what: "title", to: "t" },
  { what: "role", role: "ic", person: "lead" },
  { what: "mitigating" },
  { what: "monitoring" },
  { what: "resolved", how: "alarms" },
  { what: "reopened" },
  { what: "merged", into: "INC-2" },
  { what: "absorbed", from: "INC-1" },
  { what: "closed" },
  { what: "paged", tier: 2, by: ["slack-dm", "sns"], people: ["U1"] },
  { what: "room", channel: "C9", name: "inc-1" },
  { what: "field", field: "rootCause", text: "why" },
  { what: "evidence", evidence: { kind: "chart", lines: ["l"], stored: { key: "k", sha256: "s", type: "image/png" } } },
  { what: "evidence", evidence: { kind: "logs", lines: [] } },
  { what: "suspect", suspect: { what: "api:43", at: at(0), commit: "c", pullRequest: "4" } },
  { what: "suspect", suspect: { what: "api:43", at: at(0) } },
  { what: "post-mortem", location: "s3" },
];

/** What is known of incidents, their alarms, and which incident is a group's. */
export function incidentsContract(it: Behaviour): void {
  describe("incidents", () => {
    it("opening twice changes nothing", async ({ one, other, mine }) => {
      await one.incidents.open(opening(mine));
      await other.incidents.open(opening(mine, { title: "another" }));
      expect(await one.incidents.find(mine)).toEqual({ opening: opening(mine), entries: [], alarms: [] });
      expect(await one.incidents.find(`${mine}-none`)).toBeUndefined();
    });
    it("entries stand in the order of their moments, then keys, whatever the order they were said in", async ({ one, other, mine }) => {
      await one.incidents.open(opening(mine));
      for (const said of [entry("c", 2), entry("b", 1), entry("a", 2)]) await one.incidents.say(mine, said);
      expect((await other.incidents.find(mine))?.entries).toEqual([entry("b", 1), entry("a", 2), entry("c", 2)]);
    });
    it("of ten who make the same transition one is told that it was theirs, and the first word stands", async ({ one, mine, both }) => {
      await one.incidents.open(opening(mine));
      const said = await Promise.all(ten.map((n) => both(n).incidents.say(mine, entry("acked/1", 1, { text: `by ${n}` }))));
      expect(said.filter(Boolean)).toHaveLength(1);
      expect((await one.incidents.find(mine))?.entries).toEqual([entry("acked/1", 1, { text: `by ${said.indexOf(true)}` })]);
    });
    it("every kind of change comes back as it was written", async ({ one, other, mine }) => {
      await one.incidents.open(opening(mine));
      const said = changes.map((change, n) => entry(`k${String(n).padStart(2, "0")}`, n, { actor: "slack/U1 lead", change }));
      for (const line of said) await one.incidents.say(mine, line);
      expect((await other.incidents.find(mine))?.entries).toEqual(said);
    });
    it("another name leads to the incident that stands, also over two names, and is not listed", async ({ one, other, mine }) => {
      await one.incidents.open(opening(`${mine}-a`));
      await one.incidents.open(opening(`${mine}-b`), `${mine}-a`);
      await one.incidents.open(opening(`${mine}-c`), `${mine}-b`);
      expect((await other.incidents.find(`${mine}-c`))?.opening.id).toBe(`${mine}-a`);
      expect((await other.incidents.list(100)).map((row) => row.opening.id).filter((id) => id.startsWith(`${mine}-`))).toEqual([`${mine}-a`]);
    });
    it("a name that leads in a circle is refused by name", async ({ one, mine }) => {
      await one.incidents.open(opening(`${mine}-a`), `${mine}-b`);
      await one.incidents.open(opening(`${mine}-b`), `${mine}-a`);
      await expect(one.incidents.find(`${mine}-a`)).rejects.toMatchObject({ kind: "invalid", on: `${mine}-a` });
    });
    it("a list goes on before the last id of the one before it", async ({ one, other, mine }) => {
      const ids = [1, 2, 3, 4].map((n) => `zy-${mine.padStart(6, "0")}-${n}`);
      for (const id of ids) await one.incidents.open(opening(id));
      const listed = async (before: string) => (await other.incidents.list(2, { before })).map((row) => row.opening.id);
      expect([await listed(`${ids[3]}`), await listed(`${ids[2]}`)]).toEqual([
        [ids[2], ids[1]],
        [ids[1], ids[0]],
      ]);
    });
    it("a record that this release cannot read is passed over and told of, and is refused by its name", async ({ one, other, mine }) => {
      const ids = ["a", "b"].map((name) => `zx-${mine.padStart(6, "0")}-${name}`);
      const [bad = "", good = ""] = ids;
      for (const id of ids) await one.incidents.open(opening(id));
      // A newer release's change.
      const strange = JSON.parse('{"what":"from a newer release"}') as Change;
      await one.incidents.say(bad, entry("x", 1, { change: strange }));
      const passedOver: string[] = [];
      const found = await other.incidents.list(2, { before: `${good}~`, unreadable: (id, because) => passedOver.push(id, because) });
      expect(found.map((row) => row.opening.id)).toEqual([good]);
      expect([passedOver[0], passedOver[1]?.includes('change.what holds "from a newer release"')]).toEqual([bad, true]);
      await expect(one.incidents.find(bad)).rejects.toMatchObject({ kind: "invalid" });
    });
    it("the list is newest id first and as long as asked", async ({ one, other, mine }) => {
      // Later ids than any other test's: the list is of all incidents.
      for (const n of [1, 2, 3]) await one.incidents.open(opening(`zz-${mine.padStart(6, "0")}-${n}`));
      expect((await other.incidents.list(2)).map((row) => row.opening.id)).toEqual([`zz-${mine.padStart(6, "0")}-3`, `zz-${mine.padStart(6, "0")}-2`]);
    });
  });

  describe("alarms of an incident", () => {
    it("a shard is written only over what was read, and all shards are read with the incident", async ({ one, other, mine }) => {
      await one.incidents.open(opening(mine));
      expect(await one.incidentAlarms.read(mine, 3)).toEqual({ version: 0, alarms: [] });
      expect(await one.incidentAlarms.replace(mine, 3, 0, [alarm("b")])).toBe(true);
      expect(await other.incidentAlarms.replace(mine, 3, 0, [alarm("x")])).toBe(false);
      expect(await other.incidentAlarms.replace(mine, 7, 0, [alarm("a")])).toBe(true);
      expect(await other.incidentAlarms.replace(mine, 3, 1, [alarm("b"), alarm("c")])).toBe(true);
      expect((await one.incidents.find(mine))?.alarms).toEqual([alarm("a"), alarm("b"), alarm("c")]);
      expect(await one.incidentAlarms.read(mine, 3)).toEqual({ version: 2, alarms: [alarm("b"), alarm("c")] });
    });
    it("there are shards 0 to 7", async ({ one, mine }) => {
      await expect(one.incidentAlarms.read(mine, 8)).rejects.toMatchObject({ kind: "invalid" });
      await expect(one.incidentAlarms.read(mine, -1)).rejects.toMatchObject({ kind: "invalid" });
      expect(await one.incidentAlarms.read(mine, 7)).toEqual({ version: 0, alarms: [] });
    });
  });

  describe("groups", () => {
    const pointer = (mine: string, incident: string, version: number): GroupPointer => ({
      group: mine,
      incident,
      opening: opening(incident, { group: mine }),
      version,
    });
    it("of ten who open an incident for one group one wins, and the pointer carries its opening", async ({ one, mine, both }) => {
      expect(await one.groups.find(mine)).toBeUndefined();
      const won = await Promise.all(ten.map((n) => both(n).groups.point(undefined, pointer(mine, `i${n}`, 1))));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await one.groups.find(mine)).toEqual(pointer(mine, `i${won.indexOf(true)}`, 1));
    });
    it("the next incident takes the place of the one that was seen", async ({ one, other, mine }) => {
      await one.groups.point(undefined, pointer(mine, "a", 1));
      const seen = await other.groups.find(mine);
      expect(await other.groups.point(seen, pointer(mine, "b", 2))).toBe(true);
      expect(await one.groups.point(seen, pointer(mine, "c", 2))).toBe(false);
      expect((await one.groups.find(mine))?.incident).toBe("b");
    });
    it("groups that opened lately are told newest first, from the moment asked for on", async ({ one, other, mine }) => {
      const far = 10_000_000;
      await one.groups.noteOpened(`${mine}-a`, "a", at(far));
      await one.groups.noteOpened(`${mine}-b`, "b", at(far + 1));
      await one.groups.noteOpened(`${mine}-b`, "b", at(far + 1));
      const recent = (await other.groups.recent(at(far))).filter((row) => row.group.startsWith(`${mine}-`));
      expect(recent).toEqual([
        { group: `${mine}-b`, incident: "b", at: at(far + 1) },
        { group: `${mine}-a`, incident: "a", at: at(far) },
      ]);
      expect((await other.groups.recent(epochMs(at(far) + 1))).filter((row) => row.group === `${mine}-a`)).toEqual([]);
    });
  });
}
