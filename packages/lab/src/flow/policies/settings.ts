import { hours, minutes, seconds, type WorkerSettings } from "@nightshift/model";
import type { Workload } from "../workload.ts";

/** One fixed setting for every workload, the defaults of `packages/config`: what differs is what its users know anyway (promise, slots, bounds). */
export const settingsFor = ({ wait, fleet }: Workload, changed: Partial<WorkerSettings>): WorkerSettings => ({
  product: "flow",
  service: "worker" as WorkerSettings["service"], // A literal name of ours.
  cluster: "flow",
  group: "worker",
  mode: "auto",
  broker: { kind: "redis", secret: "broker", keyPrefix: "", prioritySteps: [0, 3, 6, 9], separator: "\u0006\u0016", visibilityTimeout: hours(1) },
  queues: [{ name: "celery", wait }],
  concurrency: fleet.concurrency,
  prefetch: fleet.prefetch,
  acksLate: fleet.acksLate,
  control: "celery",
  min: fleet.min,
  max: fleet.max,
  maxStep: 10,
  maxChangesPerHour: 40,
  startTime: seconds(60),
  inCoolDown: minutes(1),
  idleBeforeZero: seconds(0),
  drainAtMost: hours(1),
  backlogAbove: undefined,
  utilisation: [],
  expected: [],
  spot: fleet.spot === undefined ? undefined : { onDemandBase: fleet.spot.onDemandBase },
  stopTimeout: fleet.stopTimeout,
  ...changed,
});
