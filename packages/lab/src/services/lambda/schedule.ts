import { days, type EpochMs, hours, type Ms, minutes, ms, utc } from "@nightshift/model";
import type { Kernel } from "../../kernel.ts";

/** When a schedule rings: every so often, or at a minute of the hour, the day or a day of the month (UTC). */
export type Schedule =
  | { readonly kind: "rate"; readonly period: Ms }
  | { readonly kind: "monthly"; readonly day: number; readonly at: Ms }
  | { readonly kind: "daily"; readonly at: Ms }
  | { readonly kind: "hourly"; readonly at: Ms };

/**
 * Reads `rate(5 minutes)`, `cron(0 4 16 * ? *)`, `cron(30 2 * * ? *)` and `cron(15 * * * ? *)`; the lab knows no finer cron.
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
  const monthly = /^cron\((\d{1,2}) (\d{1,2}) (\d{1,2}) \* \? \*\)$/.exec(expression);
  const [at, hourOf, day] = [Number(monthly?.[1]), Number(monthly?.[2]), Number(monthly?.[3])];
  if (monthly && at < 60 && hourOf < 24 && day >= 1 && day <= 28) return { kind: "monthly", day, at: ms(hours(hourOf) + minutes(at)) };
  throw new Error(`The lab cannot read the schedule ${expression}: give rate(N minutes|hours|days) or cron(M H * * ? *).`);
}

/** How long from `now` until a schedule rings next; never zero. */
export function untilNext(schedule: Schedule, now: EpochMs): Ms {
  if (schedule.kind === "rate") return schedule.period;
  if (schedule.kind === "monthly") {
    const { year, month } = utc(now);
    const inMonth = (n: number): number => Date.UTC(year, n, schedule.day) + schedule.at;
    return ms((inMonth(month - 1) > now ? inMonth(month - 1) : inMonth(month)) - now);
  }
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

/** What Scheduler puts in place of its keywords. */
interface ScheduledInput {
  readonly scheduleArn: string;
  readonly scheduledTime: string;
  readonly executionId: string;
  readonly attemptNumber: string;
}

/**
 * Rings on schedule as EventBridge Scheduler does, with its context attributes as input
 * ("Adding context attributes in EventBridge Scheduler", https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html, 2026-11-21).
 * Unlike a rule it names the moment that was meant.
 */
export function onScheduler(
  kernel: Kernel,
  schedule: { readonly name: string; readonly expression: string },
  happening: (input: ScheduledInput) => void,
): void {
  const read = readSchedule(schedule.expression);
  let rung = 0;
  const next = (): void => {
    const meant = kernel.clock.now() + untilNext(read, kernel.clock.now());
    kernel.clock.in(ms(meant - kernel.clock.now()), () => {
      rung += 1;
      happening({
        scheduleArn: `arn:aws:scheduler:${kernel.region}:${kernel.accountId}:schedule/default/${schedule.name}`,
        scheduledTime: new Date(meant).toISOString().replace(/\.\d{3}Z$/, "Z"),
        executionId: `${schedule.name}-${rung}`,
        attemptNumber: "1",
      });
      next();
    });
  };
  next();
}
