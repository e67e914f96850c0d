import { type Ms, seconds } from "@nightshift/model";
import { type Checkpoints, retryStep } from "@nightshift/runtime";

/** How a watch is played at a command line. */
export interface Playing {
  readonly pause: (length: Ms) => Promise<void>;
  /** The most looks that are waited for; absent: as many as the watch wants. */
  readonly looks?: number;
  /** Called before each wait. */
  readonly onWait?: (name: string, looks: number) => void;
  /** Called once a question stands in the ledger. */
  readonly onQuestion?: () => Promise<void>;
}

/** Runs in this very process, which remembers by not ending: what is cut off here is simply run again. */
export const liveCheckpoints = ({ pause, looks: most, onWait, onQuestion }: Playing): Checkpoints => ({
  once: (_name, effect) => retried(effect, pause),
  poll: async (name, start, look, next) => {
    let state = start;
    for (let looks = 1; ; looks++) {
      state = await look(state);
      const wait = next(state, looks);
      if (wait === "stop" || looks >= (most ?? Number.POSITIVE_INFINITY)) return state;
      onWait?.(name, looks);
      await pause(wait);
    }
  },
  awaitWord: async (_name, submit) => {
    await submit("answered at the command line");
    await onQuestion?.();
  },
});

/** Tries again as the durable function would: what AWS does not show yet, or limits, may pass by itself. */
async function retried<T>(effect: () => Promise<T>, pause: Playing["pause"]): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await effect();
    } catch (error) {
      const { shouldRetry, delay } = error instanceof Error ? retryStep(error, attempt) : { shouldRetry: false, delay: undefined };
      if (!shouldRetry) throw error;
      await pause(seconds(delay?.seconds ?? 1));
    }
  }
}
