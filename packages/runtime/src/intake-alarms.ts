import { foldIncident } from "@nightshift/decide/incidents/fold";
import { mergeAlarms, shardOf } from "@nightshift/decide/incidents/alarms";
import { mergeEntries, type Doing, type Refused } from "@nightshift/decide/incidents/transitions";
import type { AlarmMove, RungAlarm } from "@nightshift/model";
import { ALARM_SHARDS, PortError, type World } from "@nightshift/ports";
import { readIncident } from "./incidents.ts";
import { wakeRoom } from "./wake.ts";

/** Tries to write one shard of alarms before the batch is left in the queue. */
const ATTEMPTS = 8;

/** Alarms that the first shard takes; it never shrinks, so that an alarm stays in the shard where it was first. */
const FIRST_TAKES = 1_000;

type Moves = readonly (AlarmMove | RungAlarm)[];

/**
 * Merges alarms into an incident's shards: all into the first until a thousand are in it, so that a batch costs one write;
 * those that come when it is full go to the others, by name. Safe to repeat and to race.
 * @throws {PortError} `throttled` when others wrote the same shard eight times meanwhile.
 */
export async function writeAlarms({ incidentAlarms }: Pick<World, "incidentAlarms">, incident: string, moves: Moves): Promise<void> {
  const rest = await writeShard(incidentAlarms, { incident, shard: 0, moves }, firstTakes);
  const others = Map.groupBy(rest, (move) => 1 + shardOf(move.name, ALARM_SHARDS - 1));
  await Promise.all([...others].map(([shard, some]) => writeShard(incidentAlarms, { incident, shard, moves: some }, everything)));
}

/** Which moves a shard takes that holds these alarms; the others are handed back. */
type Takes = (known: readonly RungAlarm[], moves: Moves) => Moves;

const everything: Takes = (_known, moves) => moves;

const firstTakes: Takes = (known, moves) => {
  const names = new Set(known.map((one) => one.name));
  return moves.filter(({ name }) => {
    if (names.has(name)) return true;
    if (names.size >= FIRST_TAKES) return false;
    names.add(name);
    return true;
  });
};

async function writeShard(
  alarms: World["incidentAlarms"],
  { incident, shard, moves }: { readonly incident: string; readonly shard: number; readonly moves: Moves },
  takes: Takes,
): Promise<Moves> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
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

/** Rows that a shard keeps whole; of more, only the newest keep their reasons, and all keep the changes that flapping is told by. */
const WHOLE = 400;
const NEWEST = 100;
const CHANGES = 3;

/**
 * Keeps a shard below the 400 kB of a DynamoDB item, up to 1,500 alarms ("Constraints in Amazon DynamoDB",
 * docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html, 2026-11-21): no alarm is left out, only words about it.
 */
function slim(alarms: readonly RungAlarm[]): readonly RungAlarm[] {
  if (alarms.length <= WHOLE) return alarms;
  const newest = new Set(
    alarms
      .toSorted((a, b) => b.since - a.since || (a.name < b.name ? -1 : 1))
      .slice(0, NEWEST)
      .map((one) => one.name),
  );
  return alarms.map((one) => ({ ...one, reason: newest.has(one.name) ? one.reason : "", changes: one.changes.slice(0, CHANGES) }));
}

/** What merging needs of the world. */
export type MergingWorld = Pick<World, "incidents" | "incidentAlarms" | "wakes" | "starter">;

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
  const made = mergeEntries(again ? { ...part, mergedInto: undefined, state: "open" } : part, target, doing);
  if (made.kind === "refused") return made;
  await world.incidents.say(part.id, made.merged);
  await writeAlarms(world, target.id, source.alarms);
  await world.incidents.say(target.id, made.absorbed);
  await wakeRoom(world, part.id);
  await wakeRoom(world, target.id);
  return { kind: "merged", into: target.id };
}
