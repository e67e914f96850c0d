import { epochMs, type GroupPointer, keyPrefixes } from "@nightshift/model";
import { guarded } from "@nightshift/model/guards";
import type { Groups } from "@nightshift/ports";
import { openingFrom } from "./incidents.ts";
import { fieldsOf } from "./read.ts";
import { LAST, sortableMoment } from "./sortable.ts";
import type { Table } from "./table.ts";

/** Groups told of at most. */
const LISTED = 100;

/** Which incident a group's alarms go to: one row a group. Each method: 1 call. */
export const groupsOver = (ledger: Table): Groups => ({
  async find(group) {
    const row = await ledger.get(rowKey(group));
    if (row === undefined) return undefined;
    const fields = fieldsOf(row);
    return {
      group: fields.text("group"),
      incident: fields.text("incident"),
      opening: openingFrom(fields.object("opening")),
      version: fields.number("version"),
    };
  },
  async point(previous, next) {
    const unchanged = previous === undefined ? { if: "attribute_not_exists(#pk)" } : { if: "#version = :before", values: { before: previous.version } };
    const { group, incident, opening, version }: GroupPointer = next;
    return (
      (await ledger.update(rowKey(group), { group, incident, opening: { ...opening }, version }, guarded("one incident a group", unchanged))) !== undefined
    );
  },
  async recent(since) {
    const rows = await ledger.range({ pk: keyPrefixes.storm, from: sortableMoment(since), to: LAST, newestFirst: true, limit: LISTED });
    return rows.map(fieldsOf).map((row) => ({ group: row.text("group"), incident: row.text("incident"), at: epochMs(row.number("at")) }));
  },
  async noteOpened(group, incident, at) {
    await ledger.put({ pk: keyPrefixes.storm, sk: `${sortableMoment(at)}#${group}#${incident}` }, { group, incident, at });
  },
});

const rowKey = (group: string) => ({ pk: `${keyPrefixes.group}${group}`, sk: "ROW" });
