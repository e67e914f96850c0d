import type { Doing, Made } from "@nightshift/decide/incidents/transitions";
import type { Incident } from "@nightshift/model";
import { changeIncident } from "@nightshift/runtime/incidents";
import { wakeRoom } from "@nightshift/runtime/wake";
import { card, type On, type Prepared, refused } from "./verb.ts";

/** A change of one incident: an entry under a key that only one request gets in, then its room is woken. */
export function changeOf(on: On, make: (incident: Incident, doing: Doing) => Made): Prepared {
  const { incident, doing, world } = on;
  if (incident === undefined) return refused("No incident is meant here; name one. Nothing was changed.");
  const { id } = incident;
  const made = make(incident, doing);
  const earlier = made.kind === "refused" ? ownEarlier(incident, on) : undefined;
  if (made.kind === "refused" && earlier === undefined) return refused(`${id}: ${made.because}. Nothing was changed.`);
  const text = made.kind === "entry" ? made.entry.text : (earlier ?? "");
  return {
    kind: "ready",
    does: `${id}: ${text}`,
    calls: [
      `ledger: add the entry ${made.kind === "entry" ? made.entry.key : "(it stands already)"} to ${id}`,
      "lambda:SendDurableExecutionCallbackSuccess (wakes the incident's room)",
    ],
    tells: [`in the thread of ${id}: ${text}`],
    act: async () => {
      // A request that was written down before it could be answered only wakes the room again.
      const changed = earlier === undefined ? await changeIncident(world, id, (now) => make(now, doing)) : undefined;
      if (changed !== undefined && changed.kind !== "changed")
        return {
          card: card(`${id}: ${changed.kind === "refused" ? changed.because : "it is gone from the ledger"}. Your request changed nothing.`),
          changed: false,
        };
      await wakeRoom(world, id);
      return { card: card(`${id}: ${text}`), changed: true };
    },
  };
}

/** The text of what this very request wrote, if it did: under its own key, or the same person's change of the same moment. */
const ownEarlier = (incident: Incident, { doing, request }: On): string | undefined =>
  incident.entries.find(
    (entry) => entry.key.endsWith(`/${request.key}`) || (entry.change !== undefined && entry.actor === doing.actor && entry.at === doing.at),
  )?.text;
