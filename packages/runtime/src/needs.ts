import type { World } from "@nightshift/ports";
import type { Checkpoints } from "./automation.ts";

/** Ports the runtime itself uses: every automation gets them, and every function's policy contains them. */
export type Needs = Pick<World, "clock" | "control" | "audit" | "incidents" | "groups" | "wakes" | "starter" | "approvals">;
/** The same list for manifests and the IAM table. */
export const runtimePorts = ["clock", "control", "audit", "incidents", "groups", "wakes", "starter", "approvals"] as const;

/** Where a run stands: its world, its memory, its name. */
export interface At<W extends Needs = Needs> {
  readonly world: W;
  readonly checkpoints: Checkpoints;
  readonly key: string;
}
