import { mergeAlarms } from "@nightshift/decide/incidents/alarms";
import type { AlarmMove, RungAlarm } from "@nightshift/model";

/**
 * What a shard may weigh as JSON, which weighs more than DynamoDB counts: an item takes 400 kB, names included ("Constraints in Amazon
 * DynamoDB", docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html, 2026-11-21).
 */
const HEAVIEST = 380_000;

/** Alarms that the first shard takes, and what they may weigh without words: some room is left for the newest reasons. */
const FIRST_TAKES = 1_000;
const FIRST_HOLDS = 340_000;

/** Rows that a shard keeps whole; of more, only the newest keep their reasons, and all keep the changes that flapping is told by. */
const WHOLE = 400;
const NEWEST = 100;
const CHANGES = 3;

/** What comes to a shard: moves, or whole rows of an incident that is merged. */
export type Moves = readonly (AlarmMove | RungAlarm)[];

/** Which of these the first shard takes beside the alarms it holds: those it knows, and new ones while there is room. */
export function firstTakes(known: readonly RungAlarm[], moves: Moves): Moves {
  const names = new Set(known.map((one) => one.name));
  const coming = new Map(mergeAlarms([], moves).map((row) => [row.name, row]));
  let weight = weigh(known.map(bare));
  return moves.filter(({ name }) => {
    if (names.has(name)) return true;
    const row = coming.get(name);
    const more = row === undefined ? 0 : weigh(bare(row));
    if (names.size >= FIRST_TAKES || weight + more > FIRST_HOLDS) return false;
    names.add(name);
    weight += more;
    return true;
  });
}

/** Keeps a shard light enough to be stored: no alarm is left out, only words about it, those of the oldest first. */
export function slim(alarms: readonly RungAlarm[]): readonly RungAlarm[] {
  if (alarms.length <= WHOLE && weigh(alarms) <= HEAVIEST) return alarms;
  let room = HEAVIEST - weigh(alarms.map(bare));
  const worded = new Set<string>();
  for (const { name, reason } of alarms.toSorted((a, b) => b.since - a.since || (a.name < b.name ? -1 : 1)).slice(0, NEWEST)) {
    room -= weigh(reason);
    if (room < 0) break;
    worded.add(name);
  }
  return alarms.map((one) => ({ ...bare(one), reason: worded.has(one.name) ? one.reason : "" }));
}

const bare = (alarm: RungAlarm): RungAlarm => ({ ...alarm, reason: "", changes: alarm.changes.slice(0, CHANGES) });

/** Bytes, not characters: a name may be 255 of those, of three bytes each. */
const weigh = (what: unknown): number => Buffer.byteLength(JSON.stringify(what));
