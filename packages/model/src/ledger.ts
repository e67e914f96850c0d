import type { AlarmState } from "./alarm.ts";
import type { EcsDeploymentId, IdentityKey, ServiceName, TaskDefinitionArn } from "./ids.ts";
import type { Identity, RevisionLabels } from "./service.ts";
import type { Role } from "./people.ts";
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

/** A migration or deployment note that CI sent on our own bus (decision 12), or the word of whoever mirrors a repository. */
export interface ChangeNote {
  /** Of a mirror the repository: `shop/api`, which no service of ECS is called. */
  readonly service: ServiceName;
  readonly kind: "migration" | "deployment" | "mirror";
  readonly at: EpochMs;
  readonly schemaHead?: string;
  readonly commit?: string;
  readonly pullRequest?: string;
  readonly reversible?: boolean;
  /** Snapshots of databases that were taken right before it, by their names in RDS, with commas between. */
  readonly saved?: string;
}

/** What the ledger knows about a service's alarms and changes between two looks. */
export interface Signals {
  readonly alarms: readonly AlarmState[];
  readonly changes: readonly ChangeNote[];
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
  /** Who must say yes. Absent in rows of the first release: one operator. */
  readonly needs: ApprovalNeeds;
  /** Who asked for it: `nightshift/guard`, or a person (`lead`), who may not be the second of two. */
  readonly requester: string;
  /** The incident whose timeline tells of it. */
  readonly incident: string | undefined;
  /** Yeses so far; single entry a person, but for a team of one (decision 56). */
  readonly given: readonly { readonly by: string; readonly at: EpochMs }[];
  readonly by: string | undefined;
  readonly answeredAt: EpochMs | undefined;
  /** What wakes the waiting execution; the row above is the truth, this only saves waiting. */
  readonly callbackId: string | undefined;
}

/** What a plan needs: so many people of this role; with two, the requester counts as one at most. */
export interface ApprovalNeeds {
  readonly role: Role;
  readonly people: 1 | 2;
}

/** A plan that a person asked for, waiting to be carried out under its id: what exactly, and what must still be so then. */
export interface StoredPlan {
  readonly id: string;
  readonly hash: string;
  readonly verb: string;
  readonly service: string;
  readonly requester: string;
  readonly incident: string | undefined;
  readonly because: string;
  readonly madeAt: EpochMs;
  readonly expiresAt: EpochMs;
  /** The calls, one a line, as `--dry-run` prints them. */
  readonly calls: readonly string[];
  /** What was seen; read again at execution, and refused with the difference when it changed. */
  readonly preconditions: Readonly<Record<string, string>>;
  /** What the verb's automation is started with. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** One message of ours in Slack: what it covers and how far it is. The row comes before the call. */
export interface Delivery {
  /** Unique in the incident and place: `header`, `reply/3`, `page/2`. It travels in the message's metadata. */
  readonly key: string;
  /** `trying`: perhaps it was sent. `refused`: the last try surely was not. `parked`: refused for good until somebody acts; with a `ts`, it stood in Slack and was deleted. */
  readonly state: "trying" | "refused" | "sent" | "parked";
  readonly channel: string;
  readonly thread: string | undefined;
  /** Entry keys it tells: the next message begins after them. */
  readonly covers: readonly string[];
  readonly ts: string | undefined;
  /** Hash of what is shown; a header with another one is updated. */
  readonly shown: string | undefined;
  readonly startedAt: EpochMs;
  /** Tries so far. */
  readonly tries: number;
}

/** When a channel (or the workspace) may be written to again, and what was spent: one row each, replaced whole under its version. */
export interface SendBudget {
  readonly scope: string;
  readonly version: number;
  /** Nothing before this: Slack said so, or its last failures did. */
  readonly notBefore: EpochMs;
  /** Newest calls that count against a limit, newest first, at most 60. */
  readonly spent: readonly EpochMs[];
  /** Failures in a row. */
  readonly failures: number;
  /** When the first of these failures was; kept when they are over, so that what came late can be told as a digest. */
  readonly failingSince: EpochMs | undefined;
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
