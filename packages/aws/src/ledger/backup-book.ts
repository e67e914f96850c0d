import { type BackupId, backupId, type BackupRecord, days, epochMs, keyPrefixes, ms, type RecoverySample } from "@nightshift/model";
import { guarded } from "@nightshift/model/guards";
import type { BackupBook } from "@nightshift/ports";
import { type Fields, fieldsOf } from "./read.ts";
import { LAST, sortableMoment } from "./sortable.ts";
import type { Row, Table } from "./table.ts";
import { storedText, textStored } from "./texts.ts";

/** Rows told at once: five years of nights. */
const LISTED = 2_000;
/** Samples told at once: a month of one every five minutes. */
const SAMPLED = 10_000;
/** How long a sample is kept: a year and a month, so that a month can be laid beside the one a year before. */
const KEPT = days(400);

/**
 * Rows of one database, table, cache or of the configuration in one partition: each backup under its id, each sample under its moment.
 * `find`, `replace`, `sample`: 1 call. `all`, `samples`: 1, more when they fill over 1 MB.
 */
export const backupBookOver = (ledger: Table): BackupBook => ({
  async all(of) {
    const rows = await ledger.range({ pk: pkOf(of), from: BACKUP, to: `${BACKUP}${LAST}`, newestFirst: true, limit: LISTED });
    return rows.map((row) => recordFrom(fieldsOf(row))).sort((a, b) => a.scheduled - b.scheduled || (a.id < b.id ? -1 : 1));
  },
  async find(of, id) {
    const row = await ledger.get({ pk: pkOf(of), sk: backupKey(id) });
    return row === undefined ? undefined : recordFrom(fieldsOf(row));
  },
  async replace(next) {
    const { of, id, version } = next;
    const unchanged = version === 1 ? { if: "attribute_not_exists(#pk)" } : { if: "#version = :before", values: { before: version - 1 } };
    const row = { version, ...storedText("backup", next, `the row of backup ${id}`) };
    return (await ledger.update({ pk: pkOf(of), sk: backupKey(id) }, row, guarded("backup row is as it was read", unchanged))) !== undefined;
  },
  async sample(sample) {
    await ledger.put({ pk: pkOf(sample.of), sk: `${SAMPLE}${sortableMoment(sample.at)}` }, sampleRow(sample));
  },
  async samples(of, since) {
    const from = `${SAMPLE}${sortableMoment(since)}`;
    const rows = await ledger.range({ pk: pkOf(of), from, to: `${SAMPLE}${LAST}`, newestFirst: true, limit: SAMPLED });
    return rows.map((row) => sampleFrom(of, fieldsOf(row))).reverse();
  },
});

const BACKUP = "BACKUP#";
const SAMPLE = "SAMPLE#";

const pkOf = (of: string): string => `${keyPrefixes.backup}${of}`;
const backupKey = (id: BackupId): string => `${BACKUP}${id}`;

const sampleRow = ({ at, rpo, newestVerifiedAge, rto, sourceBytes }: RecoverySample): Row => ({
  ...{ at, rpo, newestVerifiedAge, rto, sourceBytes },
  expires: Math.ceil((at + KEPT) / 1_000),
});

/** An unknown length stays unknown: it is not there, and never zero. */
function sampleFrom(of: string, row: Fields): RecoverySample {
  const [rpo, age, rto, bytes] = ["rpo", "newestVerifiedAge", "rto", "sourceBytes"].map((name) => row.numberIfAny(name));
  return {
    at: epochMs(row.number("at")),
    of,
    ...(rpo === undefined ? {} : { rpo: ms(rpo) }),
    ...(age === undefined ? {} : { newestVerifiedAge: ms(age) }),
    ...(rto === undefined ? {} : { rto: ms(rto) }),
    ...(bytes === undefined ? {} : { sourceBytes: bytes }),
  };
}

/** Every word of each union: one that is added there and not here does not compile. */
const words: { readonly [K in "kind" | "series" | "state" | "proof"]: Readonly<Record<BackupRecord[K], true>> } = {
  kind: { dump: true, "rds-snapshot": true, "dynamodb-backup": true, "cache-snapshot": true, media: true, configuration: true },
  series: { nightly: true, safety: true, "before-deploy": true, manual: true },
  state: { running: true, uploaded: true, verified: true, suspect: true, failed: true, pruned: true },
  proof: { "restored-and-compared": true, restored: true, checked: true, exists: true, none: true },
};

/** What decides whether a backup counts, and whether it may be deleted, is checked word by word; the rest is told as it was written. */
function recordFrom(row: Fields): BackupRecord {
  const { value, fields } = textStored(row, "backup");
  for (const [name, known] of Object.entries(words)) fields.oneOf(name, Object.keys(known));
  for (const moment of ["contentsOf", "finished", "verifiedAt", "lockedUntil", "pinnedUntil", "bytes", "sourceBytes"]) fields.numberIfAny(moment);
  fields.object("times");
  // Checked above and here as far as a release may have changed it; JSON gave back what this type was written as.
  return {
    ...(value as BackupRecord),
    id: backupId(fields.text("id")),
    of: fields.text("of"),
    scheduled: epochMs(fields.number("scheduled")),
    version: row.number("version"),
  };
}
