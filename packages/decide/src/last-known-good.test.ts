import { days, epochMs, type GoodTuple, hours, type RevisionRecord, serviceName, serviceRevisionArn } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { alarm, guarded, identity, record, T0 } from "./fixtures.ts";
import { bootstrapRecord, chooseCandidate, type ToChoose } from "./last-known-good.ts";
import { schemaFits } from "./schema.ts";

const choose = (known: readonly RevisionRecord[], over: Partial<ToChoose> = {}) =>
  chooseCandidate({ service: guarded("shop-api"), known, tuples: [], current: identity("shop-api", 43).key, migrations: [], at: T0, ...over });
const key = (choice: { record: RevisionRecord | undefined }) => choice.record?.identity.key;
const now = record("shop-api", 43, "candidate");
const of = (revision: number, grade: RevisionRecord["grade"], over: Partial<RevisionRecord> = {}) => record("shop-api", revision, grade, over);

describe("the last known good", () => {
  it.each([
    ["is the newest good one", [now, of(42, "good"), of(41, "good")], "shop-api/42"],
    ["is found past a bad hotfix", [now, of(42, "bad"), of(41, "good")], "shop-api/41"],
    ["is found past a suspect", [now, of(42, "suspect"), of(41, "good")], "shop-api/41"],
    ["may be three identities back", [now, of(42, "bad"), of(41, "bad"), of(40, "good")], "shop-api/40"],
    ["may not be four back", [now, of(42, "bad"), of(41, "bad"), of(40, "bad"), of(39, "good")], undefined],
    ["is never what runs now", [of(43, "good"), of(42, "bad")], undefined],
    ["is not merely a candidate", [now, of(42, "candidate")], undefined],
    ["does not exist for a first deployment", [now], undefined],
  ] as const)("%s", (_, known, expected) => expect(key(choose(known))).toBe(expected));
  it("is forgotten after 30 days", () => {
    expect(choose([now, of(42, "good", { gradedAt: epochMs(T0 - days(30)) })]).record?.grade).toBe("good");
    expect(choose([now, of(42, "good", { gradedAt: epochMs(T0 - days(30) - 1) })]).record?.grade).toBe("served");
  });
  it("may be the direct predecessor that only served, marked as such", () => {
    expect(choose([now, of(42, "served"), of(41, "bad")]).record).toMatchObject({ grade: "served", identity: { key: "shop-api/42" } });
    expect(choose([now, of(42, "bad"), of(41, "served")]).record).toBeUndefined();
  });
  it("prefers a revision that fits the schema", () => {
    const migrations = [{ service: serviceName("shop-api"), kind: "migration" as const, at: epochMs(T0 - days(1)), schemaHead: "42" }];
    const labels = { schema: { min: "40", head: "42" } };
    expect(key(choose([now, of(42, "good"), of(41, "good", { labels })], { migrations }))).toBe("shop-api/41");
  });
  it("says why there is none", () => {
    expect(choose([now, of(42, "bad")]).because).toBe("none of the 1 revisions before it is known to be good (shop-api:42 bad)");
  });
});

describe("a group's last known good", () => {
  const tuple = (api: number, worker: number): GoodTuple => ({
    group: "shop",
    members: { "shop-api": identity("shop-api", api).key, "shop-worker": identity("shop-worker", worker).key },
    at: T0,
  });
  it("is the newest set that was good together, not each one's newest", () => {
    expect(choose([now, of(42, "good"), of(41, "good")], { tuples: [tuple(41, 7)] })).toMatchObject({
      together: true,
      record: { identity: { key: "shop-api/41" } },
    });
  });
  it("names what runs already for a member that does not move", () => {
    expect(key(choose([of(43, "good"), of(42, "good")], { tuples: [tuple(43, 7)] }))).toBe("shop-api/43");
  });
  it("skips a set whose member turned out bad", () => {
    expect(key(choose([now, of(42, "suspect"), of(41, "good")], { tuples: [tuple(42, 8), tuple(41, 7)] }))).toBe("shop-api/41");
    expect(key(choose([now, of(42, "suspect"), of(41, "good")], { tuples: [tuple(42, 8)] }))).toBeUndefined();
  });
});

describe("the first watch", () => {
  const boot = (age: number, alarms = [alarm({ value: "OK" })]) =>
    bootstrapRecord({
      service: serviceName("shop-api"),
      revision: { arn: serviceRevisionArn("r"), identity: identity("shop-api", 42), createdAt: epochMs(T0 - age), labels: {} },
      alarmsAtStart: alarms,
      at: T0,
    });
  it("takes a revision as good that ran a day without an alarm", () => {
    expect(boot(hours(24))).toMatchObject({ grade: "good", provisional: true, firstSeen: T0 - 86_400_000 });
    expect(boot(hours(24) - 1)).toMatchObject({ grade: "served", provisional: false });
    expect(boot(hours(48), [alarm()])).toMatchObject({ grade: "served", because: "alarm shop-slo rang at the first watch" });
  });
});

describe("the schema", () => {
  const note = (over: object = {}) => [{ service: serviceName("shop-api"), kind: "migration" as const, at: T0, ...over }];
  const row = (schema?: { min: string; head: string }) => ({ labels: schema === undefined ? {} : { schema }, firstSeen: epochMs(T0 - 1) });
  const fits = (candidate: ReturnType<typeof row>, notes: ReturnType<typeof note>, unknown: "hold" | "allow-without-migration" = "allow-without-migration") =>
    schemaFits(candidate, notes, { policy: { unknown }, judged: undefined }).fits;
  it.each([
    ["no labels, no migration, policy allow", fits(row(), []), true],
    ["no labels, no migration, policy hold", fits(row(), [], "hold"), false],
    ["no labels, a migration", fits(row(), note()), false],
    ["a migration before the candidate was first seen", fits({ ...row(), firstSeen: T0 }, note()), true],
    ["irreversible, even inside the window", fits(row({ min: "1", head: "9" }), note({ schemaHead: "5", reversible: false })), false],
    ["at the lower end", fits(row({ min: "0039_a", head: "0041_c" }), note({ schemaHead: "0039_a" })), true],
    ["inside by number", fits(row({ min: "0039_a", head: "0041_c" }), note({ schemaHead: "0040_b" })), true],
    ["one beyond", fits(row({ min: "0039_a", head: "0041_c" }), note({ schemaHead: "0042_d" })), false],
    ["names without an order", fits(row({ min: "ae10", head: "bf20" }), note({ schemaHead: "cc30" })), false],
    ["a window and no migration", fits(row({ min: "1", head: "2" }), []), true],
  ])("%s: %s", (_, found, expected) => expect(found).toBe(expected));
  it("is taken from the judged revision where no migration was announced", () => {
    expect(
      schemaFits(row({ min: "1", head: "2" }), [], { policy: { unknown: "allow-without-migration" }, judged: { schema: { min: "2", head: "3" } } }).fits,
    ).toBe(false);
  });
});
