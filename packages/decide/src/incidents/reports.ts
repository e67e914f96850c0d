import { type Card, days, type EpochMs, type Incident, type Part, sayClock, sayDate, sayLength, type Severity, type Silence, since } from "@nightshift/model";
import { meanOf, timesOf } from "./times.ts";

/** What a report is made of. */
export interface ReportFacts {
  readonly product: string;
  readonly now: EpochMs;
  /** Newest first; as many as the ledger lists. */
  readonly incidents: readonly Incident[];
  readonly silences: readonly Silence[];
  /** Who takes over, by tier; empty: nobody is named. */
  readonly onCall: readonly { readonly tier: string; readonly people: readonly string[] }[];
}

/** What whoever comes on call wants to know in a minute. */
export function handoffDigest(facts: ReportFacts): Card {
  const { product, now, incidents, silences, onCall } = facts;
  const open = incidents.filter(isOpen);
  const day = incidents.filter((one) => since(one.openedAt, now) <= days(1));
  const acted = day.flatMap((one) =>
    one.entries.filter((entry) => entry.kind === "acted").map((entry) => `${sayClock(entry.at)}  ${one.service}: ${entry.text}`),
  );
  const flapping = open.flatMap((one) => one.flapping);
  return {
    summary: `${product}: hand-over. ${open.length === 0 ? "Nothing is open" : `${open.length} open`}, ${day.length} in the last 24 h.`,
    parts: [
      { kind: "heading", text: `${product}: hand-over` },
      lines(
        "On call",
        onCall.map(({ tier, people }) => `${tier}: ${people.length === 0 ? "nobody" : people.join(", ")}`),
        "Nobody is named.",
      ),
      lines(
        "Open",
        open.map((one) => `${one.id}  ${one.severity} ${one.state}  ${one.title}`),
        "Nothing is open.",
      ),
      lines("Done by Nightshift in the last 24 h", acted, "Nothing had to be done."),
      lines(
        "Silenced",
        silences.map((one) => `${one.scope} for ${sayLength(since(now, one.until))} more (${one.by}: ${one.because})`),
        "Nothing is silenced.",
      ),
      ...(flapping.length === 0 ? [] : [lines("Flapping", flapping, "")]),
      ...noisiest(facts),
    ],
  };
}

/** The week in figures, against the targets of the seeds: first notice at once, acknowledged within 15 min, resolved within 30 min on average. */
export function weeklyReport(facts: ReportFacts): Card {
  const { product, now } = facts;
  const week = facts.incidents.filter((one) => since(one.openedAt, now) <= days(7));
  const bySeverity = (["P1", "P2", "P3", "P4"] as const).map((severity) => `${severity}: ${count(week, severity)}`).join(" · ");
  const times = week.map(timesOf);
  const mean = (name: keyof ReturnType<typeof timesOf>) => {
    const length = meanOf(times.map((one) => one[name]));
    return length === undefined ? "–" : sayLength(length);
  };
  const pages = week.reduce((total, one) => total + one.pages.length, 0);
  return {
    summary: `${product}: the week to ${sayDate(now)}. ${week.length} incidents, ${pages} pages.`,
    parts: [
      { kind: "heading", text: `${product}: the week to ${sayDate(now)}` },
      {
        kind: "facts",
        facts: [
          ["Incidents", `${week.length} (${bySeverity})`],
          ["Pages", `${pages}; at most 2 a shift is the aim`],
          ["Time to first notice", mean("notice")],
          ["Time to acknowledge (aim: 15 m)", mean("acknowledge")],
          ["Time to mitigate", mean("mitigate")],
          ["Time to resolve (aim: 30 m)", mean("resolve")],
          ["Resolved without a person", String(week.filter((one) => one.resolvedAt !== undefined && one.firstAckAt === undefined).length)],
        ],
      },
      lines(
        "Post-mortems to write",
        week.filter(lacksPostMortem).map((one) => `${one.id}  ${one.severity}  ${one.title}`),
        "None is missing.",
      ),
      ...noisiest({ ...facts, incidents: week }),
    ],
  };
}

const isOpen = (one: Incident): boolean => one.state !== "resolved" && one.state !== "closed" && one.state !== "merged";
const lacksPostMortem = (one: Incident): boolean =>
  (one.severity === "P1" || one.severity === "P2") && (one.state === "resolved" || one.state === "closed") && one.fields.rootCause === undefined;
const count = (incidents: readonly Incident[], severity: Severity): number => incidents.filter((one) => one.severity === severity).length;

const lines = (title: string, all: readonly string[], none: string): Part => ({
  kind: "lines",
  lines: [[{ bold: title }], ...(all.length === 0 ? [none] : cut(all))],
});

/** Lines of one list; the record holds all. */
const MOST = 8;
const cut = (all: readonly string[]): readonly string[] => (all.length <= MOST ? all : [...all.slice(0, MOST), `and ${all.length - MOST} more`]);

/** The five alarms that rang in most incidents, each with what could be done about it. */
function noisiest({ incidents }: Pick<ReportFacts, "incidents">): readonly Part[] {
  const tally = new Map<string, { times: number; changes: number }>();
  for (const alarm of incidents.flatMap((one) => one.alarms)) {
    const before = tally.get(alarm.name) ?? { times: 0, changes: 0 };
    tally.set(alarm.name, { times: before.times + 1, changes: before.changes + alarm.changes.length });
  }
  const noisy = [...tally]
    .filter(([, { times, changes }]) => times > 1 || changes > 3)
    .toSorted(([a, x], [b, y]) => y.times - x.times || y.changes - x.changes || (a < b ? -1 : 1));
  if (noisy.length === 0) return [];
  const say = ([name, { times, changes }]: (typeof noisy)[number]) =>
    `${name}: in ${times} incident${times === 1 ? "" : "s"}, ${changes} changes. ${changes > 4 * times ? "It flaps: ask for more datapoints to alarm, or a wider gap to OK." : "If nobody acts on it, raise its threshold or silence it."}`;
  return [lines("Noisiest alarms", noisy.slice(0, 5).map(say), "")];
}
