import { anyResources, baseOf, envelope, type EventBase } from "./envelope.ts";
import { anyText, text } from "./fields.ts";
import { restoreJobHeader } from "./patterns.ts";
import { defineShape } from "./shape.ts";
import * as z from "zod/mini";

/** AWS Backup finished a restore job. Best effort, every five minutes: the job itself is read before anything is done. */
export interface RestoreFinished extends EventBase {
  readonly kind: "restore-finished";
  readonly job: string;
  /** `COMPLETED`, `FAILED`…; the rule brings completed ones only. */
  readonly status: string;
  /** What it made; undefined where the event does not say. */
  readonly created: string | undefined;
}

const detail = z.object({
  restoreJobId: text,
  status: text,
  resourceType: z.optional(anyText),
  createdResourceArn: z.optional(anyText),
});

/**
 * "Monitoring AWS Backup events using Amazon EventBridge", https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html, read
 * 2026-11-21: restore jobs say `status`, where backup jobs say `state`.
 */
export const restoreFinishedShape = defineShape(
  { name: "backup-restore", title: "aws.backup / Restore Job State Change", schema: envelope(restoreJobHeader, anyResources, detail) },
  (sent): RestoreFinished => ({
    kind: "restore-finished",
    ...baseOf(sent),
    job: sent.detail.restoreJobId,
    status: sent.detail.status,
    created: sent.detail.createdResourceArn,
  }),
);
