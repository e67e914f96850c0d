import type { Ms } from "@nightshift/model";
import { minutes } from "@nightshift/model";
import type { FlowAccount, FlowPolicy, SeenWorker } from "../policy.ts";
import type { Workload } from "../workload.ts";

/** How many workers a rule wants, and when it looks again. It never says how the others go. */
export interface Wish {
  readonly want: number;
  readonly next: Ms;
}

/** A known way to decide the count, with one setting. */
export interface Rule {
  /** The family, as tables call it. */
  readonly name: string;
  readonly setting: string;
  /** `current` is what the rule wanted last. */
  begin(workload: Workload): (account: FlowAccount, current: number) => Wish;
}

/** The rule as it is used: ECS chooses who goes. */
export const asUsed = (rule: Rule): FlowPolicy => ({
  name: rule.name,
  setting: rule.setting,
  begin: (workload) => {
    const decide = rule.begin(workload);
    return (account) => {
      const { want, next } = decide(account, account.desired);
      account.setDesired(want);
      return next;
    };
  },
});

/** How often drained workers are looked at. */
const EVERY = 15_000;

/** The same rule with our actuator: who goes is drained first and leaves empty; who is wanted again takes work again. */
export const withDrain = (rule: Rule): FlowPolicy => ({
  name: `${rule.name}, with our drain`,
  setting: rule.setting,
  begin: (workload) => {
    const decide = rule.begin(workload);
    let wish: Wish = { want: workload.fleet.min, next: 0 as Ms }; // Nothing was asked yet.
    let due = 0;
    return (account) => {
      if (account.now >= due) {
        wish = decide(account, wish.want);
        due = account.now + wish.next;
      }
      approach(account, wish.want);
      return Math.max(1, Math.min(due - account.now, EVERY));
    };
  },
});

function approach(account: FlowAccount, want: number): void {
  const running = account.workers().filter(({ state }) => state === "running");
  const drained = running.filter(({ consuming }) => !consuming);
  const excess = Math.max(0, account.desired - want);
  for (const { id } of drained.sort(byWork).slice(excess)) account.undrain(id);
  if (excess === 0) {
    account.setDesired(want);
    return;
  }
  const going = [...drained.slice(0, excess)];
  for (const worker of running.filter(({ consuming }) => consuming).sort(byWork)) {
    if (going.length >= excess) break;
    account.drain(worker.id);
    going.push(worker);
  }
  const empty = going.filter((worker) => worker.active + worker.reserved === 0);
  if (empty.length === 0) return;
  const others = account.workers().filter((worker) => !empty.includes(worker) && worker.state !== "stopping");
  for (const { id } of others) account.protect(id, minutes(1));
  account.setDesired(account.desired - empty.length);
  for (const { id } of others) account.unprotect(id);
}

/** The emptiest first. */
const byWork = (a: SeenWorker, b: SeenWorker): number => a.active + a.reserved - (b.active + b.reserved) || a.id - b.id;

/** A count within the service's bounds. */
export const within = ({ fleet }: Workload, count: number): number => Math.min(fleet.max, Math.max(fleet.min, count));

/** How many tasks a worker can start within the promise: `concurrency × wait ÷ service time`, what tuned targets are made from. */
export const tasksInPromise = ({ fleet, wait }: Workload, serviceSeconds: number): number => (fleet.concurrency * wait) / 1_000 / serviceSeconds;
