import { type Entry, epochMs, type Incident, keyPrefixes } from "@nightshift/model";
import { guarded } from "@nightshift/model/guards";
import type { Incidents } from "@nightshift/ports";
import { missing } from "./errors.ts";
import { fieldsOf } from "./read.ts";
import type { Row, Table } from "./table.ts";

/** Incidents listed at most. */
const LISTED = 100;
/** Incidents read at once when listing. */
const AT_ONCE = 10;

const HEADER = "HEADER";

/**
 * One partition an incident: a header row and one row an entry, whose key is the sort key, so that saying a key twice
 * changes nothing. The index partition is in the order of incident ids, which sort by time.
 * `open`: 2 calls. `say`, `settle`, `find`: 1 call. `list`: 1 call and 1 for each incident.
 */
export const incidentsOver = (ledger: Table): Incidents => ({
  async open({ id, service, severity, title, openedAt, state }) {
    // The index first: an incident that exists can always be listed, an index row without one is passed over.
    await ledger.put({ pk: keyPrefixes.incidentIndex, sk: id }, { openedAt }, guarded("incident opens once", absent));
    await ledger.put({ pk: partition(id), sk: HEADER }, { id, service, severity, title, openedAt, state }, guarded("incident opens once", absent));
  },
  async say(id, { key, at, kind, text, announce }) {
    await ledger.put({ pk: partition(id), sk: `ENTRY#${key}` }, { incident: id, key, at, kind, text, announce }, guarded("line is said once", absent));
  },
  async settle(id, state, shown) {
    const set = {
      state,
      ...(shown?.severity === undefined ? {} : { severity: shown.severity }),
      ...(shown?.title === undefined ? {} : { title: shown.title }),
    };
    const header = { pk: partition(id), sk: HEADER };
    const written = await ledger.update(header, set, guarded("settled incident exists", { if: "attribute_exists(#pk)" }));
    if (written === undefined) throw missing("incident", `pk=${header.pk} sk=${header.sk}`);
  },
  find: (id) => find(ledger, id),
  async list(limit) {
    const index = await ledger.range({ pk: keyPrefixes.incidentIndex, newestFirst: true, limit: Math.min(limit, LISTED) });
    const ids = index.map((row) => fieldsOf(row).text("sk"));
    const found: Incident[] = [];
    for (let next = 0; next < ids.length; next += AT_ONCE) {
      const some = await Promise.all(ids.slice(next, next + AT_ONCE).map((id) => find(ledger, id)));
      found.push(...some.filter((incident) => incident !== undefined));
    }
    return found;
  },
});

const absent = { if: "attribute_not_exists(#pk)" };
const partition = (id: string) => `${keyPrefixes.incident}${id}`;

async function find(ledger: Table, id: string): Promise<Incident | undefined> {
  const rows = await ledger.range({ pk: partition(id) });
  const header = rows.find((row) => row["sk"] === HEADER);
  if (header === undefined) return undefined;
  return incidentFrom(
    header,
    rows
      .filter((row) => row !== header)
      .map(entryFrom)
      .sort(byTimeThenKey),
  );
}

const byTimeThenKey = (a: Entry, b: Entry) => a.at - b.at || (a.key < b.key ? -1 : 1);

function incidentFrom(row: Row, entries: readonly Entry[]): Incident {
  const fields = fieldsOf(row);
  return {
    id: fields.text("id"),
    service: fields.text("service"),
    severity: fields.oneOf("severity", ["P1", "P2", "P3", "P4"]),
    title: fields.text("title"),
    openedAt: epochMs(fields.number("openedAt")),
    state: fields.oneOf("state", ["open", "resolved", "needs-person"]),
    entries,
  };
}

function entryFrom(row: Row): Entry {
  const fields = fieldsOf(row);
  return {
    key: fields.text("key"),
    at: epochMs(fields.number("at")),
    kind: fields.oneOf("kind", ["opened", "seen", "blamed", "planned", "acted", "verified", "asked", "answered", "resolved", "note"]),
    text: fields.text("text"),
    announce: fields.flag("announce"),
  };
}
