import type { SnapshotSubject } from "@nightshift/decide/backups/decide-snapshot";
import { heldBecause } from "@nightshift/decide/control";
import type { BackupDue } from "@nightshift/model";
import { openTrouble, troubleGroup } from "@nightshift/runtime/backup-incidents";
import { rowsOf } from "@nightshift/runtime/backup-rows";
import type { SnapshotSeen, SnapshotSettings, SnapshotWorld, Subject } from "./settings.ts";

/** What is to be saved as it stands, what was saved before, what holds it, and the trouble it has. */
export async function seeSubject(world: SnapshotWorld, due: BackupDue, settings: SnapshotSettings): Promise<SnapshotSeen> {
  const subject = await lookAt(world, settings.subject);
  const rows = await rowsOf(world, due.of, subject.kind);
  const control = await world.control.read();
  const trouble = await openTrouble(world, troubleGroup(due.of, "snapshots"));
  const at = world.clock.now();
  return {
    due,
    settings,
    of: due.of,
    at,
    scheduled: due.scheduled,
    series: due.series,
    subject,
    rows: rows.slice(-100),
    ...(settings.subject.kind === "database" && settings.subject.snapshots.manifests !== undefined ? { manifests: settings.subject.snapshots.manifests } : {}),
    // A mirror is only listened for: nothing of ours changes.
    heldBecause: settings.subject.kind === "mirror" ? undefined : heldBecause(control, [due.of], at),
    trouble,
  };
}

async function lookAt(world: SnapshotWorld, subject: Subject): Promise<SnapshotSubject> {
  switch (subject.kind) {
    case "database": {
      const instance = await world.databases.instance(subject.instance);
      const automated = (await world.databases.snapshots(subject.instance)).find((one) => !one.manual && one.status === "available");
      return {
        kind: "rds-snapshot",
        instance: instance === undefined ? undefined : { status: instance.status, multiAz: instance.multiAz, arn: instance.arn },
        quota: await world.databases.quota(),
        automated: automated?.contentsOf === undefined ? undefined : { arn: automated.arn, contentsOf: automated.contentsOf },
      };
    }
    case "table": {
      const { pointInTime, deletionProtection, replicas } = await world.tableBackups.look(subject.table.table);
      const { copyIn } = subject.table;
      return {
        kind: "dynamodb-backup",
        pointInTime: pointInTime.on,
        deletionProtection,
        lacksReplica: copyIn === undefined || replicas.includes(copyIn) ? undefined : copyIn,
      };
    }
    case "cache":
      return { kind: "cache-snapshot", cache: await world.cacheBackups.look(subject.cache.cache) };
    case "media": {
      const { bucket, replica } = subject.media;
      const { versioning, replication } = await world.media.look(bucket);
      // A rule for a folder leaves the others at home.
      const whole = replication.some(({ to, status, prefix }) => to === replica && status === "on" && prefix === "");
      return { kind: "media", versioning, replicates: replica === undefined ? undefined : whole };
    }
    // A mirror is a part of what the configuration is rebuilt with.
    case "configuration":
    case "mirror":
      return { kind: "configuration" };
  }
}
