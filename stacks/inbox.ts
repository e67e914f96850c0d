/// <reference path="../.sst/platform/config.d.ts" />
import type { EventPattern } from "@nightshift/model";
import { manifests } from "../functions/index.ts";
import { here, logical, named } from "./names.ts";
import { longestRetentionSeconds, neverInPlainText } from "./queues.ts";

/** Every event on its way in: rules on the default bus and on our own → one queue → the dispatcher (decision 15). */
export function inbox() {
  const deadLetters = new sst.aws.Queue("DeadLetters", {
    transform: { queue: { name: named("dead-letters"), messageRetentionSeconds: longestRetentionSeconds } },
  });
  const events = new sst.aws.Queue("Events", {
    // Half a minute more than the dispatcher's 60 s and its window: what failed comes back in a minute and a half. Lambda demands only that
    // the function's timeout is no longer; the six times that it advises are for batches that are throttled, which the mapping's
    // own limit on concurrency prevents (Lambda developer guide, "Creating and configuring an Amazon SQS event source mapping" and
    // "Configuring scaling behavior for SQS event source mappings", read 2026-11-21).
    visibilityTimeout: "90 seconds",
    // Half an hour of tries, as long as the ledger may be away before an alarm is put aside.
    dlq: { queue: deadLetters.arn, retry: 20 },
    transform: { queue: { name: named("events") } },
  });
  const bus = ownBus();
  const rules = patterns().map((pattern) => ruleTo(events, deadLetters, bus, pattern));
  allowOnly(events, "EventsPolicy", [...rules, heartbeat(events)]);
  allowOnly(deadLetters, "DeadLettersPolicy", rules);
  return { events, deadLetters, bus };
}

type Queue = sst.aws.Queue;

/**
 * Once a minute an event goes the way of every alarm: queue, dispatcher, ledger, relay, notifier, Slack. One that is late
 * proves nothing any more, so it is neither kept nor tried for longer than EventBridge's shortest age, a minute.
 */
function heartbeat(events: Queue) {
  const rule = new aws.cloudwatch.EventRule("HeartbeatRule", {
    name: named("heartbeat"),
    description: "Proof of life: the same way that an alarm takes, once a minute.",
    scheduleExpression: "rate(1 minute)",
  });
  new aws.cloudwatch.EventTarget("HeartbeatTarget", {
    rule: rule.name,
    targetId: "dispatcher-queue",
    arn: events.arn,
    retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 3 },
  });
  return rule;
}

/** The union of what the manifests ask for; the same pattern twice is one rule. */
function patterns(): readonly EventPattern[] {
  const all = manifests.flatMap((manifest): readonly EventPattern[] => manifest.events);
  return [...new Map(all.map((pattern) => [JSON.stringify(pattern), pattern])).values()];
}

/** The first of the detail-types, and what else the pattern picks out: `ecs-deployment-state-change`, `ecs-task-state-change-spotinterruption`. */
function slug(pattern: EventPattern): string {
  const first = firstOf(pattern["detail-type"]);
  if (first === undefined) throw new Error(`an event pattern needs a literal detail-type: ${JSON.stringify(pattern)}`);
  const { stopCode } = (pattern.detail ?? {}) as { readonly stopCode?: unknown }; // a pattern's detail is a table of lists
  return [first, firstOf(stopCode) ?? []]
    .flat()
    .join("-")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
}

const firstOf = (list: unknown): string | undefined => (Array.isArray(list) && typeof list[0] === "string" ? list[0] : undefined);

/** Only AWS puts `aws.*` events on the default bus; anything of ours comes over our own. */
const isOurs = (pattern: EventPattern): boolean => Array.isArray(pattern.source) && pattern.source.every((source) => String(source).startsWith("nightshift."));

function ruleTo(events: Queue, deadLetters: Queue, bus: sst.aws.Bus, pattern: EventPattern) {
  const name = slug(pattern);
  const onBus = isOurs(pattern) ? { eventBusName: bus.name } : {};
  const rule = new aws.cloudwatch.EventRule(`${logical(name)}Rule`, {
    ...onBus,
    // EventBridge allows 64 characters.
    name: named(name).slice(0, 64),
    description: "To Nightshift's dispatcher; made from the manifests in functions/.",
    // The account is pinned so that a bus shared with other accounts cannot speak for this one.
    eventPattern: here().account.apply((account) => JSON.stringify({ ...pattern, account: [account] })),
  });
  new aws.cloudwatch.EventTarget(`${logical(name)}Target`, {
    ...onBus,
    rule: rule.name,
    targetId: "dispatcher-queue",
    arn: events.arn,
    deadLetterConfig: { arn: deadLetters.arn },
    // EventBridge's own limits, written down (EventBridge user guide, "Retry policy", read 2026-11-21).
    retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
  });
  return rule;
}

/** EventBridge may send, for these rules of this account only, and nobody in plain text. */
function allowOnly(queue: Queue, name: string, rules: readonly aws.cloudwatch.EventRule[]) {
  const policy = aws.iam.getPolicyDocumentOutput({
    statements: [
      {
        sid: "OnlyOurRules",
        actions: ["sqs:SendMessage"],
        resources: [queue.arn],
        principals: [{ type: "Service", identifiers: ["events.amazonaws.com"] }],
        conditions: [
          { test: "ArnEquals", variable: "aws:SourceArn", values: rules.map((rule) => rule.arn) },
          { test: "StringEquals", variable: "aws:SourceAccount", values: [here().account] },
        ],
      },
      neverInPlainText(queue),
    ],
  });
  new aws.sqs.QueuePolicy(name, { queueUrl: queue.url, policy: policy.json });
}

/**
 * Our own bus, for notes from CI. Whoever may put events may put only these: an identity policy that allows
 * `events:PutEvents` on everything does not help to forge anything else (both keys hold a list, one entry an event;
 * service authorization reference for EventBridge, read 2026-11-21).
 */
function ownBus() {
  const bus = new sst.aws.Bus("Bus", {
    transform: {
      bus: { name: named("bus"), description: "Notes from CI to Nightshift: migrations, deployments and mirrors; and where mirrors are asked for." },
    },
  });
  const ours = patterns().filter(isOurs);
  const unless = (variable: string, field: string) => ({
    effect: "Deny",
    actions: ["events:PutEvents"],
    resources: [bus.arn],
    principals: [{ type: "*", identifiers: ["*"] }],
    conditions: [
      { test: "ForAnyValue:StringNotEquals", variable, values: ours.flatMap((pattern) => (Array.isArray(pattern[field]) ? pattern[field].map(String) : [])) },
    ],
  });
  const policy = aws.iam.getPolicyDocumentOutput({
    statements: [
      { sid: "OnlyNotesFromCi", ...unless("events:source", "source") },
      { sid: "OnlyKnownNotes", ...unless("events:detail-type", "detail-type") },
    ],
  });
  new aws.cloudwatch.EventBusPolicy("BusPolicy", { eventBusName: bus.name, policy: policy.json });
  return bus;
}
