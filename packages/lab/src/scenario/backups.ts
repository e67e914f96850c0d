import { type BackupKind, type BackupRecord, type BackupState, keyPrefixes } from "@nightshift/model";
import { inflateRawSync } from "node:zlib";
import { names } from "../install/names.ts";
import { brokenInvariants } from "../invariants/index.ts";
import type { Stage } from "./stage.ts";

/** How backups must have fared; the store, the account and its history are asked, and the ledger's rows. */
export interface ExpectedBackups {
  /** The newest row of a thing and kind, and words of why it is so. */
  readonly newest: readonly { readonly of: string; readonly kind: BackupKind; readonly state: BackupState | "none"; readonly because?: string }[];
  /** Instances that we made and that are still there at the end, by the beginning of their names; default none. */
  readonly instances?: readonly string[];
  /** How often an operation was accepted, such as `rds:CreateDBSnapshot`. */
  readonly calls?: Readonly<Record<string, number>>;
  /** Commit records in the store at the end. */
  readonly committed?: number;
}

/** Why backups did not fare as they must, every invariant of theirs included. */
export function backupProblems(stage: Stage, { newest, instances = [], calls = {}, committed }: ExpectedBackups): readonly string[] {
  const problems: string[] = [...brokenInvariants(stage.lab)];
  const must = (holds: boolean, problem: string) => void (holds ? undefined : problems.push(problem));
  for (const { of, kind, state, because } of newest) {
    const row = rowsOf(stage, of).findLast((one) => one.kind === kind && one.series !== "manual");
    must((row?.state ?? "none") === state, `the newest ${kind} of ${of} is ${row?.state ?? "none"} (${row?.because ?? "no reason"}), expected ${state}`);
    must(because === undefined || row?.because?.includes(because) === true, `the newest ${kind} of ${of} says "${row?.because ?? ""}", expected "${because}"`);
  }
  const made = stage.lab.rds.instances.map(({ id }) => id).filter((id) => id.startsWith("nightshift-"));
  must(
    made.length === instances.length && instances.every((prefix, i) => made[i]?.startsWith(prefix)),
    `instances of ours at the end: ${made.join(", ") || "none"}, expected ${instances.join(", ") || "none"}`,
  );
  for (const [name, times] of Object.entries(calls)) {
    const found = stage.lab.history.filter((line) => line.kind === "call" && line.result === "ok" && `${line.service}:${line.operation}` === name).length;
    must(found === times, `${name} was accepted ${found} times, expected ${times}`);
  }
  const records = stage.lab.s3.keys(names.backups).filter((key) => /\/data\/[^/]+\/manifest\.json$/.test(key)).length;
  must(committed === undefined || records === committed, `${records} commit records lie in the store, expected ${committed}`);
  return problems;
}

/** Rows of one thing in the ledger, oldest first. */
export function rowsOf(stage: Stage, of: string): readonly BackupRecord[] {
  const items = stage.lab.dynamodb
    .table(names.ledger)
    .items.filter((item) => field(item, "pk") === `${keyPrefixes.backup}${of}` && String(field(item, "sk")).startsWith("BACKUP#"));
  return items.flatMap(rowIn).toSorted((a, b) => a.scheduled - b.scheduled);
}

/** A long row is stored packed (`packages/aws/src/ledger/texts.ts`). */
function rowIn(item: unknown): readonly BackupRecord[] {
  const [plain, packed] = [field(item, "backup"), field(item, "backupPacked")];
  const text = typeof plain === "string" ? plain : typeof packed === "string" ? inflateRawSync(Buffer.from(packed, "base64")).toString("utf8") : undefined;
  return text === undefined ? [] : [JSON.parse(text) as BackupRecord]; // The ledger's own row.
}

const field = (from: unknown, name: string): unknown => (typeof from === "object" && from !== null ? Reflect.get(from, name) : undefined);
