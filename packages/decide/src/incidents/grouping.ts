import { before, type EpochMs, type Incident, type IncidentPolicy, type RungAlarm, sayLength, type Suspect } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { hasRung, rings } from "./alarms.ts";
import { sameChange } from "./suspect.ts";
import { isOver } from "./transitions.ts";

/** The group of a storm over the whole account. */
export const STORM_GROUP = "*";

/** What is known when a group's alarms come. */
export interface Arriving {
  readonly group: string;
  /** Its alarms, merged with what the group's incident knew of them. */
  readonly alarms: readonly RungAlarm[];
  /** Where the group's alarms went last; what was merged is followed to where it stands. */
  readonly current: Incident | undefined;
}

/** What is known beyond the group, read only where the group has no incident of its own. */
export interface Around {
  readonly suspect: Suspect | undefined;
  /** Incidents of other groups that run now. */
  readonly running: readonly Incident[];
  /** Groups on which this group's services stand, and groups whose services stand on this one, with where their alarms go. */
  readonly standsOn: readonly Neighbour[];
  readonly carries: readonly Neighbour[];
  /** Those of the running ones that opened within the time of a storm. */
  readonly lately: readonly string[];
  /** Distinct groups, this one included, that opened within the policy's time. */
  readonly stormOf: number;
  readonly policy: Pick<IncidentPolicy, "reopenWithin" | "storm">;
}

/** Another group, and the incident that its pointer names. */
export interface Neighbour {
  readonly group: string;
  readonly incident: string;
}

/** Where alarms go. */
export type Grouped =
  /** Into what runs. */
  | { readonly kind: "join"; readonly incident: string; readonly because: string }
  | { readonly kind: "reopen"; readonly incident: string; readonly because: string }
  /** Into the record of what is over: they tell nothing new. */
  | { readonly kind: "past"; readonly incident: string; readonly because: string }
  /** A new one, which takes in the ones named. */
  | { readonly kind: "open"; readonly group: string; readonly absorbs: readonly string[]; readonly because: string }
  /** Nothing rings, and nothing rang before. */
  | { readonly kind: "none"; readonly because: string };

/**
 * What the group's own incident says of them; undefined: there is none that they belong to. Only service times are
 * compared: an ALARM that comes late, older than its OK, opens nothing again, and neither does one that was known to ring
 * when it was ended. One that was under way at the end, and rings, was over with nothing: nobody knew of it.
 */
export function decideOwn({ alarms, current }: Arriving, policy: Pick<IncidentPolicy, "reopenWithin">): Exclude<Grouped, { kind: "open" }> | undefined {
  if (current === undefined) return alarms.every((one) => !hasRung(one)) ? { kind: "none", because: "nothing rings" } : undefined;
  if (!isOver(current)) return { kind: "join", incident: current.id, because: "the group's incident runs" };
  const over = current.resolvedAt ?? current.closedAt ?? current.openedAt;
  const rang = Math.max(...alarms.map((one) => one.rang));
  const underWay = alarms.some((one) => rings(one) && !isKnownToRing(current, one));
  if (guard("late alarm reopens nothing", rang <= over && !underWay)) return { kind: "past", incident: current.id, because: "they are older than its end" };
  if (current.state !== "resolved" || rang - over > policy.reopenWithin) return undefined;
  if (!underWay && !alarms.some((one) => rings(one) && one.rang > over))
    return { kind: "past", incident: current.id, because: "what rang after its end is over, too" };
  return { kind: "reopen", incident: current.id, because: "it rings again shortly after it was resolved" };
}

const isKnownToRing = ({ alarms }: Incident, { name }: RungAlarm): boolean => alarms.some((one) => one.name === name && rings(one));

/** Where alarms of a group without an incident go: to the change that caused them, to what the group stands on, into a storm, else into a new one. */
export function decideGroup({ group }: Pick<Arriving, "group">, around: Around): Grouped {
  const { running, suspect, stormOf, policy } = around;
  const runs = ({ incident }: Neighbour): boolean => running.some((one) => one.id === incident);
  if (stormOf > policy.storm.moreThan) {
    const because = `${stormOf} groups began to ring within ${sayLength(policy.storm.within)}`;
    const storm = running.find((one) => one.group === STORM_GROUP);
    if (storm !== undefined) return { kind: "join", incident: storm.id, because };
    return { kind: "open", group: STORM_GROUP, absorbs: around.lately.filter((id) => running.some((one) => one.id === id)), because };
  }
  const blamed = running.find((one) => sameChange(one.suspect, suspect));
  if (blamed !== undefined) return { kind: "join", incident: blamed.id, because: `the same change is suspected: ${suspect?.what ?? ""}` };
  const under = around.standsOn.find(runs);
  if (under !== undefined) return { kind: "join", incident: under.incident, because: `it stands on ${under.group}, which is in trouble` };
  const above = around.carries.filter(runs);
  const incidents = [...new Set(above.map((one) => one.incident))];
  const [first, ...more] = incidents;
  const who = above.map((one) => one.group).join(", ");
  if (first === undefined) return { kind: "open", group, absorbs: [], because: "nothing else explains it" };
  if (more.length === 0) return { kind: "join", incident: first, because: `${who} stands on it and is in trouble` };
  return { kind: "open", group, absorbs: incidents, because: `${who} stand on it and are in trouble` };
}

/** Since when groups that opened count together with this sign. */
export const stormSince = (at: EpochMs, { within }: IncidentPolicy["storm"]): EpochMs => before(at, within);
