import type { Ms } from "@nightshift/model";
import type { VirtualClock } from "./clock.ts";
import { type Invocation, inScope } from "./scope.ts";

/** How one run of a function's code ended. */
export type SandboxOutcome =
  | { readonly kind: "answered"; readonly value: unknown }
  | { readonly kind: "threw"; readonly because: string; readonly error: unknown }
  | { readonly kind: "died"; readonly because: string };

/** One run of a function's code. */
export interface SandboxRun {
  readonly functionName: string;
  readonly execution: string | undefined;
  readonly timeout: Ms;
  readonly started?: (invocation: Invocation) => void;
  readonly work: (invocation: Invocation) => Promise<unknown>;
  /** Called once, in the world's own context. */
  readonly ended: (outcome: SandboxOutcome) => void;
}

/** What decides how long an invocation waits for its sandbox. */
export interface Starts {
  begin(functionName: string): Ms;
  end(functionName: string): void;
}

/** Runs functions' code, each invocation under its own number and deadline. */
export class Sandboxes {
  readonly #clock: VirtualClock;
  readonly #starts: Starts | undefined;
  #started = 0;

  /** Without `starts`, every sandbox is there at once. */
  constructor(clock: VirtualClock, starts?: Starts) {
    this.#clock = clock;
    this.#starts = starts;
  }

  /** Invocations so far. */
  get count(): number {
    return this.#started;
  }

  /** Starts the code at the present moment; it is killed at its deadline. */
  run(run: SandboxRun): void {
    const clock = this.#clock;
    this.#started += 1;
    const init = this.#starts?.begin(run.functionName) ?? 0;
    let dead = false;
    const finish = (outcome: SandboxOutcome): void => {
      if (dead) return;
      dead = true;
      deadline.cancel();
      if (outcome.kind !== "died") this.#starts?.end(run.functionName);
      inScope(clock.world, () => run.ended(outcome));
    };
    const invocation: Invocation = {
      id: this.#started,
      functionName: run.functionName,
      execution: run.execution,
      deadline: clock.now() + init + run.timeout,
      get dead() {
        return dead;
      },
      kill: (why) => finish({ kind: "died", because: why }),
    };
    const deadline = clock.schedule(init + run.timeout, () => invocation.kill(`timed out after ${run.timeout / 1_000} s`));
    run.started?.(invocation);
    // Scheduled, not called: a function starts in its own turn, with nothing of its caller's context.
    clock.schedule(init, () => {
      if (dead) return;
      inScope({ ...clock.world, invocation }, () => {
        attempt(() => run.work(invocation)).then(
          (value) => finish({ kind: "answered", value }),
          (error: unknown) => finish({ kind: "threw", because: error instanceof Error ? `${error.name}: ${error.message}` : String(error), error }),
        );
      });
    });
  }
}

// A handler factory that throws while it is built fails like one that throws when it runs.
const attempt = async (work: () => Promise<unknown>): Promise<unknown> => work();
