import type { LabAccount } from "@nightshift/lab";
import { linesOf } from "@nightshift/lab/slack/read";
import { sayClock, type EpochMs } from "@nightshift/model";

type Message = LabAccount["slack"]["channels"][number]["messages"][number]["replies"][number];

/** What everybody reads, each thing once: a message of the channel that is no incident's first one, then what stands in threads, oldest first. */
export const linesSaid = (lab: LabAccount): readonly string[] =>
  lab.slack.channels.flatMap(({ messages }) =>
    messages.flatMap((message) => {
      if (message.only !== undefined) return [];
      const replies = message.replies.filter(({ only }) => only === undefined);
      // The first message of an incident repeats the newest of its thread.
      return replies.length === 0 ? plain(message) : [plain(message)[0] ?? "", ...replies.flatMap((reply) => plain(reply).map((line) => `  ${line}`))];
    }),
  );

/** What only this person reads, oldest first. */
export const whispered = (lab: LabAccount, user: string): readonly string[] =>
  lab.slack.channels.flatMap(({ messages }) => messages.filter(({ only }) => only === user).flatMap(plain));

const plain = (message: Message): readonly string[] => linesOf(message).map((line) => line.replaceAll(/ {2,}/g, " ").replace(/^(\d\d:\d\d:\d\d) UTC /, "$1 "));

/** Operations that change something in RDS, start a task, or delete. */
const CHANGES = /^(rds:(Create|Copy|Restore|Delete|Modify)|ecs:RunTask|s3:DeleteObject|dynamodb:(Create|Delete)Backup|elasticache:(Create|Delete)Snapshot)/;

/** What was changed in the account, in the order in which it was accepted: when, by whom, what, and of what. */
export const acceptedCalls = (lab: LabAccount): readonly string[] =>
  lab.history.flatMap((line) => {
    if (line.kind !== "call" || line.result !== "ok") return [];
    const name = `${line.service}:${line.operation}`;
    return CHANGES.test(name) ? [`${clock(line.at)} ${line.caller} ${name} ${subjectOf(line.input)}`] : [];
  });

const clock = (at: EpochMs): string => sayClock(at).slice(0, 5);

/** What a call is about, by the field that names it; of a task the job that it is given. */
function subjectOf(input: unknown): string {
  const fields: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(input ?? {}));
  const names = ["DBSnapshotIdentifier", "TargetDBSnapshotIdentifier", "TargetDBInstanceIdentifier", "DBInstanceIdentifier", "Key", "BackupName", "BackupArn"];
  const named = names.map((name) => fields[name]).filter((value) => typeof value === "string");
  if (named.length > 0) return fields["DBInstanceIdentifier"] === undefined ? String(named[0]) : [...new Set(named)].join(" of ");
  const job = /"do\\*":\\*"([a-z-]+)/.exec(JSON.stringify(input))?.[1];
  return job ?? String(fields["SnapshotName"] ?? fields["snapshotName"] ?? "");
}
