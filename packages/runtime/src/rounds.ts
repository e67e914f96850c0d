import { type EpochMs, type Ms, minutes, ms, seconds } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { World } from "@nightshift/ports";
import { PortError } from "@nightshift/ports";
import type { Checkpoints } from "./automation.ts";

/** An automation that accompanies something for days: it looks, does what is due, and waits for the next time or for a word. */
export interface Rounds<Subject, Settings, Uses extends keyof World, Facts, Duty extends { readonly key: string }, Done> {
  readonly name: string;
  /** Ports it may use. What is not listed does not type-check. */
  readonly uses: readonly Uses[];
  /** Reads what is now; undefined: there is nothing left to accompany. */
  detect(world: Pick<World, Uses>, subject: Subject, settings: Settings): Promise<Facts | undefined>;
  /** Pure: what is due now, in its order, when the next thing will be, and how long to wait for a word at the longest. */
  decide(facts: Facts, settings: Settings): Decided<Duty>;
  /** Does one duty out in the world. Safe to repeat: a crash may come at any line. */
  act(world: Pick<World, Uses>, duty: Duty, facts: Facts, settings: Settings): Promise<Done>;
  /** Whether looking again shows that it was done. */
  verify(duty: string, now: readonly string[]): boolean;
  /** Writes the proof, after which the duty is not due any more. */
  tell(world: Pick<World, Uses>, duty: Duty, done: Done, facts: Facts): Promise<void>;
  /** A duty that nobody can do without help: said once. */
  tellFailed(world: Pick<World, Uses>, duty: Duty, because: string, facts: Facts): Promise<void>;
  /** Keeps what wakes it before its time. */
  remember(world: Pick<World, Uses>, subject: Subject, callbackId: string): Promise<void>;
}

/** What a round has to do. */
export interface Decided<Duty> {
  readonly due: readonly Duty[];
  readonly next: EpochMs | undefined;
  readonly longest: Ms;
}

/** How much one execution does before it hands over. */
export interface RoundLimits {
  /** Counted, not clocked; what the last round adds comes on top. The durable service takes 3,000. */
  readonly operations: number;
}

/** What a wait needs besides the automation's own ports. */
type Woken = Pick<World, "clock" | "starter">;

/** What one look found, small enough for a checkpoint: names, no incident. */
interface Look {
  readonly over: boolean;
  readonly due: readonly string[];
  readonly next: EpochMs | undefined;
  readonly wait: Ms;
  /** Why nothing could be seen, and whether that is known to pass by itself. */
  readonly blind?: string;
  readonly passes?: boolean;
}

/** Blind looks in a row, at one every 15 s: four hours of what passes by itself, half an hour of what may need a person or a release. */
const MOST_BLIND = 960;
const MOST_REFUSED = 124;
/** 1, 2, 4, 8, then 15 s: a page that is due meanwhile is late by no more than an outage lasts. */
const afterFailure = (times: number): Ms => seconds(Math.min(15, 2 ** Math.max(0, times - 1)));
/** A wait with a callback is three operations of the SDK: a context, a callback, the step that hands it out. */
const WAIT_OPERATIONS = 4;

/**
 * Plays rounds until nothing is left (`over`) or so many operations are spent that a fresh execution has to go on (`hand-over`).
 * Each look and each duty is one named step; a duty is decided again inside its step, over what stands then.
 */
export async function playRounds<Subject, Settings, Uses extends keyof World, Facts, Duty extends { readonly key: string }, Done>(
  rounds: Rounds<Subject, Settings, Uses, Facts, Duty, Done>,
  on: {
    readonly subject: Subject;
    readonly settings: Settings;
    readonly world: Pick<World, Uses> & Woken;
    readonly checkpoints: Checkpoints;
    readonly limits: RoundLimits;
  },
): Promise<"over" | "hand-over"> {
  const { checkpoints, limits } = on;
  let done: readonly string[] = [];
  let operations = 0;
  let failures = 0;
  for (let round = 1; operations < limits.operations || !guard("execution hands over in time"); round++) {
    const look = await checkpoints.poll(
      `round ${round}: look`,
      blank,
      () => lookOnce(rounds, on),
      (seen, looks) => (seen.blind === undefined || looks >= (seen.passes === false ? MOST_REFUSED : MOST_BLIND) ? "stop" : afterFailure(looks)),
    );
    if (look.over) return "over";
    if (look.blind !== undefined) throw new Error(`nothing could be seen for ${look.passes === false ? "half an hour" : "four hours"}: ${look.blind}`);
    const stuck = done.filter((key) => !rounds.verify(key, look.due));
    const carried: string[] = [];
    for (const [n, key] of look.due.entries()) {
      const how = await checkpoints.once(`round ${round}.${n + 1}: ${plain(key)}`, () => carryOut(rounds, key, on));
      if (how === "done") carried.push(key);
    }
    done = carried;
    operations += 1 + look.due.length;
    // What was done may make something else due: look again at once, unless nothing moved.
    if (carried.length > 0 && carried.length === look.due.length && stuck.length === 0) continue;
    failures = look.due.length === 0 ? 0 : failures + 1;
    const wait = look.due.length === 0 ? look.wait : ms(Math.min(look.wait, afterFailure(failures)));
    await waitForWord(rounds, { look, round, wait }, on);
    operations += WAIT_OPERATIONS;
  }
  return "hand-over";
}

const blank: Look = { over: false, due: [], next: undefined, wait: ms(0) };

type On<Subject, Settings, Uses extends keyof World> = {
  readonly subject: Subject;
  readonly settings: Settings;
  readonly world: Pick<World, Uses> & Woken;
  readonly checkpoints: Checkpoints;
};

async function lookOnce<Subject, Settings, Uses extends keyof World, Facts, Duty extends { readonly key: string }, Done>(
  rounds: Rounds<Subject, Settings, Uses, Facts, Duty, Done>,
  { world, subject, settings }: On<Subject, Settings, Uses>,
): Promise<Look> {
  try {
    const facts = await rounds.detect(world, subject, settings);
    if (facts === undefined) return { ...blank, over: true };
    const { due, next, longest } = rounds.decide(facts, settings);
    const wait = next === undefined ? longest : ms(Math.max(0, Math.min(longest, next - world.clock.now())));
    return { over: false, due: due.map(({ key }) => key), next, wait };
  } catch (error) {
    // A permission that is missing, or one record that cannot be read, must not end a room at once: it is put right within minutes.
    const passes = error instanceof PortError && error.retryable;
    return { ...blank, passes, blind: error instanceof Error ? error.message : String(error) };
  }
}

/** One duty, decided again over what stands at this moment: what was settled meanwhile is not done. A failure leaves it due. */
async function carryOut<Subject, Settings, Uses extends keyof World, Facts, Duty extends { readonly key: string }, Done>(
  rounds: Rounds<Subject, Settings, Uses, Facts, Duty, Done>,
  key: string,
  { world, subject, settings }: On<Subject, Settings, Uses>,
): Promise<"done" | "failed"> {
  let at: { readonly facts: Facts; readonly duty: Duty } | undefined;
  try {
    const facts = await rounds.detect(world, subject, settings);
    const duty = facts === undefined ? undefined : rounds.decide(facts, settings).due.find((one) => one.key === key);
    if (facts === undefined || duty === undefined) return "done";
    at = { facts, duty };
    await rounds.tell(world, duty, await rounds.act(world, duty, facts, settings), facts);
    return "done";
  } catch (error) {
    // Other duties must not wait for this one, whatever went wrong: it stays due, and what no retry mends is told.
    const mends = error instanceof PortError && error.retryable;
    // What cannot even be seen, the next look finds out.
    if (!mends && at !== undefined) await rounds.tellFailed(world, at.duty, error instanceof Error ? error.message : String(error), at.facts);
    return "failed";
  }
}

/**
 * Waits with a callback that anybody can complete. Whoever changes the incident writes first and then looks for the callback; here it
 * is the other way round: the callback is kept first, then looked again. So one of the two sees the other, and no word is lost in between.
 */
async function waitForWord<Subject, Settings, Uses extends keyof World, Facts, Duty extends { readonly key: string }, Done>(
  rounds: Rounds<Subject, Settings, Uses, Facts, Duty, Done>,
  { look, round, wait }: { readonly look: Look; readonly round: number; readonly wait: Ms },
  on: On<Subject, Settings, Uses>,
): Promise<void> {
  const { world, subject, checkpoints } = on;
  const offer = async (callbackId: string) => {
    await rounds.remember(world, subject, callbackId);
    const again = await lookOnce(rounds, on);
    const sooner = again.next !== undefined && (look.next === undefined || again.next < look.next);
    const changed = again.over || sooner || again.due.some((key) => !look.due.includes(key));
    if (guard("no word is lost before a wait", changed)) await world.starter.wake(callbackId);
  };
  try {
    await checkpoints.awaitWord(`round ${round}: wait`, offer, wait);
  } catch {
    // Where no callback can be kept, a plain pause is left: late by a minute at most, but never in a circle without a wait.
    const pause = ms(Math.min(wait, minutes(1)));
    await checkpoints.poll(
      `round ${round}: pause`,
      0,
      async (n) => n + 1,
      (_, looks) => (looks > 1 ? "stop" : pause),
    );
  }
}

/** Names of steps are printable ASCII, at most 256 (facts: durable SDK 2.4.0, lambda.json). */
const plain = (key: string): string => key.replace(/[^\x20-\x7e]/g, "?").slice(0, 200);
