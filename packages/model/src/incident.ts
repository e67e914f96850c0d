import type { AlarmValue } from "./alarm.ts";
import type { Severity } from "./severity.ts";
import type { EpochMs } from "./time.ts";

/** Where an incident stands. `merged` and `closed` are final; `resolved` may be opened again for ten minutes. */
export type IncidentState = "open" | "acked" | "mitigating" | "monitoring" | "resolved" | "closed" | "merged";

/** Who has which part: incident commander, operations, communications. */
export type IncidentRole = "ic" | "ops" | "comms";

/** What stands about an incident from its first moment; never changed afterwards. */
export interface Opening {
  readonly id: string;
  /** What alarms are grouped by: a group of services, a dependency (`RDS shop-prod`), or `*` for a storm over the whole account. */
  readonly group: string;
  readonly service: string;
  readonly severity: Severity;
  readonly title: string;
  /** Service time of the first sign. */
  readonly openedAt: EpochMs;
  /** `alarms`, an automation's name, or a person. */
  readonly by: string;
}

/** How far an automation is with an incident: at work, finished without an end to the trouble, in need of a person, or sure that it is over. */
export type Standing = "working" | "done" | "needs-person" | "resolved";

/** What an entry does to the incident besides standing in the timeline. Folding the entries in order gives the incident. */
export type Change =
  /** What an automation makes of its own work; its severity only raises, its title replaces. `resolved` resolves at once where no alarm rings, else it leads to `monitoring` until they clear. */
  | {
      readonly what: "standing";
      readonly automation: string;
      readonly standing: Standing;
      readonly severity?: Severity;
      readonly title?: string;
    }
  /** The first notice may go out (group wait is over); how grave it is by then, where whoever says it knows. */
  | { readonly what: "announced"; readonly severity?: Severity }
  | { readonly what: "acked"; readonly by: string }
  /** The acknowledgement ran out without a sign of work. */
  | { readonly what: "unacked" }
  | { readonly what: "severity"; readonly to: Severity; readonly by: "rule" | "person" }
  | { readonly what: "title"; readonly to: string }
  | { readonly what: "role"; readonly role: IncidentRole; readonly person: string }
  | { readonly what: "mitigating" }
  | { readonly what: "monitoring" }
  | { readonly what: "resolved"; readonly how: "alarms" | "automation" | "person" }
  | { readonly what: "reopened" }
  | { readonly what: "merged"; readonly into: string }
  | { readonly what: "absorbed"; readonly from: string }
  | { readonly what: "closed" }
  /** A tier was told: how, and who. */
  | { readonly what: "paged"; readonly tier: number; readonly by: readonly PageMeans[]; readonly people: readonly string[] }
  /** A channel of its own was made. */
  | { readonly what: "room"; readonly channel: string; readonly name: string }
  /** What a person writes for the record: a field of the war room template. */
  | { readonly what: "field"; readonly field: TemplateField; readonly text: string }
  /** Files that show what was seen. */
  | { readonly what: "evidence"; readonly evidence: Evidenced }
  | { readonly what: "suspect"; readonly suspect: Suspect }
  | { readonly what: "post-mortem"; readonly location: string };

/** How a tier can be reached. */
export type PageMeans = "slack-mention" | "slack-dm" | "sns";

/** Fields of the war room template that people fill in; the rest comes from the record (`facts/incidents.md` 6). */
export type TemplateField = "impact" | "rootCause" | "resolution" | "prevention" | "wentWell" | "wentBadly" | "actionItems";

/** One piece of evidence: where it is kept and what it shows in words. */
export interface Evidenced {
  readonly kind: "chart" | "logs" | "stopped-tasks" | "deployments" | "diagnosis" | "service-events";
  /** One or more lines a person reads in the thread; complete without the file. */
  readonly lines: readonly string[];
  /** Key in the evidence bucket, and the SHA-256 of the bytes; absent where the lines are all there is. */
  readonly stored?: { readonly key: string; readonly sha256: string; readonly type: "image/png" | "text/plain" | "application/json" };
}

/** The change most likely behind it: the last deployment or other change within 30 minutes before. */
export interface Suspect {
  readonly what: string;
  readonly at: EpochMs;
  readonly commit?: string;
  readonly pullRequest?: string;
}

/** What an entry is about; also its mark in the timeline. */
export type EntryKind =
  | "opened"
  | "seen"
  | "blamed"
  | "planned"
  | "acted"
  | "verified"
  | "asked"
  | "answered"
  | "resolved"
  | "note"
  | "paged"
  | "alarms"
  | "evidence"
  | "changed";

/** One line of an incident's append-only timeline; also what the notifier sends. */
export interface Entry {
  /** Unique in the incident; saying the same key again changes nothing. It names the transition it makes (`acked/1`), so that two who act at once make one. */
  readonly key: string;
  readonly at: EpochMs;
  readonly kind: EntryKind;
  readonly text: string;
  /** False: for the record only. */
  readonly announce: boolean;
  /** `nightshift/guard`, `slack/U0123 lead`, `cli/ana`; absent in records of the first release: Nightshift. */
  readonly actor?: string;
  readonly change?: Change;
}

/** An alarm as an incident remembers it. Merging is commutative, associative and idempotent: the newest service time wins. */
export interface RungAlarm {
  readonly name: string;
  readonly service: string;
  readonly value: AlarmValue;
  /** Service time of `value`. */
  readonly since: EpochMs;
  readonly reason: string;
  /** When it first rang in this incident. */
  readonly first: EpochMs;
  /** When it last went to ALARM. */
  readonly rang: EpochMs;
  /** The worst it rang with. */
  readonly severity: Severity;
  /** `down`: the service does not answer at all. `cause`: a dependency. `symptom`: everything else; inhibited while a `down` or `cause` rings. */
  readonly role: "down" | "cause" | "symptom";
  /** Service times of its newest changes, newest first, at most 12: what flapping is told by. */
  readonly changes: readonly EpochMs[];
}

/** One alarm's move, as it reaches an incident. */
export interface AlarmMove {
  readonly name: string;
  readonly service: string;
  readonly value: AlarmValue;
  readonly at: EpochMs;
  readonly reason: string;
  readonly severity: Severity;
  readonly role: RungAlarm["role"];
}

/** An alarm that rang under a silence: all that is needed to open its incident if it still rings when the silence ends. */
export interface SilencedAlarm extends AlarmMove {
  readonly group: string;
  /** What an incident that it opens is called. */
  readonly title: string;
}

/** An incident as it is stored: immutable opening, append-only entries, and the alarms merged so far. The truth; everything else is folded from it. */
export interface IncidentRecord {
  readonly opening: Opening;
  readonly entries: readonly Entry[];
  readonly alarms: readonly RungAlarm[];
}

/** An incident as it stands: `foldIncident` of its record (`packages/decide/src/incidents/fold.ts`). */
export interface Incident extends Opening {
  /** The severity it was opened with; `severity` is what stands. */
  readonly openedAs?: Severity;
  readonly state: IncidentState;
  /** An automation said that it cannot go on without a person, and nobody has acknowledged or resolved since. */
  readonly needsPerson: boolean;
  /** An automation is working on it now. */
  readonly working: readonly string[];
  readonly announcedAt: EpochMs | undefined;
  readonly acked: { readonly by: string; readonly at: EpochMs } | undefined;
  /** The first acknowledgement ever: what time to acknowledge is counted to. */
  readonly firstAckAt: EpochMs | undefined;
  readonly mitigatedAt: EpochMs | undefined;
  readonly resolvedAt: EpochMs | undefined;
  readonly resolvedBy: "alarms" | "automation" | "person" | undefined;
  readonly closedAt: EpochMs | undefined;
  readonly mergedInto: string | undefined;
  /** Incidents that were merged into this one. */
  readonly absorbed: readonly string[];
  readonly roles: Readonly<Partial<Record<IncidentRole, string>>>;
  /** Alarms ringing and not inhibited, inhibited, flapping and cleared. */
  readonly alarms: readonly RungAlarm[];
  readonly firing: number;
  readonly inhibited: number;
  readonly flapping: readonly string[];
  /** Since when no alarm rings; undefined while one does, or where there never was one. */
  readonly clearSince: EpochMs | undefined;
  readonly suspect: Suspect | undefined;
  readonly pages: readonly { readonly tier: number; readonly at: EpochMs; readonly people: readonly string[]; readonly by: readonly PageMeans[] }[];
  readonly room: { readonly channel: string; readonly name: string } | undefined;
  readonly fields: Readonly<Partial<Record<TemplateField, string>>>;
  readonly evidence: readonly (Evidenced & { readonly at: EpochMs })[];
  readonly postMortem: { readonly location: string; readonly at: EpochMs } | undefined;
  /** How often each transition happened: the number that the next one's key carries. */
  readonly turns: { readonly acked: number; readonly unacked: number; readonly resolved: number; readonly reopened: number; readonly severity: number };
  readonly entries: readonly Entry[];
}

/** Which incident a group's alarms go to now: one row a group, replaced under the incident it named before. */
export interface GroupPointer {
  readonly group: string;
  readonly incident: string;
  /** The whole opening, so that whoever finds the pointer can finish what a crash left half done. */
  readonly opening: Opening;
  readonly version: number;
}

/** A person's word that alarms in scope shall open no incident until it expires by itself. They are still recorded. */
export interface Silence {
  readonly id: string;
  /** `all`, a service, a group, or an alarm's name (`*` stands for any run of characters). */
  readonly scope: string;
  readonly by: string;
  readonly because: string;
  readonly from: EpochMs;
  readonly until: EpochMs;
}

/** Somebody takes over for somebody: stands above the rota. */
export interface OnCallOverride {
  readonly id: string;
  /** The rota's name. */
  readonly rota: string;
  readonly person: string;
  readonly by: string;
  readonly from: EpochMs;
  readonly until: EpochMs;
}
