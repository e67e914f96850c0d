import { DescribeRestoreJobCommand, PutRestoreValidationResultCommand } from "@aws-sdk/client-backup";
import type { RestoreTests } from "@nightshift/ports";
import { need } from "./partial.ts";
import type { Reach } from "./reach.ts";

/** AWS writes the message into its own reports; longer ones tell no more. */
const longestMessage = 1_000;

/**
 * AWS Backup's restore tests: what a job restored, and our word on it. What a second word does AWS does not say; it is the same one here.
 * Sources: "DescribeRestoreJob", https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DescribeRestoreJob.html; "PutRestoreValidationResult",
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutRestoreValidationResult.html, 2026-11-21.
 */
export const restoreTestsFrom = ({ connections, calls }: Reach): RestoreTests => ({
  async job(id) {
    const call = { operation: "backup:DescribeRestoreJob", on: id };
    const answer = await calls.read(call, async () => (await connections.backup()).send(new DescribeRestoreJobCommand({ RestoreJobId: id })));
    return { status: need(call, "Status", answer.Status), created: answer.CreatedResourceArn, source: answer.SourceResourceArn };
  },
  async answer(id, { passed, message }) {
    const input = {
      RestoreJobId: id,
      ValidationStatus: passed ? ("SUCCESSFUL" as const) : ("FAILED" as const),
      ValidationStatusMessage: message.slice(0, longestMessage),
    };
    await calls.change({ operation: "backup:PutRestoreValidationResult", on: id }, async () =>
      (await connections.backup()).send(new PutRestoreValidationResultCommand(input)),
    );
  },
});
