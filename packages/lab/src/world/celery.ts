import { type EpochMs, type Ms, ms } from "@nightshift/model";
import { CeleryBroker } from "../celery/broker.ts";
import { CeleryFleet, type FleetParts } from "../celery/fleet.ts";
import type { TransportSettings } from "../celery/names.ts";
import type { Kernel } from "../kernel.ts";
import { drawLength, type TaskLength } from "../traffic/celery-stream.ts";
import type { Random } from "./chance.ts";
import type { WorkerSpec } from "./spec.ts";

/** Tasks that an application publishes besides the steady stream. */
export interface Published {
  readonly count: number;
  readonly takes: TaskLength;
  /** Spread evenly over so long; default: all at once. */
  readonly over?: Ms;
  /** The service's first queue when absent. */
  readonly queue?: string;
  readonly priority?: number;
  /** Each is not due before so long after it is published. */
  readonly countdown?: Ms;
  /** Bytes of each body beyond the ordinary. */
  readonly padding?: number;
}

/** Where brokers stand that nobody named. */
export const BROKER_HOST = "redis.shop.lab";

/** Every broker of the world, and the Celery workers of its services. */
export class CeleryWorld {
  readonly #kernel: Kernel;
  readonly #random: Random;
  readonly #brokers = new Map<string, CeleryBroker>();
  readonly #fleets = new Map<string, CeleryFleet>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#random = kernel.random("published tasks");
  }

  /** A broker by its host, undefined where there is none. */
  find(host: string): CeleryBroker | undefined {
    return this.#brokers.get(host);
  }

  /** A broker by its host, made at first mention. */
  broker(host: string = BROKER_HOST, settings: Partial<TransportSettings> = {}): CeleryBroker {
    const known = this.#brokers.get(host) ?? new CeleryBroker(this.#kernel, { ...settings, host });
    this.#brokers.set(host, known);
    return known;
  }

  /** The workers of a service that runs Celery; undefined where it does not. */
  make(service: string, worker: WorkerSpec, told: Pick<FleetParts, "finished" | "stopping">): CeleryFleet | undefined {
    if (worker.celery === undefined) return undefined;
    const { celery: spec, queue, queues = [queue] } = worker;
    const fleet = new CeleryFleet(this.#kernel, { broker: this.broker(spec.broker), queues, spec, ...told });
    this.#fleets.set(service, fleet);
    return fleet;
  }

  /** The workers of a service. @throws where it has none. */
  fleet(service: string): CeleryFleet {
    const fleet = this.#fleets.get(service);
    if (fleet === undefined) throw new Error(`The lab's service ${service} runs no Celery workers`);
    return fleet;
  }

  /** Services that run Celery workers. */
  get services(): readonly string[] {
    return [...this.#fleets.keys()];
  }

  /** The application publishes tasks for a service's workers. */
  publish(service: string, { count, takes, over = ms(0), queue, priority = 0, countdown, padding = 0 }: Published): void {
    const fleet = this.fleet(service);
    const into = queue ?? fleet.queues[0];
    if (into === undefined) throw new Error(`The lab's service ${service} takes from no queue`);
    const one = (): void => {
      const eta = countdown === undefined ? {} : { eta: (this.#kernel.clock.now() + countdown) as EpochMs }; // A moment plus a length.
      fleet.broker.publish({ queue: into, takes: drawLength(takes, this.#random), priority, padding, ...eta });
    };
    for (let i = 0; i < count; i += 1) {
      if (over === 0) one();
      else this.#kernel.clock.in(ms(Math.floor((over * i) / count)), one);
    }
  }
}
