import type { Budgets, ScaleOrder, ScalingState, ServiceRef, WorkerSettings } from "@nightshift/model";
import type { EpochMs } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import type { Run } from "@nightshift/runtime";
import type { manifest } from "./manifest.ts";

/** The part of the world the scaler sees. */
export type ScalerWorld = Pick<World, (typeof manifest)["uses"][number]>;
/** What its phases may do to it. */
export type ScalerRun = Run<ScalerWorld>;

/** What one service is scaled by. */
export interface ScalerSettings {
  readonly worker: WorkerSettings;
  readonly budgets: Budgets;
}

/** One look at one service, with what the last one left. */
export interface LookDue {
  readonly service: string;
  readonly at: EpochMs;
  /** The minute's own look, which asks for those between this minute and the next. */
  readonly minute: boolean;
  /** Undefined before the first look. */
  readonly state: ScalingState | undefined;
  readonly order: ScaleOrder | undefined;
}

/** Where ECS knows the service. */
export const refOf = ({ cluster, service }: WorkerSettings): ServiceRef => ({ cluster, service });
