import { whatToRead } from "@nightshift/decide/scaling/what-to-read";
import {
  type BrokerReading,
  type DueTasks,
  type EpochMs,
  epochMs,
  type Figure,
  type FleetState,
  type ScalingObservation,
  type ScalingState,
  type WorkerReading,
  type WorkerSettings,
} from "@nightshift/model";
import type { FlowAccount, SeenWorker } from "../policy.ts";

/** When a run begins, on the decision's clock: a Monday at midnight. */
export const start: EpochMs = epochMs(Date.UTC(2026, 0, 5));

const arnOf = (id: number): string => `arn:aws:ecs:eu-west-1:123456789012:task/flow/${id}`;
const ipOf = (id: number): string => `10.${id >> 16}.${(id >> 8) & 255}.${id & 255}`;
const nameOf = (id: number): string => `celery@ip-${ipOf(id).replaceAll(".", "-")}`;

/** The worker behind a task's ARN or a Celery node name. */
export function idOf(text: string): number {
  const [, a, b, c] = /^celery@ip-10-(\d+)-(\d+)-(\d+)$/.exec(text) ?? [];
  if (a === undefined) return Number(text.slice(text.lastIndexOf("/") + 1));
  return (Number(a) << 16) | (Number(b) << 8) | Number(c);
}

/** What the scaler would have seen: counts as a probe of a dedicated Redis gives them; tasks, heartbeats and drained workers' answers only where it reads them. */
export function observe(account: FlowAccount, state: ScalingState, settings: WorkerSettings): ScalingObservation {
  const at = epochMs(start + account.now);
  const wants = whatToRead(state, at, settings);
  const asked = new Set(wants.drained.map(idOf));
  return {
    at,
    broker: readBroker(account, { at, heartbeats: wants.heartbeats, settings }),
    fleet: { ok: true, value: { ...readCounts(account, at, settings), ...(wants.tasks ? readTasks(account, state.lowering !== undefined) : {}) } },
    drained:
      asked.size === 0
        ? undefined
        : account
            .workers()
            .filter(({ id, state: now }) => asked.has(id) && now === "running")
            .map((worker) => readWorker(worker, at, settings)),
    cpu: undefined,
    memory: undefined,
    held: undefined,
    rollback: undefined,
    rival: undefined,
    order: undefined,
  };
}

interface Probing {
  readonly at: EpochMs;
  readonly heartbeats: boolean;
  readonly settings: WorkerSettings;
}

function readBroker(account: FlowAccount, { at, heartbeats, settings }: Probing): BrokerReading {
  const counted = (value: number): Figure => ({ value, at, confidence: 1, how: "counted by the simulator" });
  const due: readonly DueTasks[] = account.dueLater === 0 ? [] : account.dueRows(60).map((row) => ({ at: epochMs(start + row.at), tasks: row.tasks }));
  const [queue] = settings.queues;
  return {
    kind: "seen",
    at,
    broker: settings.broker.kind,
    queues: [
      {
        queue: queue?.name ?? "celery",
        waiting: counted(account.waiting),
        reserved: counted(account.reserved),
        // Under early acknowledgement a running task is in no key of the broker.
        running: settings.acksLate ? counted(account.running) : undefined,
        dueLater: counted(account.dueLater),
        due,
        oldest: undefined,
        byPriority: [],
        arrived: counted(account.published),
        finished: settings.acksLate ? counted(account.finished) : undefined,
      },
    ],
    counters: {
      at,
      epoch: "1",
      arrived: account.published,
      delivered: account.delivered,
      finished: settings.acksLate ? account.finished : account.delivered - account.reserved,
    },
    workers:
      heartbeats && settings.control === "celery"
        ? account
            .workers()
            .filter(({ state }) => state === "running")
            .map((worker) => heartbeat(worker, at, settings))
        : undefined,
    doubts: [],
  };
}

const heartbeat = (worker: SeenWorker, at: EpochMs, settings: WorkerSettings): WorkerReading => ({
  name: nameOf(worker.id),
  ip: ipOf(worker.id),
  at,
  active: worker.active,
  reserved: undefined,
  scheduled: undefined,
  processed: worker.processed,
  slots: settings.concurrency,
  queues: undefined,
});

const readWorker = (worker: SeenWorker, at: EpochMs, settings: WorkerSettings): WorkerReading => ({
  ...heartbeat(worker, at, settings),
  reserved: worker.reserved,
  scheduled: 0,
  queues: worker.consuming ? settings.queues.map(({ name }) => name) : [],
});

const readCounts = (account: FlowAccount, at: EpochMs, settings: WorkerSettings): FleetState => ({
  ref: { cluster: settings.cluster, service: settings.service },
  at,
  desired: account.desired,
  running: account.ready,
  pending: account.starting,
  deploying: undefined,
  tasks: undefined,
});

/** Protection is not among it: the scaler does not ask for it. */
const readTasks = (account: FlowAccount, stopped: boolean): Pick<FleetState, "tasks" | "stopped"> => ({
  tasks: account.workers().map((worker) => ({
    arn: arnOf(worker.id),
    ip: ipOf(worker.id),
    createdAt: epochMs(start + worker.createdAt),
    startedAt: worker.state === "starting" ? undefined : epochMs(start + worker.readyAt),
    status: worker.state,
    spot: worker.spot,
    protectedUntil: undefined,
  })),
  ...(stopped
    ? {
        stopped: account.ended(20).map(({ id, at: ended }) => ({
          arn: arnOf(id),
          at: epochMs(start + ended),
          code: "ServiceSchedulerInitiated",
          reason: "Scaling activity initiated by the service scheduler",
        })),
      }
    : {}),
});
