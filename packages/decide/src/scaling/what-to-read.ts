import type { EpochMs, Lowering, ScalingState, WorkerSettings } from "@nightshift/model";
import { asksForRival } from "./rival.ts";

/** What the next look needs beside the queues and the counts. */
export interface ToRead {
  /** Something of the service's tasks: all there is to know of all of them, but as the next two say. */
  readonly tasks: boolean;
  /** Their names alone: who is drained is known by task already, and everybody else is protected by name. */
  readonly namesOnly: boolean;
  /** These alone, by ARN: whether those stopped that a scale-in gave up, and none that it protected. Undefined: not only these. */
  readonly theseOnly: readonly string[] | undefined;
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
  const { lowering } = state;
  return {
    namesOnly: !wants && lowering === undefined && state.draining.length > 0 && state.draining.every(({ task }) => task !== ""),
    theseOnly: wants || lowering === undefined ? undefined : tasksOf(state, lowering),
    tasks: wants || state.lowering !== undefined || more["emptySoon"] === 1 || state.draining.some(({ emptyAt }) => emptyAt !== undefined),
    heartbeats: settings.control === "celery" && settings.broker.kind !== "sqs" && (wants || minutePassed("heardAt")),
    drained,
    cpu: metered && settings.utilisation.some(({ metric }) => metric === "cpu"),
    memory: metered && settings.utilisation.some(({ metric }) => metric === "memory"),
    rival: asksForRival(state.memory, at),
  };
}

const tasksOf = ({ draining }: ScalingState, { victims, protectedTasks }: Lowering): readonly string[] =>
  [...new Set([...victims, ...protectedTasks, ...draining.map(({ task }) => task)])].filter((arn) => arn !== "");
