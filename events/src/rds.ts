import { anyResources, baseOf, envelope, type EventBase, type Header } from "./envelope.ts";
import { anyText, arn, moment, text } from "./fields.ts";
import { clusterHeader, clusterSnapshotHeader, instanceHeader, snapshotHeader } from "./patterns.ts";
import { defineShape } from "./shape.ts";
import type { EpochMs } from "@nightshift/model";
import * as z from "zod/mini";

/** What RDS says of one thing. Best effort and in any order: it only wakes us, the API decides. */
interface RdsNews extends EventBase {
  readonly arn: string;
  readonly happenedAt: EpochMs;
  /** `creation`, `backup`, `failover`… */
  readonly categories: readonly string[];
  readonly message: string;
  /** `RDS-EVENT-0042`; older payloads lack it. */
  readonly eventId: string | undefined;
}

/** A DB snapshot was begun, made, copied or deleted. */
export interface SnapshotChanged extends RdsNews {
  readonly kind: "snapshot-changed";
  /** As RDS names it; automated ones begin with `rds:`. */
  readonly snapshot: string;
}

/** Something happened to a DB instance. */
export interface InstanceChanged extends RdsNews {
  readonly kind: "instance-changed";
  readonly instance: string;
}

/** Something happened to a DB cluster (Aurora, or Multi-AZ with three instances) or to a snapshot of one. */
export interface ClusterChanged extends RdsNews {
  readonly kind: "cluster-changed";
  readonly what: "cluster" | "snapshot";
  /** The cluster's name, or the snapshot's. */
  readonly name: string;
}

type SourceType = "SNAPSHOT" | "DB_INSTANCE" | "CLUSTER" | "CLUSTER_SNAPSHOT";

const detailOf = (sourceType: SourceType) =>
  z.object({
    EventCategories: z.array(text, "a list of categories"),
    SourceType: z.literal(sourceType),
    SourceArn: arn("rds", ""),
    SourceIdentifier: text,
    Date: moment,
    Message: anyText,
    EventID: z.optional(anyText.check(z.refine((s) => /^RDS-EVENT-\d{4,}$/.test(s), "an event id like RDS-EVENT-0042"))),
  });
const schemaOf = (header: Header, sourceType: SourceType) => envelope(header, anyResources, detailOf(sourceType));
type Sent = z.output<ReturnType<typeof schemaOf>>;

const newsOf = (sent: Sent): RdsNews => ({
  ...baseOf(sent),
  arn: sent.detail.SourceArn,
  happenedAt: sent.detail.Date,
  categories: sent.detail.EventCategories,
  message: sent.detail.Message,
  eventId: sent.detail.EventID,
});

/**
 * "Overview of Amazon RDS event notification", https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.overview.html, read 2026-11-21;
 * delivery is best effort ("Amazon Relational Database Service events", https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-rds.html, read 2026-11-21).
 * The documented examples give a snapshot the ARN of a snapshot or of a db, so the name is taken from the identifier.
 */
export const snapshotShape = defineShape(
  { name: "rds-snapshot", title: "aws.rds / RDS DB Snapshot Event", schema: schemaOf(snapshotHeader, "SNAPSHOT") },
  (sent): SnapshotChanged => ({
    kind: "snapshot-changed",
    ...newsOf(sent),
    snapshot: sent.detail.SourceIdentifier,
  }),
);

/** The same page; its example prefixes the instance's identifier with `rds:`, which is no part of the name. */
export const instanceShape = defineShape(
  { name: "rds-instance", title: "aws.rds / RDS DB Instance Event", schema: schemaOf(instanceHeader, "DB_INSTANCE") },
  (sent): InstanceChanged => ({
    kind: "instance-changed",
    ...newsOf(sent),
    instance: sent.detail.SourceIdentifier.replace(/^rds:/, ""),
  }),
);

/**
 * A cluster's events have an instance's fields ("Amazon RDS event categories and event messages",
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html, and the fields in
 * https://docs.aws.amazon.com/cdk/api/v2/docs/@aws-cdk_mixins-preview.aws_rds.events.RDSDBClusterEvent.RDSDBClusterEventProps.html, read 2026-11-21).
 */
export const clusterShape = defineShape(
  { name: "rds-cluster", title: "aws.rds / RDS DB Cluster Event", schema: schemaOf(clusterHeader, "CLUSTER") },
  (sent): ClusterChanged => ({ kind: "cluster-changed", ...newsOf(sent), what: "cluster", name: sent.detail.SourceIdentifier.replace(/^rds:/, "") }),
);

/** The same pages; the events of a snapshot of a cluster. */
export const clusterSnapshotShape = defineShape(
  { name: "rds-cluster-snapshot", title: "aws.rds / RDS DB Cluster Snapshot Event", schema: schemaOf(clusterSnapshotHeader, "CLUSTER_SNAPSHOT") },
  (sent): ClusterChanged => ({ kind: "cluster-changed", ...newsOf(sent), what: "snapshot", name: sent.detail.SourceIdentifier }),
);
