import type { EpochMs, ScalingMemory, ScalingState } from "@nightshift/model";

/** What is remembered of a service that was never looked at: nothing, at version 0. One good look is enough before the first change. */
export const firstScalingState = (at: EpochMs): ScalingState => ({
  version: 0,
  at,
  draining: [],
  lowering: undefined,
  changes: [],
  attention: [],
  memory: firstMemory,
});

const firstMemory: ScalingMemory = {
  epoch: "",
  samples: [],
  busySeconds: 0,
  completions: 0,
  serviceSeconds: undefined,
  startSeconds: [],
  starting: [],
  lastOut: undefined,
  lastIn: undefined,
  quietSince: undefined,
  unknownSince: undefined,
  agreeing: 1,
  added: undefined,
  saturatedSince: undefined,
  brokenSince: undefined,
  more: {},
};
