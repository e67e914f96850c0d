import { foldIncident } from "@nightshift/decide/incidents/fold";
import { isOver } from "@nightshift/decide/incidents/transitions";
import type { Command, GuardSettings, Incident, SlackRequest } from "@nightshift/model";
import { readIncident } from "@nightshift/runtime/incidents";
import { type CommandsWorld, serviceNamed } from "./verb.ts";

/** Newest incidents that a thread, a short name or nothing at all may mean. */
const NEWEST = 50;
/** Incidents whose messages are asked for at once. */
const AT_ONCE = 10;

/** The incidents that a command may mean, newest first. */
export async function recentIncidents(world: Pick<CommandsWorld, "incidents">): Promise<readonly Incident[]> {
  return (await world.incidents.list(NEWEST)).map(foldIncident);
}

/** The same, but for those that are over. */
export const openOnes = (recent: readonly Incident[]): readonly Incident[] => recent.filter((one) => !isOver(one));

/** The incident that the service's group has open: a rollback that is asked for anywhere belongs to its timeline. */
export async function incidentOfService(
  { world, groups }: { readonly world: Pick<CommandsWorld, "incidents" | "groups">; readonly groups: readonly GuardSettings[] },
  service: string,
): Promise<Incident | undefined> {
  const group = serviceNamed(groups, service)?.settings.group;
  const pointer = group === undefined ? undefined : await world.groups.find(group);
  const standing = pointer === undefined ? undefined : await readIncident(world, pointer.incident);
  return standing === undefined || isOver(standing) ? undefined : standing;
}

/** Verbs that are about one incident. */
const about = new Set<Command["verb"]>(["show", "postmortem", "ack", "resolve", "reopen", "sev", "note", "field", "role", "mitigating", "merge"]);

/** The incident that is meant, or why it is not clear which. */
export type Meant =
  | { readonly kind: "incident"; readonly incident: Incident }
  | { readonly kind: "none" }
  | { readonly kind: "unclear"; readonly because: string };

/** The incident that the command names; else that of the thread or room it was said in; else the only open one. */
export async function incidentMeant(
  world: Pick<CommandsWorld, "incidents" | "deliveries">,
  { command, request, recent }: { command: Command; request: SlackRequest; recent: readonly Incident[] },
): Promise<Meant> {
  const named = "incident" in command ? command.incident : undefined;
  if (named !== undefined) return byName(world, named, recent);
  const here = await incidentHere(world, request, recent);
  if (here !== undefined) return { kind: "incident", incident: here };
  if (!about.has(command.verb)) return { kind: "none" };
  const candidates = command.verb === "reopen" ? recent.filter((one) => one.state === "resolved") : command.verb === "postmortem" ? recent : openOnes(recent);
  const [only, ...more] = candidates;
  if (only !== undefined && more.length === 0) return { kind: "incident", incident: only };
  const word = command.verb === "reopen" ? "resolved" : "open";
  if (only === undefined) return { kind: "unclear", because: `No incident is ${word}. Nothing was changed.` };
  return {
    kind: "unclear",
    because: `${candidates.length} incidents are ${word}; say which one: ${candidates.slice(0, 10).map(sayShort).join(", ")}. Nothing was changed.`,
  };
}

const sayShort = (one: Incident): string => `${one.id} (${one.severity}, ${one.service})`;

async function byName(world: Pick<CommandsWorld, "incidents">, named: string, recent: readonly Incident[]): Promise<Meant> {
  // A merged incident's id leads to the one that stands; the record says so.
  const standing = await readIncident(world, named);
  if (standing !== undefined) return { kind: "incident", incident: standing };
  const id = shortName(named, recent);
  const found = recent.find((one) => one.id === id);
  if (found !== undefined) return { kind: "incident", incident: found };
  const open = openOnes(recent).slice(0, 10).map(sayShort);
  return {
    kind: "unclear",
    because: `There is no incident ${named}. ${open.length === 0 ? "None is open." : `Open: ${open.join(", ")}.`} Nothing was changed.`,
  };
}

/** The id that a short name stands for: a service with one open incident, or the last four characters of an id. */
export function shortName(word: string, recent: readonly Incident[]): string | undefined {
  const [byService, ...others] = openOnes(recent).filter((one) => one.service === word || one.group === word);
  if (byService !== undefined && others.length === 0) return byService.id;
  const end = word.toLowerCase();
  const [byEnd, ...more] = end.length === 4 ? recent.filter((one) => one.id.toLowerCase().endsWith(end)) : [];
  return byEnd !== undefined && more.length === 0 ? byEnd.id : undefined;
}

/** Whose thread or room the request was made in. A thread is found by the header that stands on top of it. */
async function incidentHere(world: Pick<CommandsWorld, "deliveries">, request: SlackRequest, recent: readonly Incident[]): Promise<Incident | undefined> {
  const room = request.channel === undefined ? undefined : recent.find((one) => one.room?.channel === request.channel);
  if (room !== undefined) return room;
  const top = request.thread ?? (request.kind === "slash" ? undefined : request.message);
  if (top === undefined) return undefined;
  for (let next = 0; next < recent.length; next += AT_ONCE) {
    const some = recent.slice(next, next + AT_ONCE);
    const rows = await Promise.all(some.map((one) => world.deliveries.all(one.id)));
    const found = some.find((_, index) => rows[index]?.some((row) => row.ts === top && (request.channel === undefined || row.channel === request.channel)));
    if (found !== undefined) return found;
  }
  return undefined;
}
