import { statfs } from "node:fs/promises";

/** Free bytes where a directory lies, for users without privileges. */
export async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

/** What to do about a scratch disk that is too small. A night asks for its task's disk by the newest size that it knows (packages/decide/src/backups/decide-night.ts). */
export const MORE_ROOM = "the next night asks for a task with a disk for this size; on a machine of your own, name a directory on a larger disk with --scratch";

/** How a restore uses the disk. */
export type DiskPlan = { readonly kind: "file" } | { readonly kind: "stream" } | { readonly kind: "no room"; readonly because: string };

/**
 * Chooses between an archive in a file (several workers restore from it) and one that is streamed. A restored database needs as much as
 * its source, plus a fifth for indexes being built and the write-ahead log (up to 4 GB of it: `max_wal_size` of the scratch server).
 */
export function planDisk(asked: { readonly sourceBytes: number; readonly archiveBytes: number; readonly free: number; readonly where: string }): DiskPlan {
  const { sourceBytes, archiveBytes, free, where } = asked;
  const database = sourceBytes * 1.2 + Math.min(4 * GIB, sourceBytes) + GIB / 4;
  if (free >= database + archiveBytes) return { kind: "file" };
  if (free >= database) return { kind: "stream" };
  return {
    kind: "no room",
    because: `a restore of this ${sayGiB(sourceBytes)} database needs ${sayGiB(database)} in ${where}, and ${sayGiB(free)} are free; ${MORE_ROOM}`,
  };
}

const GIB = 1_024 ** 3;
const sayGiB = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;
