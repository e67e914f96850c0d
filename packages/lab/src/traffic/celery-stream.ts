import { type EpochMs, type Ms, ms } from "@nightshift/model";
import type { CeleryFleet } from "../celery/fleet.ts";
import { single } from "../services/cloudwatch/metricStore.ts";
import type { ServiceRecord, TaskRecord } from "../services/ecs/records.ts";
import { binomial, gaussian, poisson, type Random } from "../world/chance.ts";
import { JOBS, total } from "./jobs.ts";
import type { Load } from "./load.ts";
import { type Engine, TICK } from "./requests.ts";

/** How long tasks take: the median, and how far they spread around it (a log-normal's sigma; 0: all alike). */
export interface TaskLength {
  readonly median: Ms;
  readonly spread?: number;
}

/** A service whose workers run Celery, and the tasks that arrive for it. */
export interface CeleryService {
  readonly service: ServiceRecord;
  readonly fleet: CeleryFleet;
  /** Where tasks arrive by themselves. */
  readonly queue: string;
  readonly load: Load;
  readonly takes: TaskLength;
}

/** One length from a spread. */
export const drawLength = ({ median, spread = 0 }: TaskLength, random: Random): Ms =>
  ms(Math.max(1, Math.round(spread === 0 ? median : median * Math.exp(spread * gaussian(random)))));

/** The tasks of one Celery service: they arrive one by one, workers take them from the broker. */
export class CeleryStream {
  readonly working: CeleryService;
  private readonly engine: Engine;
  private readonly random: Random;
  private processed = 0;
  private failed = 0;
  private busy = 0;
  private looks = 0;

  constructor(engine: Engine, working: CeleryService) {
    this.engine = engine;
    this.working = working;
    this.random = engine.kernel.random(`celery/${working.service.name}`);
  }

  /** Sets the arrivals of the ten seconds that begin now. */
  tick(): void {
    const { working, random, engine } = this;
    const now = engine.kernel.clock.now();
    const arriving = poisson((working.load.at(now) * TICK) / 60_000, random);
    for (let i = 0; i < arriving; i += 1) {
      engine.kernel.clock.in(ms(Math.floor(random() * TICK)), () => {
        working.fleet.broker.publish({ queue: working.queue, takes: drawLength(working.takes, random) });
      });
    }
    const { all, busy } = working.fleet.slots;
    this.looks += 1;
    this.busy += all === 0 ? 0 : busy / all;
  }

  /** A task ended on a worker: it failed if the code there fails. */
  finished(task: TaskRecord | undefined): void {
    if (task === undefined) return;
    const { engine, working } = this;
    const now = engine.kernel.clock.now();
    const base = { errorShare: 0.001, p50: 45, p99: 320 };
    const at = { now, sinceStart: ms(now - (task.startedAt ?? now)), load: 0, base };
    const errors = binomial(1, task.behaviour?.jobFailures?.(at) ?? base.errorShare, this.random);
    this.processed += 1;
    this.failed += errors;
    const minute = (Math.floor(now / 60_000) * 60_000) as EpochMs; // A whole minute is a moment.
    engine.truth.add(working.service.name, minute, { digest: task.digests[0] ?? "none", requests: 1, errors });
    if (errors > 0) engine.log(task, [`ERROR ${task.behaviour?.complaint ?? "job failed"}`]);
  }

  /** The application's own counts, and the service's CPU: as busy as its slots ("Amazon ECS CloudWatch metrics", docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html, read 2026-11-21). */
  publish(minute: EpochMs, visibleAt: EpochMs): void {
    const { store } = this.engine;
    const { service } = this.working;
    const mine = { Service: service.name };
    if (this.processed > 0) store.publish({ namespace: JOBS.namespace, name: JOBS.processed, dimensions: mine }, minute, total(this.processed), visibleAt);
    if (this.failed > 0) store.publish({ namespace: JOBS.namespace, name: JOBS.failed, dimensions: mine }, minute, total(this.failed), visibleAt);
    const cpu = this.looks === 0 ? 0 : (100 * this.busy) / this.looks;
    store.publish(
      { namespace: "AWS/ECS", name: "CPUUtilization", dimensions: { ClusterName: service.cluster, ServiceName: service.name } },
      minute,
      single(cpu),
      visibleAt,
    );
    this.processed = 0;
    this.failed = 0;
    this.busy = 0;
    this.looks = 0;
  }
}
