import type { LockExtension } from "@nightshift/decide/retention/locks";
import { sayDate } from "@nightshift/model";
import type { Locked, PruneRun, PruneSeen } from "./settings.ts";

/** Moves the ends of locks, one backup after another; each is on record before anything is sent, and only ever ends later. */
export async function extendLocks(run: PruneRun, extensions: readonly LockExtension[], { of, shelved }: PruneSeen): Promise<readonly Locked[]> {
  const locked: Locked[] = [];
  for (const { id, until, from } of extensions) {
    const backup = shelved.find((one) => one.id === id);
    if (backup === undefined) continue;
    const outcome = await run.mutate<"locked" | "unsupported">({
      name: `lock the backup ${id} until ${sayDate(until)}`,
      service: of,
      intent: { backup: id, until, from: from ?? null, objects: backup.objects.length },
      epoch: undefined,
      // What is locked so long already is left as it is by the store, so that a call whose answer was lost is made again.
      look: async () => ({ kind: "go" }),
      call: ({ backupPruning }) => backupPruning.lock(backup, until),
    });
    locked.push({ id, until, outcome });
  }
  return locked;
}

/** Looks again, in the store itself, and says of each lock that does not end when it should why that is. */
export async function checkLocks(run: PruneRun, locked: readonly Locked[], { of }: PruneSeen): Promise<readonly string[]> {
  if (locked.length === 0) return [];
  const found = await run.step("look at the locks again", async ({ shelf }) =>
    (await shelf.list(of)).map(({ id, lockedUntil }) => ({ id, ...(lockedUntil === undefined ? {} : { lockedUntil }) })),
  );
  return locked.flatMap(({ id, until, outcome }) => {
    if (outcome.kind !== "done") return [`${id}: ${outcome.because}`];
    if (outcome.value === "unsupported") return [`${id}: its bucket knows no Object Lock, and backups.lockFor asks for it`];
    const there = found.find((one) => one.id === id)?.lockedUntil;
    if (there !== undefined && there >= until) return [];
    return [`${id}: it was locked until ${sayDate(until)}, and the store says ${there === undefined ? "that it is not locked" : sayDate(there)}`];
  });
}
