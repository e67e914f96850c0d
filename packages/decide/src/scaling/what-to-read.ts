import type { EpochMs, ScalingState, WorkerSettings } from "@nightshift/model";
import { asksForRival } from "./rival.ts";

/** What the next look needs beside the queues and the counts. */
export interface ToRead {
  readonly tasks: boolean;
  readonly heartbeats: boolean;
  /** Drained workers to ask, by name. */
  readonly drained: readonly string[];
  readonly cpu: boolean;
  readonly memory: boolean;
  readonly rival: boolean;
}

/** What a look must read, known before it: most looks need counts and depths alone, which is what keeps them cheap. */
export function whatToRead(state: ScalingState, at: EpochMs, settings: WorkerSettings): ToRead {
  const { more } = state.memory;
  const wants = more["wantsTasks"] === 1;
  const minutePassed = (name: string): boolean => at - (more[name] ?? 0) >= 55_000;
  const leaving = state.lowering?.victims ?? [];
  const drained = state.draining.filter(({ task }) => !leaving.includes(task)).map(({ worker }) => worker);
  const metered = minutePassed("meteredAt");
  return {
    tasks: wants || state.lowering !== undefined || more["emptySoon"] === 1 || state.draining.some(({ emptyAt }) => emptyAt !== undefined),
    heartbeats: settings.control === "celery" && settings.broker.kind !== "sqs" && (wants || minutePassed("heardAt")),
    drained,
    cpu: metered && settings.utilisation.some(({ metric }) => metric === "cpu"),
    memory: metered && settings.utilisation.some(({ metric }) => metric === "memory"),
    rival: asksForRival(state.memory, at),
  };
}
