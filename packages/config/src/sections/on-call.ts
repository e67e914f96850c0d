import * as z from "zod/mini";
import { objectOf, textOf } from "../kinds.ts";
import { section } from "../section.ts";
import { calendarDate, handoffTime, timeZone } from "./moments.ts";

/** A name as the keys of `people` are written. */
const person = textOf({
  says: "Somebody of `people`, by their short name.",
  pattern: /^[a-z][a-z0-9._-]{0,31}$/i,
  expected: "a name from people",
  remedy: "write the short name that the person has under people",
});

/** A Slack user group by its id. */
export const userGroup = (says: string) =>
  textOf({
    says,
    pattern: /^S[A-Z0-9]{2,}$/,
    expected: "a Slack user group id such as S0123ABCD",
    remedy: "open the group in Slack's People & user groups: its address ends in the id",
  });

/** Who is there, and when. */
export const rota = z.discriminatedUnion("kind", [
  objectOf({ kind: z.literal("static"), people: z.array(person) }),
  objectOf({
    kind: z.literal("rotation"),
    people: z.array(person),
    handoff: handoffTime("When the next person takes over."),
    zone: timeZone("Whose clock that is."),
    from: z.optional(calendarDate("A hand-over day on which the first person's turn began; the first such day of 2026 when absent.")),
  }),
  objectOf({ kind: z.literal("slack-group"), group: userGroup("Its members are on call; your own tool keeps it up to date.") }),
]);

/** A rota as a config writes it; made by `rotation`, `always` or `slackGroup`. */
export type RotaInput = z.input<typeof rota>;
/** The same after the check. */
export type RotaParsed = z.output<typeof rota>;

export const onCall = section({
  title: "On call",
  says: "Who is told first. Without it nobody is named, and pages go to the SNS topics alone.",
  schema: z.optional(rota),
});

const tierName = (fallback: string) =>
  z._default(textOf({ says: "How messages call this tier.", pattern: /^\S.{0,39}$/, expected: "a short name", remedy: `write "${fallback}"` }), fallback);
const higher = (fallback: string) => z.prefault(objectOf({ name: tierName(fallback), who: z.optional(rota) }), {});

export const escalation = section({
  title: "Escalation",
  says: "Who is told when nobody acknowledges: tier 1 is `onCall`; a tier without people is told by the SNS topics. When each tier is told stands in `severities`.",
  schema: z.prefault(
    objectOf({ tier1: z.prefault(objectOf({ name: tierName("On-Call Engineer") }), {}), tier2: higher("DevOps Lead"), tier3: higher("CTO") }),
    {},
  ),
});
