import type { Budgets, ControlState, Entry, EpochMs, Grant, GrantRequest, Ms, Opening, Standing } from "@nightshift/model";
import type { World } from "@nightshift/ports";

/** A verdict that changes production once consent is there. */
export interface Acting {
  readonly kind: string;
  readonly because: readonly string[];
}
/** A verdict that changes nothing, and says why. */
export interface Leaving {
  readonly kind: "leave";
  readonly because: readonly string[];
}

/** What a mutation's last look says. */
export type Ready<T> =
  | { readonly kind: "go" }
  /** It already happened (our own earlier attempt, or somebody else's): nothing to call. */
  | { readonly kind: "already"; readonly value: T }
  /** The world is not what the plan was made for. */
  | { readonly kind: "refuse"; readonly because: string };

/** What was found on looking again: a literal `kind`, so that `tell` is exhaustive. */
export interface Outcomes {
  readonly kind: string;
}

/** One call that changes production, with everything that is recorded about it before and after. */
export interface Mutation<W, T> {
  /** What is done, as a person would say it; unique in the run. */
  readonly name: string;
  /** The service it is about: its audit chain, and the scope whose holds are obeyed. */
  readonly service: string;
  /** What will be sent, recorded before it is sent. */
  readonly intent: Readonly<Record<string, unknown>>;
  /** Calls at most, when answers are lost or throttled; absent: three (decision 3). */
  readonly attempts?: number;
  /** The grant it is done under; undefined for calls that change nothing that runs (registering a copy). */
  readonly epoch: number | undefined;
  /** Looks right before the call, and again whenever an answer was lost. */
  readonly look: (world: W) => Promise<Ready<T>>;
  readonly call: (world: W) => Promise<T>;
}

/** How a mutation ended. Every intent gets exactly one of these (invariant 16). */
export type MutationOutcome<T> =
  | { readonly kind: "done"; readonly value: T; readonly at: EpochMs; readonly already: boolean }
  | { readonly kind: "refused"; readonly because: string; readonly at: EpochMs }
  | { readonly kind: "failed"; readonly because: string; readonly at: EpochMs }
  /** The answer was lost and looking again did not settle it: a person must. */
  | { readonly kind: "unknown"; readonly because: string; readonly at: EpochMs };

/** What a phase may do to the world: one named, checkpointed effect at a time. */
export interface Run<W> {
  /** Who is running: the holder of leases and the actor of audit records. */
  readonly key: string;
  /** One effect, run at least once, its result kept. Retries what a port calls retryable, with backoff. */
  step<T>(name: string, effect: (world: W) => Promise<T>): Promise<T>;
  /**
   * Takes the lease on every service of the request and spends its budget, whole or not at all.
   * `seen` is the control row as the last look read it: the write is conditional on it, so no second read is needed when nothing changed.
   */
  acquire(request: GrantRequest, budgets: Budgets, seen?: ControlState): Promise<Grant>;
  /** Gives the leases back. */
  release(services: readonly string[]): Promise<void>;
  /** One change to production: intent recorded, holds and lease checked, looked, called, outcome recorded. */
  mutate<T>(mutation: Mutation<W, T>): Promise<MutationOutcome<T>>;
  /** Looks again and again until `done`, or until `atMost` looks are spent; returns the last state. One operation, however many looks. */
  watch<S>(name: string, watch: Watch<W, S>): Promise<S>;
  /** Asks a person and waits for the word, or for the deadline. */
  consent(question: Question): Promise<Consent>;
  /** Adds lines to the incident, once a key; opens it first if `incident` is new. */
  say(name: string, incident: Header, lines: readonly Line[]): Promise<void>;
}

/** How an incident is headed, and how far the automation is with it. An incident that exists keeps its opening; the standing's severity raises, its title replaces. */
export type Header = Opening & {
  readonly standing: Standing;
  /** False: the incident is somebody else's, and keeps its title. */
  readonly titled?: false;
};
/** One line of an incident's timeline. */
export type Line = Entry;

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

/** What a person is asked, bound to one plan by its hash. */
export interface Question {
  readonly plan: string;
  readonly planHash: string;
  readonly what: string;
  readonly because: string;
  readonly service: string;
  readonly askFor: Ms;
  /** The incident whose thread asks; set where the question is told. */
  readonly incident?: string;
}
/** What came back. */
export type Consent =
  | { readonly kind: "approved"; readonly by: string; readonly at: EpochMs }
  | { readonly kind: "denied"; readonly by: string; readonly at: EpochMs }
  | { readonly kind: "timed-out"; readonly at: EpochMs };

/** What an automation says: lines for the incident, or for the ledger alone. */
export interface Told {
  /** Undefined: nobody needs to read it; the audit record is enough (decision 4). */
  readonly incident: Header | undefined;
  /** Tells this telling from others of the same ending, for an automation that tells again and again; absent: there is one an ending. */
  readonly station?: string;
  readonly lines: readonly Line[];
  /** What the audit record says; undefined: nothing worth a record (a tick that found nothing to say, decision 35). */
  readonly verdict: string | undefined;
  readonly because: readonly string[];
}

/** Everything `tell` knows: each ending is one member, so that none can be forgotten. */
export type Story<Event, Facts, Act, Leave, Receipt, Outcome> = { readonly event: Event; readonly facts: Facts } & (
  | { readonly ending: "left"; readonly verdict: Leave }
  | { readonly ending: "told"; readonly verdict: Act }
  | { readonly ending: "not-approved"; readonly verdict: Act; readonly consent: Exclude<Consent, { kind: "approved" }> }
  | { readonly ending: "asking"; readonly verdict: Act }
  | { readonly ending: "acting"; readonly verdict: Act; readonly receipt: Receipt; readonly consent?: Consent | undefined }
  | { readonly ending: "acted"; readonly verdict: Act; readonly receipt: Receipt; readonly consent?: Consent | undefined; readonly outcome: Outcome }
);

/** One automation: it reads detect → decide → act → verify → tell. */
export interface Automation<Event, Settings, Uses extends keyof World, Facts, Act extends Acting, Leave extends Leaving, Receipt, Outcome extends Outcomes> {
  readonly name: string;
  /** Ports it may use. What is not listed does not type-check. */
  readonly uses: readonly Uses[];
  /** Two events with the same key are the same piece of work. */
  key(event: Event): string;
  detect(event: Event, settings: Settings, run: Run<Pick<World, Uses>>): Promise<Facts>;
  /** Pure and synchronous: a Promise does not type-check here. */
  decide(facts: Facts, settings: Settings): Act | Leave;
  /** Which audit chain its verdicts are filed under. */
  chain(event: Event): string;
  /** Whether the verdict may be carried out: at once, after a person's word, or only told (shadow mode, or nothing that could be done). */
  consent(verdict: Act, settings: Settings, key: string): "given" | "told" | Question;
  act(verdict: Act, facts: Facts, run: Run<Pick<World, Uses>>): Promise<Receipt>;
  verify(receipt: Receipt, facts: Facts, run: Run<Pick<World, Uses>>): Promise<Outcome>;
  /** Called when the verdict is known (before a person is asked, or right after acting) and again at the end; lines said before are not said twice. */
  tell(story: Story<Event, Facts, Act, Leave, Receipt, Outcome>): Told;
  /** After the last word: writes into our own ledger what the next run should know. Changes nothing in production. */
  remember(story: Story<Event, Facts, Act, Leave, Receipt, Outcome>, run: Run<Pick<World, Uses>>): Promise<void>;
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
