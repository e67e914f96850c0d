import type { CloudRemoval, Prune } from "@nightshift/decide/backups/decide-prune";
import { type BackupId, before, days } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { ShelvedBackup } from "@nightshift/ports";
import type { MutationOutcome } from "@nightshift/runtime";
import { writeRow } from "@nightshift/runtime/backup-rows";
import { extendLocks } from "./lock.ts";
import { type PruneReceipt, type PruneRun, type PruneSeen, type PruneWorld, recorded } from "./settings.ts";

/** Locks what is kept for as long as it is; writes the plan down, then deletes one by one, looking at each right before; then lets the folders point at what is kept. */
export async function carryOutPlan(run: PruneRun, { plan, cloud, locks }: Prune, facts: PruneSeen): Promise<PruneReceipt> {
  const locked = await extendLocks(run, locks, facts);
  const removed: { readonly id: BackupId; readonly outcome: MutationOutcome<string> }[] = [];
  if (plan !== undefined && plan.removed.length > 0 && guard("deletion is on record first"))
    await run.step("write down what will be deleted", ({ backupPruning }) => backupPruning.record(recorded(plan, facts)));
  for (const { id, because } of plan?.removed ?? []) {
    const shelved = facts.shelved.find((one) => one.id === id);
    if (shelved !== undefined) removed.push({ id, outcome: await removeShelved(run, shelved, { because, of: facts.of }) });
  }
  for (const removal of cloud) removed.push({ id: removal.id, outcome: await removeCloud(run, removal, facts) });
  for (const { id, outcome } of removed)
    if (outcome.kind === "done" && !guard("only what is gone is marked so", !isGone(outcome.value))) await markPruned(run, id, facts.of);
  if (plan === undefined) return { removed, locked, pointed: undefined, cleared: undefined };
  const cleared = await clearLeftovers(run, facts);
  const pointed = await run.mutate<"pointed">({
    name: "let the folders point at what is kept",
    service: facts.of,
    intent: { pointers: plan.pointers.length },
    epoch: undefined,
    look: async () => ({ kind: "go" }),
    call: async ({ backupPruning }) => {
      await backupPruning.point(facts.of, plan.pointers);
      return "pointed";
    },
  });
  return { removed, locked, pointed, cleared };
}

/** Whether the store or AWS says that it is there no more: what is locked or busy stands, and is asked for again on the next day. */
const isGone = (said: string): boolean => said === "removed" || said === "deleted" || said === "gone";

/** So many objects a day at most: the rest goes on the next days. */
const CLEAR_AT_MOST = 500;
/** No run lasts so long: what is older was left behind. */
const LEFT_BEHIND = days(2);

/** What runs that died left in the store goes, and what was read beside snapshots that are gone: nobody lists it, and it is paid for. */
const clearLeftovers = (run: PruneRun, { of, at, committed: spare, snapshots }: PruneSeen) =>
  run.mutate<number>({
    name: "clear what runs that died left behind",
    service: of,
    intent: { olderThan: before(at, LEFT_BEHIND), atMost: CLEAR_AT_MOST },
    epoch: undefined,
    look: async () => ({ kind: "go" }),
    call: ({ backupPruning }) => backupPruning.clear(of, { olderThan: before(at, LEFT_BEHIND), spare, snapshots, atMost: CLEAR_AT_MOST }),
  });

const removeShelved = (run: PruneRun, shelved: ShelvedBackup, { because, of }: { readonly because: string; readonly of: string }) =>
  run.mutate<string>({
    name: `delete the backup ${shelved.id}`,
    service: of,
    intent: { backup: shelved.id, because, objects: shelved.objects.length },
    epoch: undefined,
    look: async (world) => {
      const pinned = await usedBecause(world, { of, id: shelved.id });
      return pinned === undefined ? { kind: "go" } : { kind: "refuse", because: pinned };
    },
    call: async ({ backupPruning, clock }) => backupPruning.remove(shelved, because, clock.now()),
  });

/** A restore pins what it reads from: one that began after the plan was made is found here. */
async function usedBecause(
  { backupBook, clock }: PruneWorld,
  { of, id }: { readonly of: string; readonly id: ShelvedBackup["id"] },
): Promise<string | undefined> {
  const row = await backupBook.find(of, id);
  return guard("used backup is not pruned", (row?.pinnedUntil ?? 0) > clock.now()) ? `${id} is being used` : undefined;
}

const removeCloud = (run: PruneRun, removal: CloudRemoval, { of, table }: PruneSeen) =>
  run.mutate<string>({
    name: `delete ${removal.id}`,
    service: of,
    intent: { backup: removal.id, where: removal.where, because: removal.because },
    epoch: undefined,
    look: async (world) => {
      const pinned = await usedBecause(world, { of, id: removal.id });
      return pinned === undefined ? { kind: "go" } : { kind: "refuse", because: pinned };
    },
    call: (world) => deleteWhere(world, removal, table ?? of),
  });

/** The copies first: what they were copied from is found by its row as long as one of them stands. */
async function deleteWhere({ snapshotPruning, tableBackups, cacheBackups }: PruneWorld, { kind, where, copies }: CloudRemoval, table: string): Promise<string> {
  switch (kind) {
    case "rds-snapshot":
      for (const copy of copies) {
        const said = await snapshotPruning.delete(nameIn(copy.where), copy.region);
        if (guard("a copy goes before what it is of", !isGone(said))) return said;
      }
      return snapshotPruning.delete(nameIn(where));
    case "dynamodb-backup":
      return where.startsWith("arn:") ? tableBackups.delete(where, table) : deleteNamed(tableBackups, { name: where, table });
    case "cache-snapshot":
      return cacheBackups.delete(where);
    case "dump":
    case "media":
    case "configuration":
      throw new Error(`${kind} is nothing that AWS keeps for us`);
  }
}

/** A backup of a table is deleted by its ARN, which a row that failed does not have. */
async function deleteNamed(tableBackups: PruneWorld["tableBackups"], { name, table }: { readonly name: string; readonly table: string }): Promise<string> {
  const found = (await tableBackups.list(table)).find((one) => one.name === name);
  return found === undefined ? "gone" : tableBackups.delete(found.arn, table);
}

/** `arn:aws:rds:…:snapshot:nightshift-shop-1` → `nightshift-shop-1`. */
const nameIn = (arn: string): string => arn.split(":").at(-1) ?? arn;

/** The ledger's row says from now on that it is gone. */
const markPruned = (run: PruneRun, id: BackupId, of: string) =>
  run.step(`write down that ${id} is gone`, async (world) => {
    await writeRow(world, { of, id }, (row) => (row === undefined || row.state === "pruned" ? undefined : { ...row, state: "pruned" }));
  });
