import type { Role } from "./people.ts";
import type { PageMeans } from "./incident.ts";
import type { Severity } from "./severity.ts";
import type { Ms } from "./time.ts";

/** How an incident of one severity is run; defaults in `packages/config` follow `facts/incidents.md` 6 and 7. */
export interface SeverityPolicy {
  /** How long the first notice waits so that alarms of one failure arrive together. */
  readonly groupWait: Ms;
  /** When each tier is told, counted from the opening, unless somebody acknowledged: tier 1 at `tiers[0]`, and so on. Empty: nobody is paged. */
  readonly tiers: readonly TierPolicy[];
  /** How long until it should be acknowledged; undefined: no deadline. */
  readonly ackWithin: Ms | undefined;
  /** How long until it should be resolved; shown, never acted on. */
  readonly resolveWithin: Ms;
  /** An acknowledgement without any entry for so long is asked about, and after a further tenth taken back; undefined: it holds. */
  readonly ackLasts: Ms | undefined;
  /** No alarm for so long, and no automation at work: resolved. */
  readonly quietFor: Ms;
  /** A channel of its own. */
  readonly room: boolean;
  /** A post-mortem is required and reminded of. */
  readonly postMortem: boolean;
  /** Wait for the next business day (09:00 in the team's zone) instead of paging at once. */
  readonly businessHours: boolean;
}

/** One rung of the ladder. */
export interface TierPolicy {
  /** 1, 2, 3. */
  readonly tier: number;
  readonly after: Ms;
  readonly by: readonly PageMeans[];
}

/** Who stands on a tier. */
export interface Tier {
  readonly tier: number;
  readonly name: string;
  readonly rota: Rota;
}

/** Who is on call. Names are those of `people` in the config. */
export type Rota =
  | { readonly kind: "static"; readonly name: string; readonly people: readonly string[] }
  | {
      readonly kind: "rotation";
      readonly name: string;
      readonly people: readonly string[];
      /** Weekly or daily hand-over at this local time. */
      readonly handoff: { readonly weekday: Weekday | "daily"; readonly hour: number; readonly minute: number };
      /** IANA zone: `Europe/Berlin`. */
      readonly zone: string;
      /** A date (`2026-01-05`) on which the first person's turn began; any handoff day. */
      readonly from: string;
    }
  | { readonly kind: "slack-group"; readonly name: string; readonly group: string };

/** Days, in the order of ISO 8601. */
export const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export type Weekday = (typeof weekdays)[number];

/** What an alarm means that no trigger of a service names; the first rule that matches counts. */
export interface AlarmRule {
  /** The alarm's name; `*` stands for any run of characters. */
  readonly match: string;
  /** The service it is about; absent: found by its dimensions. */
  readonly service?: string;
  readonly severity?: Severity;
  readonly role?: "down" | "cause" | "symptom";
  /** True: never an incident. */
  readonly ignore?: boolean;
}

/** A maintenance window that comes again every week or month; it silences its scope while it lasts. */
export interface MaintenanceWindow {
  readonly name: string;
  readonly scope: string;
  readonly weekday: Weekday;
  /** Undefined: every week; 1: only the first such weekday of a month. */
  readonly week?: number;
  readonly hour: number;
  readonly minute: number;
  readonly lasts: Ms;
  readonly zone: string;
}

/** A person as rules need them. */
export interface PersonOnFile {
  readonly name: string;
  readonly slack: string | undefined;
  readonly arn: string | undefined;
  readonly roles: readonly Role[];
  /** Roles on single services or groups, on top. */
  readonly rolesFor: Readonly<Record<string, readonly Role[]>>;
}

/** One workspace and one app are believed, nobody else (`facts/incidents.md` 7.7). */
export interface SlackIdentity {
  readonly team: string;
  readonly app: string;
}

/** Everything that runs incidents, from the config. */
export interface IncidentPolicy {
  readonly product: string;
  /** `prod`, or the stage's name: shown in titles where it is not production. */
  readonly zone: string;
  readonly channels: {
    readonly ops: string | undefined;
    readonly incidents: string | undefined;
    /** A service's or group's own channel. */
    readonly byService: Readonly<Record<string, string>>;
  };
  readonly slack: SlackIdentity | undefined;
  readonly people: readonly PersonOnFile[];
  /** User groups whose members hold roles. */
  readonly groupsWithRoles: readonly { readonly slackGroup: string; readonly roles: readonly Role[] }[];
  readonly severities: Readonly<Record<Severity, SeverityPolicy>>;
  readonly tiers: readonly Tier[];
  readonly alarms: readonly AlarmRule[];
  readonly maintenance: readonly MaintenanceWindow[];
  /** Which service stands on which dependencies: names as in `dependencies` of the services, and other services. */
  readonly dependsOn: Readonly<Record<string, readonly string[]>>;
  /** How long after it was resolved the same trouble opens the same incident again. */
  readonly reopenWithin: Ms;
  /** A change so long before the first sign is suspected. */
  readonly suspectWithin: Ms;
  /** Distinct services within `within` that make a storm of the whole account. */
  readonly storm: { readonly moreThan: number; readonly within: Ms };
  /** The team's IANA zone (`Europe/Berlin`): business hours and digests go by it. Absent: UTC. */
  readonly timeZone?: string;
  /** When the hand-off digest and the weekly report are posted, local time of `timeZone`. */
  readonly digest: { readonly hour: number; readonly minute: number };
  readonly postMortem: { readonly after: Ms; readonly remindAfterBusinessDays: number };
  readonly heartbeatUrl: string | undefined;
  /** Links for a room: dashboard and runbook of a service. */
  readonly links: Readonly<Record<string, { readonly dashboard?: string; readonly runbook?: string }>>;
}
