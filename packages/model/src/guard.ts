import type { AlarmState } from "./alarm.ts";
import type { EcsDeploymentId, ServiceDeploymentArn, ServiceName, ServiceRevisionArn, TaskDefinitionArn } from "./ids.ts";
import type { ChangeNote, RevisionRecord } from "./ledger.ts";
import type { Datapoint, MetricSeries, Reading } from "./metric.ts";
import type { Identity, ServiceDeployment, ServiceRef, ServiceState, StoppedTask, TargetFacts } from "./service.ts";
import type { TriggerKind } from "./settings.ts";
import type { Severity } from "./severity.ts";
import type { EpochMs } from "./time.ts";

/** A service deployment began: what makes the guard look. */
export interface DeploymentStarted {
  readonly group: string;
  readonly service: ServiceName;
  readonly deployment: EcsDeploymentId;
  readonly at: EpochMs;
}

/** Where to go back to, and why this one. */
export interface Candidate {
  readonly record: RevisionRecord;
  /** Undefined: ECR could not be asked. */
  readonly imagePresent: boolean | undefined;
  /** The task definition to deploy: ACTIVE and pinned by digest. Undefined: a pinned copy must be registered first. */
  readonly deployable: TaskDefinitionArn | undefined;
  /** True: chosen from a set that was good together, so this member moves with its group even when it was not deployed itself. */
  readonly together?: boolean;
}

/** What was known about one member of the group when its watch began. */
export interface PreparedMember {
  readonly ref: ServiceRef;
  readonly judged: {
    readonly deployment: EcsDeploymentId;
    readonly serviceDeployment: ServiceDeploymentArn | undefined;
    readonly revision: ServiceRevisionArn | undefined;
    readonly identity: Identity;
    readonly startedAt: EpochMs;
  };
  /** The revision the deployment replaces: what ECS itself would go back to while it is in progress. */
  readonly source: { readonly revision: ServiceRevisionArn; readonly identity: Identity; readonly createdAt: EpochMs } | undefined;
  /** Ledger rows of this service, newest first, at most 20. */
  readonly known: readonly RevisionRecord[];
  readonly candidate: Candidate | undefined;
  /** Why there is no candidate, or what makes it doubtful. */
  readonly candidateBecause: string;
  /** A BAD row of the judged identity, when the same bytes failed before. */
  readonly knownBad: RevisionRecord | undefined;
  readonly alarmsAtStart: readonly AlarmState[];
  readonly baseline: { readonly before: readonly MetricSeries[]; readonly lastWeek: readonly MetricSeries[] };
  /** Migration notes since the candidate was first seen. */
  readonly migrations: readonly ChangeNote[];
  /** What was saved right before the deployment: snapshots by their names in RDS; absent: nothing that we know of. */
  readonly saved?: { readonly at: EpochMs; readonly snapshots: string };
}

/** The plan prepared at the start of a watch, so that acting later takes few calls. */
export interface Prepared {
  readonly group: string;
  readonly key: string;
  readonly preparedAt: EpochMs;
  readonly members: readonly PreparedMember[];
  /** What could have been saved before the deployment; absent: nothing. */
  readonly saves?: readonly string[];
}

/** One smoke test, run once. */
export interface SmokeResult {
  readonly name: string;
  readonly ok: boolean;
  readonly because: string;
  readonly took: number;
}

/** What one look saw of one member. Readings that failed say so; they are never read as zero. */
export interface MemberLook {
  readonly service: ServiceName;
  readonly state: Reading<ServiceState>;
  readonly deployment: Reading<ServiceDeployment | undefined>;
  /** Tasks of the judged deployment that stopped since the watch began. */
  readonly stopped: readonly (StoppedTask & { readonly id: string })[];
  /** Which deployment this look took for the judged one; a look made before a member joined says nothing about its new deployment. */
  readonly judged?: EcsDeploymentId;
  readonly judgedRunning: number;
  /** When the first running task of the judged deployment started; a watch that begins late knows by it how long the revision serves already. */
  readonly judgedSince?: EpochMs | undefined;
  readonly olderRunning: number;
  readonly targets: Reading<readonly (TargetFacts & { readonly judged: boolean })[]>;
  /** Series by query id; see `packages/decide/src/queries.ts`. */
  readonly metrics: Reading<readonly MetricSeries[]>;
  readonly smoke: readonly SmokeResult[];
  readonly alarms: readonly AlarmState[];
  /** False: ECS could not list the tasks; the task figures above then mean nothing. */
  readonly tasksKnown: boolean;
  /** Notes by CI since the judged deployment began. */
  readonly changes: readonly ChangeNote[];
}

/** One look at the whole group. */
export interface Look {
  readonly at: EpochMs;
  readonly members: readonly MemberLook[];
  /** The execution that the ledger says is watching; another key means we were superseded. */
  readonly watchKey: string;
  /** Which deployment of each service that execution judges. */
  readonly watched: Readonly<Record<string, EcsDeploymentId>>;
  /** Holds over any member. */
  readonly heldBecause: string | undefined;
  /** Services outside the group, and whether they fail too; absent where nobody looked. */
  readonly siblings?: readonly { readonly service: string; readonly failing: boolean }[];
}

/** What is remembered of one member from look to look; counts looks, never seconds. */
export interface MemberMemory {
  readonly service: ServiceName;
  /** The deployment this memory is about; a joiner's new deployment starts a new memory. */
  readonly judged: EcsDeploymentId;
  /** First look with a healthy target or running task of the judged revision; undefined: not exposed yet. */
  readonly exposedAt: EpochMs | undefined;
  readonly completedAt: EpochMs | undefined;
  readonly unhealthyLooks: number;
  readonly smokeFailures: Readonly<Record<string, number>>;
  readonly crashed: readonly (StoppedTask & { readonly id: string })[];
  /** When ECS's own rollback was first awaited. */
  readonly awaitingNativeSince: EpochMs | undefined;
  /** While old and new revision served side by side: the new one's share of healthy targets (0–1), one point a look, newest 30. */
  readonly lastSplit: readonly Datapoint[];
  readonly lastSmokeAt: EpochMs | undefined;
  /** Minutes with traffic and requests counted since exposure; what a GOOD grade is earned with. `through`: the last minute counted. */
  readonly tally: { readonly minutes: number; readonly requests: number; readonly through: EpochMs | undefined };
}

/** The guard's memory between two looks: small enough for one checkpoint. */
export interface WatchMemory {
  readonly looks: number;
  readonly startedAt: EpochMs;
  readonly members: readonly MemberMemory[];
  readonly latest: Look | undefined;
  /** First look at which anything was wrong: evidence is saved then, before any action. */
  readonly suspectedAt: EpochMs | undefined;
  readonly evidence: { readonly key: string; readonly sha256: string } | undefined;
  /** Looks in a row in which a provider did not answer. */
  readonly blindLooks: number;
}

/** How far a watch has come, counted from exposure (decision 8). */
export type WatchPhase = "before-exposure" | "hot" | "bake" | "long" | "over";

/** A trigger that fired, with the figures a person wants to see. */
export interface Breach {
  readonly service: ServiceName;
  readonly trigger: TriggerKind;
  readonly strength: "hard" | "soft";
  /** `5xx 12.4 % of 1,180 requests, 2 of 2 minutes (before: 0.2 %; same hour last week: 0.3 %)`. */
  readonly says: string;
  readonly since: EpochMs;
  /** 0–100; the share of requests that failed, where known. */
  readonly errorShare: number | undefined;
}

/** Whether the deployment is to blame, by which signs. */
export interface Blame {
  readonly verdict: "deployment" | "elsewhere" | "mixed";
  readonly signs: readonly { readonly points: "deployment" | "elsewhere" | "neither"; readonly says: string }[];
}

/** How one member goes back. */
export type MemberPlan =
  | {
      readonly how: "stop-deployment";
      readonly service: ServiceName;
      readonly cluster: string;
      readonly serviceDeployment: ServiceDeploymentArn;
      readonly expectDeployment: EcsDeploymentId;
      readonly from: Identity;
      readonly to: Identity /** Pinned and ACTIVE, for when ECS completes the deployment before our call; undefined: none was prepared. */;
      readonly fallback: TaskDefinitionArn | undefined;
    }
  | {
      readonly how: "redeploy";
      readonly service: ServiceName;
      readonly cluster: string;
      readonly expectDeployment: EcsDeploymentId;
      readonly from: Identity;
      readonly to: Identity;
      readonly taskDefinition: TaskDefinitionArn | undefined;
    };

/** A rollback, ready to be carried out or approved. */
export interface RollbackPlan {
  /** Short, sayable, unique: `shop-api-43-to-42`. */
  readonly id: string;
  readonly group: string;
  readonly members: readonly MemberPlan[];
  readonly steps: readonly string[];
}

/** Why nothing is done. */
export type LeaveReason = "passed" | "not-deploy" | "yield" | "superseded" | "held" | "nothing-to-judge" | "unsupported" | "closed";

/** What every final verdict carries, so that it can be told. */
interface Explained {
  readonly because: readonly string[];
  readonly breaches: readonly Breach[];
  readonly blame: Blame | undefined;
  readonly severity: Severity;
  /** What would change the verdict; for people who disagree. */
  readonly otherwise: string | undefined;
}

/** Put the last known good back, or ask, or leave it, or look again. */
export interface RollBack extends Explained {
  readonly kind: "roll-back";
  readonly plan: RollbackPlan;
  readonly consent: "given" | "shadow";
}
/** A person has to decide; without a plan there is nothing to approve, only to know. */
export interface Ask extends Explained {
  readonly kind: "ask";
  readonly plan: RollbackPlan | undefined;
}
/** Nothing is changed, for a reason that CI and people are told. */
export interface LeaveAlone extends Explained {
  readonly kind: "leave";
  readonly reason: LeaveReason;
}
/** Nothing is certain yet: look again, sooner when it is suspicious. */
export interface Wait {
  readonly kind: "wait";
  readonly because: readonly string[];
  readonly suspicious: boolean;
}

/** How a watch may end. */
export type GuardVerdict = RollBack | Ask | LeaveAlone;

/** What the guard found when it looked again after acting. */
export type RollbackOutcome = "restored" | "ineffective" | "failed" | "overtaken";

/** What verification remembers of one member; every moment is the first look at which it was true. */
export interface MemberRecovery {
  readonly service: ServiceName;
  /** No target (or task) of the bad revision serves, the good one does. */
  readonly trafficAt: EpochMs | undefined;
  /** One deployment left, as many tasks running as desired. */
  readonly steadyAt: EpochMs | undefined;
  /** Every running task carries the digests of the plan's target. */
  readonly digestsVerified: boolean;
  /** Undefined: not judged yet, or the figures could not be read. */
  readonly clear: boolean | undefined;
  readonly overtakenBy: string | undefined;
  readonly failedBecause: string | undefined;
  /** What the newest figures say, for the thread. */
  readonly says: string | undefined;
  /** Alarms that rang before the deployment began: no rollback of it silences them, so they say nothing about whether it helped. */
  readonly alarmsBefore?: readonly string[];
}

/** The memory of verification: which clocks have stopped, and what stands against "it helped". */
export interface RecoveryMemory {
  readonly plan: RollbackPlan;
  readonly startedAt: EpochMs;
  readonly looks: number;
  /** When the world was last seen. */
  readonly lastAt: EpochMs | undefined;
  readonly members: readonly MemberRecovery[];
  /** The traffic clock of the whole group: every member serves only the good revision. */
  readonly trafficRestoredAt: EpochMs | undefined;
  /** The steady clock of the whole group. */
  readonly steadyAt: EpochMs | undefined;
}
