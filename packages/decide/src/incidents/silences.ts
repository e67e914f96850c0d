import { type EpochMs, epochMs, type MaintenanceWindow, type Silence, type SilencedAlarm, sayClock } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { laterDay, localDayOf, momentOn, weekdayOf, weekOfMonth } from "./business-time.ts";

/**
 * Why no incident is opened for something that goes by these names (an alarm's own, its service's, its group's); undefined: nothing
 * silences it. Silences end by themselves: nobody has to remember to take one back.
 */
export function silencedBecause(
  scopes: readonly string[],
  silences: readonly Silence[],
  windows: readonly MaintenanceWindow[],
  now: EpochMs,
): string | undefined {
  const silence = silences.find((one) => one.from <= now && !guard("silence expires", now >= one.until) && covers(one.scope, scopes));
  if (silence !== undefined) return `silenced by ${silence.by} until ${sayClock(silence.until)} UTC: ${silence.because}`;
  for (const window of windows) {
    if (!covers(window.scope, scopes)) continue;
    const until = openUntil(window, now);
    if (until !== undefined) return `inside the maintenance window "${window.name}" until ${sayClock(until)} UTC`;
  }
  return undefined;
}

/** What was kept under silences of which none stands any more. */
export const heardAgain = (
  kept: readonly SilencedAlarm[],
  { silences, windows, now }: { readonly silences: readonly Silence[]; readonly windows: readonly MaintenanceWindow[]; readonly now: EpochMs },
): readonly SilencedAlarm[] => kept.filter(({ name, service, group }) => silencedBecause([name, service, group], silences, windows, now) === undefined);

/** When the window that is open now closes; undefined while none is. Days are those of its own zone, so that it keeps its local hour when the clocks change. */
export function openUntil(window: MaintenanceWindow, now: EpochMs): EpochMs | undefined {
  const today = localDayOf(now, window.zone);
  const earliest = Math.min(MOST_DAYS, Math.ceil(window.lasts / 86_400_000) + 1);
  for (let ago = 0; ago <= earliest; ago++) {
    const day = laterDay(today, -ago);
    if (weekdayOf(day) !== window.weekday) continue;
    if (window.week !== undefined && weekOfMonth(day) !== window.week) continue;
    const opens = momentOn(day, window, window.zone);
    const closes = epochMs(opens + window.lasts);
    if (opens <= now && now < closes) return closes;
  }
  return undefined;
}

/** Whether a name fits a pattern; `*` stands for any run of characters, everything else for itself. */
export function fits(pattern: string, name: string): boolean {
  const [head = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return name === pattern;
  const tail = rest.pop() ?? "";
  if (!name.startsWith(head) || !name.endsWith(tail) || name.length < head.length + tail.length) return false;
  // What stands between two stars is taken at its first place: whatever fits later, fits then, too.
  let at = head.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found < 0 || found + piece.length > name.length - tail.length) return false;
    at = found + piece.length;
  }
  return true;
}

/** A window is looked back for at most so many days: a longer one is no maintenance. */
const MOST_DAYS = 8;

const covers = (scope: string, names: readonly string[]): boolean => scope === "all" || names.some((name) => fits(scope, name));
