import { mergeAlarms, rings } from "@nightshift/decide/incidents/alarms";
import { foldIncident } from "@nightshift/decide/incidents/fold";
import { decideOwn } from "@nightshift/decide/incidents/grouping";
import { newsOf } from "@nightshift/decide/incidents/grouping-news";
import { announceEntry, isOver, reopenEntry } from "@nightshift/decide/incidents/transitions";
import { type AlarmMove, type Entry, type Incident, type IncidentRecord, serviceName } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { type Changed, changeIncident, finish, readIncident, startRoom } from "./incidents.ts";
import type { GroupShare, IntakeWorld, Taking } from "./intake.ts";
import { writeAlarms } from "./intake-alarms.ts";
import { withEnds } from "./intake-ends.ts";
import { wakeRoom } from "./wake.ts";

/** Times that a group is looked at anew because somebody opened its incident meanwhile. */
const ATTEMPTS = 3;

/** Takes a group's alarms into the incident that they belong to; undefined: they need a new one. */
export async function takeKnown(world: IntakeWorld, share: GroupShare, taking: Taking): Promise<string | undefined> {
  const moves = share.coming.map((one) => one.move);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const pointer = await world.groups.find(share.group);
    const record = pointer === undefined ? undefined : await finish(world, pointer);
    const names = new Set(moves.map((move) => move.name));
    const alarms = mergeAlarms(record?.alarms.filter((one) => names.has(one.name)) ?? [], moves);
    const current = record === undefined ? undefined : foldIncident(record);
    const decided = decideOwn({ group: share.group, alarms, current }, taking.policy);
    if (decided === undefined) return undefined;
    if (decided.kind !== "none" && record !== undefined)
      return `${decided.kind} ${decided.incident}: ${await join(world, record, { share, taking, reopen: decided.kind === "reopen" })}`;
    // An end without a beginning: kept, so that its ALARM, when it comes late, is known to be over. Whoever claims the
    // group's pointer reads what is kept after that, so that one of the two always sees the other.
    for (const move of moves) await keepEnd(world, move);
    if ((await world.groups.find(share.group))?.version === pointer?.version) return "nothing rings, and no incident is open";
  }
  throw new PortError("throttled", "groups:find", share.group, `its incident was opened and ended ${ATTEMPTS} times meanwhile`);
}

/** Writes the alarms into an incident that stands, and does what follows from them. Safe to repeat. */
export async function join(
  world: IntakeWorld,
  record: IncidentRecord,
  { share, taking, reopen = false }: { readonly share: GroupShare; readonly taking: Taking; readonly reopen?: boolean },
): Promise<string> {
  const known = new Set(record.alarms.map((one) => one.name));
  const fresh = share.coming.some(({ move }) => move.value === "ALARM" && !known.has(move.name));
  const whole = fresh ? await withEnds(world, share, []) : share;
  const moves = whole.coming.map((one) => one.move);
  const before = foldIncident(record);
  // Opened again first: where the alarms stood first and a crash came between, the next to come would take them for known.
  const turn = reopen ? await openAgain(world, before.id, taking) : undefined;
  await writeAlarms(world, before.id, moves);
  if (!isOver(before) && (await wasEnded(world, record, moves))) await openAgain(world, before.id, taking);
  const alarms = mergeAlarms(record.alarms, moves);
  const entries = turn?.kind === "changed" ? [...record.entries, turn.entry] : record.entries;
  const after = foldIncident({ ...record, alarms, entries });
  if (moves.some((move) => move.value === "ALARM") && after.announcedAt === undefined && after.state === "open") await begin(world, after, { share, taking });
  const news = newsOf(before, after);
  return news === undefined ? "merged" : `${news}; ${await wakeRoom(world, before.id)}`;
}

const openAgain = (world: IntakeWorld, id: string, { now }: Taking): Promise<Changed> =>
  changeIncident(world, id, (incident) => reopenEntry(incident, { by: "An alarm", actor: DISPATCHER, at: now }));

/** Somebody ended it between the look and the write, and did not know of an alarm that rings. */
async function wasEnded(world: IntakeWorld, record: IncidentRecord, moves: readonly AlarmMove[]): Promise<boolean> {
  const known = new Set(record.alarms.filter(rings).map((one) => one.name));
  if (!moves.some((move) => move.value === "ALARM" && !known.has(move.name))) return false;
  const now = await readIncident(world, record.opening.id);
  return now !== undefined && isOver(now) && now.alarms.some((one) => rings(one) && !known.has(one.name));
}

/**
 * The first words about an incident that alarms opened: its line, its war room, and, where nothing is waited for, the first
 * notice. Until that is out, whoever comes next does it again: what a crash left half done is finished.
 */
export async function begin(world: IntakeWorld, incident: Incident, { share, taking }: { readonly share: GroupShare; readonly taking: Taking }): Promise<void> {
  if (incident.by === ALARMS) await world.incidents.say(incident.id, openedEntry(incident, share));
  await startRoom(world, incident.id);
  if (taking.policy.severities[incident.severity].groupWait === 0) await world.incidents.say(incident.id, announceEntry(taking.now, ALARMS, incident.severity));
}

/** What opens incidents for alarms is called so in the record. */
export const ALARMS = "alarms";
/** And acts for them under this name. */
const DISPATCHER = "nightshift/dispatcher";

function openedEntry({ openedAt, title, alarms }: Incident, share: GroupShare): Entry {
  const first = [...share.coming].sort((a, b) => a.move.at - b.move.at).find((one) => one.move.value === "ALARM");
  const reason = first?.move.reason ?? alarms[0]?.reason ?? "";
  return { key: "opened", at: openedAt, kind: "opened", text: reason === "" ? title : `${title}. ${reason}`, announce: true, actor: DISPATCHER };
}

async function keepEnd(world: Pick<IntakeWorld, "signals">, { name, service, value, at, reason }: AlarmMove): Promise<void> {
  await world.signals.alarm(serviceName(service), { name, value, since: at, reason });
}
