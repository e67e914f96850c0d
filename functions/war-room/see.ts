import { decideRoom, EVERYBODY, type RoomFacts } from "@nightshift/decide/incidents/duties";
import { isOver } from "@nightshift/decide/incidents/duties";
import type { Incident, IncidentPolicy } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { readIncident } from "@nightshift/runtime/incidents";
import type { RoomSeen, RoomSettings, RoomWorld } from "./settings.ts";

type Seeing = Pick<RoomWorld, "clock" | "incidents" | "onCall" | "deliveries" | "approvals" | "directory">;

/** The incident and what a decision about it needs; undefined: closed, or part of another, which has a room of its own. */
export async function seeIncident(world: Seeing, id: string, { policy }: RoomSettings): Promise<RoomSeen | undefined> {
  const asked = world.clock.now();
  // At once: the first notice waits for this.
  const [incident, overrides, deliveries] = await Promise.all([readIncident(world, id), world.onCall.overrides(asked, asked), world.deliveries.all(id)]);
  if (incident === undefined) throw new PortError("not-found", "incidents:find", id, "no incident of this id: a room is started after its incident was opened");
  if (incident.id !== id || isOver(incident)) return undefined;
  const waitsForApproval = await isAsked(world, incident);
  const now = world.clock.now();
  const facts: RoomFacts = { now, overrides, deliveries, waitsForApproval, members: {} };
  return { incident, facts: { ...facts, members: await membersFor(world, { incident, policy, facts }) } };
}

/** Whether a plan of this incident waits for a word; asked only where it would matter. */
async function isAsked(world: Seeing, { id, clearSince }: Incident): Promise<boolean> {
  if (clearSince === undefined) return false;
  const names = new Set((await world.approvals.pending(world.clock.now())).flatMap(({ incident }) => (incident === undefined ? [] : [incident])));
  // A plan may know the incident by another name.
  for (const name of names) if (name === id || (await readIncident(world, name))?.id === id) return true;
  return false;
}

/**
 * Members of the user groups that are on call, asked of Slack only when a page would call nobody without them. Slack is down:
 * nobody is known, so that the whole channel and SNS are called.
 */
async function membersFor(
  world: Seeing,
  { incident, policy, facts }: { readonly incident: Incident; readonly policy: IncidentPolicy; readonly facts: RoomFacts },
): Promise<RoomFacts["members"]> {
  const groups = policy.tiers.flatMap(({ rota }) => (rota.kind === "slack-group" ? [rota.group] : []));
  if (groups.length === 0 || !callsNobody(incident, policy, facts)) return {};
  const members: Record<string, readonly string[]> = {};
  for (const group of new Set(groups)) {
    try {
      members[group] = await world.directory.groupMembers(group);
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      members[group] = [];
    }
  }
  return members;
}

const callsNobody = (incident: Incident, policy: IncidentPolicy, facts: RoomFacts): boolean =>
  decideRoom(incident, policy, facts).due.some((duty) => {
    if (duty.kind !== "tell" || duty.entry.change?.what !== "paged") return false;
    const { people } = duty.entry.change;
    return people.length === 0 || people.includes(EVERYBODY);
  });
