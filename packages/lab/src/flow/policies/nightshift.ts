import { decideScaling, firstScalingState } from "@nightshift/decide/scaling/decide-scaling";
import { minutes, type ScalingObservation, type ScalingState, type ScalingVerdict, type WorkerSettings } from "@nightshift/model";
import type { FlowAccount, FlowPolicy } from "../policy.ts";
import { idOf, observe, start } from "./observe.ts";
import { settingsFor } from "./settings.ts";

/** A look takes so long from what it saw to what it did: a probe, two reads of ECS, a write to the ledger. */
const LOOK_TAKES = 2_000;
/** How long the scaler protects the others while the count is lowered. */
const PROTECTED = minutes(10);

/** How the real decision is played. */
export interface NightshiftOptions {
  readonly name?: string;
  readonly settings?: Partial<WorkerSettings>;
  /** Every look as it was decided from, for timing and replay. */
  readonly onLook?: (observation: ScalingObservation, state: ScalingState, settings: WorkerSettings) => void;
}

/** Our own decision, the very function that runs in the scaler, fed and followed as the scaler does it. */
export const nightshift = ({ name = "nightshift", settings = {}, onLook }: NightshiftOptions = {}): FlowPolicy => ({
  name,
  setting: "",
  begin: (workload) => {
    const ours = settingsFor(workload, settings);
    let state = firstScalingState(start);
    return (account) => {
      const observation = observe(account, state, ours);
      onLook?.(observation, state, ours);
      const verdict = decideScaling(observation, state, ours);
      state = verdict.state;
      account.later(LOOK_TAKES, () => follow(account, verdict));
      return verdict.next;
    };
  },
});

/** In the scaler's order: who is told, who is protected, the count, who is free again. */
function follow(account: FlowAccount, verdict: ScalingVerdict): void {
  for (const { worker } of verdict.drain) account.drain(idOf(worker));
  for (const worker of verdict.undrain) account.undrain(idOf(worker));
  for (const task of verdict.protect) account.protect(idOf(task), PROTECTED);
  account.setDesired(verdict.desired);
  for (const task of verdict.unprotect) account.unprotect(idOf(task));
}
