import { promisify } from "node:util";
import type { Scheduled, VirtualClock } from "./clock.ts";
import { currentScope } from "./scope.ts";

type Callback = (...args: readonly unknown[]) => void;

/** What code in a lab gets back from `setTimeout`: it answers what Node's timers answer. */
class LabTimer {
  readonly #clock: VirtualClock;
  readonly #after: number;
  readonly #fire: () => void;
  #scheduled: Scheduled;
  constructor(clock: VirtualClock, after: number, fire: () => void) {
    this.#clock = clock;
    this.#after = after;
    this.#fire = fire;
    this.#scheduled = clock.timer(after, fire);
  }
  cancel(): void {
    this.#scheduled.cancel();
  }
  close(): this {
    this.cancel();
    return this;
  }
  refresh(): this {
    this.cancel();
    this.#scheduled = this.#clock.timer(this.#after, this.#fire);
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  hasRef(): boolean {
    return true;
  }
  [Symbol.toPrimitive](): number {
    return 0;
  }
  [Symbol.dispose](): void {
    this.cancel();
  }
}

let installed = false;

/**
 * Teaches `setTimeout`, `setInterval`, `setImmediate`, their `clear` functions, `Date`, `Math.random` and
 * `performance.now` to ask which lab the caller runs in. Outside of a lab they behave as always. Done once per process.
 */
export function installLabTime(): void {
  if (installed) return;
  installed = true;
  patchTimers();
  patchDate();
  const realRandom = Math.random;
  Math.random = () => (currentScope()?.chance ?? realRandom)();
  const realPerformanceNow = performance.now.bind(performance);
  performance.now = () => currentScope()?.clock.now() ?? realPerformanceNow();
}

function patchTimers(): void {
  const real = { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate };
  const starting =
    (name: "setTimeout" | "setImmediate") =>
    (fire: Callback, ...rest: readonly unknown[]) => {
      const clock = currentScope()?.clock;
      if (!clock) return Reflect.apply(real[name], globalThis, [fire, ...rest]);
      const [after, args] = name === "setImmediate" ? [0, rest] : [Number(rest[0] ?? 0), rest.slice(1)];
      return new LabTimer(clock, after, () => fire(...args));
    };
  const interval = (fire: Callback, period?: number, ...args: readonly unknown[]) => {
    const clock = currentScope()?.clock;
    if (!clock) return Reflect.apply(real.setInterval, globalThis, [fire, period, ...args]);
    // Node raises a period below one millisecond to one; without it a lab would never leave the moment.
    const timer = new LabTimer(clock, Math.max(1, period ?? 1), () => {
      timer.refresh();
      fire(...args);
    });
    return timer;
  };
  const clearing = (name: "clearTimeout" | "clearInterval" | "clearImmediate") => (timer: unknown) => {
    if (timer instanceof LabTimer) timer.cancel();
    else Reflect.apply(real[name], globalThis, [timer]);
  };
  const setLabTimeout = starting("setTimeout");
  // `util.promisify(setTimeout)` looks for its promise form under this symbol; Node's own would use real time.
  const promised = (after: number, value: unknown) =>
    new Promise<unknown>((resolve) => {
      setLabTimeout(() => resolve(value), after);
    });
  Object.assign(globalThis, {
    setTimeout: Object.assign(setLabTimeout, { [promisify.custom]: promised }),
    setImmediate: Object.assign(starting("setImmediate"), { [promisify.custom]: (value: unknown) => promised(0, value) }),
    setInterval: interval,
    clearTimeout: clearing("clearTimeout"),
    clearInterval: clearing("clearInterval"),
    clearImmediate: clearing("clearImmediate"),
  });
}

function patchDate(): void {
  const RealDate = Date;
  const nowOr = (): number => currentScope()?.clock.now() ?? RealDate.now();
  function LabDate(this: unknown, ...args: readonly unknown[]): unknown {
    if (!new.target) return new RealDate(nowOr()).toString();
    // A subclass keeps its own prototype; everybody else gets a plain Date, so that `instanceof` and cloning agree.
    const target = new.target === LabDate ? RealDate : new.target;
    return Reflect.construct(RealDate, args.length === 0 ? [nowOr()] : args, target);
  }
  LabDate.prototype = RealDate.prototype;
  LabDate.now = nowOr;
  LabDate.parse = RealDate.parse;
  LabDate.UTC = RealDate.UTC;
  Object.defineProperty(LabDate, "name", { value: "Date" });
  Object.defineProperty(LabDate, "length", { value: 7 });
  Object.assign(globalThis, { Date: LabDate });
}
