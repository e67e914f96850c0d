import { type Entry, type EntryKind, epochMs, type IncidentRecord, keyPrefixes, type Opening, type RungAlarm } from "@nightshift/model";
import { guarded } from "@nightshift/model/guards";
import { ALARM_SHARDS, type IncidentAlarms, type Incidents, type ListMore, PortError } from "@nightshift/ports";
import { changeFrom } from "./incident-changes.ts";
import { type Fields, fieldsOf } from "./read.ts";
import type { Row, Table } from "./table.ts";

/** Incidents listed at most. */
const LISTED = 100;
/** Incidents read at once when listing. */
const AT_ONCE = 10;
/** Names that lead on to another before something must be wrong: a merge of merges of merges. */
const HOPS = 4;

const HEADER = "HEADER";
const ENTRY = "ENTRY#";
const ALARMS = "ALARMS#";

/**
 * One partition an incident: the opening, one row an entry, whose key is the sort key, so that saying a key twice changes
 * nothing, and up to eight shards of alarms. The index partition is in the order of incident ids, which sort by time.
 * `open`: 2 calls, 1 for another name. `say`: 1. `find`: 1, and 1 for each name that leads on. `list`: 1 and 1 for each incident.
 */
export const incidentsOver = (ledger: Table): Incidents => ({
  async open(opening, joined) {
    const header = { pk: partition(opening.id), sk: HEADER };
    if (joined !== undefined) {
      await ledger.put(header, { id: opening.id, joined }, guarded("incident opens once", absent));
      return;
    }
    // The index first: an incident that exists can always be listed, an index row without one is passed over.
    await ledger.put({ pk: keyPrefixes.incidentIndex, sk: opening.id }, { openedAt: opening.openedAt }, guarded("incident opens once", absent));
    await ledger.put(header, { ...opening }, guarded("incident opens once", absent));
  },
  say: (id, { key, at, kind, text, announce, actor, change }) =>
    ledger.put(
      { pk: partition(id), sk: `${ENTRY}${key}` },
      { incident: id, key, at, kind, text, announce, actor, change },
      guarded("line is said once", absent),
    ),
  find: (id) => find(ledger, id),
  async list(limit, { before, unreadable } = {}) {
    const most = Math.min(limit, LISTED);
    // The end of a range is included: one more is read, and it is left out.
    const range = { pk: keyPrefixes.incidentIndex, newestFirst: true, ...(before === undefined ? { limit: most } : { to: before, limit: most + 1 }) };
    const index = (await ledger.range(range)).map((row) => fieldsOf(row).text("sk"));
    const ids = index.filter((id) => id !== before).slice(0, most);
    const found: IncidentRecord[] = [];
    for (let next = 0; next < ids.length; next += AT_ONCE) {
      const some = await Promise.all(ids.slice(next, next + AT_ONCE).map((id) => readable(ledger, id, unreadable)));
      found.push(...some.filter((incident) => incident !== undefined));
    }
    return found;
  },
});

/** The shards of an incident's alarms, in its own partition. `read`, `replace`: 1 call each. */
export const incidentAlarmsOver = (ledger: Table): IncidentAlarms => ({
  async read(id, shard) {
    const row = await ledger.get(shardKey(id, shard));
    if (row === undefined) return { version: 0, alarms: [] };
    const fields = fieldsOf(row);
    return { version: fields.number("version"), alarms: fields.list("alarms").map(alarmFrom) };
  },
  async replace(id, shard, version, alarms) {
    const unchanged = version === 0 ? absent : { if: "#version = :before", values: { before: version } };
    const row = { version: version + 1, alarms: alarms.map((alarm) => ({ ...alarm })) };
    return (await ledger.update(shardKey(id, shard), row, guarded("alarms are as they were read", unchanged))) !== undefined;
  },
});

const absent = { if: "attribute_not_exists(#pk)" };
const partition = (id: string) => `${keyPrefixes.incident}${id}`;
const shardKey = (id: string, shard: number) => {
  if (!Number.isInteger(shard) || shard < 0 || shard >= ALARM_SHARDS)
    throw new PortError("invalid", "ledger:alarms", id, `shard ${shard} is not one of 0 to ${ALARM_SHARDS - 1}`);
  return { pk: partition(id), sk: `${ALARMS}${shard}` };
};

/** One that a newer release wrote, or that somebody spoiled, takes no other along. */
async function readable(ledger: Table, id: string, unreadable: ListMore["unreadable"]): Promise<IncidentRecord | undefined> {
  try {
    return await find(ledger, id);
  } catch (error) {
    if (!(error instanceof PortError && error.kind === "invalid")) throw error;
    unreadable?.(id, error.message);
    return undefined;
  }
}

async function find(ledger: Table, id: string): Promise<IncidentRecord | undefined> {
  let name = id;
  for (let hop = 0; hop < HOPS; hop++) {
    const rows = await ledger.range({ pk: partition(name) });
    const header = rows.find((row) => row["sk"] === HEADER);
    if (header === undefined) return undefined;
    const joined = fieldsOf(header).textIfAny("joined");
    if (joined === undefined) return recordFrom(header, rows);
    name = joined;
  }
  throw new PortError("invalid", "ledger:find", id, `its name leads on and on (last to ${name}); mend the HEADER rows of these incidents`);
}

function recordFrom(header: Row, rows: readonly Row[]): IncidentRecord {
  const under = (beginning: string) => rows.filter((row) => String(row["sk"]).startsWith(beginning)).map(fieldsOf);
  return {
    opening: openingFrom(fieldsOf(header)),
    entries: under(ENTRY)
      .map(entryFrom)
      .sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1)),
    alarms: under(ALARMS)
      .flatMap((shard) => shard.list("alarms").map(alarmFrom))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/** Also of a row inside another: a group's pointer carries the opening it stands for. */
export const openingFrom = (fields: Fields): Opening => ({
  id: fields.text("id"),
  // Rows of the first release have no group and no opener.
  group: fields.textIfAny("group") ?? fields.text("service"),
  service: fields.text("service"),
  severity: fields.oneOf("severity", severities),
  title: fields.text("title"),
  openedAt: epochMs(fields.number("openedAt")),
  by: fields.textIfAny("by") ?? "nightshift",
});

const severities = ["P1", "P2", "P3", "P4"] as const;
const kinds = [
  "opened",
  "seen",
  "blamed",
  "planned",
  "acted",
  "verified",
  "asked",
  "answered",
  "resolved",
  "note",
  "paged",
  "alarms",
  "evidence",
  "changed",
] as const satisfies readonly EntryKind[];

function entryFrom(fields: Fields): Entry {
  const actor = fields.textIfAny("actor");
  const change = fields.raw["change"] === undefined ? undefined : changeFrom(fields.object("change"));
  return {
    key: fields.text("key"),
    at: epochMs(fields.number("at")),
    kind: fields.oneOf("kind", kinds),
    text: fields.text("text"),
    announce: fields.flag("announce"),
    ...(actor === undefined ? {} : { actor }),
    ...(change === undefined ? {} : { change }),
  };
}

// Shards are written back whole: what a newer release put into an alarm travels along (`...raw`).
const alarmFrom = (fields: Fields): RungAlarm => ({
  ...fields.raw,
  name: fields.text("name"),
  service: fields.text("service"),
  value: fields.oneOf("value", ["OK", "ALARM", "INSUFFICIENT_DATA"]),
  since: epochMs(fields.number("since")),
  reason: fields.text("reason"),
  first: epochMs(fields.number("first")),
  rang: epochMs(fields.number("rang")),
  severity: fields.oneOf("severity", severities),
  role: fields.oneOf("role", ["down", "cause", "symptom"]),
  changes: fields.numbers("changes").map(epochMs),
});
