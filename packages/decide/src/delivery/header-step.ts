import { after, type Delivery, minutes } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { freshBudget, postAt } from "./budget.ts";
import { headerKey, headersIn, heldUntil, type PlaceName, tryOf, wasDeleted } from "./rows.ts";
import type { Situation, Step } from "./step.ts";

/** What was refused for good is tried again so much later: somebody may have put the channel or the permission right. */
export const PARKED_FOR = minutes(10);
/** A person who deletes the header twice does not want it. */
const DELETED_AT_MOST = 2;

/** How far the header of a place is: posted once, found again when its answer was lost, put elsewhere when a channel refuses it. */
export function headerStep(at: Situation, place: PlaceName): Step {
  const headers = headersIn(place, at.rows);
  const newest = headers.at(-1);
  const fresh = placeFor(at, place, headers);
  if (newest === undefined) return fresh === undefined ? { do: "nothing" } : post(at, place, { channel: fresh, number: 1 });
  const number = headers.length;
  switch (newest.state) {
    case "sent":
      return guard("one thread an incident") ? { do: "nothing" } : post(at, place, { channel: newest.channel, number: number + 1 });
    case "trying":
      if (heldUntil(newest) > at.now) return { do: "wait", until: heldUntil(newest), because: "another sender may be posting it" };
      return post(at, place, { channel: newest.channel, number, before: newest });
    case "refused":
      return post(at, place, { channel: newest.channel, number, before: newest });
    case "parked":
      if (wasDeleted(newest)) {
        const deleted = headers.filter(wasDeleted).length;
        return guard("deleted header comes back once", deleted >= DELETED_AT_MOST)
          ? { do: "nothing" }
          : post(at, place, { channel: newest.channel, number: number + 1 });
      }
      if (fresh !== undefined) return post(at, place, { channel: fresh, number: number + 1 });
      return after(newest.startedAt, PARKED_FOR) > at.now ? { do: "nothing" } : post(at, place, { channel: newest.channel, number, before: newest });
  }
}

/** The best channel that has not refused this header yet. */
function placeFor({ incident, channels }: Situation, place: PlaceName, headers: readonly Delivery[]): string | undefined {
  const wanted = place === "home" ? channels : incident.room === undefined ? [] : [incident.room.channel];
  return wanted.find((channel) => headers.every((row) => row.channel !== channel));
}

function post(at: Situation, place: PlaceName, { channel, number, before }: { channel: string; number: number; before?: Delivery }): Step {
  const free = postAt(at.budgets.get(channel) ?? freshBudget(channel), at.now);
  if (free > at.now) return { do: "wait", until: free, because: `${channel} takes nothing before` };
  return {
    do: "post",
    place,
    row: tryOf({ key: headerKey(place, number), channel, thread: undefined, covers: [], now: at.now }, before),
    tells: { what: "header", shown: at.shown[place] },
    lost: before?.state === "trying" && guard("lost message is looked for"),
  };
}
