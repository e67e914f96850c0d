import type { AwsService, Happening } from "../kernel.ts";
import type { VirtualClock } from "../time/clock.ts";
import { currentScope, inScope, never } from "../time/scope.ts";
import { copyOf } from "./copy.ts";
import { type Boundary, faultActions, type FaultPlan, throttled } from "./fault.ts";
import type { CallMeter } from "./meter.ts";
import type { RateLimits } from "./rate.ts";

/** One call to the outside, as it is recorded. */
export interface Call {
  readonly service: AwsService | "slack" | "broker";
  readonly operation: string;
  readonly input: unknown;
  readonly caller: string;
  readonly mutating: boolean;
  /** How long it takes, where the ordinary spread is not meant: a broker in the same network answers sooner. */
  readonly latency?: { readonly least: number; readonly spread: number };
}

/** Our own choice of a plausible spread inside one region. */
const ORDINARY = { least: 5, spread: 41 };

/** What the boundary needs of the account. */
export interface BoundarySettings {
  readonly clock: VirtualClock;
  readonly chance: () => number;
  readonly plan: FaultPlan;
  readonly rates: RateLimits;
  readonly meter: CallMeter;
  readonly record: (happening: Happening) => void;
}

/**
 * The one place where our code meets the world. Every AWS call, Slack call and checkpoint passes here: it is numbered,
 * takes 5–45 ms of virtual time (seeded) unless it says otherwise, may meet a fault,
 * and is recorded. After a crash the caller's promise never settles, and nothing its invocation still tries gets through.
 */
export class EffectBoundary {
  readonly #settings: BoundarySettings;
  #met = 0;

  constructor(settings: BoundarySettings) {
    this.#settings = settings;
  }

  /** How many boundaries were met so far. */
  get met(): number {
    return this.#met;
  }

  /** Carries out `apply` behind the boundary. */
  async effect<T>(call: Call, apply: () => T | Promise<T>): Promise<T> {
    const invocation = currentScope()?.invocation;
    if (invocation?.dead) return never();
    const { clock, chance, plan } = this.#settings;
    const boundary: Boundary = {
      n: this.#met,
      name: `${call.service}:${call.operation}`,
      caller: call.caller,
      invocation: invocation?.id,
      mutating: call.mutating,
    };
    this.#met += 1;
    const fault = plan(boundary);
    const action = faultActions[fault.kind];
    const input = copyOf(call.input);
    if (fault.kind !== "none")
      this.#settings.record({ kind: "world", what: "fault", about: boundary.name, detail: { kind: fault.kind, boundary: boundary.n } });
    // A caller outside any function (a person at the command line) has no sandbox to lose.
    const die = (why: string): void => invocation?.kill(why);
    if (fault.kind === "crash-before") action.before?.(die, boundary);
    if (invocation?.dead) return never();
    const { least, spread } = call.latency ?? ORDINARY;
    const latency = least + Math.floor(chance() * spread) + (fault.kind === "slow" ? fault.by : 0);
    await this.#pause(latency);
    if (invocation?.dead) return never();
    this.#settings.meter.count(boundary.name, call.caller);
    const answer = await this.#carryOut(call, input, () => {
      action.before?.(die, boundary);
      if (!this.#settings.rates.take(boundary.name, clock.now())) throw throttled(boundary.name);
      return apply();
    });
    // After this line the call has happened, whatever the caller comes to know of it.
    if (!invocation?.dead) action.after?.(die, boundary);
    return invocation?.dead ? never() : answer;
  }

  async #carryOut<T>(call: Call, input: unknown, apply: () => T | Promise<T>): Promise<T> {
    const invocation = currentScope()?.invocation;
    try {
      const answer = await apply();
      this.#recorded(call, input, "ok");
      return answer;
    } catch (error) {
      this.#recorded(call, input, error instanceof Error ? error.name : String(error));
      return invocation?.dead ? never() : Promise.reject(error);
    }
  }

  #recorded(call: Call, input: unknown, result: string): void {
    const invocation = currentScope()?.invocation?.id;
    const { caller, service, operation, mutating } = call;
    this.#settings.record({ kind: "call", caller, service, operation, input, result, mutating, ...(invocation === undefined ? {} : { invocation }) });
  }

  // Outside of the lab's scope (a test that awaits a client directly) the wait is still on the lab's clock.
  #pause(length: number): Promise<void> {
    const { clock } = this.#settings;
    return currentScope() ? clock.sleep(length) : inScope(clock.world, () => clock.sleep(length));
  }
}
