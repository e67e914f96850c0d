import { type AlarmState, type ChangeNote, epochMs, keyPrefixes, type ServiceName, serviceName } from "@nightshift/model";
import { guarded } from "@nightshift/model/guards";
import type { SignalsPort } from "@nightshift/ports";
import { sha256 } from "../canonical.ts";
import { sortedJson } from "./json.ts";
import { type Fields, fieldsOf } from "./read.ts";
import { sortableMoment } from "./sortable.ts";
import type { Table } from "./table.ts";

// "S" sorts after "C": one range from a moment onwards holds the changes since then and, behind them, every alarm.
const CHANGE = "CHANGE#";
const STATE = "STATE#";

/** What reached us between two looks. `read`, `alarm`, `change`: 1 call each. */
export const signalsOver = (ledger: Table): SignalsPort => ({
  async read(service, since) {
    const rows = await ledger.range({ pk: partition(service), from: `${CHANGE}${sortableMoment(since)}` });
    const alarms: AlarmState[] = [];
    const changes: ChangeNote[] = [];
    for (const row of rows) {
      const fields = fieldsOf(row);
      if (fields.text("sk").startsWith(STATE)) alarms.push(alarmFrom(fields));
      else changes.push(changeFrom(fields));
    }
    return { alarms, changes };
  },
  async alarm(service, alarm) {
    const { name, value, since, reason } = alarm;
    // Refused: what is stored is as new or newer, so a late or repeated event changes nothing.
    await ledger.update(
      { pk: partition(service), sk: `${STATE}${name}` },
      { name, value, since, reason },
      guarded("late alarm changes nothing", { if: "attribute_not_exists(#pk) OR #since < :newer", values: { newer: since } }),
    );
  },
  async change(note) {
    const sk = `${CHANGE}${sortableMoment(note.at)}#${note.kind}#${sha256(sortedJson(note)).slice(0, 16)}`;
    await ledger.put({ pk: partition(note.service), sk }, { ...note }, guarded("change note is kept once", { if: "attribute_not_exists(#pk)" }));
  },
});

const partition = (service: ServiceName) => `${keyPrefixes.signal}${service}`;

const alarmFrom = (row: Fields): AlarmState => ({
  name: row.text("name"),
  value: row.oneOf("value", ["OK", "ALARM", "INSUFFICIENT_DATA"]),
  since: epochMs(row.number("since")),
  reason: row.text("reason"),
});

function changeFrom(row: Fields): ChangeNote {
  const schemaHead = row.textIfAny("schemaHead");
  const commit = row.textIfAny("commit");
  const pullRequest = row.textIfAny("pullRequest");
  const saved = row.textIfAny("saved");
  const reversible = row.flagIfAny("reversible");
  return {
    service: serviceName(row.text("service")),
    kind: row.oneOf("kind", ["migration", "deployment", "mirror"]),
    at: epochMs(row.number("at")),
    ...(schemaHead === undefined ? {} : { schemaHead }),
    ...(commit === undefined ? {} : { commit }),
    ...(pullRequest === undefined ? {} : { pullRequest }),
    ...(reversible === undefined ? {} : { reversible }),
    ...(saved === undefined ? {} : { saved }),
  };
}
