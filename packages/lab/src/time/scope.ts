import { AsyncLocalStorage } from "node:async_hooks";
import type { VirtualClock } from "./clock.ts";

/** One run of a function's code. Dead after a crash: whatever it still does has no effect. */
export interface Invocation {
  readonly id: number;
  /** The function's name; its calls carry it as `caller`. */
  readonly functionName: string;
  /** The durable execution it belongs to. */
  readonly execution: string | undefined;
  readonly deadline: number;
  readonly dead: boolean;
  /** Ends it as a dying sandbox would: no answer, nothing after. */
  kill(why: string): void;
}

/** Whose clock, chance and invocation the running code belongs to. */
export interface LabScope {
  readonly clock: VirtualClock;
  readonly chance: () => number;
  readonly invocation: Invocation | undefined;
}

const scopes = new AsyncLocalStorage<LabScope | undefined>();

/** The lab this code runs in; undefined outside of any. */
export const currentScope = (): LabScope | undefined => scopes.getStore();

/** Runs `work` as part of `scope`; what it awaits and schedules stays in it. */
export const inScope = <T>(scope: LabScope, work: () => T): T => scopes.run(scope, work);

/** Runs `work` outside of any lab, with the machine's own clock and timers. */
export const outsideLab = <T>(work: () => T): T => scopes.run(undefined, work);

/** A promise that never settles: what a caller sees whose sandbox died. */
export const never = <T>(): Promise<T> => new Promise<T>(() => {});
