import { type EpochMs, type Ms, ms } from "@nightshift/model";
import type { CeleryFleet } from "../celery/fleet.ts";
import type { Kernel } from "../kernel.ts";
import type { ServiceRecord } from "../services/ecs/records.ts";
import { between, type Random } from "../world/chance.ts";
import type { Serving } from "../world/behaviour.ts";
import type { ServiceSpec, WorkerSpec } from "../world/spec.ts";
import { CeleryStream } from "./celery-stream.ts";
import { JobStream } from "./jobs.ts";
import { Load } from "./load.ts";
import { type Engine, RequestStream, TICK } from "./requests.ts";

/** An ordinary day, when the scenario does not say: one request in a thousand fails. */
const ORDINARY: Serving = { errorShare: 0.001, p50: 45, p99: 320 };

/** Every service's requests and jobs, drawn together and published by the minute. */
export class Streams {
  /** Request streams by the origin a probe asks. */
  readonly origins = new Map<string, RequestStream>();
  /** Celery's streams by service. */
  readonly celery = new Map<string, CeleryStream>();
  private readonly kernel: Kernel;
  private readonly engine: Engine;
  private readonly random: Random;
  private readonly loads = new Map<string, Load>();
  private readonly streams: (RequestStream | JobStream | CeleryStream)[] = [];

  constructor(engine: Engine) {
    this.engine = engine;
    this.kernel = engine.kernel;
    this.random = engine.kernel.random("publication");
    engine.kernel.clock.every(TICK, () => this.tick());
  }

  add(spec: ServiceSpec, service: ServiceRecord, url: string): void {
    const group = this.engine.balancing.find(service.loadBalancers[0]?.targetGroupArn ?? "");
    const dependsOn = spec.dependsOn ?? [];
    if (spec.traffic !== undefined && group !== undefined) {
      const { rpm, swing, base, capacityPerTask } = spec.traffic;
      const load = new Load(this.kernel, rpm, swing ?? 0.3);
      const stream = new RequestStream(this.engine, {
        service,
        group,
        load,
        base: { ...ORDINARY, ...base },
        dependsOn,
        deepHealth: spec.deepHealth === true,
        capacityPerTask: capacityPerTask ?? Number.POSITIVE_INFINITY,
      });
      this.loads.set(spec.name, load);
      this.streams.push(stream);
      this.origins.set(new URL(url).origin, stream);
    }
    if (spec.worker !== undefined) this.addWorker(spec.worker, service, dependsOn);
  }

  /** Workers that run Celery, whose tasks are tasks of a broker. */
  addCelery({ queue, jobsPerMinute, swing, takes = { median: ms(2_000) } }: WorkerSpec, service: ServiceRecord, fleet: CeleryFleet): void {
    const load = new Load(this.kernel, jobsPerMinute, swing ?? 0.3);
    this.loads.set(service.name, load);
    const stream = new CeleryStream(this.engine, { service, fleet, queue, load, takes });
    this.celery.set(service.name, stream);
    this.streams.push(stream);
  }

  private addWorker({ queue, jobsPerMinute, jobsPerTask, base }: WorkerSpec, service: ServiceRecord, dependsOn: readonly string[]): void {
    const load = new Load(this.kernel, jobsPerMinute, 0.3);
    this.loads.set(service.name, load);
    const counted = { service, queue, load, base: { ...ORDINARY, ...base }, dependsOn, jobsPerTask: jobsPerTask ?? jobsPerMinute * 2 };
    this.streams.push(new JobStream(this.engine, counted));
  }

  spike(service: string, spike: { readonly from: Ms; readonly for: Ms; readonly times: number }): void {
    const load = this.loads.get(service);
    if (load === undefined) throw new Error(`The lab's service ${service} has neither traffic nor jobs`);
    load.spike(spike);
  }

  private tick(): void {
    const now = this.kernel.clock.now();
    // The ten seconds that end now belong to the minute they began in.
    const minute = (Math.floor((now - TICK) / 60_000) * 60_000) as EpochMs; // A whole minute is a moment.
    for (const stream of this.streams) stream.tick(minute);
    if (Math.floor(now / 60_000) * 60_000 === minute) return;
    // Points can be read 2 to 28 s after their minute ended (an estimate; AWS only says that they are sent every 60 s).
    const visibleAt = (minute + 60_000 + Math.round(between(this.random, 2_000, 28_000))) as EpochMs; // As above.
    for (const stream of this.streams) stream.publish(minute, visibleAt);
    this.engine.dependencies.publish(minute, visibleAt);
  }
}
