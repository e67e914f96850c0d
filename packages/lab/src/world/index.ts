export type { Behaviour, Death, Moment, Serving } from "./behaviour.ts";
export * from "./behaviours/index.ts";
export { releaseDigest, trafficOf } from "./names.ts";
export type { ProbeAnswer } from "./probe.ts";
export type { Deployed, DeploySpec, PastRelease, ProductSpec, ReleaseSpec, ServiceHandle, ServiceSpec, WorkerSpec } from "./spec.ts";
export { errorCountAlarm, errorRateAlarm, latencyAlarm } from "./alarmShapes.ts";
export type { DependencySpec } from "../traffic/dependencies.ts";
export { LabWorld, type WorldOptions } from "./world.ts";
