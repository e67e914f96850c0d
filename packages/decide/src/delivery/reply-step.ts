import { after, type Delivery, type Entry, type EpochMs } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { freshBudget, outageAt, postAt } from "./budget.ts";
import { PARKED_FOR } from "./header-step.ts";
import { isUrgent, loudIn, oneReply, overflows, untold } from "./lines.ts";
import { paceAt } from "./pace.ts";
import { heldUntil, type PlaceName, repliesIn, replyKey, tryOf } from "./rows.ts";
import { firstOf, type Situation, type Step } from "./step.ts";

/** The threads that stand. `roomStands`: what comes after the room was made belongs there. */
export interface Threads {
  readonly home: Delivery | undefined;
  readonly room: Delivery | undefined;
  readonly roomStands: boolean;
}

/**
 * The next reply: in each place first what was begun, so that the order holds; then everything untold, together. What waits in the thread,
 * or is refused there, holds up nothing in the incident's own channel.
 */
export function replyStep(at: Situation, threads: Threads): Step {
  const waiting = untold(at.incident, at.rows, threads.roomStands);
  return firstOf((["home", "room"] as const).map((place) => replyIn(at, { place, thread: threads[place], waiting: waiting[place] })));
}

function replyIn(at: Situation, { place, thread, waiting }: Omit<Begun, "begun">): Step {
  const begun = repliesIn(place, at.rows).find(({ state }) => state !== "sent");
  if (begun !== undefined) return goOn(at, { place, begun, thread, waiting });
  return thread === undefined || waiting.length === 0 ? { do: "nothing" } : begin(at, { place, thread, waiting });
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
