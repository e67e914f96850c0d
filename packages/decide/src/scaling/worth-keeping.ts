import { type EpochMs, minutes, seconds, type ScalingState, type ScalingVerdict, since } from "@nightshift/model";

/** Whether the row must be written: something was done or began, tasks came or went, or a quarter of an hour passed. A quiet service is not written. */
export function worthKeeping(before: ScalingState, after: ScalingState, at: EpochMs): boolean {
  if (before.version === 0 || since(before.at, at) >= KEPT_AT_LEAST) return true;
  return actionsDiffer(before, after) || memoryDiffers(before, after) || (since(before.at, at) >= COUNTED_EVERY && countsDiffer(before, after));
}

/** What is remembered of a verdict that was only told (shadow), or refused: what was seen, and nothing of what would have been done. */
export const stateWithoutEffects = (before: ScalingState, { state }: Pick<ScalingVerdict, "state">): ScalingState => ({
  ...state,
  draining: before.draining,
  lowering: before.lowering,
  changes: before.changes,
  memory: {
    ...state.memory,
    starting: state.memory.starting.filter(({ at }) => at < state.at || before.memory.starting.some((one) => one.at === at)),
    lastOut: before.memory.lastOut,
    lastIn: before.memory.lastIn,
    added: before.memory.added,
  },
});

/** A decision is stored when it changes, and so often (decision 35). */
const KEPT_AT_LEAST = minutes(15);
/** Counts alone are written at every second look of 15 s: rates need no more, and each kilobyte written costs. */
const COUNTED_EVERY = seconds(25);

function actionsDiffer(before: ScalingState, after: ScalingState): boolean {
  if (before.draining.length !== after.draining.length || before.lowering?.at !== after.lowering?.at || before.attention.length !== after.attention.length)
    return true;
  if (before.changes.at(-1)?.at !== after.changes.at(-1)?.at) return true;
  for (let i = 0; i < after.attention.length; i += 1) if (after.attention[i]?.kind !== before.attention[i]?.kind) return true;
  for (let i = 0; i < after.draining.length; i += 1) {
    const now = after.draining[i];
    const then = before.draining[i];
    if (now?.worker !== then?.worker || now?.emptyAt !== then?.emptyAt || now?.task !== then?.task) return true;
  }
  return false;
}

function memoryDiffers({ memory: a }: ScalingState, { memory: b }: ScalingState): boolean {
  if (a.epoch !== b.epoch || a.agreeing !== b.agreeing || a.starting.length !== b.starting.length || a.lastOut !== b.lastOut || a.lastIn !== b.lastIn)
    return true;
  if (a.quietSince !== b.quietSince || a.unknownSince !== b.unknownSince || a.saturatedSince !== b.saturatedSince || a.brokenSince !== b.brokenSince)
    return true;
  for (const name of ["wantsTasks", "emptySoon", "surplusSince", "surplusKeep", "rival", "rivalAt"]) if (a.more[name] !== b.more[name]) return true;
  // What was heard or measured is not asked for again; a quiet service is asked at each of its looks anyway.
  return b.quietSince === undefined && (a.more["heardAt"] !== b.more["heardAt"] || a.more["meteredAt"] !== b.more["meteredAt"]);
}

/** Whether tasks came, went or began since the row was written. */
function countsDiffer({ memory: a }: ScalingState, { memory: b }: ScalingState): boolean {
  const last = a.samples.at(-1);
  const now = b.samples.at(-1);
  return (
    last?.arrived !== now?.arrived ||
    last?.finished !== now?.finished ||
    last?.waiting !== now?.waiting ||
    last?.busy !== now?.busy ||
    last?.ready !== now?.ready
  );
}
