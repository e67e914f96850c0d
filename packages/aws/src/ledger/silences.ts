import { type EpochMs, epochMs, keyPrefixes, type OnCallOverride, type Silence, type SilencedAlarm } from "@nightshift/model";
import { guarded } from "@nightshift/model/guards";
import type { OnCall, Silences } from "@nightshift/ports";
import { type Fields, fieldsOf } from "./read.ts";
import { sortableMoment } from "./sortable.ts";
import type { Table } from "./table.ts";

/** Alarms under silences that are read at most. */
const KEPT = 1_000;

/**
 * One partition for all silences, in the order of their ends, so that what is over is never read again however much of it there is;
 * and one for the alarms that ring under them, by name. `end`: 2 calls; each other method: 1.
 */
export const silencesOver = (ledger: Table): Silences => ({
  async add(silence) {
    await ledger.put(byEnd(keyPrefixes.silence, silence), { ...silence }, guarded("silence is set once", { if: "attribute_not_exists(#pk)" }));
  },
  async end(id, at) {
    // The row keeps its place, which is that of the end it was set with.
    const row = (await endingFrom(ledger, keyPrefixes.silence, at)).find((one) => one.text("id") === id);
    if (row === undefined) return false;
    const stands = { if: "attribute_exists(#pk) AND #until > :at", values: { at } };
    return (await ledger.update({ pk: keyPrefixes.silence, sk: row.text("sk") }, { until: at }, guarded("silence ends once", stands))) !== undefined;
  },
  async standing(at) {
    return (await endingFrom(ledger, keyPrefixes.silence, at))
      .map(silenceFrom)
      .filter((one) => one.from <= at && at < one.until)
      .sort((a, b) => b.from - a.from);
  },
  async keep(alarm) {
    const newer = { if: "attribute_not_exists(#pk) OR #at < :newer", values: { newer: alarm.at } };
    await ledger.update({ pk: keyPrefixes.silenced, sk: alarm.name }, { ...alarm, settled: undefined }, guarded("late alarm changes nothing", newer));
  },
  async kept() {
    const rows = (await ledger.range({ pk: keyPrefixes.silenced, limit: KEPT })).map(fieldsOf);
    return rows.filter((row) => row.flagIfAny("settled") !== true).map(silencedFrom);
  },
  async settle(name, at) {
    await ledger.update(
      { pk: keyPrefixes.silenced, sk: name },
      { settled: true },
      guarded("late alarm changes nothing", { if: "attribute_exists(#pk) AND #at = :at", values: { at } }),
    );
  },
});

/** One partition for all hand-overs, in the order of their ends. `override`, `overrides`: 1 call each. */
export const onCallOver = (ledger: Table): OnCall => ({
  async override(it) {
    await ledger.put(byEnd(keyPrefixes.onCall, it), { ...it }, guarded("hand-over is entered once", { if: "attribute_not_exists(#pk)" }));
  },
  async overrides(from, to) {
    return (await endingFrom(ledger, keyPrefixes.onCall, from)).map(overrideFrom).filter((one) => one.from < to && from < one.until);
  },
});

/** The end, then the id: what people type stays short. */
const byEnd = (pk: string, { id, until }: { readonly id: string; readonly until: EpochMs }) => ({ pk, sk: `${sortableMoment(until)}#${id}` });

/** Every row whose end was set to `at` or later. */
const endingFrom = async (ledger: Table, pk: string, at: EpochMs): Promise<readonly Fields[]> =>
  (await ledger.range({ pk, from: sortableMoment(at) })).map(fieldsOf);

const silenceFrom = (fields: Fields): Silence => ({
  id: fields.text("id"),
  scope: fields.text("scope"),
  by: fields.text("by"),
  because: fields.text("because"),
  from: epochMs(fields.number("from")),
  until: epochMs(fields.number("until")),
});

const silencedFrom = (fields: Fields): SilencedAlarm => ({
  name: fields.text("name"),
  service: fields.text("service"),
  value: fields.oneOf("value", ["OK", "ALARM", "INSUFFICIENT_DATA"]),
  at: epochMs(fields.number("at")),
  reason: fields.text("reason"),
  severity: fields.oneOf("severity", ["P1", "P2", "P3", "P4"]),
  role: fields.oneOf("role", ["down", "cause", "symptom"]),
  group: fields.text("group"),
  title: fields.text("title"),
});

const overrideFrom = (fields: Fields): OnCallOverride => ({
  id: fields.text("id"),
  rota: fields.text("rota"),
  person: fields.text("person"),
  by: fields.text("by"),
  from: epochMs(fields.number("from")),
  until: epochMs(fields.number("until")),
});
