import { foldIncident } from "@nightshift/decide/incidents/fold";
import { usual } from "@nightshift/decide/scaling/scaling.fixture";
import {
  type BrokerReading,
  type EpochMs,
  epochMs,
  type Figure,
  type FleetState,
  type FleetTask,
  minutes,
  type ScalingFigures,
  type ScalingTick,
  seconds,
  serviceName,
  type WorkerReading,
  type WorkerSettings,
} from "@nightshift/model";
import { settingsFor } from "@nightshift/decide/fixtures";
import { PortError } from "@nightshift/ports";
import { withLedger } from "./ledger.ts";
import { scale } from "../../functions/scaler/entry.ts";
import type { ScalerWorld } from "../../functions/scaler/settings.ts";

/** 2026-11-21T03:00:00Z. */
export const THREE = epochMs(1_795_230_000_000);
const CELERY = "celery";

/** One ECS task with the Celery worker in it. */
interface Hand {
  readonly arn: string;
  readonly ip: string;
  readonly createdAt: EpochMs;
  readonly readyAt: EpochMs;
  protectedUntil: EpochMs | undefined;
  consumes: boolean;
  active: number;
}

/** A worker service over one queue, with what the scaler did to it. Tests only. */
export interface Stage {
  now: EpochMs;
  worker: WorkerSettings;
  readonly world: ScalerWorld;
  desired: number;
  hands: Hand[];
  waiting: number;
  /** Undefined: the broker answers. */
  brokerDown: string | undefined;
  deploying: string | undefined;
  rival: string | undefined;
  /** Workers that were stopped by ECS while they worked. */
  readonly killed: string[];
  /** Every effect outside the ledger, in order. */
  readonly effects: string[];
  readonly ticks: (ScalingTick & { readonly wait: number })[];
  readonly published: (ScalingFigures & { readonly desired: number | undefined })[];
  readonly logged: Readonly<Record<string, unknown>>[];
  /** Calls of the world so far. */
  calls: number;
  /** Throws before or after this call, once. */
  dies: { readonly at: number; readonly when: "before" | "after" } | undefined;
  /** Called before a named effect: somebody else's doing in between, or a port that refuses. */
  before: ((effect: string) => void) | undefined;
  /** The minute's look; or the tick that is due then. */
  look(tick?: EpochMs): Promise<void>;
  /** The minute's look over another world. */
  lookOver(world: ScalerWorld): Promise<void>;
  /** The same service after its mode was changed and deployed. */
  inMode(mode: WorkerSettings["mode"], work: (it: Stage) => Promise<void>): Promise<void>;
  /** Looks every 15 s for so long. */
  run(looks: number): Promise<void>;
}

/** Opens a stage with `workers` at work or idle. */
export const stage = (
  over: Partial<WorkerSettings> & { readonly workers?: number; readonly busy?: number },
  work: (it: Stage) => Promise<void>,
): Promise<void> =>
  withLedger(async (ledger) => {
    const { workers = 2, busy = 0, ...settings } = over;
    const name = serviceName("shop-worker");
    const worker: WorkerSettings = { ...usual, service: name, group: "shop", queues: [{ name: CELERY, wait: seconds(60) }], ...settings };
    let made = 0;
    const hand = (at: EpochMs, readyAt: EpochMs): Hand => {
      made += 1;
      return { arn: `task/${made}`, ip: `10.0.0.${made}`, createdAt: at, readyAt, protectedUntil: undefined, consumes: true, active: busy };
    };
    const stopped: NonNullable<FleetState["stopped"]>[number][] = [];
    const ready = (one: Hand) => one.readyAt <= it.now;
    const taskOf = (one: Hand): FleetTask => ({
      arn: one.arn,
      ip: one.ip,
      createdAt: one.createdAt,
      startedAt: ready(one) ? one.readyAt : undefined,
      status: ready(one) ? "running" : "starting",
      spot: false,
      protectedUntil: one.protectedUntil,
    });
    const readingOf = (one: Hand): WorkerReading => ({
      name: nodeOf(one),
      ip: one.ip,
      at: it.now,
      active: one.active,
      reserved: 0,
      scheduled: 0,
      processed: 0,
      slots: worker.concurrency,
      queues: one.consumes ? [CELERY] : [],
    });
    const named = (node: string): Hand => {
      const found = it.hands.find((one) => nodeOf(one) === node);
      if (found === undefined) throw new PortError("unavailable", "celery", node, "it did not answer");
      return found;
    };
    const did = (effect: string) => {
      it.before?.(effect);
      it.effects.push(effect);
    };
    const describe = (): FleetState => ({
      ref: { cluster: worker.cluster, service: name },
      at: it.now,
      desired: it.desired,
      running: it.hands.filter(ready).length,
      pending: it.hands.filter((one) => !ready(one)).length,
      deploying: it.deploying,
      tasks: undefined,
    });
    const figure = (value: number): Figure => ({ value, at: it.now, confidence: 1, how: "counted" });
    const probe = (heartbeats: boolean): BrokerReading =>
      it.brokerDown === undefined
        ? {
            kind: "seen",
            at: it.now,
            broker: "redis",
            queues: [
              {
                queue: CELERY,
                waiting: figure(it.waiting),
                reserved: figure(0),
                running: figure(it.hands.filter(ready).reduce((sum, one) => sum + one.active, 0)),
                dueLater: figure(0),
                due: [],
                oldest: undefined,
                byPriority: [],
                arrived: undefined,
                finished: undefined,
              },
            ],
            counters: undefined,
            workers: heartbeats ? it.hands.filter(ready).map(readingOf) : undefined,
            doubts: [],
          }
        : { kind: "unknown", at: it.now, broker: "redis", because: it.brokerDown };
    /** As ECS scales in: without knowing about work, the oldest that is not protected first. */
    const settle = () => {
      while (it.hands.length > it.desired) {
        const index = it.hands.findIndex((one) => one.protectedUntil === undefined || one.protectedUntil <= it.now);
        const [gone] = index < 0 ? [] : it.hands.splice(index, 1);
        if (gone === undefined) return;
        if (gone.active > 0) it.killed.push(gone.arn);
        stopped.unshift({ arn: gone.arn, at: it.now, code: "ServiceSchedulerInitiated", reason: "Scaling activity initiated by (deployment ecs-svc/1)" });
      }
      while (it.hands.length < it.desired) it.hands.push(hand(it.now, epochMs(it.now + seconds(30))));
    };
    const parts: Partial<ScalerWorld> = {
      ...ledger,
      clock: { now: () => it.now },
      starter: { start: async () => {}, wake: async () => {} },
      queues: { probe: async ({ heartbeats }) => probe(heartbeats) },
      workers: {
        look: async (_, names) => it.hands.filter((one) => ready(one) && (names.length === 0 || names.includes(nodeOf(one)))).map(readingOf),
        stopConsuming: async (_, node) => {
          did(`drain ${node}`);
          named(node).consumes = false;
          return true;
        },
        startConsuming: async (_, node) => {
          did(`undrain ${node}`);
          named(node).consumes = true;
          return true;
        },
      },
      fleets: {
        describe: async () => [describe()],
        tasks: async (_, { arns } = {}) => {
          const asked = (arn: string): boolean => arns === undefined || arns.includes(arn);
          return { live: it.hands.map(taskOf).filter((one) => asked(one.arn)), stopped: stopped.filter((one) => asked(one.arn)) };
        },
        list: async () => it.hands.filter((one) => taskOf(one).status !== "stopping").map((one) => one.arn),
        rival: async () => it.rival,
      },
      scaling: {
        setDesired: async (_, desired) => {
          did(`desired ${desired}`);
          it.desired = desired;
          settle();
        },
        protect: async (_, tasks, length) => {
          did(`protect ${tasks.length}`);
          for (const one of it.hands) if (tasks.includes(one.arn)) one.protectedUntil = epochMs(it.now + length);
        },
        unprotect: async (_, tasks) => {
          did(`unprotect ${tasks.length}`);
          for (const one of it.hands) if (tasks.includes(one.arn)) one.protectedUntil = undefined;
        },
      },
      gauges: { publish: async (_, __, figures) => void it.published.push(figures) },
      ticks: { later: async (tick, wait) => void it.ticks.push({ ...tick, wait }), now: () => Promise.reject(new Error("the scaler does not start itself")) },
    };
    const it: Stage = {
      now: THREE,
      worker,
      world: dying(parts as ScalerWorld, () => it), // What the scaler never calls is missing, so that calling it fails loudly.
      desired: workers,
      hands: Array.from({ length: workers }, (_, n) => hand(epochMs(THREE - minutes(60) + n * 1_000), epochMs(THREE - minutes(59)))),
      waiting: 0,
      brokerDown: undefined,
      deploying: undefined,
      rival: undefined,
      killed: [],
      effects: [],
      ticks: [],
      published: [],
      logged: [],
      calls: 0,
      dies: undefined,
      before: undefined,
      look: (tick) => scale(tick === undefined ? {} : tickOf(name, tick), scaling(it, it.world)),
      lookOver: (world) => scale({}, scaling(it, world)),
      inMode: (mode, next) => {
        it.worker = { ...it.worker, mode };
        return next(it);
      },
      run: async (looks) => {
        for (let n = 0; n < looks; n++) {
          it.now = epochMs(it.now + seconds(15));
          settle();
          await it.look();
        }
      },
    };
    await work(it);
  });

const scaling = (it: Stage, world: ScalerWorld) => ({
  world,
  workers: [it.worker],
  budgets: settingsFor().budgets,
  log: (line: Readonly<Record<string, unknown>>) => it.logged.push(line),
});

/** So long after a moment. */
export const later = (at: EpochMs, length: number): EpochMs => epochMs(at + length);

/** Workers that were told to take no more work, in order. */
export const drained = ({ effects }: Stage): readonly string[] => effects.filter((one) => one.startsWith("drain "));

/** What people were told. */
export const told = async ({ world }: Stage) =>
  (await world.incidents.list(10)).map(foldIncident).map(({ id, group, state, needsPerson, entries }) => ({
    id,
    group,
    state,
    needsPerson,
    lines: entries.filter((one) => one.announce).map((one) => one.text),
  }));

const nodeOf = ({ ip }: Hand): string => `celery@ip-${ip.replaceAll(".", "-")}`;

/** What the dispatcher sends. */
export const tickOf = (service: string, due: EpochMs): unknown => ({ "detail-type": "Nightshift Scaling Tick", detail: { service, due } });

/** The machine dies before or after one call of the world. */
export class Died extends Error {}

function dying(world: ScalerWorld, on: () => Stage): ScalerWorld {
  const wrap = (port: object): object =>
    new Proxy(port, {
      get: (target, method) => {
        const call = Reflect.get(target, method) as unknown; // A proxy's values have no type.
        if (typeof call !== "function") return call;
        return async (...args: readonly unknown[]) => {
          const it = on();
          it.calls += 1;
          const dies = it.dies?.at === it.calls ? it.dies.when : undefined;
          if (dies === "before") throw new Died("the machine died");
          const answer: unknown = await Reflect.apply(call, target, args);
          if (dies === "after") throw new Died("the machine died");
          return answer;
        };
      },
    });
  return new Proxy(world, {
    get: (target, port) => {
      const found = Reflect.get(target, port) as unknown; // As above.
      return port === "clock" || typeof found !== "object" || found === null ? found : wrap(found);
    },
  });
}
