import { epochMs, type Ms } from "@nightshift/model";
import type { BusEvent } from "../bus/bus.ts";
import { beginScenario } from "../scenario/begin.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { Stage } from "../scenario/stage.ts";
import type { LabSlackDoor } from "./door.ts";

/** How a session is begun. */
export interface SessionSettings {
  readonly scenario: Scenario;
  readonly seed: number;
  /** Simulated seconds in a real one; 0 pauses. */
  readonly speed: number;
}

/** The fastest that a page may ask for; the lab goes as fast as the machine can, at most this. */
export const FASTEST = 600;

/**
 * One simulated account that lives with the page. Its clock follows real time at the chosen speed, and what people do goes
 * in between: one thing at a time, because a lab's clock cannot run twice at once.
 */
export class Session {
  readonly stage: Stage;
  readonly scenario: Scenario;
  readonly seed: number;
  /** Where what people do in Slack goes. */
  readonly door: LabSlackDoor;
  #speed: number;
  #stopped: string | undefined;
  #line: Promise<unknown> = Promise.resolve();

  /** The adapters must be loaded (`loadAdapters`). */
  constructor({ scenario, seed, speed }: SessionSettings) {
    const { stage, installed } = beginScenario(scenario, { seed });
    this.stage = stage;
    this.scenario = scenario;
    this.seed = seed;
    this.door = installed.slackDoor;
    this.#speed = speed;
    scenario.plot(stage);
  }

  get speed(): number {
    return this.#speed;
  }

  /** Why the lab stands still although nobody paused it. */
  get stopped(): string | undefined {
    return this.#stopped;
  }

  /** @throws {RangeError} for a speed below 0 or above {@link FASTEST}. */
  setSpeed(speed: number): void {
    if (!(speed >= 0 && speed <= FASTEST)) throw new RangeError(`speed must be 0 (paused) to ${FASTEST}, not ${speed}`);
    this.#speed = speed;
  }

  /** Lets the story go on by this much real time. */
  advance(realMs: number): Promise<void> {
    return this.#next(async () => {
      if (this.#speed === 0 || this.#stopped !== undefined) return;
      try {
        await this.stage.lab.runUntil(epochMs(Math.round(this.stage.now() + realMs * this.#speed)));
      } catch (error) {
        this.#stopped = error instanceof Error ? error.message : String(error);
      }
    });
  }

  /** Lets the story go on by this much simulated time, also while paused. */
  pass(length: Ms): Promise<void> {
    return this.#next(() => this.stage.lab.pass(length));
  }

  /** Does something in the account and waits for its answer; passes what simulated time it takes, also while paused. */
  act<T>(work: () => Promise<T>): Promise<T> {
    return this.#next(() => this.stage.lab.run(work));
  }

  /** Puts an event on the account's bus, as EventBridge would receive it. */
  publish(event: BusEvent): Promise<void> {
    return this.act(async () => this.stage.lab.bus.deliver(event));
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#line.then(work);
    // The next in line does not care how this one ended; whoever asked for it does.
    this.#line = mine.catch(() => undefined);
    return mine;
  }
}
