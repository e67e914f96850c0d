import { foldIncident } from "@nightshift/decide/incidents/fold";
import { isOver, type Made, type Refused, reopenEntry } from "@nightshift/decide/incidents/transitions";
import type { Entry, GroupPointer, Incident, IncidentRecord, Ms, Opening } from "@nightshift/model";
import { minutes } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { PortError, type World } from "@nightshift/ports";
import { executionName } from "./start-watch.ts";

/** What opening an incident needs of the world. */
export type IncidentWorld = Pick<World, "clock" | "incidents" | "groups">;

/** Where an opening led: `id` is the incident that stands, whatever the opening was called. */
export interface Opened {
  readonly id: string;
  readonly how: "opened" | "joined" | "reopened" | "known";
  readonly incident: Incident;
}

/** Tries to point a group to its incident, and to say a change, before giving up. */
const ATTEMPTS = 5;
/** Merges of merges that are followed: more than anybody makes. */
const HOPS = 100;
/** How long after its end the same trouble opens the same incident again, where no policy says otherwise (`facts/incidents.md` 7.5). */
const REOPEN_WITHIN = minutes(10);

/**
 * Opens an incident for its group, or joins the one the group has; the id is then another name for that one. Safe to
 * repeat and to race: the group's pointer is claimed first, and what a crash left half done is finished by the next.
 * @throws {PortError} `throttled` when others moved the pointer five times meanwhile.
 */
export async function openIncident(
  world: IncidentWorld,
  opening: Opening,
  policy: { readonly reopenWithin: Ms } = { reopenWithin: REOPEN_WITHIN },
): Promise<Opened> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const known = await readIncident(world, opening.id);
    if (known !== undefined) return { id: known.id, how: "known", incident: known };
    const pointer = await world.groups.find(opening.group);
    const standing = pointer === undefined ? undefined : foldIncident(await finish(world, pointer));
    if (standing !== undefined && !isOver(standing)) return join(world, opening, { incident: standing, how: "joined" });
    if (standing !== undefined && isAgain(standing, opening, policy.reopenWithin)) {
      // What began before its end belongs to it, and was over with it.
      if (opening.openedAt <= (standing.resolvedAt ?? 0)) return join(world, opening, { incident: standing, how: "joined" });
      const made = reopenEntry(standing, { by: opening.by, actor: opening.by, at: world.clock.now() });
      if (made.kind === "entry") await world.incidents.say(standing.id, made.entry);
      return join(world, opening, { incident: standing, how: "reopened" });
    }
    if (!(await claim(world, pointer, opening))) continue;
    return { id: opening.id, how: "opened", incident: foldIncident({ opening, entries: [], alarms: [] }) };
  }
  throw new PortError("throttled", "groups:point", opening.group, `the group's pointer moved ${ATTEMPTS} times meanwhile`);
}

/** Points the group to a new incident and opens it; false when somebody else pointed it elsewhere meanwhile. */
export async function claim(world: Pick<World, "incidents" | "groups">, previous: GroupPointer | undefined, opening: Opening): Promise<boolean> {
  const next: GroupPointer = { group: opening.group, incident: opening.id, opening, version: (previous?.version ?? 0) + 1 };
  if (!(await world.groups.point(previous, next)) && guard("a group has one incident")) return false;
  await Promise.all([world.incidents.open(opening), world.groups.noteOpened(opening.group, opening.id, opening.openedAt)]);
  return true;
}

/** The record that a pointer names: opened now, where the one who claimed it did not come so far; where it was merged, what it was merged into. */
export async function finish(world: Pick<World, "incidents" | "groups">, pointer: GroupPointer): Promise<IncidentRecord> {
  const found = await readRecord(world, pointer.incident);
  if (found !== undefined) return found;
  await world.incidents.open(pointer.opening);
  await world.groups.noteOpened(pointer.opening.group, pointer.incident, pointer.opening.openedAt);
  return (await readRecord(world, pointer.incident)) ?? { opening: pointer.opening, entries: [], alarms: [] };
}

/** The incident as it stands; other names, and merges, lead to where it stands. Undefined: there is none of that id. */
export async function readIncident(world: Pick<World, "incidents">, id: string): Promise<Incident | undefined> {
  const record = await readRecord(world, id);
  return record === undefined ? undefined : foldIncident(record);
}

async function readRecord({ incidents }: Pick<World, "incidents">, id: string): Promise<IncidentRecord | undefined> {
  const path: IncidentRecord[] = [];
  let name = id;
  for (let hop = 0; hop < HOPS; hop++) {
    const record = await incidents.find(name);
    if (record === undefined) return path.at(-1);
    const start = path.findIndex((one) => one.opening.id === record.opening.id);
    if (start !== -1) return firstOfCircle(path.slice(start), record);
    const { mergedInto } = foldIncident(record);
    if (mergedInto === undefined) return record;
    path.push(record);
    name = mergedInto;
  }
  return path.at(-1);
}

/**
 * Two were merged into each other at once: the one with the smallest id stands, whichever is asked for, so that its alarms, its
 * room and its people are not lost. What was said of its merging stays a line.
 */
function firstOfCircle(circle: readonly IncidentRecord[], found: IncidentRecord): IncidentRecord {
  const first = circle.reduce((a, b) => (b.opening.id < a.opening.id ? b : a), found);
  const entries = first.entries.map(({ change, ...line }) => (change === undefined || change.what === "merged" ? line : { ...line, change }));
  return { ...first, entries };
}

/** What became of a change: made by this very call, or not, and why. */
export type Changed =
  | { readonly kind: "changed"; readonly incident: Incident; readonly entry: Entry }
  | (Refused & { readonly incident: Incident })
  | { readonly kind: "unknown" };

/**
 * Reads, lets `make` decide, and says its entry. Of two who make the same transition at once, one is let through; the
 * other decides again over what stands, and so learns who was first.
 * @throws {PortError} `throttled` when somebody was first five times.
 */
export async function changeIncident(world: Pick<World, "incidents">, id: string, make: (incident: Incident) => Made): Promise<Changed> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const incident = await readIncident(world, id);
    if (incident === undefined) return { kind: "unknown" };
    const made = make(incident);
    if (made.kind === "refused") return { ...made, incident };
    if (await world.incidents.say(incident.id, made.entry)) return { kind: "changed", incident, entry: made.entry };
  }
  throw new PortError("throttled", "incidents:say", id, `somebody else was first ${ATTEMPTS} times`);
}

/** Starts the incident's war room; one that runs or ran already is not started again, but for another `occasion`. */
export async function startRoom(
  { starter }: Pick<World, "starter">,
  incident: string,
  occasion?: { readonly name: string; readonly part: number },
): Promise<void> {
  const name = executionName("war-room", occasion === undefined ? incident : `${incident}/${occasion.name}`);
  try {
    await starter.start("war-room", name, occasion === undefined ? { incident } : { incident, part: occasion.part });
  } catch (error) {
    const running = error instanceof PortError && error.kind === "conflict" && error.message.includes("DurableExecutionAlreadyStarted");
    if (!running) throw error;
  }
}

async function join(world: IncidentWorld, opening: Opening, { incident, how }: Pick<Opened, "incident" | "how">): Promise<Opened> {
  await world.incidents.open(opening, incident.id);
  return { id: incident.id, how, incident };
}

/** It began before the end, or so shortly after it that it is the same trouble. */
const isAgain = (incident: Incident, opening: Opening, within: Ms): boolean =>
  incident.state === "resolved" && incident.resolvedAt !== undefined && opening.openedAt - incident.resolvedAt <= within;
