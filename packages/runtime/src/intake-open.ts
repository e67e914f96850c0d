import { mergeAlarms, worse } from "@nightshift/decide/incidents/alarms";
import { foldIncident } from "@nightshift/decide/incidents/fold";
import { decideGroup, STORM_GROUP, stormSince } from "@nightshift/decide/incidents/grouping";
import { dependenciesOf, dependencyGroup } from "@nightshift/decide/incidents/severity";
import { suspectOf } from "@nightshift/decide/incidents/suspect";
import { isOver } from "@nightshift/decide/incidents/transitions";
import { before, type EpochMs, type GroupPointer, type Incident, type IncidentRecord, type Opening, sayStamp, type Suspect } from "@nightshift/model";
import { claim, finish, openIncident, readIncident } from "./incidents.ts";
import type { GroupShare, IntakeWorld, Taking } from "./intake.ts";
import { mergeIncidents, writeAlarms } from "./intake-alarms.ts";
import { firstOf, withEnds } from "./intake-ends.ts";
import { ALARMS, begin, join, takeKnown } from "./intake-group.ts";

/** Other groups' incidents that are looked at before a new one is opened. */
const MOST_AROUND = 30;

/** A batch in which several groups need an incident. */
export interface TakingNew extends Taking {
  /** Every group of the batch that needs one: a storm is seen at its first. */
  readonly waiting: readonly string[];
}

/** Finds an incident for alarms of a group that has none, or opens one. Safe to repeat and to race. */
export async function takeNew(world: IntakeWorld, share: GroupShare, taking: TakingNew): Promise<string> {
  const at = firstOf(share).move.at;
  const [suspect, around] = await Promise.all([suspectFor(world, share, { taking, at }), look(world, share, { taking, at })]);
  const decided = decideGroup(share, { ...around, suspect, policy: taking.policy });
  if (decided.kind === "open" && decided.group === share.group)
    return openOwn(world, share, { taking, suspect, absorbs: decided.absorbs, because: decided.because });
  const into =
    decided.kind === "open"
      ? await openStorm(world, share, { taking, absorbs: decided.absorbs, because: decided.because })
      : "incident" in decided
        ? decided.incident
        : undefined;
  if (into === undefined) return decided.because;
  return lead(world, share, { taking, into, because: decided.because });
}

/** Opens the group's own incident; where somebody else was first, joins theirs. */
async function openOwn(
  world: IntakeWorld,
  share: GroupShare,
  {
    taking,
    suspect,
    absorbs,
    because,
  }: { readonly taking: TakingNew; readonly suspect: Suspect | undefined; readonly absorbs: readonly string[]; readonly because: string },
): Promise<string> {
  const opening = openingOf(share);
  const { pointer, taken } = await takenMeanwhile(world, share, taking);
  if (taken !== undefined) return taken;
  if (!(await claim(world, pointer, opening))) return (await takeKnown(world, share, taking)) ?? `${share.group} was opened and ended by somebody else`;
  const whole = await withEnds(world, share, (await previousOf(world, pointer)).alarms);
  const moves = whole.coming.map((one) => one.move);
  await writeAlarms(world, opening.id, moves);
  const actor = "nightshift/dispatcher";
  if (suspect !== undefined)
    await world.incidents.say(opening.id, {
      key: "suspect",
      at: taking.now,
      kind: "seen",
      text: suspectText(suspect, opening.openedAt),
      announce: true,
      actor,
      change: { what: "suspect", suspect },
    });
  await begin(world, foldIncident({ opening, entries: [], alarms: mergeAlarms([], moves) }), { share, taking });
  for (const from of absorbs) await mergeIncidents(world, { from, into: opening.id, doing: { by: "Nightshift", actor, at: taking.now } });
  return `opened ${opening.id}: ${because}`;
}

/** Opens the one incident of a storm, which takes in what began before it was seen. */
async function openStorm(
  world: IntakeWorld,
  share: GroupShare,
  { taking, absorbs, because }: { readonly taking: TakingNew; readonly absorbs: readonly string[]; readonly because: string },
): Promise<string> {
  const own = openingOf(share);
  const opening: Opening = { ...own, id: `${own.id}-storm`, group: STORM_GROUP, service: taking.policy.product, title: `a storm over the account: ${because}` };
  const { id } = await openIncident(world, opening, taking.policy);
  for (const from of absorbs)
    if (from !== id) await mergeIncidents(world, { from, into: id, doing: { by: "Nightshift", actor: "nightshift/dispatcher", at: taking.now } });
  return id;
}

/** Points the group to an incident of another group, and joins it. */
async function lead(
  world: IntakeWorld,
  share: GroupShare,
  { taking, into, because }: { readonly taking: Taking; readonly into: string; readonly because: string },
): Promise<string> {
  const incident = await readIncident(world, into);
  if (incident === undefined) throw new Error(`the incident ${into} is gone from the ledger`);
  const { id, group, service, severity, title, openedAt, by } = incident;
  const { pointer: previous, taken } = await takenMeanwhile(world, share, taking);
  if (taken !== undefined) return taken;
  const next = { group: share.group, incident: id, opening: { id, group, service, severity, title, openedAt, by }, version: (previous?.version ?? 0) + 1 };
  if (!(await world.groups.point(previous, next))) return (await takeKnown(world, share, taking)) ?? `${share.group} was opened and ended by somebody else`;
  await world.groups.noteOpened(share.group, id, firstOf(share).move.at);
  return `join ${id}: ${because}; ${await join(world, await finish(world, next), { share: await withEnds(world, share, (await previousOf(world, previous)).alarms), taking })}`;
}

/**
 * The pointer as it is now, and what became of the alarms if somebody else opened an incident for the group since it was
 * decided that there is none: a pointer that is read late may name one that runs, and must not be pointed elsewhere.
 */
async function takenMeanwhile(
  world: IntakeWorld,
  share: GroupShare,
  taking: Taking,
): Promise<{ readonly pointer: GroupPointer | undefined; readonly taken: string | undefined }> {
  const pointer = await world.groups.find(share.group);
  return { pointer, taken: pointer === undefined ? undefined : await takeKnown(world, share, taking) };
}

/** The record that the group's pointer named before. */
const previousOf = async (world: IntakeWorld, pointer: GroupPointer | undefined): Promise<Pick<IncidentRecord, "alarms">> =>
  pointer === undefined ? { alarms: [] } : finish(world, pointer);

/** What else runs in the account. */
async function look(world: IntakeWorld, share: GroupShare, { taking, at }: { readonly taking: TakingNew; readonly at: EpochMs }) {
  const { policy } = taking;
  const { standsOn, carries } = neighbours(share, taking);
  const near = [...new Set([STORM_GROUP, ...standsOn, ...carries])].slice(0, MOST_AROUND);
  const [suspected, ...found] = await Promise.all([world.groups.recent(before(at, policy.suspectWithin)), ...near.map((group) => world.groups.find(group))]);
  const pointers = found.filter((one) => one !== undefined);
  const lately = suspected.filter((one) => one.at >= stormSince(at, policy.storm));
  const ids = [...new Set([...pointers.map((one) => one.incident), ...suspected.map((one) => one.incident)])].slice(0, MOST_AROUND);
  // A merged one is followed: `stands` says where each id leads.
  const stands = new Map<string, Incident>();
  for (const [n, one] of (await Promise.all(ids.map((id) => readIncident(world, id)))).entries()) {
    const id = ids[n];
    if (id !== undefined && one !== undefined && !isOver(one)) stands.set(id, one);
  }
  const running = [...new Map([...stands.values()].map((one) => [one.id, one])).values()].sort((a, b) => a.openedAt - b.openedAt);
  const follow = (groups: readonly string[]) =>
    pointers.filter((one) => groups.includes(one.group)).map((one) => ({ group: one.group, incident: stands.get(one.incident)?.id ?? one.incident }));
  return {
    running,
    standsOn: follow(standsOn),
    carries: follow(carries),
    lately: [...new Set(lately.flatMap((one) => stands.get(one.incident)?.id ?? []))],
    stormOf: new Set([...lately.map((one) => one.group).filter((group) => group !== STORM_GROUP), ...taking.waiting]).size,
  };
}

/** Groups that this one stands on, and groups that stand on it. */
function neighbours(share: GroupShare, { policy, groups }: Taking): { readonly standsOn: readonly string[]; readonly carries: readonly string[] } {
  const names = dependenciesOf(policy, groups);
  const groupOf = (name: string): string => {
    const own = groups.find((one) => one.services.some((service) => service.name === name));
    return own?.group ?? (name in names ? name : dependencyGroup(name));
  };
  const members = groups.find((one) => one.group === share.group)?.services.map((one) => one.name) ?? [];
  const services = new Set<string>([...share.coming.map((one) => one.move.service), ...members]);
  const others = (found: readonly string[]) => [...new Set(found)].filter((group) => group !== share.group);
  return {
    standsOn: others([...services].flatMap((service) => names[service] ?? []).map(groupOf)),
    carries: others(Object.entries(names).flatMap(([service, on]) => (on.some((name) => groupOf(name) === share.group) ? [groupOf(service)] : []))),
  };
}

/** The newest change of the group's services before the first sign. */
async function suspectFor(
  world: IntakeWorld,
  share: GroupShare,
  { taking, at }: { readonly taking: Taking; readonly at: EpochMs },
): Promise<Suspect | undefined> {
  const services = taking.groups.find((one) => one.group === share.group)?.services ?? [];
  const from = before(at, taking.policy.suspectWithin);
  const [watch, ...signals] = await Promise.all([
    services.length === 0 ? undefined : world.watches.find(share.group),
    ...services.map((service) => world.signals.read(service.name, from)),
  ]);
  return suspectOf({ notes: signals.flatMap((one) => one.changes), watches: watch === undefined ? [] : [watch] }, at, taking.policy.suspectWithin);
}

/** The id comes from the first sign, so that the same batch delivered twice opens one incident. */
function openingOf(share: GroupShare): Opening {
  const first = firstOf(share);
  const rang = share.coming.filter((one) => one.move.value === "ALARM");
  const severity = rang.map((one) => one.move.severity).reduce(worse, "P4");
  const worst = rang.find((one) => one.move.severity === severity) ?? first;
  return {
    id: `INC-${sayStamp(first.move.at)}-${share.group.replace(/[^A-Za-z0-9]+/g, "-").slice(0, 40)}-${fourHex(`${first.move.name} ${first.move.at}`)}`,
    group: share.group,
    service: worst.move.service,
    severity,
    title: worst.title,
    openedAt: first.move.at,
    by: ALARMS,
  };
}

const suspectText = ({ what, at, commit, pullRequest }: Suspect, first: EpochMs): string => {
  const minutesBefore = Math.round((first - at) / 60_000);
  return `Suspected: ${what}, ${minutesBefore} m before the first sign${commit === undefined ? "" : `, commit ${commit}`}${pullRequest === undefined ? "" : `, pull request ${pullRequest}`}.`;
};

/** Tells two incidents of one group and minute apart; protects nothing. */
function fourHex(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return (hash & 0xffff).toString(16).padStart(4, "0");
}
