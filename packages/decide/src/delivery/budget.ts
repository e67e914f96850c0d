import { after, before, type EpochMs, epochMs, type Ms, minutes, ms, type SendBudget, type Severity, seconds } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";

/** The budget of `chat.update`, which Slack counts for the workspace. */
export const UPDATES = "updates";
/** An incident's own share of the updates. */
export const updatesOf = (incident: string): string => `${UPDATES}/${incident}`;

/** Slack takes about one message a second and channel. Source: "Rate limits", https://docs.slack.dev/apis/web-api/rate-limits (2026-11-21). */
const POST_GAP = seconds(1);
/**
 * Updates a minute that an incident of each severity may bring the workspace to: the grave ones find room when the others are told to wait.
 * Slack allows 50 a minute (tier 3). Source: "chat.update", https://docs.slack.dev/reference/methods/chat.update (2026-11-21).
 */
const updatesUpTo: Readonly<Record<Severity, number>> = { P1: 40, P2: 36, P3: 28, P4: 20 };
const MINUTE = minutes(1);
/** An outage begins here; shorter ones are hiccups. */
const AWAY = seconds(60);
/** How long after a line was written its sending usually begins to fail. */
const LEAD = seconds(60);
const LONGEST_BACKOFF = seconds(30);
/** Calls that are remembered. */
const REMEMBERED = 60;

/** Before anything was sent. */
export const freshBudget = (scope: string): SendBudget => ({ scope, version: 0, notBefore: epochMs(0), spent: [], failures: 0, failingSince: undefined });

/** When this channel takes its next message: now, or later. */
export function postAt(budget: SendBudget, now: EpochMs): EpochMs {
  const [last] = budget.spent;
  const paced = last !== undefined && guard("post budget is kept") ? after(last, POST_GAP) : now;
  return latest(now, paced, quietUntil(budget));
}

/** When the workspace takes an update of an incident of this severity: now, or later. */
export function updateAt(budget: SendBudget, severity: Severity, now: EpochMs): EpochMs {
  const most = updatesUpTo[severity];
  // The most-th newest call must be out of the window before one more fits.
  const oldest = budget.spent.filter((at) => at > before(now, MINUTE))[most - 1];
  const roomy = oldest !== undefined && guard("update budget is kept") ? after(oldest, MINUTE) : now;
  return latest(now, roomy, quietUntil(budget));
}

const quietUntil = ({ notBefore }: SendBudget): EpochMs => (guard("channel is left alone while it refuses") ? notBefore : epochMs(0));

/** One call counted, before it is made. */
export const spend = (budget: SendBudget, now: EpochMs): SendBudget => ({
  ...budget,
  version: budget.version + 1,
  spent: [now, ...budget.spent].slice(0, REMEMBERED),
});

/** A call failed: nothing more until Slack's own word, or 1, 2, 4 … 30 s. */
export function failed(budget: SendBudget, now: EpochMs, retryAfter: Ms | undefined): SendBudget {
  const failures = budget.failures + 1;
  const wait = retryAfter ?? ms(Math.min(LONGEST_BACKOFF, seconds(1) * 2 ** Math.min(budget.failures, 10)));
  return {
    ...budget,
    version: budget.version + 1,
    failures,
    failingSince: budget.failures === 0 ? now : budget.failingSince,
    notBefore: latest(budget.notBefore, after(now, wait)),
  };
}

/** Slack answered a post: it counts from now, so that the next one reaches Slack a second after this one did, however long each was on its way. */
export const answered = (budget: SendBudget, now: EpochMs): SendBudget => ({
  ...budget,
  version: budget.version + 1,
  spent: [now, ...budget.spent.slice(1)],
  failures: 0,
});

/** Slack took something again: what was before stays readable as the last outage. Undefined: nothing to note. */
export const recovered = (budget: SendBudget): SendBudget | undefined =>
  budget.failures === 0 ? undefined : { ...budget, version: budget.version + 1, failures: 0 };

/** Whether the channel has refused everything for so long. */
export const awayFor = (budget: SendBudget, length: Ms, now: EpochMs): boolean =>
  budget.failures > 0 && budget.failingSince !== undefined && now - budget.failingSince >= length;

/** The outage (a minute or longer) that a line written at this time was late for; undefined when it was not. */
export function outageAt({ failingSince, notBefore }: SendBudget, at: EpochMs): { readonly from: EpochMs; readonly to: EpochMs } | undefined {
  if (failingSince === undefined || notBefore - failingSince < AWAY) return undefined;
  return at >= before(failingSince, LEAD) && at <= notBefore ? { from: failingSince, to: notBefore } : undefined;
}

const latest = (...moments: readonly EpochMs[]): EpochMs => epochMs(Math.max(...moments));
