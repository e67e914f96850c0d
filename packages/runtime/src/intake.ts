import { silencedBecause } from "@nightshift/decide/incidents/silences";
import type { AlarmMove, EpochMs, GuardSettings, IncidentPolicy, ServiceName } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { World } from "@nightshift/ports";
import { atOnce } from "./at-once.ts";
import { takeKnown } from "./intake-group.ts";
import { takeNew } from "./intake-open.ts";

/** What taking alarms needs of the world. */
export type IntakeWorld = Pick<World, "clock" | "incidents" | "incidentAlarms" | "groups" | "wakes" | "silences" | "signals" | "watches" | "starter">;

/** One alarm's move out of a batch, and whom it concerns. */
export interface ComingAlarm {
  /** The message that brought it: what stays in the queue when it could not be taken. */
  readonly message: string;
  readonly move: AlarmMove;
  /** Undefined: no incident is about it; only those who listen to it hear of it. */
  readonly group: string | undefined;
  /** What an incident that it opens is called. */
  readonly title: string;
  /** Services whose triggers list it: a watch over them reads it from their signals. */
  readonly listening: readonly ServiceName[];
}

/** By which rules, and when. */
export interface Taking {
  readonly policy: IncidentPolicy;
  readonly groups: readonly GuardSettings[];
  readonly now: EpochMs;
}

/** What became of each message. */
export interface Took {
  readonly did: readonly { readonly message: string; readonly text: string }[];
  /** Left in the queue, with the error. */
  readonly failed: readonly { readonly message: string; readonly error: string }[];
}

/** One group's share of a batch. */
export interface GroupShare {
  readonly group: string;
  readonly coming: readonly ComingAlarm[];
}

/** Calls to the ledger at a time; one dispatcher runs beside others. */
const AT_ONCE = 8;

/**
 * Takes a batch of alarm moves into incidents: folded per group first, so that a thousand of them cost one read and a few
 * writes a group. Groups that have an incident are served side by side; those that need one after another, so that a storm
 * is seen as one. Nothing is dropped in silence: what failed is named, what was silenced is said.
 */
export async function takeAlarms(world: IntakeWorld, coming: readonly ComingAlarm[], taking: Taking): Promise<Took> {
  const book: Book = { did: [], failed: [] };
  await remember(world, coming, book);
  let shares: readonly GroupShare[];
  try {
    shares = await shared(world, { coming, taking, book });
  } catch (error) {
    // Whether they are silenced is not known: better late than a page that somebody forbade.
    fail(book, coming, error);
    return book;
  }
  const waiting: GroupShare[] = [];
  const served = await atOnce(shares, AT_ONCE, (share) => takeKnown(world, share, taking));
  for (const [n, share] of shares.entries()) {
    const outcome = served[n];
    if (outcome === undefined) continue;
    if (outcome.status === "rejected") fail(book, share.coming, outcome.reason);
    else if (outcome.value === undefined) waiting.push(share);
    else tell(book, share.coming, outcome.value);
  }
  // Causes first: what stands on them then finds their incident.
  waiting.sort((a, b) => Number(hasCause(b)) - Number(hasCause(a)));
  for (const share of waiting) {
    try {
      tell(book, share.coming, await takeNew(world, share, { ...taking, waiting: waiting.map((one) => one.group) }));
    } catch (error) {
      fail(book, share.coming, error);
    }
  }
  return book;
}

/** What a watch or the sweep reads at its next look: the newest state of each alarm that services listen to. */
async function remember(world: IntakeWorld, coming: readonly ComingAlarm[], book: Book): Promise<void> {
  const heard = coming.flatMap((one) => one.listening.map((service) => ({ service, one })));
  const rows = [...Map.groupBy(heard, ({ service, one }) => `${service}\n${one.move.name}`).values()];
  const written = await atOnce(rows, AT_ONCE, async (row) => {
    const newest = row.reduce((a, b) => (b.one.move.at > a.one.move.at ? b : a));
    const { name, value, at, reason } = newest.one.move;
    await world.signals.alarm(newest.service, { name, value, since: at, reason });
  });
  for (const [n, row] of rows.entries()) {
    const outcome = written[n];
    const all = row.map(({ one }) => one);
    if (outcome?.status === "rejected") fail(book, all, outcome.reason);
  }
  for (const one of coming) if (one.listening.length > 0) tell(book, [one], `remembered that ${one.move.name} is ${one.move.value}`);
}

/** The batch by group, without what is silenced. The end of an alarm is never silenced: it opens nothing. */
async function shared(
  world: IntakeWorld,
  { coming, taking, book }: { readonly coming: readonly ComingAlarm[]; readonly taking: Taking; readonly book: Book },
): Promise<readonly GroupShare[]> {
  const silences = coming.some((one) => one.move.value === "ALARM") ? await world.silences.standing(taking.now) : [];
  const muted: Heard[] = [];
  const heard = coming
    .flatMap((one) => (one.group === undefined ? [] : [{ ...one, group: one.group }]))
    .filter((one) => {
      if (one.move.value !== "ALARM") return true;
      const because = silencedBecause([one.move.name, one.move.service, one.group], silences, taking.policy.maintenance, taking.now);
      if (because === undefined || !guard("silenced alarms open nothing")) return true;
      tell(book, [one], `${one.move.name} opens no incident: ${because}`);
      muted.push(one);
      return false;
    });
  await keepMuted(world, muted, book);
  return [...Map.groupBy(heard, (one) => one.group)].map(([group, some]) => ({ group, coming: some }));
}

type Heard = ComingAlarm & { readonly group: string };

/** What still rings when its silence ends is heard then (intake-silenced.ts). */
async function keepMuted(world: IntakeWorld, muted: readonly Heard[], book: Book): Promise<void> {
  const rows = [...Map.groupBy(muted, (one) => one.move.name).values()];
  const written = await atOnce(rows, AT_ONCE, async (row) => {
    const { move, group, title } = row.reduce((a, b) => (b.move.at > a.move.at ? b : a));
    await world.silences.keep({ ...move, group, title });
  });
  for (const [n, row] of rows.entries()) {
    const outcome = written[n];
    if (outcome?.status === "rejected") fail(book, row, outcome.reason);
  }
}

const hasCause = (share: GroupShare): boolean => share.coming.some((one) => one.move.role === "cause");

/** What is being written down of the batch. */
interface Book {
  readonly did: { readonly message: string; readonly text: string }[];
  readonly failed: { readonly message: string; readonly error: string }[];
}

const tell = (book: Book, coming: readonly ComingAlarm[], text: string): void => void book.did.push(...coming.map(({ message }) => ({ message, text })));

const fail = (book: Book, coming: readonly ComingAlarm[], error: unknown): void =>
  void book.failed.push(...coming.map(({ message }) => ({ message, error: error instanceof Error ? error.message : String(error) })));
