import {
  type BrokerReading,
  type EpochMs,
  epochMs,
  type Figure,
  type FleetState,
  type FleetTask,
  minutes,
  type QueueReading,
  type ScalingObservation,
  type ScalingState,
  type ScalingVerdict,
  seconds,
  type ServiceName,
  type WorkerReading,
  type WorkerSettings,
} from "@nightshift/model";
import { decideScaling, firstScalingState } from "./decide-scaling.ts";

/** Noon of a Monday, UTC. */
export const NOON = epochMs(1_773_662_400_000);

/** A usual worker service: four slots, a minute's promise, 1 to 20 workers. */
export const usual: WorkerSettings = {
  product: "shop",
  service: "worker" as ServiceName, // A literal in a fixture.
  cluster: "prod",
  group: "worker",
  mode: "auto",
  broker: { kind: "redis", secret: "BrokerUrl", keyPrefix: "", prioritySteps: [0, 3, 6, 9], separator: "\u0006\u0016", visibilityTimeout: minutes(60) },
  queues: [{ name: "celery", wait: seconds(60) }],
  concurrency: 4,
  prefetch: 1,
  acksLate: true,
  control: "celery",
  min: 1,
  max: 20,
  maxStep: 10,
  maxChangesPerHour: 40,
  startTime: seconds(60),
  inCoolDown: seconds(60),
  idleBeforeZero: minutes(3),
  drainAtMost: minutes(30),
  backlogAbove: undefined,
  utilisation: [],
  expected: [],
  spot: undefined,
  stopTimeout: seconds(120),
};

/** What a look sees, in the words of a test. */
export interface Seen {
  readonly waiting?: number;
  readonly reserved?: number;
  readonly running?: number;
  readonly arrived?: number;
  readonly finished?: number;
  readonly oldest?: number;
  readonly due?: QueueReading["due"];
  readonly desired?: number;
  /** Running tasks; as many as desired when left out. */
  readonly ready?: number;
  /** Active tasks of each worker that was heard; undefined: nobody listened. */
  readonly heard?: readonly number[];
  readonly tasks?: readonly FleetTask[];
  readonly stopped?: FleetState["stopped"];
  readonly listed?: FleetState["listed"];
  readonly followed?: FleetState["followed"];
  readonly drained?: readonly WorkerReading[];
  readonly deploying?: string;
  readonly doubts?: readonly string[];
  readonly epoch?: string;
  readonly counters?: boolean;
  readonly broker?: BrokerReading;
  readonly more?: Partial<ScalingObservation>;
}

/** The worker with this number. */
export const worker = (n: number, at: EpochMs, said: Partial<WorkerReading> = {}): WorkerReading => ({
  name: `celery@ip-10-0-0-${n}.ec2.internal`,
  ip: `10.0.0.${n}`,
  at,
  active: 0,
  reserved: undefined,
  scheduled: undefined,
  processed: undefined,
  slots: 4,
  queues: undefined,
  ...said,
});

/** A worker that was asked and holds nothing. */
export const emptyWorker = (n: number, at: EpochMs): WorkerReading => worker(n, at, { reserved: 0, scheduled: 0 });

/** The ECS task of the worker with this number. */
export const task = (n: number, is: Partial<FleetTask> = {}): FleetTask => ({
  arn: `arn:task/${n}`,
  ip: `10.0.0.${n}`,
  createdAt: epochMs(NOON - 3_600_000 + n * 1_000),
  startedAt: epochMs(NOON - 3_500_000),
  status: "running",
  spot: false,
  protectedUntil: undefined,
  ...is,
});

/** Tasks 1 to n. */
export const tasks = (n: number): readonly FleetTask[] => Array.from({ length: n }, (_, i) => task(i + 1));

/** One look. */
export function look(at: EpochMs, seen: Seen = {}): ScalingObservation {
  const figure = (value: number): Figure => ({ value, at, confidence: 1, how: "counted" });
  const desired = seen.desired ?? 1;
  const counted = seen.counters !== false;
  const broker: BrokerReading = seen.broker ?? {
    kind: "seen",
    at,
    broker: "redis",
    queues: [
      {
        queue: "celery",
        waiting: figure(seen.waiting ?? 0),
        reserved: figure(seen.reserved ?? 0),
        running: figure(seen.running ?? 0),
        dueLater: figure(0),
        due: seen.due ?? [],
        oldest: seen.oldest === undefined ? undefined : figure(seen.oldest),
        byPriority: [],
        arrived: counted ? figure(seen.arrived ?? 0) : undefined,
        finished: counted ? figure(seen.finished ?? 0) : undefined,
      },
    ],
    counters: counted ? { at, epoch: seen.epoch ?? "one", arrived: undefined, delivered: undefined, finished: undefined } : undefined,
    workers: seen.heard?.map((active, i) => worker(i + 1, at, { active })),
    doubts: seen.doubts ?? [],
  };
  return {
    at,
    broker,
    fleet: {
      ok: true,
      value: {
        ref: { cluster: "prod", service: usual.service },
        at,
        desired,
        running: seen.ready ?? desired,
        pending: Math.max(0, desired - (seen.ready ?? desired)),
        deploying: seen.deploying,
        tasks: seen.tasks,
        ...(seen.stopped === undefined ? {} : { stopped: seen.stopped }),
        ...(seen.listed === undefined ? {} : { listed: seen.listed }),
        ...(seen.followed === undefined ? {} : { followed: seen.followed }),
      },
    },
    drained: seen.drained,
    cpu: undefined,
    memory: undefined,
    held: undefined,
    rollback: undefined,
    rival: undefined,
    order: undefined,
    ...seen.more,
  };
}

/** Looks at a service again and again, each verdict carried out as far as remembering goes. */
export class Watch {
  state: ScalingState;
  at: EpochMs;
  last: ScalingVerdict | undefined;
  readonly settings: WorkerSettings;

  constructor(settings: Partial<WorkerSettings> = {}, at: EpochMs = NOON) {
    this.settings = { ...usual, ...settings };
    this.at = at;
    this.state = firstScalingState(at);
  }

  /** One look, so many seconds after the one before. */
  see(seen: Seen | ((at: EpochMs) => Seen), later = 15): ScalingVerdict {
    this.at = epochMs(this.at + later * 1_000);
    const now = typeof seen === "function" ? seen(this.at) : seen;
    const verdict = decideScaling(look(this.at, now), this.state, this.settings);
    this.state = verdict.state;
    this.last = verdict;
    return verdict;
  }
}

/** Three workers of which one would do, seen until two of them were told to leave. */
export function calmThenDrain(settings: Partial<WorkerSettings> = {}): Watch {
  const watch = new Watch(settings);
  for (let i = 1; i < 30 && watch.last?.kind !== "drain"; i += 1)
    watch.see({ running: 1, desired: 3, heard: [1, 0, 0], tasks: tasks(3), arrived: i, finished: i });
  return watch;
}
