import { shopDatabase } from "@nightshift/decide/backups/database.fixture";
import { decideDrill, type DrillFacts, expiredDrills } from "@nightshift/decide/backups/decide-drill";
import { decideNight, type NightFacts } from "@nightshift/decide/backups/decide-night";
import { cloudRemovals, decidePrune } from "@nightshift/decide/backups/decide-prune";
import { type RestoreOrder, wayOf } from "@nightshift/decide/backups/decide-restore";
import { decideSnapshot } from "@nightshift/decide/backups/decide-snapshot";
import { type FreshFacts, judgeFreshness } from "@nightshift/decide/backups/freshness";
import { gateSnapshot } from "@nightshift/decide/backups/gate-snapshot";
import { judgeDay } from "@nightshift/decide/backups/gates";
import { judgeComparison } from "@nightshift/decide/backups/judge-comparison";
import { judgeNight, judgeRun, type RunEnding } from "@nightshift/decide/backups/judge-run";
import { manifest } from "@nightshift/decide/backups/manifest.fixture";
import { provenBefore } from "@nightshift/decide/backups/slice-before";
import { type BackupRecord, backupId, days, type DrillSettings, epochMs, hours, minutes, percent, seconds } from "@nightshift/model";
import type { GuardName } from "@nightshift/model/guards";
import { nightAgo, NIGHT, snapshotAgo } from "./backup-facts.ts";
import type { GuardCase } from "./case.ts";

const only = (off: GuardName, promise: string, kept: GuardCase["kept"]): GuardCase => ({ off: [off], promise, kept });

const night = (over: Partial<NightFacts>): string =>
  decideNight(
    {
      at: NIGHT,
      scheduled: NIGHT,
      series: "nightly",
      rows: [nightAgo(1)],
      instance: { status: "available", allocatedGiB: 100 },
      deploying: [],
      heldBecause: undefined,
      ...over,
    },
    shopDatabase,
  ).kind;

const ending: RunEnding = { state: "verified", differences: [], findings: [], times: { compare: seconds(120) }, verifierFails: true };
const judged = (over: Partial<RunEnding>): string => judgeNight({ kind: "ended", end: { ...ending, ...over } }, { proves: true }).kind;

const fresh = (over: Partial<FreshFacts>): number =>
  judgeFreshness({
    of: "shop",
    at: epochMs(NIGHT + hours(3)),
    nightly: { hour: 2, minute: 0 },
    lateAfter: hours(2),
    rows: [nightAgo(1), nightAgo(0)],
    counts: ["verified"],
    stored: undefined,
    lookingSince: epochMs(NIGHT - days(30)),
    heldBecause: undefined,
    ...over,
  }).length;

const drilled: DrillSettings = {
  day: 3,
  at: { hour: 4, minute: 15 },
  from: "snapshot",
  instanceClass: "db.t4g.medium",
  subnetGroup: "isolated",
  securityGroups: ["sg-drill"],
  atMost: hours(6),
  costAtMost: 1,
};
const source: NonNullable<DrillFacts["source"]> = { instance: "shop-prod", allocatedGiB: 100, parameterGroup: undefined, latestRestorable: undefined };
const drill = (over: Partial<DrillFacts>): string =>
  decideDrill({
    of: "shop",
    at: NIGHT,
    scheduled: NIGHT,
    drill: drilled,
    source,
    newest: { id: "nightshift-shop-1", contentsOf: NIGHT },
    dumps: [nightAgo(1)],
    standing: [],
    heldBecause: undefined,
    ...over,
  }).kind;

const order: RestoreOrder = { of: "shop", at: epochMs(NIGHT - hours(2)), by: "lead", because: "a bad migration", asked: NIGHT };

/** The snapshots of some nights, of which one month is kept: those that go. */
const gone = (rows: Parameters<typeof cloudRemovals>[0]): readonly string[] => cloudRemovals(rows, { keep: days(30), at: NIGHT }).map(({ id }) => id);
const newer = [snapshotAgo(0), snapshotAgo(1), snapshotAgo(2)];

const proves = (over: Partial<RunEnding>): boolean => judgeComparison({ kind: "ended", end: { ...ending, ...over } }, 8).kind === "proven";
const gate = (state: BackupRecord["state"]): string => gateSnapshot({ status: undefined, row: { state }, waited: minutes(0), atMost: minutes(30) }).kind;

const taking: readonly GuardCase[] = [
  only(
    "a backup that ended is not taken again",
    "a night that failed is not taken a second time",
    () => night({ rows: [nightAgo(0, { id: backupId("shop-261121-0200-nightly"), state: "failed" })] }) === "leave",
  ),
  only("no deployment without its snapshot", "a deployment whose snapshot failed stops", () => gate("failed") === "stop"),
  only(
    "one backup of a database at a time",
    "no second backup begins beside one that runs",
    () => night({ rows: [nightAgo(0, { state: "running" })] }) === "leave",
  ),
  only(
    "quota leaves room",
    "no snapshot is asked for where none has room",
    () =>
      decideSnapshot({
        of: "shop",
        at: NIGHT,
        scheduled: NIGHT,
        series: "nightly",
        subject: {
          kind: "rds-snapshot",
          instance: { status: "available", multiAz: true, arn: "arn" },
          quota: { used: 100, most: 100 },
          automated: undefined,
        },
        rows: [],
        heldBecause: undefined,
      }).kind === "leave",
  ),
];

const proving: readonly GuardCase[] = [
  only(
    "a run that died is no backup",
    "a task that stopped without a word has died",
    () => judgeRun({ task: { state: "stopped", exitCode: 137 }, ended: undefined, phase: "dumping" }).kind === "died",
  ),
  only("only what was compared is proven", "a copy that differs is not proven", () => judged({ differences: ["shop.orders lacks a row"] }) === "red"),
  only("only what was compared is proven", "a copy that nobody compared is not proven", () => judged({ times: {} }) === "red"),
  only("only what was compared is proven", "a verifier that sees no damage proves nothing", () => judged({ verifierFails: false }) === "red"),
  only("only what was compared is proven", "an instance that differs is not proven", () => !proves({ differences: ["shop.orders lacks a row"] })),
  only("only what was compared is proven", "an instance whose comparison failed is not proven", () => !proves({ state: "failed" })),
  only(
    "a copy is held against an older proven backup",
    "a dump that may be newer than the copy is no measure of it",
    () => provenBefore([nightAgo(0)], epochMs(NIGHT + minutes(9))) === undefined,
  ),
  only(
    "a copy is held against an older proven backup",
    "a dump that was not proven is no measure of a copy",
    () => provenBefore([nightAgo(1, { state: "uploaded" })], NIGHT) === undefined,
  ),
  only("a proven backup that is gone is told", "a backup that the store lacks is told", () => fresh({ stored: [] }) === 1),
  only("a suspect backup is told", "a backup whose contents look wrong is told", () => fresh({ rows: [nightAgo(1, { state: "suspect" }), nightAgo(0)] }) === 1),
  only("a backup that lost rows is suspect", "a table that lost half of its rows is told", () => {
    const before = { ...manifest, tables: manifest.tables.map((table) => ({ ...table, rows: table.rows * 2 })) };
    return judgeDay(before, manifest, { gates: { rowDrop: percent(20), fresh: [] } }).length === 1;
  }),
  only("a backup of old rows is suspect", "a table that nobody wrote to is told", () => {
    const late = { ...manifest, at: epochMs(manifest.at + days(3)) };
    return judgeDay(undefined, late, { gates: { rowDrop: percent(20), fresh: [{ table: "shop.orders", column: "at", within: minutes(5) }] } }).length === 1;
  }),
  only("late night is told", "a night that nothing ever started is told", () => fresh({ rows: [nightAgo(1)] }) === 1),
  only("no word is not good news", "rows that cannot be read are told", () => fresh({ rows: undefined }) === 1),
];

const drilling: readonly GuardCase[] = [
  only("one drill at a time", "no drill begins beside another", () => drill({ standing: ["nightshift-verify-blog-261120-0415"] }) === "leave"),
  only("drill costs no more than allowed", "a dear drill is not run", () => drill({ drill: { ...drilled, costAtMost: 0.1 } }) === "leave"),
  only(
    "drill costs no more than allowed",
    "a drill of unknown cost is not run",
    () => drill({ drill: { ...drilled, instanceClass: "db.x2.large" } }) === "leave",
  ),
  only(
    "drill has its own name",
    "a drill is not restored over its source",
    () => drill({ source: { ...source, instance: "nightshift-verify-shop-261121-0200" } }) === "leave",
  ),
  only(
    "only expired drills are swept",
    "an instance that is not ours, and one that has time, stay",
    () =>
      expiredDrills(
        [
          { instance: "nightshift-verify-theirs", status: "available", tags: { "nightshift:expires": "2026-11-20T00:00:00Z" } },
          {
            instance: "nightshift-verify-shop",
            status: "available",
            tags: { "nightshift:owner": "nightshift", "nightshift:purpose": "drill", "nightshift:expires": "2026-11-22T00:00:00Z" },
          },
        ],
        NIGHT,
      ).length === 0,
  ),
];

const restoring: readonly GuardCase[] = [
  only(
    "restore never goes over what runs",
    "a restore whose instance has the name of what runs is refused",
    () => wayOf(order, [], { ...shopDatabase, instance: "nightshift-restore-shop-261121-0200" }).kind === "refused",
  ),
  only("nothing is restored from what is no backup", "a backup that failed is not restored", () => {
    const { at: _, ...newest } = order;
    return wayOf({ ...newest, backup: nightAgo(0).id }, [nightAgo(0, { state: "failed" })], shopDatabase).kind === "refused";
  }),
];

const pruning: readonly GuardCase[] = [
  only(
    "stopped pruning deletes nothing",
    "a plan that was stopped is not carried out",
    () =>
      decidePrune({
        of: "shop",
        at: NIGHT,
        plan: { kept: [], removed: [{ id: backupId("old"), because: "old" }], refused: [], pointers: [], stopped: "the clocks differ" },
        cloud: [],
        heldBecause: undefined,
      }).kind === "leave",
  ),
  only(
    "used backup is not pruned",
    "a snapshot that a restore reads from stays",
    () => gone([snapshotAgo(40, { pinnedUntil: epochMs(NIGHT + 1) }), ...newer]).length === 0,
  ),
  only(
    "locked backup stays",
    "a snapshot that nobody may delete stays",
    () => gone([snapshotAgo(40, { lockedUntil: epochMs(NIGHT + 1) }), ...newer]).length === 0,
  ),
  only("a snapshot that is ahead counts nowhere", "a row from the future makes no snapshot old", () => {
    return gone([snapshotAgo(0, { id: backupId("ahead"), contentsOf: epochMs(NIGHT + days(3_650)) }), ...newer, snapshotAgo(3)]).length === 0;
  }),
  only("leftovers go beside enough that stands", "a snapshot that its row calls failed stays beside two that stand", () => {
    return gone([snapshotAgo(40, { state: "failed" }), ...newer.slice(1)]).length === 0;
  }),
  only("newest verified backups stay", "the newest three snapshots stay, however old", () => gone([40, 35, 0].map((ago) => snapshotAgo(ago))).length === 0),
  only(
    "never the last verified backup",
    "the newest proven snapshot stays, however old",
    () => gone([snapshotAgo(40, { state: "verified" }), ...newer]).length === 0,
  ),
  only(
    "newest copy elsewhere stays",
    "the newest copy in another region stays",
    () => gone([snapshotAgo(40, { copies: [{ region: "eu-central-1", where: "arn:copy", at: NIGHT }] }), ...newer]).length === 0,
  ),
  only(
    "age is counted from the newest verified",
    "snapshots do not grow old while none is taken",
    () => gone([60, 50, 45, 40].map((ago) => snapshotAgo(ago))).length === 0,
  ),
  only(
    "removals are bounded",
    "a day deletes ten snapshots at most",
    () => gone([...newer, ...Array.from({ length: 20 }, (_, n) => snapshotAgo(40 + n))]).length === 10,
  ),
];

/** What is decided about backups, without each protective line. */
export const backupDecisionGuards: readonly GuardCase[] = [...taking, ...proving, ...drilling, ...restoring, ...pruning];
