import { type AuditRecord, after, days, epochMs, keyPrefixes } from "@nightshift/model";
import { guard, guarded } from "@nightshift/model/guards";
import { type Audit, PortError } from "@nightshift/ports";
import { GENESIS, hashed } from "./chain.ts";
import { sortedJson } from "./json.ts";
import { fieldsOf } from "./read.ts";
import { sortableNumber } from "./sortable.ts";
import type { Row, Table } from "./table.ts";

/** Records on one page of `read`, and of a look back. */
const PAGE = 100;
/** Times somebody else may take the next number before we give way. */
const ATTEMPTS = 30;
/** How far back a repeated key is looked for: no run outlives three hours, no message is older than that and still retried. */
const lookBack = days(1);
/** Pages of a look back. */
const LOOK_BACK_PAGES = 10;
/** Keys kept in memory for one chain. */
const REMEMBERED = 1_000;

type NewEntry = Parameters<Audit["append"]>[0];

/** What this process knows of one chain: its newest record and the keys of the last day. */
interface Known {
  head: AuditRecord | undefined;
  readonly byKey: Map<string, AuditRecord>;
}

/**
 * The audit table: put with `attribute_not_exists` only, one hash chain per service (decision 16).
 * `append`: 1 call once this process has read the chain's end, which takes 1 more at first; 2 more for every appender
 * that was quicker. `read`: 1 call.
 */
export function auditOver(table: Table): Audit {
  const chains = new Map<string, Known>();

  async function known(entry: NewEntry): Promise<Known> {
    const before = chains.get(entry.chain);
    if (before !== undefined) return before;
    const read = await readEnd(table, entry);
    // Two first appends may read at the same time: the one who comes second learns into what the first one kept.
    const now = chains.get(entry.chain) ?? { head: undefined, byKey: new Map<string, AuditRecord>() };
    chains.set(entry.chain, now);
    learn(now, read);
    return now;
  }

  return {
    async append(entry) {
      const chain = await known(entry);
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const standing = chain.byKey.get(entry.key);
        if (standing !== undefined && guard("audit record is kept once")) return standing;
        const record = nextRecord(entry, chain.head);
        if (await table.put(keyOf(record), itemOf(record), guarded("audit is append-only", { if: "attribute_not_exists(#pk)" }))) {
          learn(chain, [record]);
          return record;
        }
        // Perhaps our own earlier attempt whose answer was lost: the key decides, not the number.
        learn(chain, await readFrom(table, entry.chain, record.seq));
      }
      throw new PortError("throttled", "audit:append", `the chain ${entry.chain}`, `${ATTEMPTS} times somebody else was first`);
    },
    async read(chain, before) {
      if (before !== undefined && before <= 1) return [];
      return readPage(table, chain, before);
    },
  };
}

const partition = (chain: string) => `${keyPrefixes.chain}${chain}`;
const keyOf = (record: AuditRecord) => ({ pk: partition(record.chain), sk: sortableNumber(record.seq) });

function nextRecord(entry: NewEntry, head: AuditRecord | undefined): AuditRecord {
  const { chain, key, at, kind, actor } = entry;
  // As it will be read back: what JSON cannot hold must not be hashed. An object went in, so an object comes out.
  const body = JSON.parse(sortedJson(entry.body)) as Readonly<Record<string, unknown>>;
  return hashed({ chain, seq: (head?.seq ?? 0) + 1, key, at, kind, actor, body, previousHash: head?.hash ?? GENESIS });
}

function learn(chain: Known, records: readonly AuditRecord[]): void {
  for (const record of records) {
    if (!chain.byKey.has(record.key)) chain.byKey.set(record.key, record);
    if (chain.head === undefined || record.seq > chain.head.seq) chain.head = record;
  }
  for (const oldest of chain.byKey.keys()) {
    if (chain.byKey.size <= REMEMBERED) return;
    chain.byKey.delete(oldest);
  }
}

/** The newest records, oldest first: one page, or as many as the last day has. */
async function readEnd(table: Table, entry: NewEntry): Promise<readonly AuditRecord[]> {
  const found: AuditRecord[] = [];
  for (let page = 0; page < LOOK_BACK_PAGES; page++) {
    const records = await readPage(table, entry.chain, found.at(-1)?.seq);
    found.push(...records);
    const oldest = records.at(-1);
    if (oldest === undefined || oldest.seq === 1 || after(oldest.at, lookBack) < entry.at) break;
  }
  return found.reverse();
}

const readFrom = async (table: Table, chain: string, seq: number) => (await table.range({ pk: partition(chain), from: sortableNumber(seq) })).map(recordFrom);

async function readPage(table: Table, chain: string, before: number | undefined): Promise<readonly AuditRecord[]> {
  const rows = await table.range({ pk: partition(chain), ...(before === undefined ? {} : { to: sortableNumber(before - 1) }), newestFirst: true, limit: PAGE });
  return rows.map(recordFrom);
}

// The body is kept as the text that was hashed: numbers, nulls and key order come back exactly.
const itemOf = (record: AuditRecord): Row => ({ ...record, body: sortedJson(record.body) });

function recordFrom(row: Row): AuditRecord {
  const fields = fieldsOf(row);
  return {
    chain: fields.text("chain"),
    seq: fields.number("seq"),
    key: fields.text("key"),
    at: epochMs(fields.number("at")),
    kind: fields.oneOf("kind", ["intent", "outcome", "verdict", "command"]),
    actor: fields.text("actor"),
    body: bodyFrom(fields.text("body"), row),
    previousHash: fields.text("previousHash"),
    hash: fields.text("hash"),
  };
}

function bodyFrom(text: string, row: Row): Readonly<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return { ...body };
  } catch {
    // Falls through: not JSON is as wrong as JSON that is no object.
  }
  throw new PortError(
    "invalid",
    "ledger:read",
    `pk=${String(row["pk"])} sk=${String(row["sk"])}`,
    "attribute body holds something other than a JSON object: the record was changed after it was written",
  );
}
