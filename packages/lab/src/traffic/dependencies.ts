import { type EpochMs, ms, type Ms } from "@nightshift/model";
import type { Kernel } from "../kernel.ts";
import { type MetricName, type MetricStore, single } from "../services/cloudwatch/metricStore.ts";
import { gaussian, hash32, type Random, streamOf } from "../world/chance.ts";

/** Something services share: its failure hurts all of them. */
export type DependencySpec =
  | { readonly kind: "rds"; readonly id: string }
  | { readonly kind: "elasticache"; readonly id: string }
  /** A third party: no metric of ours shows it. */
  | { readonly kind: "external"; readonly id: string };

/** How a dependency fails: `from` after now, `for` this long. */
export interface OutageSpec {
  readonly from: Ms;
  readonly for: Ms;
  /** Share of requests of its services that fail (default 0.6), of which `timeouts` (default 0.3) end as the load balancer's own 5xx. */
  readonly errorShare?: number;
  readonly timeouts?: number;
  /** How much slower the rest is (default 6 times). */
  readonly slower?: number;
}

interface Level {
  readonly metric: MetricName;
  readonly usual: number;
  readonly failing: number;
  readonly noise: number;
}
interface Outage {
  readonly from: EpochMs;
  readonly until: EpochMs;
  readonly errorShare: number;
  readonly timeouts: number;
  readonly slower: number;
}

/** What a service feels of its dependencies now. */
export interface Suffering {
  readonly errorShare: number;
  readonly timeouts: number;
  readonly slower: number;
}
const NOTHING: Suffering = { errorShare: 0, timeouts: 0, slower: 1 };

/** The dependencies of the account, their outages and their own metrics. */
export class Dependencies {
  private readonly kernel: Kernel;
  private readonly store: MetricStore;
  private readonly random: Random;
  private readonly levels = new Map<string, readonly Level[]>();
  private readonly outages = new Map<string, Outage[]>();

  constructor(kernel: Kernel, store: MetricStore) {
    this.kernel = kernel;
    this.store = store;
    this.random = kernel.random("dependencies");
  }

  add(name: string, spec: DependencySpec): void {
    const levels = levelsOf(spec);
    this.levels.set(name, levels);
    this.outages.set(name, []);
    const seed = Math.floor(this.random() * 2 ** 32);
    for (const level of levels)
      this.store.remember(level.metric, (minute) => single(level.usual + level.noise * gaussian(streamOf(seed ^ hash32(`${level.metric.name} ${minute}`)))));
  }

  /** @throws {Error} for a dependency nobody added. */
  fail(name: string, outage: OutageSpec): void {
    const outages = this.outages.get(name);
    if (outages === undefined) throw new Error(`The lab's world has no dependency named ${name}`);
    const from = (this.kernel.clock.now() + outage.from) as EpochMs; // A moment plus a length.
    outages.push({
      from,
      until: (from + outage.for) as EpochMs,
      errorShare: outage.errorShare ?? 0.6,
      timeouts: outage.timeouts ?? 0.3,
      slower: outage.slower ?? 6,
    }); // As above.
    this.kernel.clock.in(outage.from, () => this.kernel.record({ kind: "world", what: "outage-began", about: name, detail: { for: outage.for } }));
    this.kernel.clock.in(ms(outage.from + outage.for), () => this.kernel.record({ kind: "world", what: "outage-ended", about: name, detail: {} }));
  }

  /** The worst of the outages the named dependencies have now. What is drawn at a moment happened in the seconds before it, so an outage hurts only after it began. */
  suffering(names: readonly string[]): Suffering {
    const now = this.kernel.clock.now();
    let worst = NOTHING;
    for (const name of names) {
      const outage = this.outages.get(name)?.find((one) => now > one.from && now <= one.until);
      if (outage !== undefined && outage.errorShare > worst.errorShare) worst = outage;
    }
    return worst;
  }

  /** Publishes the dependencies' own metrics for one minute. */
  publish(minute: EpochMs, visibleAt: EpochMs): void {
    for (const [name, levels] of this.levels) {
      const failing = (this.outages.get(name) ?? []).some((one) => one.from < minute + 60_000 && one.until > minute);
      for (const level of levels)
        this.store.publish(level.metric, minute, single(Math.max(0, (failing ? level.failing : level.usual) + level.noise * gaussian(this.random))), visibleAt);
    }
  }
}

/** Names and dimensions of RDS ("Amazon CloudWatch metrics for Amazon RDS", docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html) and ElastiCache ("Metrics for Valkey and Redis OSS", docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html), both read 2026-11-21. */
function levelsOf(spec: DependencySpec): readonly Level[] {
  switch (spec.kind) {
    case "rds": {
      const dimensions = { DBInstanceIdentifier: spec.id };
      return [
        { metric: { namespace: "AWS/RDS", name: "CPUUtilization", dimensions }, usual: 34, failing: 97, noise: 1.5 },
        { metric: { namespace: "AWS/RDS", name: "DatabaseConnections", dimensions }, usual: 42, failing: 188, noise: 2 },
      ];
    }
    case "elasticache": {
      const dimensions = { CacheClusterId: spec.id };
      return [
        { metric: { namespace: "AWS/ElastiCache", name: "EngineCPUUtilization", dimensions }, usual: 12, failing: 95, noise: 1 },
        { metric: { namespace: "AWS/ElastiCache", name: "CurrConnections", dimensions }, usual: 30, failing: 240, noise: 1.5 },
      ];
    }
    case "external":
      return [];
  }
}
