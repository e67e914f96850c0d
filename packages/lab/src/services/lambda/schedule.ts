import { days, type EpochMs, hours, type Ms, minutes, ms } from "@nightshift/model";
import type { Kernel } from "../../kernel.ts";

/** When a schedule rings: every so often, or daily at a minute of the day (UTC). */
export type Schedule =
  | { readonly kind: "rate"; readonly period: Ms }
  | { readonly kind: "daily"; readonly at: Ms }
  | { readonly kind: "hourly"; readonly at: Ms };

/**
 * Reads `rate(5 minutes)`, `cron(30 2 * * ? *)` and `cron(15 * * * ? *)`; the lab knows no finer cron.
 * Source: "Schedule types", https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html (2026-11-21).
 */
export function readSchedule(expression: string): Schedule {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate) {
    const period =
      Number(rate[1]) * { minute: minutes(1), hour: hours(1), day: days(1) }[rate[2] === "minute" ? "minute" : rate[2] === "hour" ? "hour" : "day"];
    if (period > 0) return { kind: "rate", period: ms(period) };
  }
  const cron = /^cron\((\d{1,2}) (\d{1,2}|\*) (?:\* \* \?|\? \* \*) \*\)$/.exec(expression);
  const [minute, hour] = [Number(cron?.[1]), cron?.[2]];
  if (cron && minute < 60 && hour === "*") return { kind: "hourly", at: minutes(minute) };
  if (cron && minute < 60 && Number(hour) < 24) return { kind: "daily", at: ms(hours(Number(hour)) + minutes(minute)) };
  throw new Error(`The lab cannot read the schedule ${expression}: give rate(N minutes|hours|days) or cron(M H * * ? *).`);
}

/** How long from `now` until a schedule rings next; never zero. */
export function untilNext(schedule: Schedule, now: EpochMs): Ms {
  if (schedule.kind === "rate") return schedule.period;
  const length = schedule.kind === "daily" ? days(1) : hours(1);
  const gone = (now - schedule.at) % length;
  return ms(length - (gone < 0 ? gone + length : gone));
}

/** Rings `happening` on schedule until the lab ends, with the event EventBridge sends for a scheduled rule. */
export function onSchedule(kernel: Kernel, rule: { readonly name: string; readonly expression: string }, happening: (event: unknown) => void): void {
  const schedule = readSchedule(rule.expression);
  let rung = 0;
  const next = (): void =>
    kernel.clock.in(untilNext(schedule, kernel.clock.now()), () => {
      rung += 1;
      happening({
        version: "0",
        id: `${rule.name}-${rung}`,
        "detail-type": "Scheduled Event",
        source: "aws.events",
        account: kernel.accountId,
        time: new Date(kernel.clock.now()).toISOString().replace(/\.\d{3}Z$/, "Z"),
        region: kernel.region,
        resources: [`arn:aws:events:${kernel.region}:${kernel.accountId}:rule/${rule.name}`],
        detail: {},
      });
      next();
    });
  next();
}
