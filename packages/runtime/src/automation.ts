import type { EpochMs, Ms } from "@nightshift/model";
import type { World } from "@nightshift/ports";

/** A verdict that changes production once consent is there. */
export interface Acting { readonly kind: string; readonly because: readonly string[] }
/** A verdict that changes nothing, and says why. */
export interface Leaving { readonly kind: "leave"; readonly because: readonly string[] }

/** One call that changes production, with everything that is recorded about it before and after. */
export interface Mutation<W, T> {
  /** What is done, as a person would say it; unique in the run. */
  readonly name: string;
  /** The audit chain: the service's name. */
  readonly chain: string;
  /** What will be sent, recorded before it is sent. */
  readonly intent: Readonly<Record<string, unknown>>;
  /** Looks again right before the call; a string refuses the call and says why. */
  readonly unless: (world: W) => Promise<string | undefined>;
  readonly call: (world: W) => Promise<T>;
  /** When the answer was lost: looks whether it happened. Undefined: it did not. */
  readonly happened: (world: W) => Promise<T | undefined>;
}

/** How a mutation ended. Every intent gets exactly one of these (invariant 16). */
export type MutationOutcome<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "refused"; readonly because: string }
  | { readonly kind: "failed"; readonly because: string }
  | { readonly kind: "unknown"; readonly because: string };

/** What a phase may do to the world: one named, checkpointed effect at a time. */
export interface Run<W> {
  /** One effect, run at least once, its result kept. Retries what a port calls retryable, with backoff. */
  step<T>(name: string, effect: (world: W) => Promise<T>): Promise<T>;
  /** One change to production: holds checked, intent recorded, precondition re-read, called, outcome recorded. */
  mutate<T>(mutation: Mutation<W, T>): Promise<MutationOutcome<T>>;
  /** Looks again and again until `judge` gives something other than `wait`, or `atMost` looks are spent; returns the last state. One operation, however many looks. */
  watch<S>(name: string, watch: Watch<W, S>): Promise<S>;
  /** Asks a person and waits for the word, or for the deadline. */
  consent(question: Question): Promise<Consent>;
}

/** A loop of looks. It ends by count, never by the clock. */
export interface Watch<W, S> {
  readonly start: S;
  /** How many looks at most. */
  readonly atMost: number;
  /** How long until the next look. */
  readonly every: (state: S) => Ms;
  /** Sees, and folds what it saw into the state. A throw is caught and becomes `blind`. */
  readonly look: (world: W, state: S) => Promise<S>;
  /** What the state becomes when the look failed; `because` is the error's sentence. */
  readonly blind: (state: S, because: string) => S;
  /** Pure. True: stop looking. */
  readonly done: (state: S) => boolean;
}

export interface Question {
  readonly plan: string;
  readonly planHash: string;
  readonly what: string;
  readonly because: string;
  readonly service: string;
  readonly askFor: Ms;
}
export type Consent =
  | { readonly kind: "approved"; readonly by: string }
  | { readonly kind: "denied"; readonly by: string }
  | { readonly kind: "timed-out" };

/** What an automation says: a line for the incident, and what becomes of the incident. */
export interface Told {
  readonly text: string;
  /** False: for the ledger only (decision 4). */
  readonly announce: boolean;
  readonly state: "resolved" | "needs-person" | "nothing-happened";
}

/** Everything `tell` knows: each ending is one member, so that none can be forgotten. */
export type Story<Event, Facts, Act, Leave, Receipt, Outcome> = { readonly event: Event; readonly facts: Facts } & (
  | { readonly ending: "left"; readonly verdict: Leave }
  | { readonly ending: "shadow"; readonly verdict: Act }
  | { readonly ending: "not-approved"; readonly verdict: Act; readonly consent: Exclude<Consent, { kind: "approved" }> }
  | { readonly ending: "acted"; readonly verdict: Act; readonly receipt: Receipt; readonly outcome: Outcome }
);

/** One automation: it reads detect → decide → act → verify → tell. */
export interface Automation<Event, Settings, Uses extends keyof World, Facts, Act extends Acting, Leave extends Leaving, Receipt, Outcome extends string> {
  readonly name: string;
  /** Ports it may use. What is not listed does not type-check. */
  readonly uses: readonly Uses[];
  /** Two events with the same key are the same piece of work. */
  key(event: Event): string;
  detect(event: Event, settings: Settings, run: Run<Pick<World, Uses>>): Promise<Facts>;
  /** Pure and synchronous: a Promise does not type-check here. */
  decide(facts: Facts, settings: Settings): Act | Leave;
  /** Whether the verdict may be carried out: at once, after a person's word, or only told. */
  consent(verdict: Act, settings: Settings): "given" | "shadow" | Question;
  act(verdict: Act, facts: Facts, run: Run<Pick<World, Uses>>): Promise<Receipt>;
  verify(receipt: Receipt, facts: Facts, run: Run<Pick<World, Uses>>): Promise<Outcome>;
  tell(story: Story<Event, Facts, Act, Leave, Receipt, Outcome>): Told;
}

/** Durable storage for finished steps, and the only wait. Two implementations: Lambda durable functions and a plain invocation. */
export interface Checkpoints {
  /** Runs `effect` at least once and keeps its result under `name`. */
  once<T>(name: string, effect: () => Promise<T>): Promise<T>;
  /** Calls `look` until `next` answers "stop", waiting in between; one operation. */
  poll<S>(name: string, start: S, look: (state: S) => Promise<S>, next: (state: S, looks: number) => Ms | "stop"): Promise<S>;
  /** Registers `submit(callbackId)`, then waits for an answer or the timeout. The answer only wakes us: the caller reads the row. */
  awaitWord(name: string, submit: (callbackId: string) => Promise<void>, timeout: Ms): Promise<void>;
}

/** The moment and identity of the run: arguments, so that nothing below reads a clock or rolls dice. */
export interface RunIdentity {
  readonly key: string;
  readonly startedAt: EpochMs;
}
