import type { Ms, PageMeans, SeverityPolicy } from "@nightshift/model";
import * as z from "zod/mini";
import { choiceOf, countOf, leaf, lengthOf, objectOf } from "../kinds.ts";
import { section } from "../section.ts";
import { days, hours, minutes, seconds } from "../units.ts";

const means = ["slack-mention", "slack-dm", "sns"] as const satisfies readonly PageMeans[];

const yesOrNo = (says: string) =>
  leaf<boolean>({ says, unit: "`true` \\| `false`" }, (value) =>
    typeof value === "boolean" ? undefined : { expected: "true or false", remedy: "write true or false, without quotes" },
  );

const tier = objectOf({
  tier: countOf({ says: "Which tier: 1 is `onCall`, 2 and 3 stand in `escalation`.", from: 1, to: 3 }),
  after: lengthOf({ says: "How long after the opening, unless somebody acknowledged.", from: seconds(0), to: days(3) }),
  by: z.array(choiceOf("How: a mention in the thread, a direct message, or the severity's SNS topic (SMS, e-mail, PagerDuty, Opsgenie).", means)),
});

const ackWithin = lengthOf({ says: "Until when it should be acknowledged; absent: no deadline.", from: minutes(1), to: days(3) });
const ackLasts = lengthOf({
  says: "An acknowledgement without any sign of work for so long is asked about, then taken back; absent: it holds.",
  from: minutes(5),
  to: days(1),
});
/** A length with its default; where the severity has none, it may be set. */
const maybe = (length: typeof ackWithin, fallback: Ms | undefined) => (fallback === undefined ? z.optional(length) : z._default(length, fallback));

/** What is set for one severity, with the seeds' value wherever it is left out. */
const severity = (it: SeverityPolicy) =>
  z.prefault(
    objectOf({
      groupWait: z._default(
        lengthOf({ says: "How long the first notice waits, so that alarms of one failure come together.", from: seconds(0), to: minutes(5) }),
        it.groupWait,
      ),
      ackWithin: maybe(ackWithin, it.ackWithin),
      tiers: z._default(
        z.array(tier),
        it.tiers.map((one) => ({ ...one, by: [...one.by] })),
      ),
      resolveWithin: z._default(
        lengthOf({ says: "The target for being resolved: shown and measured, never acted on.", from: minutes(1), to: days(30) }),
        it.resolveWithin,
      ),
      ackLasts: maybe(ackLasts, it.ackLasts),
      quietFor: z._default(lengthOf({ says: "No alarm for so long, and nobody at work: resolved by itself.", from: minutes(1), to: hours(6) }), it.quietFor),
      room: z._default(yesOrNo("A Slack channel of its own."), it.room),
      postMortem: z._default(yesOrNo("A post-mortem is drafted and reminded of."), it.postMortem),
      businessHours: z._default(yesOrNo("Wait for 09:00 of the next business day instead of telling at once."), it.businessHours),
    }),
    {},
  );

/** Tier 1 at once and at the acknowledgement's deadline, then tier 2 and 3. P1: 5, 15 and 30 minutes; P2: 15, 45 and 105 (`facts/incidents.md` 7.6). */
const ladder = (first: readonly PageMeans[], again: Ms, second: Ms, third: Ms): SeverityPolicy["tiers"] => [
  { tier: 1, after: seconds(0), by: first },
  { tier: 1, after: again, by: ["slack-dm", "sns"] },
  { tier: 2, after: second, by: ["slack-dm", "sns"] },
  { tier: 3, after: third, by: ["slack-dm", "sns"] },
];

/** The seeds' response and resolve times (`facts/incidents.md` 6); the rest is ours (7.2, 7.5, 7.6, 7.8). P1's 30 minutes are the MTTR target. */
const defaults = {
  P1: {
    groupWait: seconds(0),
    ackWithin: minutes(5),
    tiers: ladder(["slack-mention", "sns"], minutes(5), minutes(15), minutes(30)),
    resolveWithin: minutes(30),
    ackLasts: minutes(30),
    quietFor: minutes(10),
    room: true,
    postMortem: true,
    businessHours: false,
  },
  P2: {
    groupWait: seconds(5),
    ackWithin: minutes(15),
    tiers: ladder(["slack-mention"], minutes(15), minutes(45), minutes(105)),
    resolveWithin: hours(1),
    ackLasts: minutes(60),
    quietFor: minutes(5),
    room: false,
    postMortem: true,
    businessHours: false,
  },
  P3: {
    groupWait: seconds(30),
    ackWithin: hours(1),
    tiers: [
      { tier: 1, after: minutes(60), by: ["slack-mention"] },
      { tier: 2, after: minutes(120), by: ["slack-mention"] },
    ],
    resolveWithin: hours(4),
    ackLasts: undefined,
    quietFor: minutes(5),
    room: false,
    postMortem: false,
    businessHours: false,
  },
  P4: {
    groupWait: seconds(30),
    ackWithin: undefined,
    tiers: [],
    resolveWithin: hours(24),
    ackLasts: undefined,
    quietFor: minutes(5),
    room: false,
    postMortem: false,
    businessHours: true,
  },
} as const satisfies Readonly<Record<string, SeverityPolicy>>;

export const severities = section({
  title: "Severities",
  says: "How an incident of each severity is run. P1 outage, data loss, security breach · P2 error rate above 5 %, partial outage · P3 from 1 to 5 % · P4 below. Every value may be set; what is left out has the value shown.",
  schema: z.prefault(objectOf({ P1: severity(defaults.P1), P2: severity(defaults.P2), P3: severity(defaults.P3), P4: severity(defaults.P4) }), {}),
});
