import type { Change, Entry, EpochMs, Incident, IncidentRecord, IncidentState, RungAlarm, Severity } from "@nightshift/model";
import { epochMs } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { hasRung, mergeAlarms, rangAt, rings, worse } from "./alarms.ts";
import { isFlapping } from "./flapping.ts";
import { inhibitedAlarms } from "./inhibit.ts";
import { emptyParts, keepPart, type Parts } from "./fold-parts.ts";

/**
 * The incident that a record tells of. Nothing else is the truth: the same opening, entries and alarms give the same
 * incident in whatever order and however often they are read (invariants 21, 22, 24).
 */
export function foldIncident({ opening, entries, alarms }: IncidentRecord): Incident {
  const timeline = inOrder(entries);
  const rung = mergeAlarms([], alarms).filter(hasRung);
  const course = timeline.reduce((so, entry) => step(so, entry, rung), start);
  const parts = timeline.reduce(keepPart, emptyParts);
  const inhibited = inhibitedAlarms(rung);
  const ringing = rung.filter(rings);
  return {
    ...opening,
    openedAs: opening.severity,
    openedAt: epochMs(Math.min(opening.openedAt, ...rung.map((one) => one.first))),
    severity: severityOf({ opening, timeline, rung }),
    title: parts.title ?? opening.title,
    state: stateOf(course),
    needsPerson: course.phase !== "merged" && Object.values(course.standings).includes("needs-person"),
    working: Object.keys(course.standings)
      .filter((name) => course.standings[name] === "working")
      .sort(),
    announcedAt: parts.announcedAt,
    acked: course.acked,
    firstAckAt: course.firstAckAt,
    mitigatedAt: course.mitigatedAt,
    resolvedAt: course.resolvedAt,
    resolvedBy: course.resolvedBy,
    closedAt: course.closedAt,
    mergedInto: course.mergedInto,
    alarms: shown(rung, inhibited),
    firing: ringing.length - inhibited.size,
    inhibited: inhibited.size,
    flapping: rung.filter(isFlapping).map((one) => one.name),
    clearSince: rung.length === 0 || ringing.length > 0 ? undefined : epochMs(Math.max(...rung.map((one) => one.since))),
    turns: turnsOf(timeline),
    entries: timeline,
    ...kept(parts),
  };
}

/** What has become of it so far. */
interface Course {
  readonly phase: "running" | "resolved" | "closed" | "merged";
  readonly acked: Incident["acked"];
  readonly firstAckAt: EpochMs | undefined;
  readonly mitigating: boolean;
  readonly monitoring: boolean;
  readonly mitigatedAt: EpochMs | undefined;
  readonly resolvedAt: EpochMs | undefined;
  readonly resolvedBy: Incident["resolvedBy"];
  readonly closedAt: EpochMs | undefined;
  readonly mergedInto: string | undefined;
  /** The last word of each automation; one that was answered by a person is left out. */
  readonly standings: Readonly<Record<string, "working" | "needs-person">>;
}

const start: Course = {
  phase: "running",
  acked: undefined,
  firstAckAt: undefined,
  mitigating: false,
  monitoring: false,
  mitigatedAt: undefined,
  resolvedAt: undefined,
  resolvedBy: undefined,
  closedAt: undefined,
  mergedInto: undefined,
  standings: {},
};

function step(so: Course, { at, change }: Entry, alarms: readonly RungAlarm[]): Course {
  if (change === undefined || guard("closed and merged are final", so.phase === "closed" || so.phase === "merged")) return so;
  switch (change.what) {
    case "standing":
      return stand(so, { at, change, alarms });
    case "acked":
      if (so.phase === "resolved" || (so.acked !== undefined && guard("acknowledged once"))) return so;
      return { ...so, acked: { by: change.by, at }, firstAckAt: so.firstAckAt ?? at, standings: answered(so.standings) };
    case "unacked":
      return { ...so, acked: undefined };
    case "mitigating":
      return so.phase === "resolved" ? so : { ...so, mitigating: true };
    case "monitoring":
      return so.phase === "resolved" ? so : { ...so, monitoring: true, mitigatedAt: so.mitigatedAt ?? at };
    case "resolved":
      return resolve(so, at, change.how);
    case "reopened":
      return so.phase === "resolved" ? { ...so, ...start, firstAckAt: so.firstAckAt, standings: so.standings } : so;
    case "merged":
      return { ...so, phase: "merged", mergedInto: change.into, standings: {} };
    case "closed":
      return { ...so, phase: "closed", closedAt: at, resolvedAt: so.resolvedAt ?? at, standings: {} };
    case "announced":
    case "severity":
    case "title":
    case "role":
    case "absorbed":
    case "paged":
    case "room":
    case "field":
    case "evidence":
    case "suspect":
    case "post-mortem":
      return so;
  }
}

type Stood = { readonly at: EpochMs; readonly change: Extract<Change, { what: "standing" }>; readonly alarms: readonly RungAlarm[] };

/** What an automation makes of its own work. It says that it helped; that the trouble is over, the alarms must bear out. */
function stand(so: Course, { at, change, alarms }: Stood): Course {
  const { [change.automation]: _, ...others } = so.standings;
  switch (change.standing) {
    case "working":
    case "needs-person":
      return { ...so, standings: { ...others, [change.automation]: change.standing } };
    case "done":
      return { ...so, standings: others };
    case "resolved": {
      const ended = { ...so, standings: others };
      if (so.phase === "resolved") return ended;
      const ringing = alarms.some((alarm) => rangAt(alarm, at));
      if (guard("nothing is resolved while an alarm rings", ringing)) return { ...ended, monitoring: true, mitigatedAt: so.mitigatedAt ?? at };
      return resolve(ended, at, "automation");
    }
  }
}

const resolve = (so: Course, at: EpochMs, by: NonNullable<Incident["resolvedBy"]>): Course =>
  so.phase === "resolved"
    ? so
    : { ...so, phase: "resolved", resolvedAt: at, resolvedBy: by, mitigatedAt: so.mitigatedAt ?? at, standings: answered(so.standings) };

/** A person took it, or it is over: nobody waits for a person any more. */
const answered = (standings: Course["standings"]): Course["standings"] =>
  Object.fromEntries(Object.entries(standings).filter(([, standing]) => standing !== "needs-person"));

function stateOf(course: Course): IncidentState {
  if (course.phase !== "running") return course.phase;
  if (course.monitoring) return "monitoring";
  if (course.mitigating) return "mitigating";
  return course.acked === undefined ? "open" : "acked";
}

/** A person's word stands over every sign that is older; newer signs only raise it. */
function severityOf({ opening, timeline, rung }: { opening: IncidentRecord["opening"]; timeline: readonly Entry[]; rung: readonly RungAlarm[] }): Severity {
  const signs: { readonly at: EpochMs; readonly severity: Severity }[] = [{ at: opening.openedAt, severity: opening.severity }];
  for (const { rang, severity } of rung) signs.push({ at: rang, severity });
  let word: { readonly at: EpochMs; readonly to: Severity } | undefined;
  for (const { at, change } of timeline) {
    if (change?.what === "severity" && change.by === "person") word = { at, to: change.to };
    else if (change?.what === "severity") signs.push({ at, severity: change.to });
    else if (change?.what === "standing" && change.severity !== undefined) signs.push({ at, severity: change.severity });
  }
  const stands = word;
  const counted = stands === undefined ? signs : signs.filter((sign) => !guard("a person's severity stands", sign.at <= stands.at));
  return counted.map((sign) => sign.severity).reduce(worse, stands?.to ?? "P4");
}

/** Firing first, then inhibited, then flapping and cleared; the worst first, then the newest. */
function shown(rung: readonly RungAlarm[], inhibited: ReadonlySet<string>): readonly RungAlarm[] {
  const rank = (one: RungAlarm): number => (rings(one) ? (inhibited.has(one.name) ? 1 : 0) : isFlapping(one) ? 2 : 3);
  return rung.toSorted(
    (a, b) => rank(a) - rank(b) || Number(a.severity.slice(1)) - Number(b.severity.slice(1)) || b.rang - a.rang || (a.name < b.name ? -1 : 1),
  );
}

/** One entry a key, by time. Of two under one key the ledger keeps one; where both were read, the same one counts whatever came first. */
function inOrder(entries: readonly Entry[]): readonly Entry[] {
  const byKey = new Map<string, Entry>();
  for (const entry of entries) {
    const known = byKey.get(entry.key);
    if (known === undefined || compare(entry, known) < 0) byKey.set(entry.key, entry);
  }
  return [...byKey.values()].sort(compare);
}

const compare = (a: Entry, b: Entry): number => {
  if (a.at !== b.at) return a.at - b.at;
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
};

function turnsOf(timeline: readonly Entry[]): Incident["turns"] {
  const times = (what: Change["what"]): number => timeline.filter((one) => one.change?.what === what).length;
  return { acked: times("acked"), unacked: times("unacked"), resolved: times("resolved"), reopened: times("reopened"), severity: times("severity") };
}

const kept = ({ absorbed, roles, suspect, pages, room, fields, evidence, postMortem }: Parts) => ({
  absorbed,
  roles,
  suspect,
  pages,
  room,
  fields,
  evidence,
  postMortem,
});
