import { type EpochMs, ms } from "@nightshift/model";
import type { Kernel } from "../kernel.ts";
import { bucketEdges, type MetricName, type MetricStore, type Stat } from "../services/cloudwatch/metricStore.ts";
import { isUp } from "../services/ecs/account.ts";
import type { ServiceRecord, TaskRecord } from "../services/ecs/records.ts";
import type { LoadBalancing, TargetGroup } from "../services/elbv2/loadBalancing.ts";
import { healthy } from "../world/behaviours/healthy.ts";
import type { Moment, Serving } from "../world/behaviour.ts";
import { binomial, gaussian, hash32, poisson, type Random, streamOf } from "../world/chance.ts";
import type { Dependencies } from "./dependencies.ts";
import type { LatencyShapes } from "./latency.ts";
import type { Load } from "./load.ts";
import type { Truth } from "./truth.ts";

/** What the engines of all services share. */
export interface Engine {
  readonly kernel: Kernel;
  readonly store: MetricStore;
  readonly balancing: LoadBalancing;
  /** Writes to the task's own log. */
  readonly log: (task: TaskRecord, lines: readonly string[]) => void;
  readonly dependencies: Dependencies;
  readonly shapes: LatencyShapes;
  readonly truth: Truth;
}

/** One service behind a load balancer. */
export interface ServedService {
  readonly service: ServiceRecord;
  readonly group: TargetGroup;
  readonly load: Load;
  readonly base: Serving;
  readonly dependsOn: readonly string[];
  /** The health endpoint asks the dependencies too. */
  readonly deepHealth: boolean;
  /** Requests a minute one task can answer; beyond that the rest fail. Infinity: no limit. */
  readonly capacityPerTask: number;
}

interface Bucket {
  requests: number;
  ok: number;
  target5xx: number;
  elb5xx: number;
  seconds: number;
  histogram: Float64Array;
}
const emptyBucket = (): Bucket => ({ requests: 0, ok: 0, target5xx: 0, elb5xx: 0, seconds: 0, histogram: new Float64Array(bucketEdges.length) });

/** How often requests are drawn. */
export const TICK = ms(10_000);
const FALLBACK = healthy();

/** Requests to one service, drawn ten seconds at a time and published by the minute. */
export class RequestStream {
  readonly served: ServedService;
  private readonly engine: Engine;
  private readonly random: Random;
  private bucket = emptyBucket();

  constructor(engine: Engine, served: ServedService) {
    this.engine = engine;
    this.served = served;
    this.random = engine.kernel.random(`traffic/${served.service.name}`);
    this.rememberPast();
  }

  /** Draws the requests of the ten seconds that end now. */
  tick(minute: EpochMs): void {
    const { served, random } = this;
    const now = this.engine.kernel.clock.now();
    const perMinute = served.load.at(now);
    const requests = poisson(perMinute / 6, random);
    const tasks = this.receivers();
    if (tasks.length === 0) {
      // Nobody to choose: 503 from the load balancer, and no RequestCount, which counts requests that found a target (RequestCount in load-balancer-cloudwatch-metrics.html, read 2026-11-21).
      this.bucket.elb5xx += requests;
      this.engine.truth.add(served.service.name, minute, { digest: "none", requests, errors: requests });
      return;
    }
    const first = Math.floor(random() * tasks.length);
    tasks.forEach((task, i) => {
      const extra = (i + first) % tasks.length < requests % tasks.length ? 1 : 0;
      this.serve(task, { count: Math.floor(requests / tasks.length) + extra, load: perMinute / tasks.length, minute });
    });
  }

  /** Publishes the minute that ended: sixty-second points, a count that is zero has no point ("Reporting criteria", load-balancer-cloudwatch-metrics.html, read 2026-11-21). */
  publish(minute: EpochMs, visibleAt: EpochMs): void {
    const { bucket } = this;
    this.bucket = emptyBucket();
    const { group } = this.served;
    const both = { LoadBalancer: group.loadBalancerDimension, TargetGroup: group.dimension };
    const balancer = { LoadBalancer: group.loadBalancerDimension };
    const put = (name: string, stat: Stat, dimensions: Readonly<Record<string, string>>): void =>
      this.engine.store.publish(elb(name, dimensions), minute, stat, visibleAt);
    for (const dimensions of [both, balancer]) {
      if (bucket.requests > 0) put("RequestCount", ones(bucket.requests), dimensions);
      if (bucket.ok > 0) put("HTTPCode_Target_2XX_Count", ones(bucket.ok), dimensions);
      if (bucket.target5xx > 0) put("HTTPCode_Target_5XX_Count", ones(bucket.target5xx), dimensions);
      if (bucket.ok + bucket.target5xx > 0)
        put("TargetResponseTime", { count: bucket.ok + bucket.target5xx, sum: bucket.seconds, min: 0.001, max: 60, histogram: bucket.histogram }, dimensions);
    }
    if (bucket.elb5xx > 0) put("HTTPCode_ELB_5XX_Count", ones(bucket.elb5xx), balancer);
    const states = this.engine.balancing.targets(group.arn).map((target) => target.state);
    if (states.length === 0) return;
    put("HealthyHostCount", level(states.filter((state) => state === "healthy").length), both);
    put("UnHealthyHostCount", level(states.filter((state) => state === "unhealthy").length), both);
  }

  /** The tasks requests go to now. */
  receivers(): readonly TaskRecord[] {
    const ips = new Set(this.engine.balancing.receivers(this.served.group.arn).map((target) => target.id));
    return this.served.service.tasks.filter((task) => task.status !== "STOPPED" && ips.has(task.ip));
  }

  /** How a task answers now, its dependencies included. */
  answers(task: TaskRecord, load: number, path?: string): Serving & { readonly timeouts: number } {
    const now = this.engine.kernel.clock.now();
    const at: Moment = { now, sinceStart: ms(now - (task.startedAt ?? now)), load, base: this.served.base };
    const behaviour = task.behaviour ?? FALLBACK;
    const own = behaviour.serve(at);
    const errorShare = path === undefined ? own.errorShare : (behaviour.path?.(path, at) ?? own.errorShare);
    const suffering = this.engine.dependencies.suffering(this.served.dependsOn);
    const overload = Math.max(1, load / this.served.capacityPerTask);
    const failing = 1 - ((1 - errorShare) * (1 - suffering.errorShare)) / overload;
    const slower = suffering.slower * Math.min(20, overload ** 2);
    return {
      errorShare: Math.min(1, failing),
      p50: own.p50 * slower,
      p99: own.p99 * slower,
      timeouts: failing <= 0 ? 0 : (suffering.errorShare * suffering.timeouts) / failing,
    };
  }

  /** Whether the task's health endpoint fails now. */
  failsHealth(task: TaskRecord): boolean {
    const now = this.engine.kernel.clock.now();
    if (this.served.deepHealth && this.engine.dependencies.suffering(this.served.dependsOn).errorShare >= 0.5) return true;
    return task.behaviour?.healthy?.({ now, sinceStart: ms(now - (task.startedAt ?? now)), load: 0, base: this.served.base }) === false;
  }

  private serve(task: TaskRecord, share: { readonly count: number; readonly load: number; readonly minute: EpochMs }): void {
    const { random, bucket, engine } = this;
    const up = isUp(task);
    const answers = up ? this.answers(task, share.load) : { errorShare: 1, p50: 1, p99: 2, timeouts: 1 };
    const errors = binomial(share.count, answers.errorShare, random);
    const fromBalancer = binomial(errors, answers.timeouts, random);
    const answered = share.count - fromBalancer;
    bucket.requests += share.count;
    bucket.ok += share.count - errors;
    bucket.target5xx += errors - fromBalancer;
    bucket.elb5xx += fromBalancer;
    const shape = engine.shapes.of(answers.p50 * (1 + 0.04 * gaussian(random)), answers.p99);
    bucket.seconds += answered * shape.meanSeconds;
    shape.shares.forEach((part, i) => {
      bucket.histogram[i] = (bucket.histogram[i] ?? 0) + part * answered;
    });
    engine.truth.add(this.served.service.name, share.minute, { digest: task.digests[0] ?? "none", requests: share.count, errors });
    if (up && errors > 0)
      engine.log(
        task,
        Array.from({ length: Math.min(3, errors) }, () => `ERROR ${task.behaviour?.complaint ?? "upstream request failed"}`),
      );
  }

  /** The time before the world: the same curve and base, made up minute by minute when somebody asks. */
  private rememberPast(): void {
    const { served, engine } = this;
    const seed = Math.floor(this.random() * 2 ** 32);
    const { group, base } = served;
    const balancer = { LoadBalancer: group.loadBalancerDimension };
    const both = { ...balancer, TargetGroup: group.dimension };
    const shape = engine.shapes.of(base.p50, base.p99);
    const draw = (minute: EpochMs): { readonly requests: number; readonly errors: number } => {
      const random = streamOf(seed ^ hash32(String(minute)));
      const requests = poisson(served.load.at(minute), random);
      return { requests, errors: binomial(requests, base.errorShare, random) };
    };
    for (const dimensions of [both, balancer]) {
      engine.store.remember(elb("RequestCount", dimensions), (minute) => some(draw(minute).requests));
      engine.store.remember(elb("HTTPCode_Target_2XX_Count", dimensions), (minute) => {
        const drawn = draw(minute);
        return some(drawn.requests - drawn.errors);
      });
      engine.store.remember(elb("HTTPCode_Target_5XX_Count", dimensions), (minute) => some(draw(minute).errors));
      engine.store.remember(elb("TargetResponseTime", dimensions), (minute) => {
        const { requests } = draw(minute);
        return requests === 0
          ? undefined
          : { count: requests, sum: requests * shape.meanSeconds, min: 0.001, max: 60, histogram: shape.shares.map((part) => part * requests) };
      });
    }
    engine.store.remember(elb("HealthyHostCount", both), () => level(served.service.desired));
    engine.store.remember(elb("UnHealthyHostCount", both), () => level(0));
  }
}

const elb = (name: string, dimensions: Readonly<Record<string, string>>): MetricName => ({ namespace: "AWS/ApplicationELB", name, dimensions });
const ones = (count: number): Stat => ({ count, sum: count, min: 1, max: 1 });
const some = (count: number): Stat | undefined => (count === 0 ? undefined : ones(count));
const level = (value: number): Stat => ({ count: 1, sum: value, min: value, max: value });
