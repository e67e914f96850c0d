import { backupId, type BackupRecord, type ChangeNote, ecsDeploymentId, type EpochMs, epochMs, type RecoverySample, sayDate } from "@nightshift/model";
import { PortError, type RunEnd, type RunnerJob, type RunReport, type ShelvedBackup, type World } from "@nightshift/ports";
import type { Checkpoints } from "../automation.ts";
import { type Cloud, fakeCloud } from "./backup-cloud.ts";
import { type FakeNeeds, fakeNeeds } from "./fake-needs.ts";

type BookPorts = Pick<
  World,
  "backupBook" | "runners" | "shelf" | "recoveryGauges" | "outbox" | "plans" | "watches" | "backupPruning" | "deliveries" | "services" | "signals"
>;
type AccountPorts = BookPorts & ReturnType<typeof fakeCloud>["ports"] & FakeNeeds;

/** The machine went away in the middle of a call. */
export class Died extends Error {
  override readonly name = "Died";
}

/** Everything that backups touch, kept in memory, with the ports' promises, under a clock that waits move. */
export interface BackupAccount {
  readonly world: AccountPorts;
  readonly cloud: Cloud;
  readonly rows: Map<string, BackupRecord>;
  readonly samples: RecoverySample[];
  readonly jobs: Map<string, RunnerJob>;
  /** How runs end, by what they do; a run without one goes on for ever. */
  readonly ends: Partial<Record<RunnerJob["do"], RunEnd>>;
  /** Runs whose task stops without a word. */
  readonly dead: Set<string>;
  /** When a task that runs was asked to stop. */
  readonly stopped: Set<string>;
  readonly shelved: ShelvedBackup[];
  /** Objects in the store of runs that died. */
  readonly leftovers: { readonly of: string; readonly id: BackupRecord["id"]; readonly at: EpochMs }[];
  readonly posted: string[];
  /** Looks at a line that changes in place. */
  readonly shown: string[];
  readonly pruned: string[];
  readonly pointers: string[];
  readonly figures: string[];
  readonly deployments: { readonly service: string; readonly until: EpochMs }[];
  readonly storedPlans: Map<string, Awaited<ReturnType<World["plans"]["find"]>>>;
  /** The world, in which the nth call is the last of its machine. */
  mortal(at: number, when: "before" | "after"): AccountPorts;
  /** Calls made through `mortal` so far. */
  calls: number;
  /** Checkpoints that keep what was done through any number of machines; waits move the clock. */
  readonly checkpoints: Checkpoints;
}

/** How long a run takes. */
const RUN_TAKES = 20 * 60_000;

export function backupAccount(start: EpochMs): BackupAccount {
  const needs = fakeNeeds();
  needs.at = start;
  const now = () => needs.at;
  const { cloud, ports } = fakeCloud(now);
  const account: Omit<BackupAccount, "world" | "mortal" | "checkpoints"> = {
    cloud,
    rows: new Map(),
    samples: [],
    jobs: new Map(),
    ends: {},
    dead: new Set(),
    stopped: new Set(),
    shelved: [],
    leftovers: [],
    posted: [],
    shown: [],
    pruned: [],
    pointers: [],
    figures: [],
    deployments: [],
    storedPlans: new Map(),
    calls: 0,
  };
  // The fake needs keep their own state in getters and setters: only the object itself has them.
  const world = Object.assign(needs, ports, bookPorts(account, now));
  const whole: BackupAccount = Object.assign(account, {
    world,
    mortal: (at: number, when: "before" | "after") => mortal(world, { at, when }, () => ++whole.calls),
    checkpoints: lasting(needs),
  });
  return whole;
}

type Kept = Omit<BackupAccount, "world" | "mortal" | "checkpoints">;

const bookPorts = (kept: Kept, now: () => EpochMs): BookPorts => ({ ...book(kept), ...noted(), ...running(kept, now), ...pruning(kept), ...around(kept, now) });

const book = (kept: Kept): Pick<BookPorts, "backupBook"> => ({
  backupBook: {
    all: async (of) => [...kept.rows.values()].filter((row) => row.of === of).toSorted((a, b) => a.scheduled - b.scheduled),
    find: async (of, id) => {
      const row = kept.rows.get(id);
      return row?.of === of ? row : undefined;
    },
    replace: async (next) => {
      if ((kept.rows.get(next.id)?.version ?? 0) !== next.version - 1) return false;
      kept.rows.set(next.id, next);
      return true;
    },
    sample: async (sample) => void kept.samples.push(sample),
    samples: async (of, since) => kept.samples.filter((one) => one.of === of && one.at >= since),
  },
});

/** What others said on our bus. */
function noted(): Pick<BookPorts, "signals"> {
  const notes: ChangeNote[] = [];
  return {
    signals: {
      read: async (service, since) => ({ alarms: [], changes: notes.filter((note) => note.service === service && note.at >= since) }),
      alarm: async () => {},
      change: async (note) => void notes.push(note),
    },
  };
}

/** Runs and what they say: in the store, as the runner does. */
function running(kept: Kept, now: () => EpochMs): Pick<BookPorts, "runners" | "shelf"> {
  const began = new Map<string, EpochMs>();
  const over = (run: string): boolean => now() - (began.get(run) ?? now()) >= RUN_TAKES;
  const ended = (run: string): RunEnd | undefined => {
    const job = kept.jobs.get(run);
    return job === undefined || kept.dead.has(run) || !over(run) ? undefined : kept.ends[job.do];
  };
  return {
    runners: {
      start: async (job) => {
        if (!kept.jobs.has(job.run)) {
          kept.jobs.set(job.run, job);
          began.set(job.run, now());
        }
        return { task: job.run, state: "starting" };
      },
      look: async (task) => {
        if (!kept.jobs.has(task)) throw new PortError("not-found", "ecs:DescribeTasks", task, "no such task");
        const isOver = kept.stopped.has(task) || (over(task) && (kept.dead.has(task) || ended(task) !== undefined));
        return isOver ? { task, state: "stopped", exitCode: kept.dead.has(task) ? 137 : 0 } : { task, state: "running" };
      },
      stop: async (task) => void kept.stopped.add(task),
    },
    shelf: {
      list: async (of) => kept.shelved.filter((one) => one.of === of),
      report: async (of, run): Promise<RunReport | undefined> => {
        const job = kept.jobs.get(run);
        if (job === undefined || job.of !== of) return undefined;
        const end = ended(run);
        return {
          run,
          of,
          ...(job.backup === undefined ? {} : { backup: backupId(job.backup) }),
          phase: end === undefined ? "restoring" : "ended",
          at: now(),
          ...(end === undefined ? {} : { ended: end }),
        };
      },
      clock: async () => now(),
    },
  };
}

const pruning = (kept: Kept): Pick<BookPorts, "backupPruning"> => ({
  backupPruning: {
    record: async ({ remove }) => void kept.pruned.push(...remove.map(({ id }) => `plan ${id}`)),
    remove: async ({ id }) => {
      kept.pruned.push(`remove ${id}`);
      const at = kept.shelved.findIndex((one) => one.id === id);
      if (at >= 0) kept.shelved.splice(at, 1);
      return "removed";
    },
    point: async (_of, pointers) => void kept.pointers.splice(0, kept.pointers.length, ...pointers.map(({ folder, id }) => `${folder}/${id}`)),
    lock: async ({ id }, until) => {
      kept.pruned.push(`lock ${id} until ${sayDate(until)}`);
      const at = kept.shelved.findIndex((one) => one.id === id);
      const one = kept.shelved[at];
      if (one !== undefined) kept.shelved[at] = { ...one, lockedUntil: epochMs(Math.max(until, one.lockedUntil ?? 0)) };
      return "locked";
    },
    clear: async (of, { olderThan, spare, atMost }) => {
      const old = kept.leftovers.filter((one) => one.of === of && one.at < olderThan && !spare.includes(one.id)).slice(0, atMost);
      for (const one of old) kept.leftovers.splice(kept.leftovers.indexOf(one), 1);
      return old.length;
    },
  },
});

const around = (kept: Kept, now: () => EpochMs): Pick<BookPorts, "recoveryGauges" | "outbox" | "deliveries" | "plans" | "watches" | "services"> => ({
  // Nobody deploys here; what is not asked fails loudly.
  services: { describe: async () => [] } as unknown as World["services"],
  recoveryGauges: { publish: async (of, _at, figures) => void kept.figures.push(`${of} ${JSON.stringify(figures)}`) },
  outbox: { nudge: async (_channel, incident, occasion) => void (occasion.startsWith("progress/") ? kept.shown : kept.posted).push(incident) },
  deliveries: { all: async () => [], begin: async () => true, settle: async () => {} },
  plans: { keep: async (plan) => void kept.storedPlans.set(plan.id, plan), find: async (id) => kept.storedPlans.get(id) },
  watches: {
    find: async () => undefined,
    replace: async () => true,
    all: async () =>
      kept.deployments
        .filter(({ until }) => until > now())
        .map(({ service }) => ({
          group: service,
          key: service,
          members: { [service]: ecsDeploymentId("ecs-svc/1") },
          openedAt: now(),
          state: "watching",
          ours: [],
          tailUntil: now(),
          verdict: undefined,
        })),
  },
});

/** The same world, whose nth call is the last of its machine. */
function mortal<W extends object>(world: W, dies: { readonly at: number; readonly when: "before" | "after" }, count: () => number): W {
  const port = (target: object): object =>
    new Proxy(target, {
      get: (it, name) => {
        const method: unknown = Reflect.get(it, name);
        if (typeof method !== "function") return method;
        return (...said: unknown[]) => {
          if (name === "now") return method.apply(it, said);
          const n = count();
          if (n === dies.at && dies.when === "before") return Promise.reject(new Died(`before ${String(name)}`));
          const answer: unknown = method.apply(it, said);
          return n === dies.at ? Promise.resolve(answer).then(() => Promise.reject(new Died(`after ${String(name)}`))) : answer;
        };
      },
    });
  // A proxy of every port, by the same names: what it is made of has the ports' types.
  return new Proxy(world, {
    get: (it, name) => {
      const found: unknown = Reflect.get(it, name);
      return typeof found === "object" && found !== null ? port(found) : found;
    },
  });
}

/** Keeps each finished effect under its name, as the durable service does: another machine goes on where the first one died. */
function lasting(clock: { at: EpochMs }): Checkpoints {
  const done = new Map<string, unknown>();
  const keep = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    if (!done.has(name)) done.set(name, structuredClone(await work()));
    return done.get(name) as T; // What `work` returned under this very name.
  };
  return {
    once: keep,
    poll: (name, start, look, next) =>
      keep(name, async () => {
        let state = start;
        for (let looks = 1; ; looks++) {
          state = await look(state);
          const wait = next(state, looks);
          if (wait === "stop") return state;
          clock.at = epochMs(clock.at + wait);
        }
      }),
    awaitWord: (name, submit, timeout) =>
      keep(name, async () => {
        await submit("callback-1");
        clock.at = epochMs(clock.at + timeout);
      }),
  };
}
