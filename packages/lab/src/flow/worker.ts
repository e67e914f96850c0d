import type { SeenWorker } from "./policy.ts";

/** One worker on its ECS task. Only `Flow` changes it. */
export class FlowWorker implements SeenWorker {
  readonly id: number;
  readonly createdAt: number;
  readonly readyAt: number;
  readonly spot: boolean;
  state: "starting" | "running" | "stopping" = "starting";
  drained = false;
  protectedUntil = 0;
  processed = 0;
  /** Tasks it executes. */
  readonly tasks: number[] = [];
  /** Tasks it holds and has not started, first to start first. */
  readonly held: number[] = [];

  constructor(made: Pick<SeenWorker, "id" | "createdAt" | "readyAt" | "spot">) {
    this.id = made.id;
    this.createdAt = made.createdAt;
    this.readyAt = made.readyAt;
    this.spot = made.spot;
  }

  get consuming(): boolean {
    return this.state === "running" && !this.drained;
  }
  get active(): number {
    return this.tasks.length;
  }
  get reserved(): number {
    return this.held.length;
  }
}

/** Milliseconds billed for a task that ran so long: per second from the image pull on, one minute at least (AWS Fargate pricing; facts/scaling.md 4.1). */
export const billed = (length: number): number => Math.max(60_000, length);
