import type {
  AlarmState,
  Approval,
  AuditRecord,
  ChangeNote,
  ControlState,
  EpochMs,
  GoodTuple,
  Grade,
  IdentityKey,
  RevisionRecord,
  ServiceName,
  Signals,
  TaskDefinitionArn,
  WatchRecord,
} from "@nightshift/model";

/** Holds, leases and budgets of the product: one row, replaced whole under its version. */
export interface Control {
  /** The row, read consistently; `emptyControl` before the first write. */
  read(): Promise<ControlState>;
  /** Writes `next` only if the row still has `next.version - 1`. Returns false when somebody else was first. */
  replace(next: ControlState): Promise<boolean>;
}

/** What is known of each revision of each service. */
export interface Revisions {
  /** Rows of one service, newest first seen first, at most 20. */
  list(service: ServiceName): Promise<readonly RevisionRecord[]>;
  /** Adds a row as `candidate` unless there is one; returns what stands. */
  see(record: RevisionRecord): Promise<RevisionRecord>;
  /** Grades a row at service time `at`; an older grading never replaces a newer one. */
  grade(service: ServiceName, key: IdentityKey, grade: Grade, because: string, at: EpochMs): Promise<void>;
  /** Remembers our pinned copy. */
  pin(service: ServiceName, key: IdentityKey, taskDefinition: TaskDefinitionArn): Promise<void>;
}

/** Sets of revisions that were good together. */
export interface Tuples {
  /** Newest first, at most 10. */
  list(group: string): Promise<readonly GoodTuple[]>;
  add(tuple: GoodTuple): Promise<void>;
}

/** Which execution watches which group. */
export interface Watches {
  find(group: string): Promise<WatchRecord | undefined>;
  /** Opens a watch under `key`, or joins or supersedes the open one (see `packages/decide/src/watches.ts`); false when the row changed meanwhile. */
  replace(previous: WatchRecord | undefined, next: WatchRecord): Promise<boolean>;
  /** Every watch row: a group whose row was cut off would look unwatched. */
  all(): Promise<readonly WatchRecord[]>;
}

/** What reached us about a service between looks: alarm changes, migrations, deployments by CI. */
export interface SignalsPort {
  /** The newest state of each alarm and the changes since `since`. */
  read(service: ServiceName, since: EpochMs): Promise<Signals>;
  /** Keeps the newer of what is stored and this. */
  alarm(service: ServiceName, alarm: AlarmState): Promise<void>;
  change(note: ChangeNote): Promise<void>;
}

/** Append-only, hash-chained record of every intent, outcome, verdict and command. */
export interface Audit {
  /** Appends once per (chain, key); a repeated key returns the record that stands. */
  append(entry: Pick<AuditRecord, "chain" | "key" | "at" | "kind" | "actor" | "body">): Promise<AuditRecord>;
  /** Newest first, one page of at most 100; `before` is a sequence number. */
  read(chain: string, before?: number): Promise<readonly AuditRecord[]>;
}

/** Plans that wait for a person. */
export interface Approvals {
  /** Asks once per plan id; asking again with the same hash changes nothing. */
  ask(approval: Approval): Promise<void>;
  find(plan: string): Promise<Approval | undefined>;
  /** Answers once: only a pending, unexpired plan with this very hash. Of a plan that needs two people the first yes is `one-of-two`; who may answer is decided before (`decide/approvals.ts`). */
  answer(
    plan: string,
    planHash: string,
    word: "approved" | "denied",
    by: string,
    at: EpochMs,
  ): Promise<"answered" | "one-of-two" | "expired" | "answered-before" | "plan-changed" | "unknown">;
  /** Those that may still be answered at `at`, newest first, at most 50. */
  pending(at: EpochMs): Promise<readonly Approval[]>;
}

/** A claim on a piece of work: the first to ask does it. */
export interface Claims {
  /** True for the first holder of `key`, and again for the same holder. */
  claim(key: string, holder: string, at: EpochMs): Promise<boolean>;
}
