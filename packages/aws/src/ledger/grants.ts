import { keyPrefixes } from "@nightshift/model";

/** What one port method needs: actions on one of the two tables, and how the partition keys it touches begin. */
export interface LedgerGrant {
  readonly table: "ledger" | "audit";
  readonly actions: readonly string[];
  /** For `dynamodb:LeadingKeys`: a whole key, or a beginning followed by `*`. */
  readonly leadingKeys: readonly string[];
}

const GET = "dynamodb:GetItem";
const PUT = "dynamodb:PutItem";
const UPDATE = "dynamodb:UpdateItem";
const DELETE = "dynamodb:DeleteItem";
const QUERY = "dynamodb:Query";

const on =
  (...prefixes: readonly string[]) =>
  (...actions: readonly string[]): readonly LedgerGrant[] => [{ table: "ledger", actions, leadingKeys: prefixes.map(asPattern) }];
const onAudit = (...actions: readonly string[]): readonly LedgerGrant[] => [{ table: "audit", actions, leadingKeys: [asPattern(keyPrefixes.chain)] }];
const asPattern = (prefix: string) => (prefix.endsWith("#") ? `${prefix}*` : prefix);

const control = on(keyPrefixes.control);
const revisions = on(keyPrefixes.revision);
const tuples = on(keyPrefixes.tuple);
const watches = on(keyPrefixes.watch);
const signals = on(keyPrefixes.signal);
const incidents = on(keyPrefixes.incident);
const incidentList = on(keyPrefixes.incident, keyPrefixes.incidentIndex);
const approvals = on(keyPrefixes.approval);
const approvalIndex = on(keyPrefixes.approvalIndex);
const deliveries = on(keyPrefixes.sent);
const groups = on(keyPrefixes.group);
const wakes = on(keyPrefixes.wake);
const scaling = on(keyPrefixes.scaling);
const backups = on(keyPrefixes.backup);
const silences = on(keyPrefixes.silence);

/**
 * Port method → what its DynamoDB calls need; nothing may update or delete in the audit table. A test compares it with
 * the calls that the contract suite really makes.
 * Source for actions and `dynamodb:LeadingKeys`: "Using IAM policy conditions for fine-grained access control",
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html, 2026-11-21.
 */
export const ledgerGrants = {
  control: { read: control(GET), replace: control(UPDATE) },
  revisions: { list: revisions(QUERY), see: revisions(GET, PUT), grade: revisions(GET, UPDATE), pin: revisions(GET, UPDATE) },
  tuples: { list: tuples(QUERY), add: tuples(PUT) },
  watches: { find: watches(GET), replace: watches(UPDATE), all: watches(QUERY) },
  signals: { read: signals(QUERY), alarm: signals(UPDATE), change: signals(PUT) },
  audit: { append: onAudit(PUT, QUERY), read: onAudit(QUERY) },
  incidents: { open: incidentList(PUT), say: incidents(PUT), find: incidents(QUERY), list: incidentList(QUERY) },
  incidentAlarms: { read: incidents(GET), replace: incidents(UPDATE) },
  groups: { find: groups(GET), point: groups(UPDATE), recent: on(keyPrefixes.storm)(QUERY), noteOpened: on(keyPrefixes.storm)(PUT) },
  wakes: { wait: wakes(UPDATE), waiting: wakes(GET), lastWait: wakes(GET) },
  silences: {
    add: silences(PUT),
    end: silences(QUERY, UPDATE),
    standing: silences(QUERY),
    keep: on(keyPrefixes.silenced)(UPDATE),
    kept: on(keyPrefixes.silenced)(QUERY),
    settle: on(keyPrefixes.silenced)(UPDATE),
  },
  onCall: { override: on(keyPrefixes.onCall)(PUT), overrides: on(keyPrefixes.onCall)(QUERY) },
  plans: { keep: on(keyPrefixes.plan)(PUT), find: on(keyPrefixes.plan)(GET) },
  nonces: { spend: on(keyPrefixes.nonce)(PUT) },
  heartbeats: {
    beat: on(keyPrefixes.heartbeat)(UPDATE),
    answered: wakes(UPDATE),
    last: [...on(keyPrefixes.heartbeat)(GET), ...wakes(GET)],
  },
  approvals: {
    ask: [...approvals(GET, PUT), ...approvalIndex(PUT)],
    find: approvals(GET),
    answer: [...approvals(GET, UPDATE), ...approvalIndex(DELETE)],
    pending: [...approvals(GET), ...approvalIndex(QUERY, DELETE)],
  },
  claims: { claim: on(keyPrefixes.claim)(UPDATE) },
  deliveries: { all: deliveries(QUERY), begin: deliveries(PUT), settle: deliveries(UPDATE, QUERY) },
  scalingBook: {
    read: scaling(QUERY),
    replace: scaling(UPDATE),
    order: scaling(PUT),
    endOrder: scaling(DELETE),
    record: scaling(PUT),
    decisions: scaling(QUERY),
  },
  backupBook: { all: backups(QUERY), find: backups(GET), replace: backups(UPDATE), sample: backups(PUT), samples: backups(QUERY) },
  budgets: { read: on(keyPrefixes.budget)(GET), replace: on(keyPrefixes.budget)(UPDATE) },
} as const satisfies Readonly<Record<string, Readonly<Record<string, readonly LedgerGrant[]>>>>;
