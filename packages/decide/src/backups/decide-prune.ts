import { type BackupId, type BackupRecord, days, type EpochMs, minutes, type Ms, type RetentionPlan, since } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { LockExtension } from "../retention/locks.ts";
import { cloudName } from "./names.ts";

/** What is known of one database's store before pruning. */
export interface PruneFacts {
  readonly of: string;
  readonly at: EpochMs;
  /** What retention makes of what lies there; undefined: there is no such store. */
  readonly plan: RetentionPlan | undefined;
  /** Copies that AWS keeps and nobody needs any more. */
  readonly cloud: readonly CloudRemoval[];
  /** Locks that end before their class does; absent: the store locks nothing. */
  readonly locks?: readonly LockExtension[];
  readonly heldBecause: string | undefined;
}

/** One snapshot, table or cache backup of ours that goes. */
export interface CloudRemoval {
  readonly id: BackupId;
  readonly kind: BackupRecord["kind"];
  /** Its name or ARN in the account. */
  readonly where: string;
  /** Copies of it that go, too. */
  readonly copies: readonly { readonly region: string; readonly where: string }[];
  readonly because: string;
}

/** Something shall be deleted, or pointed at. */
export interface Prune {
  readonly kind: "prune";
  readonly because: readonly string[];
  readonly plan: RetentionPlan | undefined;
  readonly cloud: readonly CloudRemoval[];
  /** What is kept and must be locked for longer. */
  readonly locks: readonly LockExtension[];
}
/** Nothing is deleted, and why. */
export interface LeavePrune {
  readonly kind: "leave";
  readonly because: readonly string[];
  /** Somebody must look: retention refused to go on. */
  readonly stopped: boolean;
}

/** What pruning does now. Two phases and the floor of proven ones are the planner's; a stopped plan is obeyed whole. */
export function decidePrune({ plan, cloud, locks = [], heldBecause }: PruneFacts): Prune | LeavePrune {
  if (heldBecause !== undefined && guard("hold at the verdict"))
    return { kind: "leave", because: [`nothing is deleted inside a hold: ${heldBecause}`], stopped: false };
  if (plan?.stopped !== undefined && guard("stopped pruning deletes nothing")) return { kind: "leave", because: [plan.stopped], stopped: true };
  const removed = (plan?.removed.length ?? 0) + cloud.length;
  return {
    kind: "prune",
    because: removed === 0 ? ["nothing is to be deleted"] : [...(plan?.removed ?? []), ...cloud].map(({ id, because }) => `${id}: ${because}`),
    plan,
    cloud,
    locks,
  };
}

/** Copies of so many days ago at most are deleted in one run. */
const AT_MOST = 10;
/** The newest so many always stay, however old. */
const FLOOR = 3;
/** A row may be so far ahead of our clock, as a dump may. Source: `facts/backups.md` section 4. */
const AHEAD = minutes(10);

/** How long copies are kept. */
export interface CloudKeeping {
  readonly keep: Ms;
  readonly at: EpochMs;
  /** The region that copies go to: one that came too late for its row goes with what it is of. */
  readonly copyTo?: string;
  /** Where nothing but copies before a restore is taken: the newest moment that is proven by other means. They are no floor of their own then. */
  readonly beside?: EpochMs | undefined;
  /** Nothing but copies before a restore is taken. */
  readonly safetyAlone?: boolean;
}

/**
 * Which of the copies that AWS keeps go: those of ours that stand, older than their time, counted from the newest that stands and never from
 * now; the newest three stay, and with them the newest copy in another region, because a copy after it would be a whole one. What failed, or came too
 * late for its row, may stand all the same and goes after the same time, while three others stand. A row from the future counts nowhere.
 * Source: "Incremental snapshot copying", https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html, 2026-11-21.
 */
export function cloudRemovals(rows: readonly BackupRecord[], keeping: CloudKeeping): readonly CloudRemoval[] {
  const { keep, at, safetyAlone = false, beside } = keeping;
  const known = rows
    .filter((row) => kinds.has(row.kind) && !guard("a snapshot that is ahead counts nowhere", Math.max(momentOf(row), row.scheduled) - at > AHEAD))
    .toSorted((a, b) => momentOf(a) - momentOf(b));
  const stands = known.filter(isStanding);
  const newest = safetyAlone ? beside : stands.at(-1)?.contentsOf;
  if (newest === undefined) return [];
  const anchor = guard("age is counted from the newest verified") ? newest : at;
  const floor = new Set(safetyAlone ? [] : stands.slice(-FLOOR).map(({ id }) => id));
  const enough = safetyAlone || stands.length >= FLOOR;
  const newestCopies = newestOf(stands);
  const proven = safetyAlone ? undefined : stands.findLast(({ state }) => state === "verified")?.id;
  return known
    .filter(
      (row) =>
        (isStanding(row) || (isLeftover(row) && !guard("leftovers go beside enough that stands", !enough))) &&
        !guard("newest verified backups stay", floor.has(row.id)) &&
        !guard("never the last verified backup", row.id === proven) &&
        since(momentOf(row), anchor) > keep &&
        !guard(
          "newest copy elsewhere stays",
          (row.copies ?? []).some(({ where }) => newestCopies.has(where)),
        ) &&
        !guard("used backup is not pruned", (row.pinnedUntil ?? 0) > at) &&
        !guard("locked backup stays", (row.lockedUntil ?? 0) > at),
    )
    .slice(0, guard("removals are bounded") ? AT_MOST : undefined)
    .map((row) => removalOf(row, { ...keeping, anchor }));
}

const kinds: ReadonlySet<BackupRecord["kind"]> = new Set(["rds-snapshot", "dynamodb-backup", "cache-snapshot"]);

const isStanding = ({ state, contentsOf, where }: BackupRecord): boolean =>
  (state === "verified" || state === "uploaded") && contentsOf !== undefined && where !== undefined;

/** What may stand though its row does not say so; what still runs is closed by the sweep first. */
const isLeftover = ({ state, contentsOf, where }: BackupRecord): boolean =>
  state === "failed" || ((state === "uploaded" || state === "verified") && (contentsOf === undefined || where === undefined));

const momentOf = ({ contentsOf, scheduled }: BackupRecord): EpochMs => contentsOf ?? scheduled;

/** The newest copy in each region. */
const newestOf = (stands: readonly BackupRecord[]): ReadonlySet<string> =>
  new Set(
    stands
      .flatMap(({ copies }) => copies ?? [])
      .toReversed()
      .filter((copy, n, all) => all.findIndex(({ region }) => region === copy.region) === n)
      .map(({ where }) => where),
  );

function removalOf(row: BackupRecord, { keep, anchor, copyTo }: CloudKeeping & { readonly anchor: EpochMs }): CloudRemoval {
  const { id, kind, copies = [] } = row;
  // Its name follows from its own, whatever became of its row; AWS is asked whether it is there, and whether it is ours.
  const where = row.where ?? cloudName("snapshot", id);
  const unsaid = copyTo === undefined || kind !== "rds-snapshot" || copies.some(({ region }) => region === copyTo) ? [] : [{ region: copyTo, where }];
  const old = `it is ${Math.floor(since(momentOf(row), anchor) / days(1))} days older than the newest, and ${Math.round(keep / days(1))} are kept`;
  return {
    id,
    kind,
    where,
    copies: [...copies, ...unsaid],
    because: isStanding(row) ? old : `${old}; its row calls it ${row.state}, and it may stand all the same`,
  };
}
