import { verifyChain, type LedgerPorts } from "@nightshift/aws/ledger/index";
import {
  type Approval, type ControlState, digest, ecsDeploymentId, type Entry, epochMs, identityKey, type Incident,
  type RevisionRecord, serviceName, taskDefinitionArn, type WatchRecord,
} from "@nightshift/model";
import { beforeEach, describe, expect, it as vitestIt } from "vitest";

/** 2026-11-21T03:00:00Z, and moments after it. */
const at = (secondsLater: number) => epochMs(1_795_230_000_000 + secondsLater * 1_000);
const ten = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
let used = 0;

/**
 * What every store of the ledger must do. `make` opens the same store again each time, as another process would;
 * each behaviour uses keys of its own. `within` is what a behaviour runs inside, where time is not the machine's.
 */
export function ledgerContract(name: string, make: () => Promise<LedgerPorts>, within: (work: () => Promise<void>) => Promise<void> = (work) => work()): void {
  const it = (behaviour: string, work: () => Promise<void>) => vitestIt(behaviour, () => within(work));
  describe(`the ledger on ${name}`, () => {
    let one: LedgerPorts;
    let other: LedgerPorts;
    let mine: string;
    beforeEach(async () => {
      one = await make();
      other = await make();
      used += 1;
      mine = `t${used}`;
    });
    const both = (index: number) => (index % 2 === 0 ? one : other);

    describe("control", () => {
      const next = (from: ControlState, because: string): ControlState => ({ ...from, version: from.version + 1, holds: [{ scope: "all", by: "ana", because, at: at(0), until: undefined }] });

      it("a row that was written is read back whole, with holds that never end", async () => {
        const before = await one.control.read();
        const written: ControlState = {
          version: before.version + 1,
          holds: [{ scope: "all", by: "ana", because: "migration", at: at(0), until: undefined }, { scope: "api", by: "ben", because: "test", at: at(1), until: at(60) }],
          leases: [{ resource: "api", holder: "k1", purpose: "rollback", epoch: 7, until: at(30) }],
          spent: [{ key: "k1", service: "api", group: "shop", kind: "rollback", at: at(2), mutations: 2 }],
          wanted: [{ service: "api", group: "shop", at: at(3) }],
          epoch: 7,
        };
        expect(await one.control.replace(written)).toBe(true);
        expect(await other.control.read()).toEqual(written);
      });
      it("a second writer of the same version is told so and changes nothing", async () => {
        const seen = await one.control.read();
        expect(await one.control.replace(next(seen, "first"))).toBe(true);
        expect(await other.control.replace(next(seen, "second"))).toBe(false);
        expect((await one.control.read()).holds[0]?.because).toBe("first");
      });
      it("of ten writers of one version exactly one wins", async () => {
        const seen = await one.control.read();
        const won = await Promise.all(ten.map((n) => both(n).control.replace(next(seen, `writer ${n}`))));
        expect(won.filter(Boolean)).toHaveLength(1);
        expect((await one.control.read()).holds[0]?.because).toBe(`writer ${won.indexOf(true)}`);
      });
    });

    describe("revisions", () => {
      const record = (key: string, firstSeen: number): RevisionRecord => ({
        service: serviceName(mine),
        identity: { key: identityKey(key), images: [{ container: "app", image: "shop/api:v1", digest: digest("sha256:aa") }, { container: "sidecar", image: "envoy:1", digest: undefined }], taskDefinition: taskDefinitionArn("arn:td/api:1"), taskDefinitionHash: "th", configHash: "ch" },
        grade: "candidate", gradedAt: at(firstSeen), because: "first seen", firstSeen: at(firstSeen), labels: { commit: "abc", schema: { min: "001", head: "004" } }, provisional: false, pinned: undefined,
      });

      it("a revision is read back as it was first seen", async () => {
        expect(await one.revisions.see(record("r1", 1))).toEqual(record("r1", 1));
        expect(await other.revisions.list(serviceName(mine))).toEqual([record("r1", 1)]);
      });
      it("seeing a known revision again returns what stands", async () => {
        await one.revisions.see(record("r1", 1));
        await one.revisions.grade(serviceName(mine), identityKey("r1"), "bad", "5xx 12 %", at(5));
        expect(await other.revisions.see(record("r1", 9))).toMatchObject({ grade: "bad", because: "5xx 12 %", firstSeen: at(1) });
        expect(await one.revisions.list(serviceName(mine))).toHaveLength(1);
      });
      it("ten sightings at once leave one row", async () => {
        await Promise.all(ten.map((n) => both(n).revisions.see(record("r1", n))));
        expect(await one.revisions.list(serviceName(mine))).toHaveLength(1);
      });
      it("the list is newest first seen first and ends after twenty", async () => {
        for (let n = 1; n <= 21; n++) await one.revisions.see(record(`r${n}`, n));
        const keys = (await one.revisions.list(serviceName(mine))).map((row) => row.identity.key);
        expect(keys).toHaveLength(20);
        expect(keys.slice(0, 2)).toEqual(["r21", "r20"]);
        expect(keys.at(-1)).toBe("r2");
      });
      it("a grading one millisecond older than the one that stands changes nothing; one of the same moment or later does", async () => {
        const service = serviceName(mine);
        await one.revisions.see(record("r1", 1));
        await one.revisions.grade(service, identityKey("r1"), "good", "bake passed", at(10));
        await other.revisions.grade(service, identityKey("r1"), "served", "late word", epochMs(at(10) - 1));
        expect((await one.revisions.list(service))[0]).toMatchObject({ grade: "good", because: "bake passed" });
        await other.revisions.grade(service, identityKey("r1"), "suspect", "same moment", at(10));
        expect((await one.revisions.list(service))[0]?.grade).toBe("suspect");
        await other.revisions.grade(service, identityKey("r1"), "bad", "later", at(11));
        expect((await one.revisions.list(service))[0]).toMatchObject({ grade: "bad", gradedAt: at(11) });
      });
      it("a grade that was earned is no longer provisional", async () => {
        await one.revisions.see({ ...record("r1", 1), grade: "good", provisional: true });
        await one.revisions.grade(serviceName(mine), identityKey("r1"), "good", "bake passed", at(10));
        expect((await one.revisions.list(serviceName(mine)))[0]?.provisional).toBe(false);
      });
      it("grading a revision that nobody has seen is an error, not a new row", async () => {
        await expect(one.revisions.grade(serviceName(mine), identityKey("none"), "good", "?", at(1))).rejects.toMatchObject({ name: "PortError", kind: "not-found" });
        expect(await one.revisions.list(serviceName(mine))).toEqual([]);
      });
      it("a pinned copy is remembered and survives a grading", async () => {
        await one.revisions.see(record("r1", 1));
        await one.revisions.pin(serviceName(mine), identityKey("r1"), taskDefinitionArn("arn:td/api-pinned:1"));
        await one.revisions.grade(serviceName(mine), identityKey("r1"), "good", "bake passed", at(10));
        expect((await other.revisions.list(serviceName(mine)))[0]).toMatchObject({ pinned: "arn:td/api-pinned:1", grade: "good" });
      });
    });

    describe("tuples", () => {
      const tuple = (n: number) => ({ group: mine, members: { api: identityKey(`a${n}`), worker: identityKey(`w${n}`) }, at: at(n) });

      it("the list is newest first and ends after ten", async () => {
        for (let n = 1; n <= 11; n++) await one.tuples.add(tuple(n));
        const listed = await other.tuples.list(mine);
        expect(listed).toHaveLength(10);
        expect(listed[0]).toEqual({ group: mine, members: { api: "a11", worker: "w11" }, at: at(11) });
        expect(listed.at(-1)?.members["api"]).toBe("a2");
      });
      it("adding the same tuple again, from ten sides, leaves one", async () => {
        await Promise.all(ten.map((n) => both(n).tuples.add(tuple(1))));
        expect(await one.tuples.list(mine)).toHaveLength(1);
      });
      it("two different tuples of one moment both stand", async () => {
        await one.tuples.add(tuple(1));
        await one.tuples.add({ ...tuple(1), members: { api: identityKey("a2") } });
        expect(await one.tuples.list(mine)).toHaveLength(2);
      });
    });

    describe("watches", () => {
      const watch = (key: string, more: Partial<WatchRecord> = {}): WatchRecord => ({ group: mine, key, members: { api: ecsDeploymentId("ecs-svc/1") }, openedAt: at(0), state: "watching", ours: [], tailUntil: at(86_400), verdict: undefined, ...more });

      it("a watch is found again as it was written", async () => {
        expect(await one.watches.find(mine)).toBeUndefined();
        expect(await one.watches.replace(undefined, watch("k1"))).toBe(true);
        expect(await other.watches.find(mine)).toEqual(watch("k1"));
      });
      it("of ten that open a watch at once exactly one does", async () => {
        const won = await Promise.all(ten.map((n) => both(n).watches.replace(undefined, watch(`k${n}`))));
        expect(won.filter(Boolean)).toHaveLength(1);
        expect((await one.watches.find(mine))?.key).toBe(`k${won.indexOf(true)}`);
      });
      it("of ten that supersede the same watch exactly one does", async () => {
        await one.watches.replace(undefined, watch("k"));
        const won = await Promise.all(ten.map((n) => both(n).watches.replace(watch("k"), watch(`k${n}`))));
        expect(won.filter(Boolean)).toHaveLength(1);
      });
      it("a change of any part since it was read refuses the replacement", async () => {
        await one.watches.replace(undefined, watch("k"));
        await one.watches.replace(watch("k"), watch("k", { ours: ["ecs-svc/2"] }));
        expect(await other.watches.replace(watch("k"), watch("k", { state: "acting" }))).toBe(false);
        expect(await other.watches.replace(watch("k", { ours: ["ecs-svc/2"] }), watch("k", { ours: ["ecs-svc/2"], state: "closed", verdict: "leave" }))).toBe(true);
        expect(await one.watches.find(mine)).toMatchObject({ state: "closed", verdict: "leave" });
      });
      it("replacing a watch that is not there is refused", async () => {
        expect(await one.watches.replace(watch("k"), watch("k2"))).toBe(false);
        expect(await one.watches.find(mine)).toBeUndefined();
      });
      it("the sweep sees the watches of every group", async () => {
        await one.watches.replace(undefined, watch("k"));
        await one.watches.replace(undefined, { ...watch("k"), group: `${mine}-b` });
        const groups = (await other.watches.all()).map((row) => row.group);
        expect(groups).toEqual(expect.arrayContaining([mine, `${mine}-b`]));
      });
    });

    describe("signals", () => {
      const alarm = (value: "OK" | "ALARM", since: number) => ({ name: "api-5xx #1", value, since: at(since), reason: `${value} since ${since}` });

      it("the newest state of an alarm wins, in whichever order the events come", async () => {
        const service = serviceName(mine);
        await one.signals.alarm(service, alarm("OK", 20));
        await other.signals.alarm(service, alarm("ALARM", 10));
        expect((await one.signals.read(service, at(0))).alarms).toEqual([alarm("OK", 20)]);
        await other.signals.alarm(service, alarm("ALARM", 30));
        expect((await one.signals.read(service, at(0))).alarms).toEqual([alarm("ALARM", 30)]);
      });
      it("changes since a moment include that moment and not the millisecond before; alarms come whatever their age", async () => {
        const service = serviceName(mine);
        const note = { service, kind: "migration" as const, at: at(10), schemaHead: "004", reversible: false };
        await one.signals.alarm(service, alarm("ALARM", 1));
        await one.signals.change({ service, kind: "deployment", at: epochMs(at(10) - 1), commit: "abc", pullRequest: "7" });
        await one.signals.change(note);
        expect(await other.signals.read(service, at(10))).toEqual({ alarms: [alarm("ALARM", 1)], changes: [note] });
        expect((await other.signals.read(service, epochMs(at(10) - 1))).changes).toHaveLength(2);
      });
      it("the same change told ten times is one change", async () => {
        const service = serviceName(mine);
        await Promise.all(ten.map((n) => both(n).signals.change({ service, kind: "deployment", at: at(1), commit: "abc" })));
        expect((await one.signals.read(service, at(0))).changes).toHaveLength(1);
      });
    });

    describe("audit", () => {
      const entry = (key: string, body: Readonly<Record<string, unknown>> = {}) => ({ chain: mine, key, at: at(1), kind: "intent" as const, actor: "guard", body });

      it("records of one chain are numbered from one, linked, and read newest first", async () => {
        await one.audit.append(entry("a", { b: 1, a: { d: null, c: [1.5, "x", ""] } }));
        await one.audit.append(entry("b"));
        const read = await other.audit.read(mine);
        expect(read.map((record) => [record.seq, record.key])).toEqual([[2, "b"], [1, "a"]]);
        expect(read[1]?.body).toEqual({ b: 1, a: { d: null, c: [1.5, "x", ""] } });
        expect(verifyChain(read)).toMatchObject({ kind: "whole", records: 2 });
      });
      it("a repeated key returns the record that stands, in this process and in another", async () => {
        const first = await one.audit.append(entry("a", { try: 1 }));
        await one.audit.append(entry("b"));
        expect(await one.audit.append(entry("a", { try: 2 }))).toEqual(first);
        expect(await other.audit.append(entry("a", { try: 3 }))).toEqual(first);
        expect(await one.audit.read(mine)).toHaveLength(2);
      });
      it("a process that fell behind finds the key that another wrote meanwhile", async () => {
        await one.audit.append(entry("a"));
        const theirs = await other.audit.append(entry("b"));
        await other.audit.append(entry("c"));
        expect(await one.audit.append(entry("b", { late: true }))).toEqual(theirs);
        expect(await one.audit.read(mine)).toHaveLength(3);
      });
      it("ten appenders at once give one unbroken chain with every key once", async () => {
        await Promise.all(ten.map((n) => both(n).audit.append(entry(`k${n}`))));
        const read = await one.audit.read(mine);
        expect(verifyChain(read)).toMatchObject({ kind: "whole", records: 10 });
        expect(read.map((record) => record.key).sort()).toEqual(["k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8", "k9"]);
      });
      it("ten appenders of one key at once give one record", async () => {
        const records = await Promise.all(ten.map((n) => both(n).audit.append(entry("same", { from: n }))));
        expect(new Set(records.map((record) => record.hash)).size).toBe(1);
        expect(await one.audit.read(mine)).toHaveLength(1);
      });
      it("reading goes on before a number and stops at the beginning", async () => {
        for (const n of ten) await one.audit.append(entry(`k${n}`));
        expect((await one.audit.read(mine, 3)).map((record) => record.seq)).toEqual([2, 1]);
        expect(await one.audit.read(mine, 1)).toEqual([]);
        expect(await one.audit.read(`${mine}-empty`)).toEqual([]);
      });
      it("a page ends after a hundred records", async () => {
        for (let n = 1; n <= 101; n++) await one.audit.append(entry(`k${n}`));
        const page = await other.audit.read(mine);
        expect(page).toHaveLength(100);
        expect(page.at(-1)?.seq).toBe(2);
      });
    });

    describe("incidents", () => {
      const incident = (id: string): Omit<Incident, "entries"> => ({ id, service: "api", severity: "P2", title: "5xx 12 %", openedAt: at(0), state: "open" });
      const entry = (key: string, seconds: number): Entry => ({ key, at: at(seconds), kind: "seen", text: `line ${key}`, announce: true });

      it("opening twice changes nothing", async () => {
        await one.incidents.open(incident(mine));
        await one.incidents.settle(mine, "resolved");
        await other.incidents.open({ ...incident(mine), title: "another" });
        expect(await one.incidents.find(mine)).toEqual({ ...incident(mine), state: "resolved", entries: [] });
      });
      it("entries stand in the order of their moments, then keys, whatever the order they were said in", async () => {
        await one.incidents.open(incident(mine));
        await one.incidents.say(mine, entry("c", 2));
        await one.incidents.say(mine, entry("b", 1));
        await one.incidents.say(mine, entry("a", 2));
        expect((await other.incidents.find(mine))?.entries).toEqual([entry("b", 1), entry("a", 2), entry("c", 2)]);
      });
      it("the same key said from ten sides is one line, the first", async () => {
        await one.incidents.open(incident(mine));
        await one.incidents.say(mine, entry("a", 1));
        await Promise.all(ten.map((n) => both(n).incidents.say(mine, { ...entry("a", 1), text: `again ${n}` })));
        expect((await one.incidents.find(mine))?.entries).toEqual([entry("a", 1)]);
      });
      it("settling moves the state and shows a new severity and title, or leaves them", async () => {
        await one.incidents.open(incident(mine));
        await one.incidents.settle(mine, "needs-person", { severity: "P1", title: "all requests fail" });
        expect(await other.incidents.find(mine)).toMatchObject({ state: "needs-person", severity: "P1", title: "all requests fail" });
        await one.incidents.settle(mine, "resolved");
        expect(await other.incidents.find(mine)).toMatchObject({ state: "resolved", severity: "P1", title: "all requests fail" });
      });
      it("settling an incident that was never opened is an error, and it still does not exist", async () => {
        await expect(one.incidents.settle(mine, "resolved")).rejects.toMatchObject({ kind: "not-found" });
        expect(await one.incidents.find(mine)).toBeUndefined();
      });
      it("the list is newest id first and as long as asked", async () => {
        // Later ids than any other test's: the list is of all incidents.
        for (const n of [1, 2, 3]) await one.incidents.open(incident(`zz-${mine.padStart(6, "0")}-${n}`));
        const ids = (await other.incidents.list(2)).map((row) => row.id);
        expect(ids).toEqual([`zz-${mine.padStart(6, "0")}-3`, `zz-${mine.padStart(6, "0")}-2`]);
      });
    });

    describe("approvals", () => {
      const approval = (more: Partial<Approval> = {}): Approval => ({
        plan: mine, planHash: "h1", what: "roll back api", because: "5xx", service: "api", askedAt: at(0), expiresAt: at(600), state: "pending", by: undefined, answeredAt: undefined, callbackId: "cb-1", ...more,
      });

      it("a question is found again as it was asked, and asking it again changes nothing", async () => {
        await one.approvals.ask(approval());
        await other.approvals.ask(approval({ what: "something else" }));
        expect(await one.approvals.find(mine)).toEqual(approval());
        expect((await one.approvals.pending()).filter((row) => row.plan === mine)).toHaveLength(1);
      });
      it("another plan under the same id is refused", async () => {
        await one.approvals.ask(approval());
        await expect(one.approvals.ask(approval({ planHash: "h2" }))).rejects.toMatchObject({ kind: "conflict" });
        expect((await one.approvals.find(mine))?.planHash).toBe("h1");
      });
      it("an answer is written once; ten at once are one answer and nine latecomers", async () => {
        await one.approvals.ask(approval());
        const answers = await Promise.all(ten.map((n) => both(n).approvals.answer(mine, "h1", n % 2 === 0 ? "approved" : "denied", `person ${n}`, at(5))));
        expect(answers.filter((answer) => answer === "answered")).toHaveLength(1);
        expect(answers.filter((answer) => answer === "answered-before")).toHaveLength(9);
        expect((await one.approvals.find(mine))?.by).toBe(`person ${answers.indexOf("answered")}`);
      });
      it("a plan may be answered until the millisecond before it expires", async () => {
        await one.approvals.ask(approval());
        expect(await one.approvals.answer(mine, "h1", "approved", "ana", at(600))).toBe("expired");
        expect((await one.approvals.find(mine))?.state).toBe("pending");
        expect(await one.approvals.answer(mine, "h1", "approved", "ana", epochMs(at(600) - 1))).toBe("answered");
        expect(await one.approvals.find(mine)).toEqual(approval({ state: "approved", by: "ana", answeredAt: epochMs(at(600) - 1) }));
      });
      it("a word for another plan's hash, or for no plan, changes nothing", async () => {
        await one.approvals.ask(approval());
        expect(await one.approvals.answer(mine, "h2", "approved", "ana", at(5))).toBe("plan-changed");
        expect(await one.approvals.answer(`${mine}-none`, "h1", "approved", "ana", at(5))).toBe("unknown");
        expect(await one.approvals.find(mine)).toEqual(approval());
        expect(await one.approvals.find(`${mine}-none`)).toBeUndefined();
      });
      it("pending plans are listed newest first and leave the list when answered", async () => {
        await one.approvals.ask(approval({ plan: `${mine}-a`, askedAt: at(100_000) }));
        await one.approvals.ask(approval({ plan: `${mine}-b`, askedAt: at(100_001) }));
        await one.approvals.ask(approval({ plan: `${mine}-c`, askedAt: at(100_002) }));
        await other.approvals.answer(`${mine}-b`, "h1", "denied", "ana", at(5));
        expect((await one.approvals.pending()).slice(0, 2).map((row) => row.plan)).toEqual([`${mine}-c`, `${mine}-a`]);
      });
    });

    describe("claims", () => {
      it("the first holder has it, and has it again; nobody else has", async () => {
        expect(await one.claims.claim(mine, "a", at(0))).toBe(true);
        expect(await other.claims.claim(mine, "b", at(1))).toBe(false);
        expect(await other.claims.claim(mine, "a", at(2))).toBe(true);
      });
      it("of ten claimants exactly one wins", async () => {
        const won = await Promise.all(ten.map((n) => both(n).claims.claim(mine, `holder ${n}`, at(0))));
        expect(won.filter(Boolean)).toHaveLength(1);
      });
    });

    describe("deliveries", () => {
      it("the first thread of an incident stands", async () => {
        expect(await one.deliveries.thread(mine)).toBeUndefined();
        await one.deliveries.setThread(mine, "C1", "1.1");
        await other.deliveries.setThread(mine, "C1", "2.2");
        expect(await one.deliveries.thread(mine)).toEqual({ channel: "C1", ts: "1.1" });
      });
      it("what was sent stays sent when a slower sender says it is trying", async () => {
        expect(await one.deliveries.state(mine, "opened")).toBeUndefined();
        await one.deliveries.mark(mine, "opened", "trying");
        expect(await other.deliveries.state(mine, "opened")).toBe("trying");
        await one.deliveries.mark(mine, "opened", "sent");
        await other.deliveries.mark(mine, "opened", "trying");
        expect(await one.deliveries.state(mine, "opened")).toBe("sent");
      });
    });
  });
}
