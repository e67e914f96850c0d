import type { InstanceRecord, SnapshotRecord } from "./records.ts";
import { nowIn, type RdsAccount, rdsArn } from "./region.ts";

/**
 * What RDS says about a snapshot, by event: category and message.
 * Source: "Amazon RDS event categories and event messages", https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html (2026-11-21).
 */
const snapshotEvents = {
  "RDS-EVENT-0040": ["creation", "Creating manual snapshot"],
  "RDS-EVENT-0042": ["creation", "Manual snapshot created"],
  "RDS-EVENT-0090": ["creation", "Creating automated snapshot"],
  "RDS-EVENT-0091": ["creation", "Automated snapshot created"],
  "RDS-EVENT-0041": ["deletion", "DB snapshot deleted"],
  "RDS-EVENT-0043": ["restoration", "Restored from snapshot"],
} as const;

/** The same of an instance. */
const instanceEvents = {
  "RDS-EVENT-0001": ["backup", "Backing up DB instance"],
  "RDS-EVENT-0002": ["backup", "Finished DB Instance backup"],
  "RDS-EVENT-0005": ["creation", "DB instance created"],
  "RDS-EVENT-0003": ["deletion", "DB instance deleted"],
  "RDS-EVENT-0019": ["restoration", "Restored from DB instance to point-in-time"],
  "RDS-EVENT-0031": ["failure", "The DB instance has failed"],
  "RDS-EVENT-0036": ["failure", "The DB instance is in an incompatible network"],
} as const;

/** Tells the bus of a snapshot; one in another region tells that region's bus, which nobody here listens to. */
export function tellSnapshot(account: RdsAccount, snapshot: SnapshotRecord, id: keyof typeof snapshotEvents): void {
  const [category, message] = snapshotEvents[id];
  account.kernel.record({ kind: "world", what: id, about: snapshot.id, detail: { region: snapshot.region, message } });
  if (snapshot.region !== account.kernel.region) return;
  emit(account, {
    detailType: "RDS DB Snapshot Event",
    type: "SNAPSHOT",
    arn: rdsArn(account, "snapshot", snapshot.id),
    name: snapshot.id,
    category,
    message,
    id,
  });
}

/** Tells the bus of an instance. */
export function tellInstance(account: RdsAccount, instance: InstanceRecord, id: keyof typeof instanceEvents): void {
  const [category, message] = instanceEvents[id];
  account.kernel.record({ kind: "world", what: id, about: instance.id, detail: { message } });
  emit(account, {
    detailType: "RDS DB Instance Event",
    type: "DB_INSTANCE",
    arn: rdsArn(account, "db", instance.id),
    name: instance.id,
    category,
    message,
    id,
  });
}

/** Field names as in "Working with Amazon RDS event notification", https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.overview.html (2026-11-21). */
function emit(account: RdsAccount, told: { detailType: string; type: string; arn: string; name: string; category: string; message: string; id: string }): void {
  account.kernel.emit({
    source: "aws.rds",
    detailType: told.detailType,
    resources: [told.arn],
    detail: {
      EventCategories: [told.category],
      SourceType: told.type,
      SourceArn: told.arn,
      Date: new Date(nowIn(account)).toISOString(),
      Message: told.message,
      SourceIdentifier: told.name,
      EventID: told.id,
    },
  });
}
