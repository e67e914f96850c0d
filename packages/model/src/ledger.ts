import type { AlarmState } from "./alarm.ts";
import type { EcsDeploymentId, IdentityKey, ServiceName, TaskDefinitionArn } from "./ids.ts";
import type { Identity, RevisionLabels } from "./service.ts";
import type { Severity } from "./severity.ts";
import type { EpochMs } from "./time.ts";

/** How much a revision is trusted, by what was seen of it (`facts`: last known good by evidence, not by order). */
export type Grade = "candidate" | "served" | "good" | "suspect" | "bad";

/** One identity of one service, as the ledger remembers it. */
export interface RevisionRecord {
  readonly service: ServiceName;
  readonly identity: Identity;
  readonly grade: Grade;
  readonly gradedAt: EpochMs;
  readonly because: string;
  readonly firstSeen: EpochMs;
  readonly labels: RevisionLabels;
  /** True where GOOD was assumed at the first watch, not earned under one. */
  readonly provisional: boolean;
  /** Our digest-pinned copy of its task definition, once registered. */
  readonly pinned: TaskDefinitionArn | undefined;
}

/** Identities of a group's services that were GOOD together: what a group goes back to. */
export interface GoodTuple {
  readonly group: string;
  readonly members: Readonly<Record<string, IdentityKey>>;
  readonly at: EpochMs;
}

/** An open or finished watch over a group's deployments. */
export interface WatchRecord {
  readonly group: string;
  /** The work key of the execution that watches; another key means this one was superseded. */
  readonly key: string;
  /** Which deployment of each moved service is judged. */
  readonly members: Readonly<Record<string, EcsDeploymentId>>;
  readonly openedAt: EpochMs;
  readonly state: "watching" | "acting" | "closed";
  /** Deployments that we made ourselves by rolling back: never watched, never promoted. */
  readonly ours: readonly string[];
  /** Until when an alarm still gets a suggestion (never an action). */
  readonly tailUntil: EpochMs;
  readonly verdict: string | undefined;
}

/** A migration or deployment note that CI sent on our own bus (decision 12). */
export interface ChangeNote {
  readonly service: ServiceName;
  readonly kind: "migration" | "deployment";
  readonly at: EpochMs;
  readonly schemaHead?: string;
  readonly commit?: string;
  readonly pullRequest?: string;
  readonly reversible?: boolean;
}

/** What the ledger knows about a service's alarms and changes between two looks. */
export interface Signals {
  readonly alarms: readonly AlarmState[];
  readonly changes: readonly ChangeNote[];
}

/** One line of an incident's append-only timeline; also what the notifier sends. */
export interface Entry {
  /** Unique in the incident; saying the same key again changes nothing. */
  readonly key: string;
  readonly at: EpochMs;
  readonly kind: "opened" | "seen" | "blamed" | "planned" | "acted" | "verified" | "asked" | "answered" | "resolved" | "note";
  readonly text: string;
  /** False: for the record only. */
  readonly announce: boolean;
}

/** One piece of trouble, from the first sign to the last word. */
export interface Incident {
  readonly id: string;
  readonly service: string;
  readonly severity: Severity;
  readonly title: string;
  readonly openedAt: EpochMs;
  readonly state: "open" | "resolved" | "needs-person";
  readonly entries: readonly Entry[];
}

/** A plan waiting for a person's word; single use, bound to the plan's hash (decision 24). */
export interface Approval {
  readonly plan: string;
  readonly planHash: string;
  readonly what: string;
  readonly because: string;
  readonly service: string;
  readonly askedAt: EpochMs;
  readonly expiresAt: EpochMs;
  readonly state: "pending" | "approved" | "denied";
  readonly by: string | undefined;
  readonly answeredAt: EpochMs | undefined;
  /** What wakes the waiting execution; the row above is the truth, this only saves waiting. */
  readonly callbackId: string | undefined;
}

/** One record of the audit chain. */
export interface AuditRecord {
  /** The service, or `control` for holds and approvals. */
  readonly chain: string;
  readonly seq: number;
  readonly key: string;
  readonly at: EpochMs;
  readonly kind: "intent" | "outcome" | "verdict" | "command";
  readonly actor: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly previousHash: string;
  readonly hash: string;
}
