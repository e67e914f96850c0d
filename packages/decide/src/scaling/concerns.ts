import { type Attention, type EpochMs, sayLength, seconds, since } from "@nightshift/model";
import type { Concern } from "./attention.ts";
import { thrash } from "./attention.ts";
import type { Bounds } from "./bounds.ts";
import { LONGEST } from "./capacity.ts";
import type { Outlook } from "./outlook.ts";
import { rivalBefore } from "./rival.ts";

/** What lasts at this look and a person would care about. */
export function concernsOf(o: Outlook, { bounds, saturatedSince, brokenSince, worstSeconds }: Lasting): readonly Concern[] {
  const concerns: Concern[] = [];
  const { rival } = o.observation;
  if (rival !== undefined || rivalBefore(o))
    concerns.push({
      kind: "rival",
      says: [
        `Another scaler also changes the number of workers${rival === undefined ? "" : `: ${rival}`}.`,
        "Nothing is changed from here until it is removed: two scalers undo each other.",
      ],
    });
  if (saturatedSince !== undefined) concerns.push(saturation(o));
  if (brokenSince !== undefined && since(brokenSince, o.at) >= BROKEN_FOR) concerns.push(broken(o, { bounds, saturatedSince, worstSeconds }));
  const oldest = o.starts.starting[0];
  if (oldest !== undefined && since(oldest.at, o.at) > Math.max(300_000, 4_000 * o.starts.expectSeconds))
    concerns.push({
      kind: "start-stuck",
      says: [
        `${o.crew.missing} of ${o.fleet.desired} workers were asked for and do not start; the oldest for ${sayLength(since(oldest.at, o.at))}.`,
        "Look at the service's events: no capacity, an image that cannot be pulled, or a container that exits.",
      ],
    });
  const turning = thrash(o.state, o.settings.maxChangesPerHour, o.at);
  if (turning !== undefined) concerns.push(turning);
  return concerns;
}

/** What the look found beside the outlook. */
export interface Lasting {
  readonly bounds: Bounds;
  readonly saturatedSince: EpochMs | undefined;
  readonly brokenSince: EpochMs | undefined;
  readonly worstSeconds: number;
}

/** When the promise began to be broken with as many workers as may be; undefined: it is kept, or more can still come. */
export function brokenAtMax(o: Outlook, upper: number, worstSeconds: number): EpochMs | undefined {
  if (o.fleet.desired < upper || worstSeconds <= o.promise) return undefined;
  return o.state.memory.brokenSince ?? o.at;
}

function saturation(o: Outlook): Concern {
  const was = o.state.memory.added;
  const grew =
    was === undefined
      ? ""
      : ` A task took ${was.serviceSeconds.toFixed(1)} s with ${was.ready} workers and takes ${o.serviceSeconds.toFixed(1)} s with ${o.crew.ready}.`;
  return {
    kind: "saturated",
    says: [
      `More workers do not help: all are busy and not more tasks end.${grew}`,
      "Look at what they all wait for: a database, an API, a lock. No more workers are added for 5 minutes at a time.",
    ],
  };
}

function broken(o: Outlook, { bounds, saturatedSince, worstSeconds }: Omit<Lasting, "brokenSince">): Concern {
  const wait = worstSeconds >= LONGEST ? "a day and more" : sayLength(seconds(worstSeconds));
  return {
    kind: "promise-broken-at-max",
    says: [
      `All ${bounds.upper} workers are asked for, and tasks will still wait ${wait}; promised are ${sayLength(seconds(o.promise))}. ${Math.round(o.demand.waiting)} wait now.`,
      // Two notices of one look shall not give opposite advice.
      saturatedSince === undefined
        ? "Raise max, or order more with /ops scale, or find out why so much comes."
        : "Leave max as it is: more workers do not help while something else holds them up.",
    ],
  };
}

/** The concern of a broker that nobody can look at. */
export const unreachable = (because: string): Concern => ({
  kind: "broker-unreachable",
  says: [
    `What waits is not known: ${because}.`,
    "Nobody is added or taken away until two looks in a row agree. Check the broker, its secret and the security groups.",
  ],
});

/** The concern of a broker whose figures nobody confirms. */
export const unconfirmed = (because: string): Concern => ({
  kind: "broker-unreachable",
  says: [
    `What waits is not known: ${because}.`,
    "Nothing is changed for 10 minutes; after that workers are added, and none is taken away. Check the broker, and whether the workers lost it or run with --without-heartbeat.",
  ],
});

/** The concern of a scale-in that took the wrong one. */
export const wrongVictim = (says: string): Concern => ({
  kind: "wrong-victim",
  says: [
    `${says[0]?.toUpperCase() ?? ""}${says.slice(1)}.`,
    "Check for tasks that began again or were lost, and whether somebody else changed the count or the protection.",
  ],
});

/** The concern of drains that took too long. */
export const drainStuck = (workers: readonly string[], length: Attention["since"] | number): Concern => ({
  kind: "drain-stuck",
  says: [
    `${workers.join(", ")} did not become empty within ${sayLength(seconds(length / 1_000))} and takes work again.`,
    "A task that long, or one with a far ETA, keeps its worker: raise drainAtMost, or keep such tasks in a queue of their own.",
  ],
});

const BROKEN_FOR = seconds(60);
