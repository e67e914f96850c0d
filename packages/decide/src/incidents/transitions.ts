import {
  after,
  type Change,
  type Entry,
  type EntryKind,
  type EpochMs,
  epochMs,
  type Incident,
  type IncidentRole,
  ms,
  sayLength,
  type Severity,
  since,
  type TemplateField,
} from "@nightshift/model";
import { guard } from "@nightshift/model/guards";

/** Who does it, and when. */
export interface Doing {
  /** As people call them: `lead`; `Nightshift` for ourselves. */
  readonly by: string;
  readonly at: EpochMs;
  /** As the record calls them: `slack/U0123 lead`, `cli/ana`, `nightshift/war-room`. */
  readonly actor: string;
  /** What they gave as their reason, in their words. */
  readonly because?: string;
}

/** An entry to say, or why there is nothing to say, in a sentence for the person who asked. */
export type Made = { readonly kind: "entry"; readonly entry: Entry } | Refused;

/** Not done, and why. */
export interface Refused {
  readonly kind: "refused";
  readonly because: string;
}

/** Takes the incident. The first counts; until the acknowledgement is taken back or the incident opened again, nobody else can. */
export function ackEntry(incident: Incident, doing: Doing): Made {
  if (isOver(incident)) return refuse(overSays(incident));
  if (incident.acked !== undefined && guard("acknowledged once"))
    return refuse(`acknowledged already by ${incident.acked.by}, ${ago(incident.acked.at, doing.at)}`);
  const change: Change = { what: "acked", by: doing.by };
  return make(incident, { key: `acked/${incident.turns.acked + 1}`, text: `${doing.by} acknowledged.`, change, doing });
}

/** Takes an acknowledgement back that ran out. */
export function unackEntry(incident: Incident, doing: Doing): Made {
  if (isOver(incident)) return refuse(overSays(incident));
  if (incident.acked === undefined) return refuse("nobody has acknowledged it");
  const text = `The acknowledgement of ${incident.acked.by} ran out without a sign of work: nobody has this incident now.`;
  return make(incident, { key: `unacked/${incident.turns.unacked + 1}`, text, change: { what: "unacked" }, doing });
}

/** Ends it: by a person's word, or because its alarms stayed quiet. */
export function resolveEntry(incident: Incident, doing: Doing & { readonly how: "alarms" | "automation" | "person" }): Made {
  if (isOver(incident)) return refuse(overSays(incident, doing.at));
  const text = doing.how === "person" ? `${doing.by} resolved it.` : "Resolved.";
  return make(incident, { key: `resolved/${incident.turns.resolved + 1}`, kind: "resolved", text, change: { what: "resolved", how: doing.how }, doing });
}

/** Opens a resolved one again, in its old thread. */
export function reopenEntry(incident: Incident, doing: Doing): Made {
  const ended = endSays(incident);
  if (ended !== undefined) return refuse(ended);
  if (incident.state !== "resolved") return refuse(`it is not resolved: ${stateSays(incident)}`);
  return make(incident, { key: `reopened/${incident.turns.reopened + 1}`, text: `${doing.by} opened it again.`, change: { what: "reopened" }, doing });
}

/** Changes the severity: a person may raise and lower it, a rule only raises (the fold sees to that). */
export function severityEntry(incident: Incident, to: Severity, doing: Doing & { readonly rule?: true }): Made {
  const ended = endSays(incident);
  if (ended !== undefined) return refuse(ended);
  if (incident.severity === to) return refuse(`it is ${to} already`);
  if (doing.rule === true && to > incident.severity) return refuse(`it is ${incident.severity}, and only a person lowers a severity`);
  const change: Change = { what: "severity", to, by: doing.rule === true ? "rule" : "person" };
  const text = `${doing.by} ${to < incident.severity ? "raised" : "lowered"} the severity from ${incident.severity} to ${to}.`;
  return make(incident, { key: `severity/${incident.turns.severity + 1}`, text, change, doing });
}

/** Tells that signs raised it, and since when of whom they did not know: the fold raised it already. */
export function raisedEntry(incident: Incident, told: Severity, doing: Doing): Made {
  if (isOver(incident)) return refuse(overSays(incident));
  if (incident.severity >= told) return refuse(`${told} is what people know`);
  const change: Change = { what: "severity", to: incident.severity, by: "rule" };
  const who = incident.acked === undefined ? "" : ` ${incident.acked.by} acknowledged it when it was ${told}.`;
  const text = `${doing.by} raised the severity from ${told} to ${incident.severity}.${who}`;
  return make(incident, { key: `severity/${incident.turns.severity + 1}`, text, change, doing });
}

/** Gives it another title. */
export function titleEntry(incident: Incident, to: string, doing: Doing): Made {
  const ended = endSays(incident);
  if (ended !== undefined) return refuse(ended);
  if (incident.title === to) return refuse("that is its title already");
  return make(incident, { key: `title/${count(incident, "title") + 1}`, text: `${doing.by} calls it: ${to}`, change: { what: "title", to }, doing });
}

/** Gives a part to a person; `person` is a Slack id or a name of the config. */
export function roleEntry(incident: Incident, { role, person }: { readonly role: IncidentRole; readonly person: string }, doing: Doing): Made {
  const ended = endSays(incident);
  if (ended !== undefined) return refuse(ended);
  if (incident.roles[role] === person) return refuse(`${person} is ${roleSays[role]} already`);
  const change: Change = { what: "role", role, person };
  return make(incident, { key: `role/${count(incident, "role") + 1}`, text: `${person} is ${roleSays[role]} now.`, change, doing });
}

/** Somebody works on the fix. */
export function mitigatingEntry(incident: Incident, doing: Doing): Made {
  if (isOver(incident)) return refuse(overSays(incident, doing.at));
  if (incident.state === "mitigating") return refuse("it is being mitigated already");
  return make(incident, {
    key: `mitigating/${count(incident, "mitigating") + 1}`,
    text: `${doing.by} works on the fix.`,
    change: { what: "mitigating" },
    doing,
  });
}

/** The fix is in, and the figures are watched. */
export function monitoringEntry(incident: Incident, doing: Doing): Made {
  if (isOver(incident)) return refuse(overSays(incident, doing.at));
  if (incident.state === "monitoring") return refuse("it is being monitored already");
  const text = "The fix is in; the figures are watched.";
  return make(incident, { key: `monitoring/${count(incident, "monitoring") + 1}`, text, change: { what: "monitoring" }, doing });
}

/** Ends its record: nothing opens it again. */
export function closeEntry(incident: Incident, doing: Doing): Made {
  const ended = endSays(incident);
  if (ended !== undefined) return refuse(ended);
  if (incident.state !== "resolved") return refuse(`it is not resolved: ${stateSays(incident)}`);
  return make(incident, { key: "closed", text: "Closed.", change: { what: "closed" }, doing, announce: false });
}

/** Writes a field of the war room template; the newest text counts. */
export function fieldEntry(incident: Incident, { field, text }: { readonly field: TemplateField; readonly text: string }, doing: Doing): Made {
  if (incident.mergedInto !== undefined) return refuse(`it was merged into ${incident.mergedInto}: write it there`);
  if (incident.fields[field] === text) return refuse("that is what it says already");
  const change: Change = { what: "field", field, text };
  return make(incident, { key: `field/${field}/${fieldTurns(incident, field) + 1}`, text: `${fieldSays[field]}: ${text}`, change, doing });
}

/** A line for the record, under a key of the caller's: the request's own id makes a repeated request one note. */
export const noteEntry = (key: string, text: string, doing: Doing): Entry => ({
  key: `note/${key}`,
  at: doing.at,
  kind: "note",
  text: `${doing.by}: ${text}`,
  announce: true,
  actor: doing.actor,
});

/** Makes one incident part of another: two entries, one for each record. Say `merged` first; a crash between the two is mended by saying both again. */
export function mergeEntries(
  from: Incident,
  into: Incident,
  doing: Doing,
): { readonly kind: "entries"; readonly merged: Entry; readonly absorbed: Entry } | Refused {
  if (from.id === into.id) return refuse("an incident cannot be merged into itself");
  if (from.mergedInto !== undefined) return refuse(`it was merged into ${from.mergedInto} already`);
  if (into.mergedInto !== undefined) return refuse(`${into.id} was merged into ${into.mergedInto}: merge into that one`);
  if (from.state === "closed") return refuse("it is closed");
  if (into.state === "closed") return refuse(`${into.id} is closed`);
  // What runs would be over with it, and nobody would have said so.
  if (into.state === "resolved" && from.state !== "resolved" && guard("merging ends nothing"))
    return refuse(`${into.id} is resolved: open it again first, or merge it into ${from.id}`);
  const merged = make(from, { key: "merged", text: `Merged into ${into.id}: ${into.title}`, change: { what: "merged", into: into.id }, doing });
  const absorbed = make(into, {
    key: `absorbed/${from.id}`,
    text: `${from.id} is part of this: ${from.title}`,
    change: { what: "absorbed", from: from.id },
    doing,
  });
  return { kind: "entries", merged: merged.entry, absorbed: absorbed.entry };
}

/** The first notice may go out. */
export const announceEntry = (at: EpochMs, actor: string, severity?: Severity): Entry => ({
  key: "announced",
  at,
  kind: "changed",
  text: "The first notice goes out.",
  announce: false,
  actor,
  change: { what: "announced", ...(severity === undefined ? {} : { severity }) },
});

/** True where the trouble is over, by whatever word: resolved, closed or merged. */
export const isOver = ({ state }: Pick<Incident, "state">): boolean => state === "resolved" || state === "closed" || state === "merged";

interface Making {
  readonly key: string;
  readonly kind?: EntryKind;
  readonly text: string;
  readonly change: Change;
  readonly doing: Doing;
  readonly announce?: boolean;
}

/** A change comes after the changes that it was made over, also where two clocks disagree. */
function make(incident: Incident, { key, kind = "changed", text, change, doing, announce = true }: Making): { readonly kind: "entry"; readonly entry: Entry } {
  const last = Math.max(0, ...incident.entries.filter((one) => one.change !== undefined).map((one) => one.at));
  const at = doing.at > last ? doing.at : after(epochMs(last), ms(1));
  const reason = doing.because === undefined ? text : `${text} ${doing.because}`;
  return { kind: "entry", entry: { key, at, kind, text: reason, announce, actor: doing.actor, change } };
}

const refuse = (because: string): Refused => ({ kind: "refused", because });
const ago = (then: EpochMs, now: EpochMs): string => `${sayLength(since(then, now))} ago`;
const count = (incident: Incident, what: Change["what"]): number => incident.entries.filter((one) => one.change?.what === what).length;
const fieldTurns = (incident: Incident, field: TemplateField): number =>
  incident.entries.filter((one) => one.change?.what === "field" && one.change.field === field).length;

/** Why nothing changes any more; undefined while it may. */
function endSays(incident: Incident): string | undefined {
  if (incident.mergedInto !== undefined) return `it was merged into ${incident.mergedInto}`;
  return incident.state === "closed" ? "it is closed" : undefined;
}

const overSays = (incident: Incident, now?: EpochMs): string =>
  endSays(incident) ??
  (incident.resolvedAt === undefined || now === undefined ? "it is resolved already" : `resolved already, ${ago(incident.resolvedAt, now)}`);

function stateSays(incident: Incident): string {
  return incident.acked === undefined ? `it is ${incident.state}` : `it is ${incident.state}, and ${incident.acked.by} has it`;
}

const roleSays: Readonly<Record<IncidentRole, string>> = { ic: "incident commander", ops: "operations", comms: "communications" };
const fieldSays: Readonly<Record<TemplateField, string>> = {
  impact: "Impact",
  rootCause: "Root cause",
  resolution: "Resolution",
  prevention: "Prevention",
  wentWell: "Went well",
  wentBadly: "Went badly",
  actionItems: "Action items",
};
