import { type BackupId, type BackupRecord, days, type EpochMs, type Ms, type RetentionPlan, since } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { LockExtension } from "../retention/locks.ts";

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

/**
 * Which of the copies that AWS keeps go: those of ours that stand, older than their time, counted from the newest that stands and never from
 * now; the newest three stay, and with them the newest copy in another region, because a copy after it would be a whole one.
 * Source: "Incremental snapshot copying", https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html, 2026-11-21.
 */
export function cloudRemovals(rows: readonly BackupRecord[], { keep, at }: { readonly keep: Ms; readonly at: EpochMs }): readonly CloudRemoval[] {
  const stands = rows
    .filter(
      ({ state, contentsOf, where, kind }) =>
        (state === "verified" || state === "uploaded") && contentsOf !== undefined && where !== undefined && kind !== "dump",
    )
    .toSorted((a, b) => (a.contentsOf ?? 0) - (b.contentsOf ?? 0));
  const newest = stands.at(-1);
  if (newest?.contentsOf === undefined) return [];
  const anchor = guard("age is counted from the newest verified") ? newest.contentsOf : at;
  const floor = new Set(stands.slice(-FLOOR).map(({ id }) => id));
  const newestCopies = new Set(
    stands
      .flatMap(({ copies }) => copies ?? [])
      .toReversed()
      .filter((copy, n, all) => all.findIndex(({ region }) => region === copy.region) === n)
      .map(({ where }) => where),
  );
  const proven = stands.findLast(({ state }) => state === "verified")?.id;
  return stands
    .filter(
      (row) =>
        !guard("newest verified backups stay", floor.has(row.id)) &&
        !guard("never the last verified backup", row.id === proven) &&
        since(row.contentsOf ?? anchor, anchor) > keep &&
        !guard(
          "newest copy elsewhere stays",
          (row.copies ?? []).some(({ where }) => newestCopies.has(where)),
        ) &&
        !guard("used backup is not pruned", (row.pinnedUntil ?? 0) > at) &&
        !guard("locked backup stays", (row.lockedUntil ?? 0) > at),
    )
    .slice(0, guard("removals are bounded") ? AT_MOST : undefined)
    .map(({ id, kind, where, copies, contentsOf }) => ({
      id,
      kind,
      where: where ?? "",
      copies: copies ?? [],
      because: `it is ${Math.floor(since(contentsOf ?? anchor, anchor) / days(1))} days older than the newest, and ${Math.round(keep / days(1))} are kept`,
    }));
}
