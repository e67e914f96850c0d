import type { TakeSnapshot } from "@nightshift/decide/backups/decide-snapshot";
import { type BackupDue, sayDate, tags } from "@nightshift/model";
import type { Mutation } from "@nightshift/runtime";
import { writeRow } from "@nightshift/runtime/backup-rows";
import { readSource } from "./read-source.ts";
import type { SnapshotReceipt, SnapshotRun, SnapshotSeen, SnapshotWorld, Subject } from "./settings.ts";

/** Writes down that it is being taken, reads its source where that is wanted, then asks AWS for it: once, by its name. */
export async function takeSnapshot(run: SnapshotRun, verdict: TakeSnapshot, { due, settings }: SnapshotSeen): Promise<SnapshotReceipt> {
  const { id, name } = verdict;
  await run.step("write down that it is being taken", async (world) => {
    await writeRow(world, { of: due.of, id }, (row) =>
      row === undefined
        ? { id, of: due.of, kind: verdict.of, series: due.series, state: "running", proof: "none", scheduled: due.scheduled, times: {} }
        : undefined,
    );
  });
  // Read to its end before the snapshot is asked for: only so is it surely of an earlier moment.
  const reads = verdict.manifests.includes("before") ? [await readSource(run, "before", { of: due.of, id })] : [];
  const taking: Mutation<SnapshotWorld, string> = {
    name: `take ${name}`,
    service: due.of,
    intent: { backup: id, name, copyOf: verdict.copyOf?.arn ?? null },
    epoch: undefined,
    // Every port finds what it took under this name already.
    look: async () => ({ kind: "go" }),
    call: (world) => take(world, { subject: settings.subject, verdict, due }),
  };
  return { verdict, reads, taken: await run.mutate(taking) };
}

/** The tags of a snapshot of ours: retention deletes no other. */
export const snapshotTags = (of: string, series: string): Readonly<Record<string, string>> => ({
  [tags.owner]: "nightshift",
  [tags.state]: series,
  "nightshift:of": of,
});

async function take(
  world: SnapshotWorld,
  { subject, verdict: { name, copyOf }, due }: { readonly subject: Subject; readonly verdict: TakeSnapshot; readonly due: BackupDue },
): Promise<string> {
  switch (subject.kind) {
    case "database": {
      const own = snapshotTags(due.of, due.series);
      if (copyOf === undefined) await world.snapshotTaking.take({ instance: subject.instance, id: name, tags: own });
      else await world.snapshotTaking.copy({ arn: copyOf.arn, id: name, toRegion: regionIn(copyOf.arn), kmsKey: undefined, tags: own });
      return name;
    }
    case "table":
      return world.tableBackups.take(subject.table.table, name);
    case "cache":
      await world.cacheBackups.take(subject.cache.cache, name);
      return name;
    case "media":
      return canary(world, subject.media, name);
    case "configuration": {
      const running = subject.services.length === 0 ? [] : await world.services.describe(subject.services);
      const taskDefinitions = [...subject.taskDefinitions, ...running.map(({ taskDefinition }) => taskDefinition)];
      const text = await world.configurationCopies.read({ parameterPaths: subject.parameterPaths, taskDefinitions });
      const { key } = await world.configurationCopies.keep(`configuration/${sayDate(due.scheduled)}-${name}.json`, text);
      return key;
    }
    case "mirror":
      return subject.repository;
  }
}

/** One small object a day: an old one under the same key would look as if it had travelled. */
async function canary(
  { media }: SnapshotWorld,
  { bucket, replica }: { readonly bucket: string; readonly replica: string | undefined },
  name: string,
): Promise<string> {
  const key = `.nightshift/canary/${name}`;
  if (replica !== undefined) await media.putCanary(bucket, key, name);
  return key;
}

/** `arn:aws:rds:eu-west-1:123456789012:snapshot:rds:shop` → `eu-west-1`. */
const regionIn = (arn: string): string => arn.split(":")[3] ?? "";
