import { PortError, type PortErrorKind } from "@nightshift/ports";

/** What a failure of a server is in the house's words, and what somebody can do about it. */
interface Step {
  readonly kind: PortErrorKind;
  readonly next: string | undefined;
}

/** A standby ends what reads rows that the primary has cleared away meanwhile (PostgreSQL manual, "Handling Query Conflicts", 27.4.2, 2026-11-21). */
const recoveryConflict =
  "it reads from a standby; set hot_standby_feedback = on there, or max_standby_streaming_delay to more than a backup takes, or give the primary's address";
const noSession = "give the role CONNECTION LIMIT 8 or more, or the server more max_connections; a backup needs six sessions";
const goneAway = "the server stopped, failed over or crashed: look at its log, and run it again when it answers";
const noRight = "`npx nightshift backup doctor` says which right is missing, `backup grants` prints the role that has them all";
const readsOnly = "the role only reads, as that of the nights does: to restore, give the address of one that may create databases";
/** What to do about more tables than the server can hold locks of. */
export const lockTableFull = "the server's lock table is full: raise max_locks_per_transaction";

/** By SQLSTATE, first fit first (PostgreSQL documentation, appendix A, https://www.postgresql.org/docs/current/errcodes-appendix.html, 2026-11-21). */
const steps: readonly (readonly [state: RegExp, step: Step])[] = [
  [/^25006$/, { kind: "denied", next: readsOnly }],
  [/^28/, { kind: "denied", next: "check the user and the password of its address, and pg_hba.conf for this machine" }],
  [/^42501$/, { kind: "denied", next: noRight }],
  [/^3D000$/, { kind: "not-found", next: "check the database's name in its address" }],
  [/^(42P01|3F000)$/, { kind: "not-found", next: "look whether a migration runs, and run it again" }],
  [/^(55P03|40001|40P01)$/, { kind: "conflict", next: "run it again when the migration is over" }],
  [/^57014$/, { kind: "timeout", next: "somebody or a timeout cancelled it; run it again" }],
  [/^53300$/, { kind: "throttled", next: noSession }],
  [/^53200$/, { kind: "unavailable", next: "if it says shared memory, raise max_locks_per_transaction" }],
  [/^53100$/, { kind: "unavailable", next: "the server's own disk is full" }],
  [/^57P03$/, { kind: "unavailable", next: "it starts or stops just now; run it again when it answers" }],
  [/^(08|53|57)/, { kind: "unavailable", next: goneAway }],
];

/** What to do about a statement's failure. */
export function stepAfter(state: string, message: string): Step {
  if (isRecoveryConflict(message)) return { kind: "unavailable", next: recoveryConflict };
  return steps.find(([pattern]) => pattern.test(state))?.[1] ?? { kind: "invalid", next: undefined };
}

const isRecoveryConflict = (message: string): boolean => /due to conflict with recovery/.test(message);

/** What pg_dump says of the server that it reads from, as the same failure that a session of our own would have had; anything else stays as it is. */
export function explainDump(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof PortError) return error;
  const about = dumpSays.find(([pattern]) => pattern.test(error.message))?.[1];
  return about === undefined ? error : new PortError(about.kind, "backup:dump", "database", `${error.message.replace(/\.$/, "")}; ${about.next}`, error);
}

const dumpSays: readonly (readonly [said: RegExp, step: Step])[] = [
  [/due to conflict with recovery/, { kind: "unavailable", next: recoveryConflict }],
  [/too many connections|remaining connection slots/, { kind: "throttled", next: noSession }],
  [/out of shared memory/, { kind: "invalid", next: lockTableFull }],
  [/permission denied/, { kind: "denied", next: noRight }],
  [/row-level security policy/, { kind: "denied", next: "give the role BYPASSRLS, or leave out no rows by its policies" }],
  [/server closed the connection|terminating connection|connection to server|the database system is/, { kind: "unavailable", next: goneAway }],
];
