import type { EpochMs, Ms } from "./time.ts";

/** One measured figure: what it is, when it was true, and how sure we are. */
export interface Figure {
  readonly value: number;
  /** The moment it describes; its age is what has passed since. */
  readonly at: EpochMs;
  /** 1: counted. Below: sampled or worked out; 0: a guess. */
  readonly confidence: number;
  /** How it was had, as a person would say it: `LLEN of 4 priority lists`, `sampled 500 of 50,000`. */
  readonly how: string;
}

/** Tasks that must not start before a moment (`eta`, `countdown`), counted by the moment they become due. */
export interface DueTasks {
  readonly at: EpochMs;
  readonly tasks: number;
}

/** What one queue holds. A figure that is undefined is unknown, which is never zero. */
export interface QueueReading {
  readonly queue: string;
  /** In the broker, startable by any worker now. */
  readonly waiting: Figure | undefined;
  /** Handed to a worker that has not started it; without those that wait for their time. */
  readonly reserved: Figure | undefined;
  /** Being executed, as far as the broker knows (late acknowledgement); heartbeats know the rest. */
  readonly running: Figure | undefined;
  /** Held until their time comes. */
  readonly dueLater: Figure | undefined;
  /** When they become due, soonest first, at most 60 rows; the last row holds the rest. */
  readonly due: readonly DueTasks[];
  /** How long the oldest waiting task has waited, where the broker tells. */
  readonly oldest: Figure | undefined;
  /** By priority as the broker counts it, where there is more than one. */
  readonly byPriority: readonly { readonly priority: number; readonly waiting: number }[];
  /** Published since the counters began; differences of two readings with the same `epoch` are arrivals. */
  readonly arrived: Figure | undefined;
  /** Acknowledged since the counters began. */
  readonly finished: Figure | undefined;
}

/** What one worker process says of itself. */
export interface WorkerReading {
  /** Celery's node name: `celery@ip-10-0-1-23`. */
  readonly name: string;
  /** The private IPv4 that its host name carries, which is its ECS task's; undefined for names that carry none. */
  readonly ip: string | undefined;
  readonly at: EpochMs;
  /** Tasks being executed. */
  readonly active: number;
  /** Taken and not started, without those that wait for their time; undefined: not asked. */
  readonly reserved: number | undefined;
  /** Held until their time comes; undefined: not asked. */
  readonly scheduled: number | undefined;
  /** Started since the process began. */
  readonly processed: number | undefined;
  /** How many it can execute at once. */
  readonly slots: number | undefined;
  /** Queues it consumes from now; undefined: not asked. */
  readonly queues: readonly string[] | undefined;
}

/** Counters of the whole broker, as they stand. They only mean something between two readings of one `epoch`. */
export interface BrokerCounters {
  readonly at: EpochMs;
  /** Changes when the counters begin again: a restarted broker, another node. */
  readonly epoch: string;
  readonly arrived: number | undefined;
  /** Handed to workers. */
  readonly delivered: number | undefined;
  readonly finished: number | undefined;
}

/** One look at a broker: what its queues hold and what its workers say, or why nobody knows. */
export type BrokerReading =
  | {
      readonly kind: "seen";
      readonly at: EpochMs;
      readonly broker: BrokerKind;
      readonly queues: readonly QueueReading[];
      readonly counters: BrokerCounters | undefined;
      /** Every worker heard in the heartbeat window; undefined: nobody listened, or this broker has no heartbeats. */
      readonly workers: readonly WorkerReading[] | undefined;
      /** What is doubtful about this reading: readings that contradict each other, a queue nobody declared, a stale statistic. */
      readonly doubts: readonly string[];
    }
  /** Unreachable, refused, or not understood: unknown, never zero. */
  | { readonly kind: "unknown"; readonly at: EpochMs; readonly broker: BrokerKind; readonly because: string };

/** Brokers that are understood. */
export type BrokerKind = "redis" | "rabbitmq" | "sqs";

/** Where a broker is, and what its users changed of Celery's defaults. Secrets by name only (decision 18). */
export type BrokerSettings =
  | {
      readonly kind: "redis";
      /** Name of the secret that holds `redis://` or `rediss://USER:PASSWORD@HOST:PORT/DB`. */
      readonly secret: string;
      /** Celery's `global_keyprefix`; empty: none. */
      readonly keyPrefix: string;
      /** Celery's `priority_steps` and `sep`. */
      readonly prioritySteps: readonly number[];
      readonly separator: string;
      /** Celery's `visibility_timeout`. */
      readonly visibilityTimeout: Ms;
    }
  | {
      readonly kind: "rabbitmq";
      /** Name of the secret that holds `amqp://` or `amqps://USER:PASSWORD@HOST:PORT/VHOST`. */
      readonly secret: string;
      /** Name of the secret that holds `http(s)://USER:PASSWORD@HOST:PORT`; undefined: no management API, so only what a passive declare tells. */
      readonly managementSecret: string | undefined;
    }
  | {
      readonly kind: "sqs";
      /** Where kombu's queue names live: prefix before each queue's name (`queue_name_prefix`); empty: none. */
      readonly queueNamePrefix: string;
      readonly visibilityTimeout: Ms;
    };

/** What a probe is asked. */
export interface ProbeRequest {
  readonly broker: BrokerSettings;
  readonly queues: readonly string[];
  /** True: listen to heartbeats for one window as well (decision 46: once a minute is enough). */
  readonly heartbeats: boolean;
  /** Whether workers acknowledge late: then what is unacknowledged runs or is reserved, else it is only reserved. */
  readonly acksLate: boolean;
  /** Tasks that one worker takes before it starts them, at most: concurrency × prefetch multiplier. Undefined or 0: not known, or without limit. */
  readonly prefetch?: number;
}
