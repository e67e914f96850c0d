import type { Ms } from "@nightshift/model";
import { EntryQueue } from "../time/queue.ts";
import { ActionLog } from "./action-log.ts";
import { FlowCounts } from "./counts.ts";
import { DueBook } from "./due-book.ts";
import { type End, Ends } from "./ends.ts";
import type { FlowAccount } from "./policy.ts";
import { WaitingLine } from "./waiting-line.ts";
import { billed, FlowWorker } from "./worker.ts";
import type { Workload } from "./workload.ts";

/**
 * A queue and the ECS service that works it off, task by task. What it holds to: a scale-in without protection stops any worker by chance
 * (containers-roadmap#125), a stopping worker takes no more, gives back what it reserved and is killed with what still runs at the stop timeout;
 * killed tasks run again under late acknowledgement and are lost under early; the broker serves the worker that asked first (`BRPOP`).
 */
export class Flow extends FlowCounts implements FlowAccount {
  readonly workload: Workload;
  desired: number;
  readonly log = new ActionLog();
  /** First start of each task; not a number before it. */
  readonly firstStart: Float64Array;
  readonly #attempts: Uint16Array;
  readonly #line = new WaitingLine();
  readonly #ends = new Ends();
  readonly #agenda = new EntryQueue();
  readonly #random: () => number;
  /** Those that take tasks, in the order they will be asked. */
  readonly #live: FlowWorker[] = [];
  readonly #ended: { readonly id: number; readonly at: number }[] = [];
  readonly #due = new DueBook();
  #asked = 0;
  #made = 0;
  #order = 0;

  constructor(workload: Workload, random: () => number) {
    super();
    this.workload = workload;
    this.#random = random;
    this.firstStart = new Float64Array(workload.tasks.due.length).fill(Number.NaN);
    this.#attempts = new Uint16Array(workload.tasks.due.length);
    this.desired = workload.fleet.min;
    for (let i = 0; i < this.desired; i += 1) this.#start(0);
  }

  get dueLater(): number {
    return this.#due.tasks;
  }
  get waiting(): number {
    return this.#line.length;
  }
  get starting(): number {
    return this.#live.filter(({ state }) => state === "starting").length;
  }
  workers(): readonly FlowWorker[] {
    return this.#live;
  }
  ended(most: number): readonly { readonly id: number; readonly at: number }[] {
    return this.#ended.slice(-most).reverse();
  }
  headAge(): number {
    const head = this.#line.peek();
    return head === undefined ? 0 : this.now - (this.workload.tasks.due[head] ?? this.now);
  }
  dueRows(most: number): readonly { readonly at: number; readonly tasks: number }[] {
    return this.#due.rows(most);
  }

  /** Plays until `end`, everything that is to come by then. */
  playTo(end: number): void {
    const { published } = this.workload.tasks;
    for (;;) {
      const arrival = published[this.published] ?? Number.POSITIVE_INFINITY;
      const ended = this.#ends.next;
      const other = this.#agenda.peek()?.at ?? Number.POSITIVE_INFINITY;
      const at = Math.min(arrival, ended, other);
      if (at > end) break;
      this.#advance(at);
      if (arrival === at) this.#publish(this.published);
      else if (ended === at) this.#finish(this.#ends.pop());
      else this.#agenda.pop()?.fire();
    }
    this.#advance(end);
  }

  later(length: number, act: () => void): void {
    this.#agenda.push({ at: this.now + length, order: this.#order++, fire: act, cancelled: false });
  }

  setDesired(count: number): void {
    if (count === this.desired) return;
    this.log.note(this.now, count > this.desired);
    this.desired = count;
    this.reconcile();
  }
  drain(id: number): void {
    const worker = this.#worker(id);
    if (worker !== undefined) worker.drained = true;
  }
  undrain(id: number): void {
    const worker = this.#worker(id);
    if (worker === undefined) return;
    worker.drained = false;
    this.#refill(worker);
  }
  protect(id: number, length: Ms): void {
    const worker = this.#worker(id);
    if (worker !== undefined) worker.protectedUntil = this.now + length;
  }
  unprotect(id: number): void {
    const worker = this.#worker(id);
    if (worker !== undefined) worker.protectedUntil = 0;
  }

  /** What ECS does all the time: as many workers as desired, chosen by chance among those it may stop. */
  reconcile(): void {
    const { startAtLeast, startAtMost } = this.workload.fleet;
    const standing = this.#live.filter(({ state }) => state !== "stopping");
    for (let missing = this.desired - standing.length; missing > 0; missing -= 1) this.#start(startAtLeast + (startAtMost - startAtLeast) * this.#random());
    const free = standing.filter((worker) => worker.protectedUntil <= this.now);
    for (let excess = standing.length - this.desired; excess > 0 && free.length > 0; excess -= 1) {
      const [victim] = free.splice(Math.floor(this.#random() * free.length), 1);
      if (victim !== undefined) this.#stop(victim, false);
    }
  }

  #advance(at: number): void {
    const length = at - this.now;
    this.busyArea += this.running * length;
    this.slotArea += this.ready * this.workload.fleet.concurrency * length;
    this.now = at;
  }

  #publish(task: number): void {
    this.published += 1;
    const due = this.workload.tasks.due[task] ?? this.now;
    if (due <= this.now) {
      this.#enter(task);
      return;
    }
    this.#due.enter(due);
    this.later(due - this.now, () => {
      this.#due.leave(due);
      this.#enter(task);
    });
  }

  #enter(task: number): void {
    const worker = this.#line.length === 0 ? this.#next() : undefined;
    if (worker === undefined) this.#line.push(task);
    else this.#give(worker, task);
  }

  /** The next worker with room, the one that was served last asked last. */
  #next(): FlowWorker | undefined {
    for (let i = 0; i < this.#live.length; i += 1) {
      this.#asked = (this.#asked + 1) % this.#live.length;
      const worker = this.#live[this.#asked];
      if (worker !== undefined && this.#hasRoom(worker)) return worker;
    }
    return undefined;
  }

  #hasRoom(worker: FlowWorker): boolean {
    if (!worker.consuming) return false;
    const { concurrency, prefetch, acksLate } = this.workload.fleet;
    const held = worker.held.length;
    return acksLate ? worker.tasks.length + held < concurrency * prefetch : worker.tasks.length < concurrency || held < concurrency * prefetch;
  }

  #give(worker: FlowWorker, task: number): void {
    this.delivered += 1;
    if (worker.tasks.length < this.workload.fleet.concurrency) this.#begin(worker, task);
    else {
      worker.held.push(task);
      this.reserved += 1;
    }
  }

  #begin(worker: FlowWorker, task: number): void {
    if (Number.isNaN(this.firstStart[task])) this.firstStart[task] = this.now;
    else this.reRun += 1;
    const alone = this.workload.tasks.service[task] ?? 0;
    const { stretch } = this.workload;
    worker.tasks.push(task);
    this.running += 1;
    const attempt = (this.#attempts[task] ?? 0) + 1;
    this.#attempts[task] = attempt;
    const length = stretch === undefined ? alone : alone * stretch(this.now, this.running);
    this.#ends.push({ at: this.now + length, task, attempt, worker });
  }

  /** An execution that was killed meanwhile does not end. */
  #finish(end: End | undefined): void {
    if (end === undefined || this.#attempts[end.task] !== end.attempt) return;
    const { worker, task } = end;
    worker.tasks.splice(worker.tasks.indexOf(task), 1);
    worker.processed += 1;
    this.running -= 1;
    this.finished += 1;
    const held = worker.held.shift();
    if (held !== undefined) {
      this.reserved -= 1;
      this.#begin(worker, held);
    }
    this.#refill(worker);
    if (worker.state === "stopping" && worker.tasks.length === 0) this.#end(worker);
  }

  #refill(worker: FlowWorker): void {
    while (this.#line.length > 0 && this.#hasRoom(worker)) {
      const task = this.#line.take();
      if (task !== undefined) this.#give(worker, task);
    }
  }

  #start(length: number): void {
    const { spot } = this.workload.fleet;
    const base = this.#live.filter((one) => !one.spot && one.state !== "stopping").length;
    const isSpot = spot !== undefined && base >= spot.onDemandBase;
    const worker = new FlowWorker({ id: this.#made++, createdAt: this.now, readyAt: this.now + length, spot: isSpot });
    this.#live.push(worker);
    this.peakWorkers = Math.max(this.peakWorkers, this.#live.length);
    this.later(length, () => {
      if (worker.state !== "starting") return;
      worker.state = "running";
      this.ready += 1;
      this.#refill(worker);
      if (isSpot) this.later((-Math.log(1 - this.#random()) * 3_600_000) / spot.reclaimsPerHour, () => this.#reclaim(worker));
    });
  }

  #reclaim(worker: FlowWorker): void {
    if (worker.state !== "running") return;
    this.#stop(worker, true);
    this.reconcile();
  }

  #stop(worker: FlowWorker, reclaim: boolean): void {
    if (worker.state === "running") this.ready -= 1;
    worker.state = "stopping";
    const given = worker.held.splice(0).reverse();
    this.reserved -= given.length;
    this.delivered -= given.length;
    for (const task of given) this.#line.giveBack(task);
    this.#feedOthers();
    if (worker.tasks.length === 0) this.#end(worker);
    else this.later(this.workload.fleet.stopTimeout, () => this.#kill(worker, reclaim));
  }

  #kill(worker: FlowWorker, reclaim: boolean): void {
    if (!this.#live.includes(worker)) return;
    for (const task of worker.tasks.splice(0)) {
      this.#attempts[task] = (this.#attempts[task] ?? 0) + 1;
      this.running -= 1;
      if (reclaim) this.reclaimed += 1;
      else this.killed += 1;
      if (!this.workload.fleet.acksLate) this.lost += 1;
      else this.#redeliver(task);
    }
    this.#end(worker);
  }

  #redeliver(task: number): void {
    this.delivered -= 1;
    this.unseen += 1;
    this.later(this.workload.fleet.redeliverAfter, () => {
      this.unseen -= 1;
      this.#line.giveBack(task);
      this.#feedOthers();
    });
  }
  #feedOthers(): void {
    while (this.#line.length > 0) {
      const worker = this.#next();
      if (worker === undefined) return;
      const task = this.#line.take();
      if (task !== undefined) this.#give(worker, task);
    }
  }

  #end(worker: FlowWorker): void {
    const place = this.#live.indexOf(worker);
    if (place < 0) return;
    this.#live.splice(place, 1);
    this.endedBilled += billed(this.now - worker.createdAt);
    this.#ended.push({ id: worker.id, at: this.now });
  }

  #worker(id: number): FlowWorker | undefined {
    return this.#live.find((worker) => worker.id === id && worker.state !== "stopping");
  }
}
