import { epochMs, type GoodTuple, type IdentityKey, identityKey, keyPrefixes } from "@nightshift/model";
import { guarded } from "@nightshift/model/guards";
import type { Tuples } from "@nightshift/ports";
import { sha256 } from "../canonical.ts";
import { sortedJson } from "./json.ts";
import { fieldsOf } from "./read.ts";
import { sortableMoment } from "./sortable.ts";
import type { Row, Table } from "./table.ts";

/** Tuples listed of one group. */
const LISTED = 10;

/** Good tuples of each group; the same tuple at the same moment is one row. `list`: 1 call. `add`: 1 call. */
export const tuplesOver = (ledger: Table): Tuples => ({
  async list(group) {
    const rows = await ledger.range({ pk: `${keyPrefixes.tuple}${group}`, newestFirst: true, limit: LISTED });
    return rows.map(tupleFrom);
  },
  async add(tuple) {
    const sk = `${sortableMoment(tuple.at)}#${sha256(sortedJson(tuple.members)).slice(0, 16)}`;
    await ledger.put({ pk: `${keyPrefixes.tuple}${tuple.group}`, sk }, { ...tuple }, guarded("good tuple is added once", { if: "attribute_not_exists(#pk)" }));
  },
});

function tupleFrom(row: Row): GoodTuple {
  const fields = fieldsOf(row);
  const members: Record<string, IdentityKey> = {};
  for (const [service, key] of Object.entries(fields.textMap("members"))) members[service] = identityKey(key);
  return { group: fields.text("group"), members, at: epochMs(fields.number("at")) };
}
