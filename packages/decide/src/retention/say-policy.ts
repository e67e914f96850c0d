import { type CalendarLength, type ResticPolicy, type RetentionPolicy, sayLength } from "@nightshift/model";
import { isNoTime, sayCalendarLength } from "./calendar.ts";

/** A policy in one sentence. */
export function sayPolicy(policy: RetentionPolicy): string {
  switch (policy.kind) {
    case "restic":
      return `Keeps what restic does: ${sayRestic(policy).join(", ") || "nothing"}.`;
    case "documents": {
      const classes = [
        ["UTC day", policy.daily],
        ["week from Sunday", policy.weekly],
        ["UTC month", policy.monthly],
      ] as const;
      const said = classes.filter(([, length]) => length > 0).map(([period, length]) => `of each ${period} for ${sayLength(length)}`);
      return `Keeps the first verified backup ${said.join(", ")}, counted from the newest verified; safety copies ${sayLength(policy.safety)}; at least the newest ${policy.atLeast} verified.`;
    }
  }
}

function sayRestic({ last, periods, within, withinPeriods, tags, oldest, atLeast }: ResticPolicy): readonly string[] {
  const count = (name: string, number: number | undefined): readonly string[] =>
    number === undefined || number === 0 ? [] : [number < 0 ? `all ${name}` : `${number} ${name}`];
  const length = (name: string, given: CalendarLength | undefined): readonly string[] =>
    given === undefined || isNoTime(given) ? [] : [`${name} within ${sayCalendarLength(given)}`];
  return [
    ...count("newest", last),
    ...Object.entries(periods).flatMap(([name, number]) => count(name, number)),
    ...length("all", within),
    ...Object.entries(withinPeriods).flatMap(([name, given]) => length(name, given)),
    ...tags.map((list) => `tagged ${list.join(" and ")}`),
    ...(oldest ? ["and the oldest while a number is not used up"] : []),
    ...(atLeast > 0 ? [`the newest ${atLeast} in any case`] : []),
  ];
}
