import { foldIncident } from "@nightshift/decide/incidents/fold";
import { mergeAlarms, shardOf } from "@nightshift/decide/incidents/alarms";
import { type Doing, isOver, mergeEntries, type Refused, reopenEntry } from "@nightshift/decide/incidents/transitions";
import { type Ms, ms, type RungAlarm, seconds } from "@nightshift/model";
import { ALARM_SHARDS, PortError, type World } from "@nightshift/ports";
import { changeIncident, readIncident } from "./incidents.ts";
import { firstTakes, type Moves, slim } from "./intake-alarms-fit.ts";
import { wakeRoom } from "./wake.ts";

/**
 * Tries to write one shard of alarms before the batch is left in the queue. Whoever was second waits a growing while that differs from
 * batch to batch, some ten seconds in all: fifty who write one incident at the same moment all get through.
 */
const ATTEMPTS = 25;
const FIRST_PAUSE = ms(25);
const LONGEST_PAUSE = seconds(1);
const GROWTH = 1.5;

/**
 * Merges alarms into an incident's shards: all into the first while it has room for a thousand of them, so that a batch costs one write;
 * those that come when it is full go to the others, by name. Safe to repeat and to race.
 * @throws {PortError} `throttled` when others wrote the same shard twenty-five times meanwhile.
 */
export async function writeAlarms({ clock, incidentAlarms }: Pick<World, "clock" | "incidentAlarms">, incident: string, moves: Moves): Promise<void> {
  const spread = `${incident} ${moves.map((one) => `${one.name} ${"at" in one ? one.at : one.since}`).join()}`;
  const write = (shard: number, some: Moves, takes: Takes) => writeShard({ clock, incidentAlarms }, { incident, shard, moves: some, spread }, takes);
  const rest = await write(0, moves, firstTakes);
  const others = Map.groupBy(rest, (move) => 1 + shardOf(move.name, ALARM_SHARDS - 1));
  await Promise.all([...others].map(([shard, some]) => write(shard, some, everything)));
}

/** Which moves a shard takes that holds these alarms; the others are handed back. */
type Takes = (known: readonly RungAlarm[], moves: Moves) => Moves;

const everything: Takes = (_known, moves) => moves;

/** What is written where; `spread` tells this writer from others. */
interface Writing {
  readonly incident: string;
  readonly shard: number;
  readonly moves: Moves;
  readonly spread: string;
}

async function writeShard(
  { clock, incidentAlarms: alarms }: Pick<World, "clock" | "incidentAlarms">,
  { incident, shard, moves, spread }: Writing,
  takes: Takes,
): Promise<Moves> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await clock.pause?.(pauseBefore(attempt, spread));
    const known = await alarms.read(incident, shard);
    const taken = new Set(takes(known.alarms, moves));
    const rest = moves.filter((move) => !taken.has(move));
    const merged = slim(mergeAlarms(known.alarms, [...taken]));
    // What was delivered twice is in it already: nothing is written.
    if (JSON.stringify(merged) === JSON.stringify(slim(mergeAlarms(known.alarms, [])))) return rest;
    if (await alarms.replace(incident, shard, known.version, merged)) return rest;
  }
  throw new PortError("throttled", "alarms:replace", incident, `shard ${shard} changed ${ATTEMPTS} times meanwhile`);
}

/** Any length up to one that grows with every try: what a batch holds stands in for chance, so that the same batch waits the same. */
function pauseBefore(attempt: number, spread: string): Ms {
  const most = Math.min(LONGEST_PAUSE, FIRST_PAUSE * GROWTH ** (attempt - 1));
  return ms(Math.ceil((most * (1 + shardOf(`${attempt} ${spread}`, 1_000))) / 1_000));
}

/** What merging needs of the world. */
export type MergingWorld = Pick<World, "clock" | "incidents" | "incidentAlarms" | "wakes" | "starter">;

/**
 * Makes one incident part of another, its alarms included, and wakes both rooms. Safe to repeat: what a crash left half done is
 * finished by merging again.
 */
export async function mergeIncidents(
  world: MergingWorld,
  { from, into, doing }: { readonly from: string; readonly into: string; readonly doing: Doing },
): Promise<{ readonly kind: "merged"; readonly into: string } | Refused> {
  const source = await world.incidents.find(from);
  if (source === undefined) return { kind: "refused", because: `there is no incident ${from}` };
  const target = await readIncident(world, into);
  if (target === undefined) return { kind: "refused", because: `there is no incident ${into}` };

  const part = foldIncident(source);
  const again = part.mergedInto === target.id;
  // What a crash left half done is finished whatever became of the target since.
  const made = again ? mergeEntries({ ...part, mergedInto: undefined, state: "open" }, { ...target, state: "open" }, doing) : mergeEntries(part, target, doing);
  if (made.kind === "refused") return made;
  await world.incidents.say(part.id, made.merged);
  // The target may have been merged elsewhere meanwhile, even into this very one: looked at anew, after the word stands.
  const stands = (await readIncident(world, target.id)) ?? target;
  await writeAlarms(world, stands.id, source.alarms);
  if (stands.id === part.id) {
    await wakeRoom(world, part.id);
    return { kind: "refused", because: `${target.id} was merged into it at the same moment, and is part of it now` };
  }
  await world.incidents.say(stands.id, made.absorbed);
  if (!isOver(part) && stands.state === "resolved") await openAgain(world, stands.id, doing);
  await wakeRoom(world, part.id);
  await wakeRoom(world, stands.id);
  return { kind: "merged", into: stands.id };
}

/** It was ended while what runs became part of it. */
const openAgain = (world: MergingWorld, id: string, doing: Doing): Promise<unknown> =>
  changeIncident(world, id, (incident) => reopenEntry(incident, { ...doing, because: "What was merged into it is not over." }));
