import * as z from "zod/mini";
import { choiceOf, countOf, lengthOf, objectOf, shareOf, textOf } from "../kinds.ts";
import { minutes, ms, percent, seconds } from "../units.ts";

const noData = z._default(
  choiceOf("A minute without a datapoint while traffic flows: keep waiting, count it as bad, or leave this trigger out.", ["wait", "bad", "ignore"]),
  "wait",
);
const minRequests = z._default(
  countOf({ says: "Requests in the judged minutes below which nothing is concluded; one failure in ten is no rate.", from: 1, to: 1_000_000 }),
  60,
);
const judged = (says: string) => lengthOf({ says, from: minutes(1), to: minutes(30), byTheMinute: true });

/**
 * One schema a trigger. Defaults: health checks, error rate and p95 are AccuNode's, errors per minute Customify's,
 * crashes and smoke tests as gates G3 and decision 11 say; at least 60 requests and 3 errors (facts/rollback.md 3 #13).
 */
export const trigger = z.discriminatedUnion("kind", [
  objectOf({
    kind: z.literal("health-checks"),
    moreThan: z._default(countOf({ says: "Failed health-check looks in a row, above which it fires: more than 3 is four.", from: 1, to: 30 }), 3),
  }),
  objectOf({
    kind: z.literal("error-rate"),
    above: z._default(shareOf("Share of requests answered with 5xx by the service's own tasks."), percent(5)),
    for: z._default(judged("So many one-minute datapoints in a row."), minutes(2)),
    minRequests,
    minErrors: z._default(countOf({ says: "Errors in the judged minutes below which nothing is concluded.", from: 1, to: 100_000 }), 3),
    noData,
  }),
  objectOf({
    kind: z.literal("latency"),
    statistic: z._default(choiceOf("Which percentile of the targets' response time.", ["p50", "p90", "p95", "p99"]), "p95"),
    above: z._default(lengthOf({ says: "Response time above which it fires.", from: ms(10), to: seconds(60) }), ms(2_000)),
    for: z._default(judged("So many one-minute datapoints in a row."), minutes(5)),
    minRequests,
    noData,
  }),
  objectOf({
    kind: z.literal("errors-per-minute"),
    moreThan: z._default(countOf({ says: "5xx in one minute, above which the minute is bad.", from: 0, to: 1_000_000 }), 10),
    times: z._default(countOf({ says: "Bad minutes in a row.", from: 1, to: 30 }), 2),
    noData,
  }),
  objectOf({
    kind: z.literal("task-crashes"),
    atLeast: z._default(countOf({ says: "Tasks of the new deployment that crashed by their own doing.", from: 1, to: 100 }), 2),
    share: z._default(shareOf("And at least this share of the desired count."), percent(50)),
  }),
  objectOf({ kind: z.literal("smoke-tests"), failuresInARow: z._default(countOf({ says: "Failures of one smoke test in a row.", from: 1, to: 10 }), 2) }),
  objectOf({
    kind: z.literal("alarms"),
    names: z.array(
      textOf({
        says: "CloudWatch alarm that counts against a deployment when it goes to ALARM after exposure.",
        pattern: /^(?=.*\S)(?!arn:).{1,255}$/,
        expected: "the name of an alarm, 1 to 255 characters",
        remedy: "write the alarm's name (not its ARN), as `aws cloudwatch describe-alarms` lists it",
      }),
    ),
  }),
]);

/** A trigger as a config may write it: everything but the kind has a default. */
export type TriggerInput = z.input<typeof trigger>;
