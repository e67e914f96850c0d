import { mergeEntries } from "@nightshift/decide/incidents/transitions";
import { wakeRoom } from "@nightshift/runtime/wake";
import { readIncident } from "@nightshift/runtime/incidents";
import { card, type Carry, refused } from "../verb.ts";

/** Makes one incident part of another. Said again, it finishes what a crash left half done. */
export const merge: Carry<"merge"> = async ({ into }, on) => {
  const { world, incident: from } = on;
  const target = await readIncident(world, into);
  if (from === undefined || target === undefined) return refused(`There is no incident ${into}. Nothing was changed.`);
  const made = mergeEntries(from, target, on.doing);
  if (made.kind === "refused") return refused(`${from.id}: ${made.because}. Nothing was changed.`);
  const says = `${from.id} is part of ${target.id} now.`;
  return {
    kind: "ready",
    does: says,
    calls: [`ledger: add the entry ${made.merged.key} to ${from.id}`, `ledger: add the entry ${made.absorbed.key} to ${target.id}`],
    tells: [`in the thread of ${from.id}: ${made.merged.text}`, `in the thread of ${target.id}: ${made.absorbed.text}`],
    act: async () => {
      const first = await world.incidents.say(from.id, made.merged);
      await world.incidents.say(target.id, made.absorbed);
      await wakeRoom(world, from.id);
      await wakeRoom(world, target.id);
      return { card: card(first ? says : `${from.id} was merged already.`), changed: first };
    },
  };
};
