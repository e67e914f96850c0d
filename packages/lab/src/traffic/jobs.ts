import { type EpochMs, ms } from "@nightshift/model";
import { single, type Stat } from "../services/cloudwatch/metricStore.ts";
import { isUp } from "../services/ecs/account.ts";
import type { ServiceRecord } from "../services/ecs/records.ts";
import type { Serving } from "../world/behaviour.ts";
import { binomial, hash32, poisson, type Random, streamOf } from "../world/chance.ts";
import type { Load } from "./load.ts";
import type { Engine } from "./requests.ts";

/** A service without a load balancer: it takes jobs from a queue. */
export interface WorkingService {
  readonly service: ServiceRecord;
  readonly queue: string;
  readonly load: Load;
  readonly base: Serving;
  readonly dependsOn: readonly string[];
  /** Jobs a minute one task gets done. */
  readonly jobsPerTask: number;
}

/** Where an application counts its own jobs: the namespace and metrics the lab's workers publish, with the dimension `Service`. */
export const JOBS = { namespace: "App/Jobs", processed: "Processed", failed: "Failed" } as const;

/** The jobs of one worker service. */
export class JobStream {
  readonly working: WorkingService;
  private readonly engine: Engine;
  private readonly random: Random;
  private waiting = 0;
  private processed = 0;
  private failed = 0;

  constructor(engine: Engine, working: WorkingService) {
    this.engine = engine;
    this.working = working;
    this.random = engine.kernel.random(`jobs/${working.service.name}`);
    this.rememberPast();
  }

  tick(minute: EpochMs): void {
    const { working, random, engine } = this;
    const now = engine.kernel.clock.now();
    const perMinute = working.load.at(now);
    this.waiting += poisson(perMinute / 6, random);
    const tasks = working.service.tasks.filter(isUp);
    const suffering = engine.dependencies.suffering(working.dependsOn);
    let left = Math.min(this.waiting, Math.floor((working.jobsPerTask * tasks.length) / 6));
    this.waiting -= left;
    tasks.forEach((task, i) => {
      const share = Math.ceil(left / (tasks.length - i));
      left -= share;
      const at = { now, sinceStart: ms(now - (task.startedAt ?? now)), load: perMinute / tasks.length, base: working.base };
      const own = task.behaviour?.jobFailures?.(at) ?? working.base.errorShare;
      const errors = binomial(share, 1 - (1 - own) * (1 - suffering.errorShare), random);
      this.processed += share;
      this.failed += errors;
      engine.truth.add(working.service.name, minute, { digest: task.digests[0] ?? "none", requests: share, errors });
      if (errors > 0)
        engine.log(
          task,
          Array.from({ length: Math.min(3, errors) }, () => `ERROR ${task.behaviour?.complaint ?? "job failed"}`),
        );
    });
  }

  /** The queue as SQS reports it ("Available CloudWatch metrics for Amazon SQS", docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html, read 2026-11-21), and the application's own counts. */
  publish(minute: EpochMs, visibleAt: EpochMs): void {
    const { store } = this.engine;
    const perSecond = this.working.load.at(minute) / 60;
    const queue = { QueueName: this.working.queue };
    const mine = { Service: this.working.service.name };
    store.publish({ namespace: "AWS/SQS", name: "ApproximateNumberOfMessagesVisible", dimensions: queue }, minute, single(this.waiting), visibleAt);
    store.publish(
      { namespace: "AWS/SQS", name: "ApproximateAgeOfOldestMessage", dimensions: queue },
      minute,
      single(perSecond === 0 ? 0 : Math.round(this.waiting / perSecond)),
      visibleAt,
    );
    if (this.processed > 0) store.publish({ namespace: JOBS.namespace, name: JOBS.processed, dimensions: mine }, minute, total(this.processed), visibleAt);
    if (this.failed > 0) store.publish({ namespace: JOBS.namespace, name: JOBS.failed, dimensions: mine }, minute, total(this.failed), visibleAt);
    this.processed = 0;
    this.failed = 0;
  }

  private rememberPast(): void {
    const { working, engine } = this;
    const seed = Math.floor(this.random() * 2 ** 32);
    const queue = { QueueName: working.queue };
    const mine = { Service: working.service.name };
    const draw = (minute: EpochMs) => {
      const random = streamOf(seed ^ hash32(String(minute)));
      const processed = poisson(working.load.at(minute), random);
      return { processed, failed: binomial(processed, working.base.errorShare, random) };
    };
    engine.store.remember({ namespace: "AWS/SQS", name: "ApproximateNumberOfMessagesVisible", dimensions: queue }, () => single(0));
    engine.store.remember({ namespace: "AWS/SQS", name: "ApproximateAgeOfOldestMessage", dimensions: queue }, () => single(0));
    engine.store.remember({ namespace: JOBS.namespace, name: JOBS.processed, dimensions: mine }, (minute) => some(draw(minute).processed));
    engine.store.remember({ namespace: JOBS.namespace, name: JOBS.failed, dimensions: mine }, (minute) => some(draw(minute).failed));
  }
}

/** One point that counts so many. */
export const total = (sum: number): Stat => ({ count: 1, sum, min: sum, max: sum });
const some = (sum: number): Stat | undefined => (sum === 0 ? undefined : total(sum));
