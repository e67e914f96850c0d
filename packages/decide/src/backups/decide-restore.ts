import {
  after,
  type Approval,
  type BackupId,
  type BackupRecord,
  type DatabaseSettings,
  type EpochMs,
  minutes,
  type Ms,
  sayClock,
  sayDate,
  sayLength,
  sayStamp,
  since,
  type StoredPlan,
  tags,
} from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { cloudName } from "./names.ts";
import { type Estimate, rtoOf } from "./recovery.ts";
import { sayBytes } from "./say.ts";

/** What a person asks to be restored: a backup by its name, or a moment. */
export interface RestoreOrder {
  readonly of: string;
  /** A dump or a snapshot; absent: the moment counts. */
  readonly backup?: BackupId;
  /** To this moment, by the instance's logs. */
  readonly at?: EpochMs;
  readonly by: string;
  readonly because: string;
  /** When it was asked: what it makes is called after this. */
  readonly asked: EpochMs;
}

/** How an order would be carried out, or why it cannot be. */
export type RestoreWay =
  | { readonly kind: "database"; readonly row: BackupRecord; readonly estimate: Estimate | undefined }
  | { readonly kind: "instance"; readonly instance: string; readonly from: { readonly snapshot: string } | { readonly source: string; readonly at: EpochMs } }
  | { readonly kind: "refused"; readonly because: string };

/** Chooses the way: a dump into a new database of the same server; a snapshot or a moment into a new instance. Never over what runs. */
export function wayOf(order: RestoreOrder, rows: readonly BackupRecord[], database: DatabaseSettings): RestoreWay {
  const refused = (because: string): RestoreWay => ({ kind: "refused", because });
  const { of } = order;
  const source = database.instance;
  const byHand = `npx nightshift backup restore ID --into postgres://… restores a dump wherever you say`;
  if (source === undefined) return refused(`${of} has no RDS instance in nightshift.config.ts, so that nobody knows where to restore to: ${byHand}`);
  const instance = cloudName("restore", `${of}-${sayStamp(order.asked)}`);
  if (guard("restore never goes over what runs", instance === source)) return refused(`${instance} is what runs`);
  if (order.at !== undefined) {
    if (order.at >= order.asked) return refused(`${sayDate(order.at)} ${sayClock(order.at)} UTC has not been yet`);
    return { kind: "instance", instance, from: { source, at: order.at } };
  }
  const row =
    order.backup === undefined ? rows.findLast(({ kind, state }) => kind === "dump" && state === "verified") : rows.find(({ id }) => id === order.backup);
  if (row === undefined)
    return refused(order.backup === undefined ? `no backup of ${of} is proven` : `${of} has no backup ${order.backup}; /ops backup list ${of} shows them`);
  if (guard("nothing is restored from what is no backup", row.state === "failed" || row.state === "running" || row.state === "pruned"))
    return refused(`${row.id} is ${row.state}, and nothing can be restored from it`);
  if (row.kind === "rds-snapshot") {
    const snapshot = row.where?.split(":").at(-1);
    return snapshot === undefined ? refused(`nobody knows where ${row.id} is`) : { kind: "instance", instance, from: { snapshot } };
  }
  if (row.kind !== "dump") return refused(`${row.id} is a ${row.kind}: AWS restores it; see its page`);
  if (database.restoreUrl === undefined)
    return refused(
      `${of} has no role that restores: the one of its nights only reads. \`npx nightshift backup grants\` prints it; put its address into a secret, and restoreUrl: secret("…") under databases.${of}; until then ${byHand}`,
    );
  const sourceBytes = rows.findLast((one) => one.sourceBytes !== undefined)?.sourceBytes;
  return { kind: "database", row, estimate: rtoOf({ rows, sourceBytes: row.sourceBytes ?? sourceBytes, available: undefined }) };
}

/** What a restore does, in words: read before it is approved. */
export function sayWay(order: RestoreOrder, way: Exclude<RestoreWay, { kind: "refused" }>): string {
  if (way.kind === "database") {
    const { row } = way;
    const size = row.sourceBytes === undefined ? "" : ` (${sayBytes(row.sourceBytes)})`;
    const doubt = row.state === "verified" ? "" : ` (it is ${row.state}, not proven)`;
    return `restore ${row.id}${size} into a new database beside ${order.of}${doubt}`;
  }
  const from = "snapshot" in way.from ? `the snapshot ${way.from.snapshot}` : `${sayDate(way.from.at)} ${sayClock(way.from.at)} UTC`;
  return `restore ${order.of} from ${from} into the new instance ${way.instance}`;
}

/** The calls that it makes, as `--dry-run` prints them. */
export const callsOfRestore = (order: RestoreOrder, way: Exclude<RestoreWay, { kind: "refused" }>): readonly string[] =>
  way.kind === "database"
    ? [
        `ledger: pin ${way.row.id} for two days, so that retention leaves it`,
        `ecs:RunTask runner do=restore of=${order.of} backup=${way.row.id} (takes a safety backup first, makes a new database, compares it)`,
      ]
    : [
        ...("snapshot" in way.from ? [`ledger: pin ${order.backup ?? way.from.snapshot} for two days, so that retention leaves it`] : []),
        `rds:CreateDBSnapshot of ${order.of} (safety, before anything else)`,
        `rds:${"snapshot" in way.from ? "RestoreDBInstanceFromDBSnapshot" : "RestoreDBInstanceToPointInTime"} ${way.instance}`,
        `ecs:RunTask runner do=compare-instance of=${order.of} (reads ${way.instance} and what runs; changes neither)`,
      ];

/** Everything that is known when an approved order is to be carried out. */
export interface RestoreFacts {
  readonly at: EpochMs;
  readonly plan: string;
  readonly stored: StoredPlan | undefined;
  readonly approval: Approval | undefined;
  /** What the stored plan says; undefined: it is not the one that was approved. */
  readonly order: RestoreOrder | undefined;
  readonly way: RestoreWay | undefined;
  readonly source:
    | {
        readonly endpoint: string | undefined;
        readonly instanceClass: string;
        readonly subnetGroup: string | undefined;
        readonly securityGroups: readonly string[];
        readonly parameterGroup: string | undefined;
      }
    | undefined;
  /** Whether the new instance's name is taken already: by another order of the same minute, or by somebody. */
  readonly taken: boolean;
  readonly heldBecause: string | undefined;
}

/** It is carried out. */
export interface DoRestore {
  readonly kind: "restore";
  readonly because: readonly string[];
  readonly order: RestoreOrder;
  readonly way: Exclude<RestoreWay, { kind: "refused" }>;
  readonly source: NonNullable<RestoreFacts["source"]>;
  /** Of a new instance. It has no end: what somebody asked for is never swept (decision 51). */
  readonly tags: Readonly<Record<string, string>>;
}
/** Nothing is restored, and why. */
export interface LeaveRestore {
  readonly kind: "leave";
  readonly because: readonly string[];
}

/** An approval is carried out at once; one that is found so much later lost its run, and its world. */
const STARTS_WITHIN = minutes(30);
/** A restore pins what it reads from for so long. */
export const PINNED_FOR: Ms = minutes(2 * 24 * 60);

/** Whether an order is carried out: the very one that two people approved, and only now. */
export function decideRestore(facts: RestoreFacts): DoRestore | LeaveRestore {
  const { at, stored, approval, order, way, source, taken, heldBecause, plan } = facts;
  const leave = (because: string): LeaveRestore => ({ kind: "leave", because: [because] });
  if (stored === undefined || approval === undefined) return leave(`there is no plan ${plan} in the ledger`);
  if (order === undefined) return leave(`what is stored under ${plan} is not the plan that was approved`);
  if (guard("approval is for this very plan", approval.state !== "approved")) return leave(`${plan} is ${approval.state}, not approved`);
  const answered = approval.answeredAt ?? approval.askedAt;
  if (guard("expired plan is refused", answered >= stored.expiresAt)) return leave(`${plan} was approved after it had expired`);
  if (guard("approval expires", since(answered, at) > STARTS_WITHIN))
    return leave(`${plan} was approved ${sayLength(since(answered, at))} ago: that is too long`);
  if (heldBecause !== undefined && guard("hold at the verdict")) return leave(`nothing is changed inside a hold: ${heldBecause}`);
  if (way === undefined || way.kind === "refused") return leave(way?.because ?? "it cannot be restored");
  if (source === undefined) return leave(`RDS knows no instance of ${order.of}`);
  if (way.kind === "instance" && guard("restore never goes over what runs", taken)) return leave(sayTaken(way.instance));
  if (way.kind === "database" && source.endpoint === undefined) return leave(`the instance of ${order.of} has no address`);
  return {
    kind: "restore",
    because: [`${order.by} asked: ${order.because}`],
    order,
    way,
    source,
    tags: { [tags.owner]: "nightshift", [tags.purpose]: "restore", "nightshift:of": order.of, "nightshift:by": order.by, [PLAN_TAG]: plan },
  };
}

/** The tag of a new instance that says which plan made it. */
export const PLAN_TAG = "nightshift:plan";

/** Why nothing is restored into an instance that is there, and what to do. */
export const sayTaken = (instance: string): string =>
  `the instance ${instance} exists already, and is not this plan's: ask again, what is asked in another minute has another name`;

/** When a row that is being restored from may be deleted again. */
export const pinnedUntil = (at: EpochMs): EpochMs => after(at, PINNED_FOR);
