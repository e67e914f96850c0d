import type { World } from "@nightshift/ports";
import type { Calls } from "../calls.ts";
import { approvalsOver } from "./approvals.ts";
import { auditOver } from "./audit.ts";
import { backupBookOver } from "./backup-book.ts";
import { claimsOver } from "./claims.ts";
import { controlOver } from "./control.ts";
import { deliveriesOver, sendBudgetsOver } from "./deliveries.ts";
import { onceEach } from "./errors.ts";
import { groupsOver } from "./groups.ts";
import { heartbeatsOver } from "./heartbeats.ts";
import { incidentAlarmsOver, incidentsOver } from "./incidents.ts";
import { noncesOver, plansOver } from "./plans.ts";
import { revisionsOver } from "./revisions.ts";
import { scalingBookOver } from "./scaling-book.ts";
import { signalsOver } from "./signals.ts";
import { onCallOver, silencesOver } from "./silences.ts";
import { type Doc, openTable } from "./table.ts";
import { tuplesOver } from "./tuples.ts";
import { wakesOver } from "./wakes.ts";
import { watchesOver } from "./watches.ts";

export { type ChainVerdict, verifyChain } from "./chain.ts";
export type { Doc } from "./table.ts";

/** The ports that live in the two tables. */
export type LedgerPorts = Pick<
  World,
  | "control"
  | "revisions"
  | "tuples"
  | "watches"
  | "signals"
  | "audit"
  | "incidents"
  | "incidentAlarms"
  | "groups"
  | "wakes"
  | "silences"
  | "onCall"
  | "plans"
  | "nonces"
  | "heartbeats"
  | "approvals"
  | "claims"
  | "deliveries"
  | "budgets"
  | "scalingBook"
  | "backupBook"
>;

/** The names of the two tables (decision 16). */
export interface LedgerTables {
  readonly ledger: string;
  readonly audit: string;
}

/**
 * The ledger and the audit over DynamoDB: no transactions, no expiry that anything relies on, every write conditional,
 * every read strongly consistent. Keep one for the life of the process: it remembers the end of each audit chain.
 * `calls` says how often a throttled call is repeated; once, when it is not given.
 */
export function ledgerPorts(doc: () => Promise<Doc>, tables: LedgerTables, calls: Calls = onceEach): LedgerPorts {
  const ledger = openTable(tables.ledger, doc, calls);
  return {
    control: controlOver(ledger),
    revisions: revisionsOver(ledger),
    tuples: tuplesOver(ledger),
    watches: watchesOver(ledger),
    signals: signalsOver(ledger),
    audit: auditOver(openTable(tables.audit, doc, calls)),
    incidents: incidentsOver(ledger),
    incidentAlarms: incidentAlarmsOver(ledger),
    groups: groupsOver(ledger),
    wakes: wakesOver(ledger),
    silences: silencesOver(ledger),
    onCall: onCallOver(ledger),
    plans: plansOver(ledger),
    nonces: noncesOver(ledger),
    heartbeats: heartbeatsOver(ledger),
    approvals: approvalsOver(ledger),
    claims: claimsOver(ledger),
    deliveries: deliveriesOver(ledger),
    budgets: sendBudgetsOver(ledger),
    scalingBook: scalingBookOver(ledger),
    backupBook: backupBookOver(ledger),
  };
}
