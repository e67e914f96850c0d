import { after, type Delivery, type EpochMs, type Incident, seconds } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";

/** Where an incident is told: its thread in the service's channel, or the channel of its own. */
export type PlaceName = "home" | "room";

/** Keys of the messages of one place. */
const prefixes: Readonly<Record<PlaceName, string>> = { home: "", room: "room/" };

/** `header`, `header/2`; in the room `room/header`. */
export const headerKey = (place: PlaceName, number: number): string => `${prefixes[place]}header${number === 1 ? "" : `/${number}`}`;
/** `reply/1`, `room/reply/1`. */
export const replyKey = (place: PlaceName, number: number): string => `${prefixes[place]}reply/${number}`;

const numberOf = (key: string): number => Number(/\/(\d+)$/.exec(key)?.[1] ?? 1);
const inOrder = (rows: readonly Delivery[]): readonly Delivery[] => rows.toSorted((a, b) => numberOf(a.key) - numberOf(b.key));

/** Every header that was posted in a place, or tried, oldest first. */
export const headersIn = (place: PlaceName, rows: readonly Delivery[]): readonly Delivery[] =>
  inOrder(rows.filter(({ key }) => (place === "home" ? /^header(\/\d+)?$/ : /^room\/header(\/\d+)?$/).test(key)));

/** Every reply of a place, oldest first. */
export const repliesIn = (place: PlaceName, rows: readonly Delivery[]): readonly Delivery[] =>
  inOrder(rows.filter(({ key }) => (place === "home" ? /^reply\/\d+$/ : /^room\/reply\/\d+$/).test(key)));

/** Messages of both places: other rows (pages, files) are not ours to send. */
export const messagesIn = (rows: readonly Delivery[]): readonly Delivery[] =>
  (["home", "room"] as const).flatMap((place) => [...headersIn(place, rows), ...repliesIn(place, rows)]);

/** Pages by the way that does not depend on Slack. */
export const pagesIn = (rows: readonly Delivery[]): readonly Delivery[] => rows.filter(({ key }) => key === "page/first" || key.startsWith("page/state/"));

/** Keys of the entries that some message tells, sent or on its way. */
export function toldBy(rows: readonly Delivery[]): ReadonlySet<string> {
  return new Set(guard("line is sent once") ? rows.flatMap(({ covers }) => covers) : []);
}

/** The header that stands now, if one does. */
export const standingHeader = (place: PlaceName, rows: readonly Delivery[]): Delivery | undefined => {
  const newest = headersIn(place, rows).at(-1);
  return newest?.state === "sent" ? newest : undefined;
};

/** It stood in Slack, and a person took it away. */
export const wasDeleted = (row: Delivery): boolean => row.state === "parked" && row.ts !== undefined;

/** A sender that began so recently may still be in its call (4 s at most, and the way there): nobody else takes over before. */
const LEASE = seconds(6);
/** Until when another sender may be at work on this row. */
export const heldUntil = ({ startedAt }: Delivery): EpochMs => after(startedAt, LEASE);

/** Whether the first notice of an incident stands in Slack, or stood there. */
export const isNoticed = (rows: readonly Delivery[]): boolean => headersIn("home", rows).some(({ ts }) => ts !== undefined);

/** A row about to be sent: new, or one try more. */
export const tryOf = (
  { key, channel, thread, covers, now }: { key: string; channel: string; thread: string | undefined; covers: readonly string[]; now: EpochMs },
  before: Delivery | undefined,
): Delivery => ({ key, state: "trying", channel, thread, covers, ts: undefined, shown: undefined, startedAt: now, tries: (before?.tries ?? 0) + 1 });

/** A state of an incident; one that comes again after a reopening is another. */
export const stateKey = ({ state, turns }: Pick<Incident, "state" | "turns">): string => `${state}:${turns.reopened}`;
