import { epochMs, keyPrefixes, type OnCallOverride, type Silence } from "@nightshift/model";
import { guarded } from "@nightshift/model/guards";
import type { OnCall, Silences } from "@nightshift/ports";
import { type Fields, fieldsOf } from "./read.ts";
import type { Table } from "./table.ts";

/** Rows read at most; older ones ended long ago. */
const LISTED = 100;

/** One partition for all silences, by id. Each method: 1 call. */
export const silencesOver = (ledger: Table): Silences => ({
  async add(silence) {
    await ledger.put({ pk: keyPrefixes.silence, sk: silence.id }, { ...silence }, guarded("silence is set once", { if: "attribute_not_exists(#pk)" }));
  },
  async end(id, at) {
    const stands = { if: "attribute_exists(#pk) AND #until > :at", values: { at } };
    return (await ledger.update({ pk: keyPrefixes.silence, sk: id }, { until: at }, guarded("silence ends once", stands))) !== undefined;
  },
  async standing(at) {
    const rows = await ledger.range({ pk: keyPrefixes.silence, newestFirst: true, limit: LISTED });
    return rows
      .map((row) => silenceFrom(fieldsOf(row)))
      .filter((one) => one.from <= at && at < one.until)
      .sort((a, b) => b.from - a.from);
  },
});

/** One partition for all hand-overs, by id. `override`, `overrides`: 1 call each. */
export const onCallOver = (ledger: Table): OnCall => ({
  async override(it) {
    await ledger.put({ pk: keyPrefixes.onCall, sk: it.id }, { ...it }, guarded("hand-over is entered once", { if: "attribute_not_exists(#pk)" }));
  },
  async overrides(from, to) {
    const rows = await ledger.range({ pk: keyPrefixes.onCall, newestFirst: true, limit: LISTED });
    return rows.map((row) => overrideFrom(fieldsOf(row))).filter((one) => one.from < to && from < one.until);
  },
});

const silenceFrom = (fields: Fields): Silence => ({
  id: fields.text("id"),
  scope: fields.text("scope"),
  by: fields.text("by"),
  because: fields.text("because"),
  from: epochMs(fields.number("from")),
  until: epochMs(fields.number("until")),
});

const overrideFrom = (fields: Fields): OnCallOverride => ({
  id: fields.text("id"),
  rota: fields.text("rota"),
  person: fields.text("person"),
  by: fields.text("by"),
  from: epochMs(fields.number("from")),
  until: epochMs(fields.number("until")),
});
