import { after, type Delivery, type Entry, type EpochMs } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { freshBudget, outageAt, postAt } from "./budget.ts";
import { PARKED_FOR } from "./header-step.ts";
import { isUrgent, loudIn, oneReply, overflows, untold } from "./lines.ts";
import { paceAt } from "./pace.ts";
import { heldUntil, type PlaceName, repliesIn, replyKey, tryOf } from "./rows.ts";
import type { Situation, Step } from "./step.ts";

/** The threads that stand. `roomStands`: what comes after the room was made belongs there. */
export interface Threads {
  readonly home: Delivery;
  readonly room: Delivery | undefined;
  readonly roomStands: boolean;
}

/** The next reply: first what was begun, so that the order holds; then everything untold, together. */
export function replyStep(at: Situation, threads: Threads): Step {
  for (const place of ["home", "room"] as const) {
    const thread = threads[place];
    const begun = repliesIn(place, at.rows).find(({ state }) => state !== "sent");
    if (begun !== undefined) return goOn(at, { place, begun, thread, waiting: untold(at.incident, at.rows, threads.roomStands)[place] });
  }
  const waiting = untold(at.incident, at.rows, threads.roomStands);
  const place: PlaceName = waiting.home.length > 0 ? "home" : "room";
  const thread = threads[place];
  if (thread === undefined || waiting[place].length === 0) return { do: "nothing" };
  return begin(at, { place, thread, waiting: waiting[place] });
}

interface Begun {
  readonly place: PlaceName;
  readonly begun: Delivery;
  readonly thread: Delivery | undefined;
  readonly waiting: readonly Entry[];
}

function goOn(at: Situation, { place, begun, thread, waiting }: Begun): Step {
  const covered = at.incident.entries.filter(({ key }) => begun.covers.includes(key));
  switch (begun.state) {
    case "sent":
      return { do: "nothing" };
    case "trying":
      if (heldUntil(begun) > at.now) return { do: "wait", until: heldUntil(begun), because: "another sender may be posting it" };
      // It may stand in Slack as it was: what it tells must not change.
      return post(at, { place, before: begun, thread: begun.thread, channel: begun.channel, entries: covered });
    case "parked":
      if (after(begun.startedAt, PARKED_FOR) > at.now) return { do: "nothing" };
      break;
    case "refused":
      break;
  }
  if (thread === undefined) return { do: "nothing" };
  // Surely not sent: what was said meanwhile may come with it.
  const entries = fitting(at, thread.channel, inOrder(at, [...covered, ...waiting]));
  return post(at, { place, before: begun, thread: thread.ts, channel: thread.channel, entries });
}

function begin(at: Situation, { place, thread, waiting }: { place: PlaceName; thread: Delivery; waiting: readonly Entry[] }): Step {
  const entries = fitting(at, thread.channel, waiting);
  const past = [...repliesIn("home", at.rows), ...repliesIn("room", at.rows)].map(({ startedAt }) => startedAt);
  const paced = paceAt(past, at.now, entries.some(isUrgent));
  if (paced > at.now) return { do: "wait", until: paced, because: "lines are gathered into one reply" };
  return post(at, { place, before: undefined, thread: thread.ts, channel: thread.channel, entries });
}

/** What one reply takes of these: after an outage everything, else as much as it holds. */
const fitting = (at: Situation, channel: string, entries: readonly Entry[]): readonly Entry[] =>
  missed(at, channel, entries) === undefined ? oneReply(entries) : entries;

const missed = (at: Situation, channel: string, [first]: readonly Entry[]): { readonly from: EpochMs; readonly to: EpochMs } | undefined =>
  first === undefined ? undefined : outageAt(at.budgets.get(channel) ?? freshBudget(channel), first.at);

interface Posting {
  readonly place: PlaceName;
  readonly before: Delivery | undefined;
  readonly thread: string | undefined;
  readonly channel: string;
  readonly entries: readonly Entry[];
}

function post(at: Situation, { place, before, thread, channel, entries }: Posting): Step {
  const free = postAt(at.budgets.get(channel) ?? freshBudget(channel), at.now);
  if (free > at.now) return { do: "wait", until: free, because: `${channel} takes nothing before` };
  const loud = loudIn(at.incident);
  const late = missed(at, channel, entries) ?? (overflows(entries) ? { from: entries[0]?.at ?? at.now, to: at.now } : undefined);
  return {
    do: "post",
    place,
    row: tryOf(
      { key: before?.key ?? replyKey(place, repliesIn(place, at.rows).length + 1), channel, thread, covers: entries.map(({ key }) => key), now: at.now },
      before,
    ),
    tells: { what: "reply", entries, broadcast: entries.some(({ key }) => loud.has(key)), away: late },
    lost: before?.state === "trying" && guard("lost message is looked for"),
  };
}

function inOrder({ incident }: Situation, entries: readonly Entry[]): readonly Entry[] {
  const wanted = new Set(entries.map(({ key }) => key));
  return incident.entries.filter(({ key }) => wanted.has(key));
}
