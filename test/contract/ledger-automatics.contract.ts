import {
  type ControlState,
  digest,
  ecsDeploymentId,
  epochMs,
  identityKey,
  type RevisionRecord,
  serviceName,
  taskDefinitionArn,
  type WatchRecord,
} from "@nightshift/model";
import { describe, expect } from "vitest";
import { at, type Behaviour, ten } from "./ledger-stage.ts";

/** What the automatics go by: control, revisions, tuples, watches, signals. */
export function automaticsContract(it: Behaviour): void {
  describe("control", () => {
    const next = (from: ControlState, because: string): ControlState => ({
      ...from,
      version: from.version + 1,
      holds: [{ scope: "all", by: "ana", because, at: at(0), until: undefined }],
    });

    it("a row that was written is read back whole, with holds that never end", async ({ one, other }) => {
      const before = await one.control.read();
      const written: ControlState = {
        version: before.version + 1,
        holds: [
          { scope: "all", by: "ana", because: "migration", at: at(0), until: undefined },
          { scope: "api", by: "ben", because: "test", at: at(1), until: at(60) },
        ],
        leases: [{ resource: "api", holder: "k1", purpose: "rollback", epoch: 7, until: at(30) }],
        spent: [{ key: "k1", service: "api", group: "shop", kind: "rollback", at: at(2), mutations: 2 }],
        wanted: [{ service: "api", group: "shop", at: at(3) }],
        epoch: 7,
      };
      expect(await one.control.replace(written)).toBe(true);
      expect(await other.control.read()).toEqual(written);
    });
    it("a second writer of the same version is told so and changes nothing", async ({ one, other }) => {
      const seen = await one.control.read();
      expect(await one.control.replace(next(seen, "first"))).toBe(true);
      expect(await other.control.replace(next(seen, "second"))).toBe(false);
      expect((await one.control.read()).holds[0]?.because).toBe("first");
    });
    it("of ten writers of one version exactly one wins", async ({ one, both }) => {
      const seen = await one.control.read();
      const won = await Promise.all(ten.map((n) => both(n).control.replace(next(seen, `writer ${n}`))));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await one.control.read()).holds[0]?.because).toBe(`writer ${won.indexOf(true)}`);
    });
  });

  describe("revisions", () => {
    const record = (mine: string, key: string, firstSeen: number): RevisionRecord => ({
      service: serviceName(mine),
      identity: {
        key: identityKey(key),
        images: [
          { container: "app", image: "shop/api:v1", digest: digest("sha256:aa") },
          { container: "sidecar", image: "envoy:1", digest: undefined },
        ],
        taskDefinition: taskDefinitionArn("arn:td/api:1"),
        taskDefinitionHash: "th",
        configHash: "ch",
      },
      grade: "candidate",
      gradedAt: at(firstSeen),
      because: "first seen",
      firstSeen: at(firstSeen),
      labels: { commit: "abc", schema: { min: "001", head: "004" } },
      provisional: false,
      pinned: undefined,
    });

    it("a revision is read back as it was first seen", async ({ one, other, mine }) => {
      expect(await one.revisions.see(record(mine, "r1", 1))).toEqual(record(mine, "r1", 1));
      expect(await other.revisions.list(serviceName(mine))).toEqual([record(mine, "r1", 1)]);
    });
    it("seeing a known revision again returns what stands", async ({ one, other, mine }) => {
      await one.revisions.see(record(mine, "r1", 1));
      await one.revisions.grade(serviceName(mine), identityKey("r1"), "bad", "5xx 12 %", at(5));
      expect(await other.revisions.see(record(mine, "r1", 9))).toMatchObject({ grade: "bad", because: "5xx 12 %", firstSeen: at(1) });
      expect(await one.revisions.list(serviceName(mine))).toHaveLength(1);
    });
    it("ten sightings at once leave one row", async ({ one, mine, both }) => {
      await Promise.all(ten.map((n) => both(n).revisions.see(record(mine, "r1", n))));
      expect(await one.revisions.list(serviceName(mine))).toHaveLength(1);
    });
    it("the list is newest first seen first and ends after twenty", async ({ one, mine }) => {
      for (let n = 1; n <= 21; n++) await one.revisions.see(record(mine, `r${n}`, n));
      const keys = (await one.revisions.list(serviceName(mine))).map((row) => row.identity.key);
      expect(keys).toHaveLength(20);
      expect(keys.slice(0, 2)).toEqual(["r21", "r20"]);
      expect(keys.at(-1)).toBe("r2");
    });
    it("a grading one millisecond older than the one that stands changes nothing; one of the same moment or later does", async ({ one, other, mine }) => {
      const service = serviceName(mine);
      await one.revisions.see(record(mine, "r1", 1));
      await one.revisions.grade(service, identityKey("r1"), "good", "bake passed", at(10));
      await other.revisions.grade(service, identityKey("r1"), "served", "late word", epochMs(at(10) - 1));
      expect((await one.revisions.list(service))[0]).toMatchObject({ grade: "good", because: "bake passed" });
      await other.revisions.grade(service, identityKey("r1"), "suspect", "same moment", at(10));
      expect((await one.revisions.list(service))[0]?.grade).toBe("suspect");
      await other.revisions.grade(service, identityKey("r1"), "bad", "later", at(11));
      expect((await one.revisions.list(service))[0]).toMatchObject({ grade: "bad", gradedAt: at(11) });
    });
    it("a grade that was earned is no longer provisional", async ({ one, mine }) => {
      await one.revisions.see({ ...record(mine, "r1", 1), grade: "good", provisional: true });
      await one.revisions.grade(serviceName(mine), identityKey("r1"), "good", "bake passed", at(10));
      expect((await one.revisions.list(serviceName(mine)))[0]?.provisional).toBe(false);
    });
    it("grading a revision that nobody has seen is an error, not a new row", async ({ one, mine }) => {
      await expect(one.revisions.grade(serviceName(mine), identityKey("none"), "good", "?", at(1))).rejects.toMatchObject({
        name: "PortError",
        kind: "not-found",
      });
      expect(await one.revisions.list(serviceName(mine))).toEqual([]);
    });
    it("a pinned copy is remembered and survives a grading", async ({ one, other, mine }) => {
      await one.revisions.see(record(mine, "r1", 1));
      await one.revisions.pin(serviceName(mine), identityKey("r1"), taskDefinitionArn("arn:td/api-pinned:1"));
      await one.revisions.grade(serviceName(mine), identityKey("r1"), "good", "bake passed", at(10));
      expect((await other.revisions.list(serviceName(mine)))[0]).toMatchObject({ pinned: "arn:td/api-pinned:1", grade: "good" });
    });
  });

  describe("tuples", () => {
    const tuple = (mine: string, n: number) => ({ group: mine, members: { api: identityKey(`a${n}`), worker: identityKey(`w${n}`) }, at: at(n) });

    it("the list is newest first and ends after ten", async ({ one, other, mine }) => {
      for (let n = 1; n <= 11; n++) await one.tuples.add(tuple(mine, n));
      const listed = await other.tuples.list(mine);
      expect(listed).toHaveLength(10);
      expect(listed[0]).toEqual({ group: mine, members: { api: "a11", worker: "w11" }, at: at(11) });
      expect(listed.at(-1)?.members["api"]).toBe("a2");
    });
    it("adding the same tuple again, from ten sides, leaves one", async ({ one, mine, both }) => {
      await Promise.all(ten.map((n) => both(n).tuples.add(tuple(mine, 1))));
      expect(await one.tuples.list(mine)).toHaveLength(1);
    });
    it("two different tuples of one moment both stand", async ({ one, mine }) => {
      await one.tuples.add(tuple(mine, 1));
      await one.tuples.add({ ...tuple(mine, 1), members: { api: identityKey("a2") } });
      expect(await one.tuples.list(mine)).toHaveLength(2);
    });
  });

  describe("watches", () => {
    const watch = (mine: string, key: string, more: Partial<WatchRecord> = {}): WatchRecord => ({
      group: mine,
      key,
      members: { api: ecsDeploymentId("ecs-svc/1") },
      openedAt: at(0),
      state: "watching",
      ours: [],
      tailUntil: at(86_400),
      verdict: undefined,
      ...more,
    });

    it("a watch is found again as it was written", async ({ one, other, mine }) => {
      expect(await one.watches.find(mine)).toBeUndefined();
      expect(await one.watches.replace(undefined, watch(mine, "k1"))).toBe(true);
      expect(await other.watches.find(mine)).toEqual(watch(mine, "k1"));
    });
    it("of ten that open a watch at once exactly one does", async ({ one, mine, both }) => {
      const won = await Promise.all(ten.map((n) => both(n).watches.replace(undefined, watch(mine, `k${n}`))));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await one.watches.find(mine))?.key).toBe(`k${won.indexOf(true)}`);
    });
    it("of ten that supersede the same watch exactly one does", async ({ one, mine, both }) => {
      await one.watches.replace(undefined, watch(mine, "k"));
      const won = await Promise.all(ten.map((n) => both(n).watches.replace(watch(mine, "k"), watch(mine, `k${n}`))));
      expect(won.filter(Boolean)).toHaveLength(1);
    });
    it("a change of any part since it was read refuses the replacement", async ({ one, other, mine }) => {
      await one.watches.replace(undefined, watch(mine, "k"));
      await one.watches.replace(watch(mine, "k"), watch(mine, "k", { ours: ["ecs-svc/2"] }));
      expect(await other.watches.replace(watch(mine, "k"), watch(mine, "k", { state: "acting" }))).toBe(false);
      expect(
        await other.watches.replace(watch(mine, "k", { ours: ["ecs-svc/2"] }), watch(mine, "k", { ours: ["ecs-svc/2"], state: "closed", verdict: "leave" })),
      ).toBe(true);
      expect(await one.watches.find(mine)).toMatchObject({ state: "closed", verdict: "leave" });
    });
    it("replacing a watch that is not there is refused", async ({ one, mine }) => {
      expect(await one.watches.replace(watch(mine, "k"), watch(mine, "k2"))).toBe(false);
      expect(await one.watches.find(mine)).toBeUndefined();
    });
    it("the sweep sees the watches of every group", async ({ one, other, mine }) => {
      await one.watches.replace(undefined, watch(mine, "k"));
      await one.watches.replace(undefined, { ...watch(mine, "k"), group: `${mine}-b` });
      const groups = (await other.watches.all()).map((row) => row.group);
      expect(groups).toEqual(expect.arrayContaining([mine, `${mine}-b`]));
    });
  });

  describe("signals", () => {
    const alarm = (value: "OK" | "ALARM", since: number) => ({ name: "api-5xx #1", value, since: at(since), reason: `${value} since ${since}` });

    it("the newest state of an alarm wins, in whichever order the events come", async ({ one, other, mine }) => {
      const service = serviceName(mine);
      await one.signals.alarm(service, alarm("OK", 20));
      await other.signals.alarm(service, alarm("ALARM", 10));
      expect((await one.signals.read(service, at(0))).alarms).toEqual([alarm("OK", 20)]);
      await other.signals.alarm(service, alarm("ALARM", 30));
      expect((await one.signals.read(service, at(0))).alarms).toEqual([alarm("ALARM", 30)]);
    });
    it("changes since a moment include that moment and not the millisecond before; alarms come whatever their age", async ({ one, other, mine }) => {
      const service = serviceName(mine);
      const note = { service, kind: "migration" as const, at: at(10), schemaHead: "004", reversible: false };
      await one.signals.alarm(service, alarm("ALARM", 1));
      await one.signals.change({ service, kind: "deployment", at: epochMs(at(10) - 1), commit: "abc", pullRequest: "7" });
      await one.signals.change(note);
      expect(await other.signals.read(service, at(10))).toEqual({ alarms: [alarm("ALARM", 1)], changes: [note] });
      expect((await other.signals.read(service, epochMs(at(10) - 1))).changes).toHaveLength(2);
    });
    it("the same change told ten times is one change", async ({ one, mine, both }) => {
      const service = serviceName(mine);
      await Promise.all(ten.map((n) => both(n).signals.change({ service, kind: "deployment", at: at(1), commit: "abc" })));
      expect((await one.signals.read(service, at(0))).changes).toHaveLength(1);
    });
  });
}
