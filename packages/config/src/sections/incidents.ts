import * as z from "zod/mini";
import { choiceOf, countOf, leaf, lengthOf, objectOf, textOf } from "../kinds.ts";
import { section } from "../section.ts";
import { hours, minutes, seconds } from "../units.ts";
import { clockTime, timeZone, weeklyTime } from "./moments.ts";
import { channel } from "./people.ts";

const name = (says: string) =>
  textOf({ says, pattern: /^\S.{0,254}$/, expected: "the name of a service or group", remedy: "write a name that stands under services, or the group of one" });

const webAddress = (says: string) => leaf<string>({ says, unit: "text", bounds: "an https:// address" }, (value) => judgeAddress(value));

/** Only encrypted addresses without credentials. */
function judgeAddress(value: unknown): { expected: string; remedy: string } | undefined {
  const expected = "an https:// address";
  if (typeof value !== "string" || !URL.canParse(value)) return { expected, remedy: 'write a whole address, for example "https://example.com/shop"' };
  const url = new URL(value);
  if (url.protocol !== "https:") return { expected, remedy: `${url.protocol}// is not encrypted, or cannot be opened: use https://` };
  if (url.username !== "" || url.password !== "") return { expected, remedy: "take user name and password out: a config is not a place for secrets" };
  return undefined;
}

/** What an alarm means to incidents. */
const alarmRule = objectOf({
  match: textOf({
    says: "The alarm's name; `*` stands for any run of characters. The first rule that matches counts.",
    pattern: /^(?!arn:)\S.{0,254}$/,
    expected: "an alarm's name, 1 to 255 characters",
    remedy: "write the alarm's name (not its ARN), as `aws cloudwatch describe-alarms` lists it",
  }),
  service: z.optional(name("The service it is about; found by the alarm's dimensions when absent.")),
  severity: z.optional(choiceOf("How grave it is; judged by the triggers of its service when absent.", ["P1", "P2", "P3", "P4"])),
  role: z.optional(
    choiceOf("`down`: the service does not answer. `cause`: something it stands on. `symptom`: all else, kept quiet while one of those rings.", [
      "down",
      "cause",
      "symptom",
    ]),
  ),
  ignore: z.optional(
    leaf<boolean>({ says: "True: never an incident.", unit: "`true` \\| `false`" }, (value) =>
      typeof value === "boolean" ? undefined : { expected: "true or false", remedy: "write true or false, without quotes" },
    ),
  ),
});

/** An alarm rule as a config writes it; made by `onAlarm`. */
export type AlarmRuleInput = z.input<typeof alarmRule>;

export const incidents = section({
  title: "Incidents",
  says: "How alarms become incidents, and what incidents point to.",
  schema: z.prefault(
    objectOf({
      environment: z._default(
        textOf({
          says: "What production is called in titles and denials.",
          pattern: /^[a-z][a-z0-9-]{0,15}$/,
          expected: "a short word",
          remedy: 'write "prod"',
        }),
        "prod",
      ),
      zone: z._default(timeZone("The team's clock: business hours, hand-over and weekly report."), "UTC"),
      alarms: z._default(z.array(alarmRule), []),
      reopenWithin: z._default(
        lengthOf({ says: "The same trouble so soon after the end opens the same incident again.", from: minutes(1), to: hours(24) }),
        minutes(10),
      ),
      suspectWithin: z._default(lengthOf({ says: "A change so long before the first sign is suspected.", from: minutes(1), to: hours(24) }), minutes(30)),
      storm: z._default(
        objectOf({
          services: countOf({ says: "More services than this in trouble at once are one incident of the whole account.", from: 2, to: 1_000 }),
          within: lengthOf({ says: "In this length of time.", from: seconds(30), to: minutes(30) }),
        }),
        { services: 20, within: minutes(2) },
      ),
      digest: z._default(clockTime("When the hand-over digest is posted, by the team's clock."), "09:00"),
      channels: z._default(z.record(name("A service or group."), channel("Its own channel, instead of `channels.incidents`.")), {}),
      links: z._default(
        z.record(
          name("A service."),
          objectOf({ dashboard: z.optional(webAddress("Where its metrics are seen.")), runbook: z.optional(webAddress("What to do about it.")) }),
        ),
        {},
      ),
    }),
    {},
  ),
});

export const maintenance = section({
  title: "Maintenance windows",
  says: "Times that come again in which alarms in scope open no incident; they are still recorded. Silences for once are set with `/ops silence`.",
  schema: z._default(
    z.array(
      objectOf({
        name: textOf({ says: "How messages call it.", pattern: /\S/, expected: "a name", remedy: 'write "monthly maintenance"' }),
        scope: z._default(
          textOf({ says: "`all`, a service, a group, or an alarm's name with `*`.", pattern: /^\S/, expected: "a scope", remedy: 'write "all"' }),
          "all",
        ),
        opens: weeklyTime("The day and time at which it opens."),
        week: z.optional(countOf({ says: "Only the first (1), second … such day of a month; every week when absent.", from: 1, to: 5 })),
        lasts: lengthOf({ says: "How long it is open.", from: minutes(1), to: hours(24) }),
        zone: z._default(timeZone("Whose clock that is."), "UTC"),
      }),
    ),
    [],
  ),
});

/** A maintenance window as a config writes it. */
export type MaintenanceInput = NonNullable<z.input<typeof maintenance.schema>>[number];

export const heartbeatUrl = section({
  title: "Heartbeat",
  says: "An address that is asked every minute while the way from an event to the notifier works, for a watch outside of AWS (a dead man's switch).",
  schema: z.optional(webAddress("Asked with POST; an answer other than 2xx is only logged.")),
});
