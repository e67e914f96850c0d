import { finished } from "node:stream/promises";
import type { CommitRecord } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { StoreReading } from "../store/store.ts";
import { readSegments } from "../stream/read-back.ts";
import { sha256 } from "./digest.ts";
import type { Reporter } from "./reporter.ts";
import { type Committed, DamagedBackup } from "./shelf-reading.ts";
import type { RunnerWorld } from "./world.ts";

/** Reads all segments to their end and holds each against its digests; nothing is kept. @throws {PortError} `invalid` at the first that is damaged. */
export async function readWhole(world: RunnerWorld, { record }: Pick<Committed, "record">, report: Reporter): Promise<void> {
  const whole = record.segments.reduce((sum, segment) => sum + segment.archiveBytes, 0);
  report.phase("downloading");
  const reading = readSegments({
    store: world.store,
    segments: record.segments,
    signal: world.signal,
    onProgress: ({ archiveBytes, bytesPerSecond }) =>
      report.phase("downloading", { share: whole === 0 ? 1 : Math.min(1, archiveBytes / whole), bytesPerSecond }),
  });
  reading.resume();
  await finished(reading);
}

/** Reads what lies there for people, the definitions and the roles, and holds each against its digest. @throws {DamagedBackup} */
export async function readDescriptions(store: StoreReading, { id, others }: Pick<CommitRecord, "id" | "others">): Promise<void> {
  for (const { key, bytes, sha256: written } of others) {
    const read = await store.read(key);
    if (guard("a description is as it was written", read.length !== bytes || sha256(read) !== written))
      throw new DamagedBackup(`${id}: ${key} is not what was written (its SHA-256 is another)`);
  }
}
