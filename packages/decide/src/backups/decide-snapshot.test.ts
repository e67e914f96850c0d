import { type BackupRecord, backupId, epochMs, hours, minutes } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { decideSnapshot, judgeSnapshot, type SnapshotFacts, type SnapshotSettled, type SnapshotSubject, snapshotRow } from "./decide-snapshot.ts";

const at = epochMs(Date.UTC(2026, 10, 21, 2, 0));
type Rds = Extract<SnapshotSubject, { kind: "rds-snapshot" }>;
const rds = (over: Partial<Rds> = {}): Rds => ({
  kind: "rds-snapshot",
  instance: { status: "available", multiAz: true, arn: "arn:1" },
  quota: { used: 3, most: 100 },
  automated: undefined,
  ...over,
});
const facts = (over: Partial<SnapshotFacts> = {}): SnapshotFacts => ({
  of: "shop",
  at,
  scheduled: at,
  series: "nightly",
  subject: rds(),
  rows: [],
  heldBecause: undefined,
  ...over,
});
const says = (over: Partial<SnapshotFacts>) => {
  const verdict = decideSnapshot(facts(over));
  return verdict.kind === "leave" ? `${verdict.red ? "red" : "leave"}: ${verdict.because[0]}` : `take ${verdict.wrong.join("; ")}`.trim();
};

const row: BackupRecord = {
  id: backupId("shop-261121-0200-nightly-snapshot"),
  of: "shop",
  kind: "rds-snapshot",
  series: "nightly",
  state: "running",
  proof: "none",
  scheduled: at,
  times: {},
  version: 1,
};

test("a snapshot has its name from its hour", () => {
  expect(decideSnapshot(facts())).toMatchObject({
    kind: "take",
    id: "shop-261121-0200-nightly-snapshot",
    name: "nightshift-shop-261121-0200-nightly-snapshot",
  });
});

test.each([
  ["twice", { rows: [{ ...row, state: "uploaded" as const }] }, "leave: shop-261121-0200-nightly-snapshot is uploaded already"],
  ["inside a hold", { heldBecause: "lead holds shop" }, "leave: nothing is changed inside a hold: lead holds shop"],
  ["of an instance that is gone", { subject: rds({ instance: undefined }) }, "red: RDS knows no instance of shop: was it renamed or deleted?"],
  [
    "of one that is stopped",
    { subject: rds({ instance: { status: "stopped", multiAz: true, arn: "a" } }) },
    "red: the instance of shop is stopped, and RDS takes snapshots of available ones only",
  ],
  [
    "without room",
    { subject: rds({ quota: { used: 100, most: 100 } }) },
    'red: 100 of 100 manual snapshots of this account and region are used: ask AWS for more (Service Quotas, "Manual DB instance snapshots"), or keep fewer',
  ],
  [
    "of a cache that is gone",
    { subject: { kind: "cache-snapshot", cache: undefined } as const },
    "red: ElastiCache knows no cache of shop: was it renamed or deleted?",
  ],
  [
    "of a cache that is being changed",
    { subject: { kind: "cache-snapshot", cache: { status: "modifying" } } as const },
    "red: the cache of shop is modifying, and ElastiCache takes snapshots of available ones only",
  ],
] as const)("nothing is taken %s", (_, over, expected) => {
  expect(says(over)).toBe(expected);
});

test.each([
  [
    "room for the last one",
    rds({ quota: { used: 99, most: 100 } }),
    "take 99 of 100 manual snapshots are used: in some days there is no room. Ask AWS for more, or keep fewer.",
  ],
  ["room enough", rds({ quota: { used: 89, most: 100 } }), "take"],
  ["a table as it should be", { kind: "dynamodb-backup", pointInTime: true, deletionProtection: true, lacksReplica: undefined }, "take"],
  [
    "a table that nothing protects",
    { kind: "dynamodb-backup", pointInTime: false, deletionProtection: false, lacksReplica: "us-west-2" },
    "take point-in-time recovery of shop is off: turn it on (UpdateContinuousBackups), or up to a day is lost; deletion protection of shop is off: one call deletes the table; shop has no replica in us-west-2",
  ],
  ["media as they should be", { kind: "media", versioning: "on", replicates: true }, "take"],
  ["media without a replica asked for", { kind: "media", versioning: "on", replicates: undefined }, "take"],
  [
    "media that nothing keeps",
    { kind: "media", versioning: "suspended", replicates: false },
    "take versioning of shop is suspended: what is overwritten or deleted is gone; no replication rule copies everything of shop to its replica",
  ],
  ["the configuration", { kind: "configuration" }, "take"],
  ["a cache", { kind: "cache-snapshot", cache: { status: "available" } }, "take"],
] as const)("with %s it is taken, and what is wrong is told", (_, subject, expected) => {
  expect(says({ subject })).toBe(expected);
});

describe("a Single-AZ instance is not stopped a second time", () => {
  const single = { status: "available", multiAz: false, arn: "arn:1" };
  const automated = (ago: number) => ({ arn: "arn:auto", contentsOf: epochMs(at - ago) });
  const copies = (subject: Rds, series: SnapshotFacts["series"] = "nightly") => {
    const verdict = decideSnapshot(facts({ subject, series }));
    return verdict.kind === "take" ? verdict.copyOf?.arn : "left";
  };
  test("where the automated snapshot of tonight can be copied", () => {
    expect(copies(rds({ instance: single, automated: automated(hours(6)) }))).toBe("arn:auto");
  });
  test("but an older one, a Multi-AZ instance and a snapshot before a deployment are taken anew", () => {
    expect(copies(rds({ instance: single, automated: automated(hours(6) + 1) }))).toBeUndefined();
    expect(copies(rds({ automated: automated(minutes(1)) }))).toBeUndefined();
    expect(copies(rds({ instance: single, automated: automated(minutes(1)) }), "before-deploy")).toBeUndefined();
  });
});

describe("what was taken is judged by looking again", () => {
  const judged = (settled: SnapshotSettled, wrong: readonly string[] = []) => judgeSnapshot(settled, wrong);
  test.each([
    ["stands", { stands: "ready" }, [], "kept", ["it stands"]],
    ["failed", { stands: "failed", because: "RDS says failed" }, [], "red", ["RDS says failed"]],
    ["never came", { stands: "waiting" }, [], "red", ["it was not there in time"]],
    [
      "has no copy",
      { stands: "ready", copy: { region: "us-west-2", stands: "failed", because: "failed: no permission on the key" } },
      [],
      "red",
      ["its copy in us-west-2 failed: no permission on the key"],
    ],
    ["stands beside something wrong", { stands: "ready" }, ["versioning is off"], "red", ["versioning is off"]],
  ] as const)("%s", (_, settled, wrong, kind, because) => {
    expect(judged(settled, wrong)).toEqual({ kind, because });
  });
  test("a snapshot that stands only exists: nobody restored it", () => {
    const settled: SnapshotSettled = { stands: "ready", where: "arn:s", contentsOf: at, copy: { region: "us-west-2", where: "arn:c", stands: "ready" } };
    const later = epochMs(at + minutes(12));
    expect(snapshotRow(row, settled, { at: later, end: judged(settled) })).toMatchObject({
      state: "uploaded",
      proof: "exists",
      where: "arn:s",
      contentsOf: at,
      copies: [{ region: "us-west-2", where: "arn:c", at: later }],
      times: { available: 720_000 },
    });
    expect(snapshotRow({ ...row, kind: "media" }, settled, { at: later, end: judged(settled) }).proof).toBe("checked");
    expect(snapshotRow(row, { stands: "waiting" }, { at: later, end: judged({ stands: "waiting" }) })).toMatchObject({
      state: "failed",
      proof: "none",
      because: "it was not there in time",
    });
  });
});
