import type { Ms, Percent } from "@nightshift/model";
import * as z from "zod/mini";
import { didYouMean } from "./nearest.ts";
import { lengthAsCode, seconds, wholeMinutes } from "./units.ts";

/** What the reference page says about one setting. */
export interface Setting {
  readonly says: string;
  /** `length`, `percent`, `count`, `text`, or the list of choices. */
  readonly unit: string;
  readonly bounds?: string;
}

/** Every setting's description, filed under its schema, so that the page and the check cannot drift apart. */
export const settings = z.registry<Setting>();

/** Why a value was refused. */
export interface Flaw {
  readonly expected: string;
  readonly remedy: string;
}

/** A schema for one value of a config: the same type before and after. */
export type Kind<T> = z.ZodMiniType<T, T>;

/** One value with its description and its judge; `undefined` from the judge means that it is fine. */
export function leaf<T>(setting: Setting, judge: (value: unknown) => Flaw | undefined): Kind<T> {
  const schema: Kind<T> = z.custom<T>().check(
    z.check<T>((payload) => {
      const flaw = judge(payload.value);
      if (flaw !== undefined) payload.issues.push({ code: "custom", input: payload.value, params: { ...flaw } });
    }),
  );
  settings.add(schema, setting);
  return schema;
}

interface LengthOf {
  readonly says: string;
  readonly from: Ms;
  readonly to: Ms;
  readonly byTheMinute?: true;
}

/** A length of time. A bare number is told apart from a length by the bounds: 5 is 5 ms, which no setting allows. */
export function lengthOf({ says, from, to, byTheMinute }: LengthOf): Kind<Ms> {
  const step = byTheMinute ? ", whole minutes" : "";
  const bounds = `${lengthAsCode(from)} to ${lengthAsCode(to)}${step}`;
  const expected = `a length from ${bounds}`;
  const least = from === 0 ? seconds(1) : from; // where no time at all is allowed, a bare 5 is a slip all the same
  return leaf<Ms>({ says, unit: "length", bounds }, (value) => {
    if (typeof value !== "number" || !Number.isFinite(value)) return { expected, remedy: `write a length, for example ${lengthAsCode(from)}` };
    if (value < least && value > 0 && value * 1_000 <= to) {
      const guess = byTheMinute || (value * 60_000 <= to && value * 1_000 < from) ? "minutes" : "seconds";
      return { expected, remedy: `a bare ${value} is ${value} ms: did you mean ${guess}(${value})?` };
    }
    if (value < least && value !== from) return { expected, remedy: `raise it to ${lengthAsCode(least)} or more` };
    if (value > to) return { expected, remedy: `lower it to ${lengthAsCode(to)} or less` };
    if (byTheMinute && value % 60_000 !== 0) return { expected, remedy: `CloudWatch keeps one datapoint a minute: write ${lengthAsCode(wholeMinutes(value))}` };
    return undefined;
  });
}

/** A share above 0 and up to 100. */
export function shareOf(says: string): Kind<Percent> {
  const expected = "a share above 0 and up to 100, as percent(5)";
  return leaf<Percent>({ says, unit: "percent", bounds: "above 0, up to 100" }, (value) => {
    if (typeof value !== "number" || !Number.isFinite(value)) return { expected, remedy: "write percent(5) for five in a hundred" };
    if (value > 100) return { expected, remedy: "no share is above 100: divide by 100, or use errorsPerMinute for a count" };
    if (value <= 0) return { expected, remedy: "write a share above 0, for example percent(1)" };
    return undefined;
  });
}

/** A number within bounds, whole unless said otherwise. */
export function countOf({
  says,
  from,
  to,
  unit = "count",
  fraction,
}: {
  says: string;
  from: number;
  to: number;
  unit?: string;
  fraction?: true;
}): Kind<number> {
  const expected = `a ${fraction ? "" : "whole "}number from ${from} to ${to}`;
  return leaf<number>({ says, unit, bounds: `${from} to ${to}` }, (value) => {
    if (typeof value !== "number" || !Number.isFinite(value)) return { expected, remedy: `write a number, for example ${from}` };
    if (!fraction && !Number.isInteger(value)) return { expected, remedy: `write ${Math.min(to, Math.max(from, Math.round(value)))}` };
    if (value < from) return { expected, remedy: `raise it to ${from} or more` };
    return value > to ? { expected, remedy: `lower it to ${to} or less` } : undefined;
  });
}

/** Any finite number: thresholds of metrics whose unit only the metric knows. */
export const numberOf = (says: string): Kind<number> =>
  leaf<number>({ says, unit: "the metric's own" }, (value) =>
    typeof value === "number" && Number.isFinite(value) ? undefined : { expected: "a number", remedy: "write the threshold in the metric's own unit" },
  );

/** A text of a known form. */
export function textOf({ says, pattern, expected, remedy }: { says: string; pattern: RegExp; expected: string; remedy: string }): Kind<string> {
  return leaf<string>({ says, unit: "text", bounds: expected }, (value) =>
    typeof value === "string" && pattern.test(value) ? undefined : { expected, remedy },
  );
}

/** One of a few words; a near miss is named. */
export function choiceOf<const T extends string>(says: string, choices: readonly T[]): Kind<T> {
  const listed = choices.map((choice) => `"${choice}"`).join(", ");
  return leaf<T>({ says, unit: choices.map((choice) => `\`${choice}\``).join(" \\| ") }, (value) => {
    if (typeof value === "string" && choices.some((choice) => choice === value)) return undefined;
    return {
      expected: `one of ${listed}`,
      remedy: typeof value === "string" ? didYouMean(value, choices, `write ${listed.replace(/, ("[^"]+")$/, " or $1")}`) : `write "${choices[0]}"`,
    };
  });
}

/** An object with these settings and no others; the message of an unknown key lists the keys there are. */
export function objectOf<const Shape extends z.core.$ZodShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? Object.keys(shape)
            .filter((key) => key !== "kind")
            .join(", ")
        : undefined,
  });
}
