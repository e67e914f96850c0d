import type { AccountFacts, Finding, FindingSeverity, GuardSettings } from "@nightshift/model";
import { circuitBreaker } from "./account/d19-circuit-breaker.ts";
import { missing } from "./account/d01-missing.ts";
import { watchedOnly } from "./account/d02-watched-only.ts";
import { mutableTag } from "./account/d03-mutable-tag.ts";
import { sameBytes } from "./account/d04-same-bytes.ts";
import { versionConsistency } from "./account/d05-version-consistency.ts";
import { inactive } from "./account/d06-inactive.ts";
import { imageGone } from "./account/d07-image-gone.ts";
import { lifecycle } from "./account/d08-lifecycle.ts";
import { tagMutability } from "./account/d09-tag-mutability.ts";
import { noPrevious } from "./account/d10-no-previous.ts";
import { singleTask } from "./account/d11-single-task.ts";
import { noTask } from "./account/d12-no-task.ts";
import { minimumHealthy } from "./account/d13-minimum-healthy.ts";
import { noRoom } from "./account/d14-no-room.ts";
import { slowHealth } from "./account/d15-slow-health.ts";
import { slowDrain } from "./account/d16-slow-drain.ts";
import { slowRollback } from "./account/d17-slow-rollback.ts";
import { grace } from "./account/d18-grace.ts";
import { missingDeploymentAlarms } from "./account/d20-deployment-alarms.ts";
import { alarmFiring } from "./account/d21-alarm-firing.ts";
import { metricName } from "./account/d22-metric-name.ts";
import { dimensions } from "./account/d23-dimensions.ts";
import { missingData } from "./account/d24-missing-data.ts";
import { blindAlarm } from "./account/d25-blind-alarm.ts";
import { blindTrigger } from "./account/d26-blind-trigger.ts";
import { triggerAlarm } from "./account/d27-trigger-alarm.ts";
import { countTrigger } from "./account/d28-count-trigger.ts";
import { targetGroup } from "./account/d29-target-group.ts";
import { logs } from "./account/d30-logs.ts";
import { roles } from "./account/d31-roles.ts";
import { unread } from "./account/d46-unread.ts";
import type { AccountCheck } from "./check.ts";
import type { RunbookCheck } from "./runbook/check.ts";
import { modifyTargetGroup } from "./runbook/d32-modify-target-group.ts";
import { desiredZero } from "./runbook/d33-desired-zero.ts";
import { latestPrevious } from "./runbook/d34-latest-previous.ts";
import { forceAlone } from "./runbook/d35-force-alone.ts";
import { metricNameInText } from "./runbook/d36-metric-name.ts";
import { allAtOnce } from "./runbook/d37-all-at-once.ts";
import { flushAll } from "./runbook/d38-flushall.ts";
import { downgrade } from "./runbook/d39-downgrade.ts";
import { deregister } from "./runbook/d40-deregister.ts";
import { incompleteAlarm } from "./runbook/d41-incomplete-alarm.ts";
import { fixedRevision } from "./runbook/d42-fixed-revision.ts";
import { desiredInRollback } from "./runbook/d43-desired-in-rollback.ts";
import { stableWait } from "./runbook/d44-stable-wait.ts";
import { noSuchCommand } from "./runbook/d45-no-such-command.ts";
import { readRunbook } from "./runbook/text.ts";

/** Checks over an account, by id. An id keeps its meaning for ever; new checks get new ids. */
export const accountChecks: readonly AccountCheck[] = [
  missing,
  watchedOnly,
  mutableTag,
  sameBytes,
  versionConsistency,
  inactive,
  imageGone,
  lifecycle,
  tagMutability,
  noPrevious,
  singleTask,
  noTask,
  minimumHealthy,
  noRoom,
  slowHealth,
  slowDrain,
  slowRollback,
  grace,
  circuitBreaker,
  missingDeploymentAlarms,
  alarmFiring,
  metricName,
  dimensions,
  missingData,
  blindAlarm,
  blindTrigger,
  triggerAlarm,
  countTrigger,
  targetGroup,
  logs,
  roles,
  unread,
];

/** Checks over a team's runbook, by id. */
export const runbookChecks: readonly RunbookCheck[] = [
  modifyTargetGroup,
  desiredZero,
  latestPrevious,
  forceAlone,
  metricNameInText,
  allAtOnce,
  flushAll,
  downgrade,
  deregister,
  incompleteAlarm,
  fixedRevision,
  desiredInRollback,
  stableWait,
  noSuchCommand,
];

/** Every check with its id and title, for lists and for `--help`. */
export const checks: readonly { readonly id: string; readonly title: string; readonly reads: "account" | "runbook" }[] = [
  ...accountChecks.map(({ id, title }) => ({ id, title, reads: "account" as const })),
  ...runbookChecks.map(({ id, title }) => ({ id, title, reads: "runbook" as const })),
].toSorted((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));

const weight: Readonly<Record<FindingSeverity, number>> = { danger: 0, warning: 1, note: 2 };

/** What would make a rollback of these groups impossible, slow or blind: the worst first, then by check. */
export function checkAccount(facts: AccountFacts, groups: readonly GuardSettings[]): readonly Finding[] {
  const findings = accountChecks.flatMap(({ id, look }) => look({ facts, groups }).map((complaint) => ({ id, ...complaint })));
  return findings.toSorted((a, b) => weight[a.severity] - weight[b.severity]);
}

/** What a runbook would have a tired person do wrong, by line. `about` is the file's name. */
export function checkRunbook(text: string, about = "runbook"): readonly Finding[] {
  const runbook = readRunbook(text);
  const findings = runbookChecks.flatMap(({ id, read }) => read(runbook).map((remark) => ({ id, about, ...remark })));
  return findings.toSorted((a, b) => a.line - b.line);
}
