import { foldIncident } from "@nightshift/decide/incidents/fold";
import { mergeEntries } from "@nightshift/decide/incidents/transitions";
import type { Incident } from "@nightshift/model";
import { mergeIncidents } from "@nightshift/runtime";
import { readIncident } from "@nightshift/runtime/incidents";
import { card, type Carry, type On, refused } from "../verb.ts";

/** Makes one incident part of another, its alarms included. Said again, it finishes what a crash left half done. */
export const merge: Carry<"merge"> = async ({ incident, into }, on) => {
  const { world, doing } = on;
  const from = await itself(on, incident);
  const target = await readIncident(world, into);
  if (from === undefined || target === undefined)
    return refused(`There is no incident ${into}; /ops incidents lists those that are open. Nothing was changed.`);
  const half = from.mergedInto === target.id && !target.absorbed.includes(from.id);
  const made = mergeEntries(half ? { ...from, mergedInto: undefined, state: "open" } : from, target, doing);
  if (made.kind === "refused") return refused(`${from.id}: ${made.because}. Nothing was changed.`);
  const says = `${from.id} is part of ${target.id} now.`;
  return {
    kind: "ready",
    does: says,
    calls: [
      `ledger: add the entry ${made.merged.key} to ${from.id}`,
      `ledger: add the ${from.alarms.length === 1 ? "alarm" : `${from.alarms.length} alarms`} of ${from.id} to ${target.id}`,
      `ledger: add the entry ${made.absorbed.key} to ${target.id}`,
    ],
    tells: [`in the thread of ${from.id}: ${made.merged.text}`, `in the thread of ${target.id}: ${made.absorbed.text}`],
    act: async () => {
      const became = await mergeIncidents(world, { from: from.id, into: target.id, doing });
      return became.kind === "merged"
        ? { card: card(says), changed: true }
        : { card: card(`${from.id}: ${became.because}. Your request changed nothing.`), changed: false };
    },
  };
};

/** The incident under its own name: where it was merged half way, the id alone would lead to its target. */
async function itself({ world, incident }: On, name: string): Promise<Incident | undefined> {
  const record = await world.incidents.find(name);
  return record === undefined ? incident : foldIncident(record);
}
