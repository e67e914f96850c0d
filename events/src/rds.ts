import { anyResources, baseOf, envelope, type EventBase, type Header } from "./envelope.ts";
import { anyText, arn, moment, text } from "./fields.ts";
import { instanceHeader, snapshotHeader } from "./patterns.ts";
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

const detailOf = (sourceType: "SNAPSHOT" | "DB_INSTANCE") =>
  z.object({
    EventCategories: z.array(text, "a list of categories"),
    SourceType: z.literal(sourceType),
    SourceArn: arn("rds", ""),
    SourceIdentifier: text,
    Date: moment,
    Message: anyText,
    EventID: z.optional(anyText.check(z.refine((s) => /^RDS-EVENT-\d{4,}$/.test(s), "an event id like RDS-EVENT-0042"))),
  });
const schemaOf = (header: Header, sourceType: "SNAPSHOT" | "DB_INSTANCE") => envelope(header, anyResources, detailOf(sourceType));
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
