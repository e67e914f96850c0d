import { isOver } from "@nightshift/decide/incidents/transitions";
import type { Command, GuardSettings, Incident, SlackRequest } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { readIncident } from "@nightshift/runtime/incidents";
import { type Recent, recentIncidents } from "@nightshift/runtime/recent-incidents";
import { type CommandsWorld, serviceNamed } from "./verb.ts";

/** Incidents whose messages are asked for at once. */
const AT_ONCE = 10;

/** The incidents that a thread, a short name or nothing at all may mean, newest first; older ones while some of them are open. */
export const incidentsAround = (world: Pick<CommandsWorld, "incidents">): Promise<Recent> => recentIncidents(world, (one) => !isOver(one));

/** What is known of incidents before a command is read. */
export interface Around {
  readonly recent: readonly Incident[];
  /** Why nothing is known of them: what names its incident in full, or needs none, works all the same. */
  readonly blind: string | undefined;
}

/** Looks around. What may pass is thrown, so that the queue delivers again; what will not keeps nobody from holding or asking for help. */
export async function lookAround(world: Pick<CommandsWorld, "incidents">): Promise<Around> {
  try {
    return { recent: (await incidentsAround(world)).incidents, blind: undefined };
  } catch (error) {
    if (!(error instanceof PortError) || error.retryable) throw error;
    return { recent: [], blind: error.message };
  }
}

/** The incident that a button or form stands beside, by its id, however old it is; undefined where there is none or nobody can read it. */
export async function incidentOwning(world: Pick<CommandsWorld, "incidents">, { kind, value }: SlackRequest): Promise<Incident | undefined> {
  const id = kind === "button" || kind === "form" ? /^INC-[\w.*-]{1,80}(?=\||$)/.exec(value ?? "")?.[0] : undefined;
  return id === undefined ? undefined : readIfReadable(world, id);
}

/** The incident as it stands; undefined also where it cannot be read: a rollback must not wait for what only its timeline needs. */
export async function readIfReadable(world: Pick<CommandsWorld, "incidents">, id: string): Promise<Incident | undefined> {
  try {
    return await readIncident(world, id);
  } catch (error) {
    if (!(error instanceof PortError) || error.retryable) throw error;
    return undefined;
  }
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
  const standing = pointer === undefined ? undefined : await readIfReadable(world, pointer.incident);
  return standing === undefined || isOver(standing) ? undefined : standing;
}

/** Verbs that are about one incident. */
const about: ReadonlySet<Command["verb"]> = new Set(["show", "postmortem", "ack", "resolve", "reopen", "sev", "note", "field", "role", "mitigating", "merge"]);

/** Whether a command is about one incident: whoever asks needs the role where that incident is. */
export const isAboutIncident = ({ verb }: Command): boolean => about.has(verb);

/** The incident that is meant, or why it is not clear which. */
export type Meant =
  | { readonly kind: "incident"; readonly incident: Incident }
  | { readonly kind: "none" }
  | { readonly kind: "unclear"; readonly because: string };

/** The incident that the command names; else that of the thread or room it was said in; else the only open one. */
export async function incidentMeant(
  world: Pick<CommandsWorld, "incidents" | "deliveries">,
  { command, request, around }: { command: Command; request: SlackRequest; around: Around },
): Promise<Meant> {
  const { recent, blind } = around;
  const named = "incident" in command ? command.incident : undefined;
  if (named !== undefined) return byName(world, named, around);
  const here = await incidentHere(world, request, recent);
  if (here !== undefined) return { kind: "incident", incident: here };
  if (!about.has(command.verb)) return { kind: "none" };
  if (blind !== undefined) return { kind: "unclear", because: sayBlind(blind) };
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

const sayBlind = (because: string): string =>
  `The list of incidents cannot be read now (${because}), so name the incident by its whole id, which begins with INC-. Nothing was changed.`;

const sayShort = (one: Incident): string => `${one.id} (${one.severity}, ${one.service})`;

async function byName(world: Pick<CommandsWorld, "incidents">, named: string, { recent, blind }: Around): Promise<Meant> {
  // A merged incident's id leads to the one that stands; the record says so.
  const standing = await readIncident(world, named);
  if (standing !== undefined) return { kind: "incident", incident: standing };
  const id = shortName(named, recent);
  const found = recent.find((one) => one.id === id);
  if (found !== undefined) return { kind: "incident", incident: found };
  if (blind !== undefined) return { kind: "unclear", because: `There is no incident ${named}. ${sayBlind(blind)}` };
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
