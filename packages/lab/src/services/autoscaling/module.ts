import type { SuspendedState } from "@aws-sdk/client-application-auto-scaling";
import { AwsFault, type Kernel, type ServiceModule } from "../../kernel.ts";
import { fields, list, maybeText, notModelled, text } from "../input.ts";

/** One service whose desired count Application Auto Scaling may move. */
export interface ScalableService {
  readonly cluster: string;
  readonly service: string;
  readonly min: number;
  readonly max: number;
  /** What of it is switched off; absent: nothing. */
  readonly suspended?: SuspendedState;
}

/** Application Auto Scaling as far as Nightshift asks it: what is registered. It scales nothing here. */
export class Autoscaling implements ServiceModule {
  readonly service = "application-autoscaling";
  readonly mutating: ReadonlySet<string> = new Set();
  readonly #kernel: Kernel;
  readonly #targets = new Map<string, ScalableService & { readonly since: number }>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Registers a service, as its owners did; again: with other bounds. */
  register(target: ScalableService): void {
    this.#targets.set(`service/${target.cluster}/${target.service}`, { ...target, since: this.#kernel.clock.now() });
  }

  deregister(target: Pick<ScalableService, "cluster" | "service">): void {
    this.#targets.delete(`service/${target.cluster}/${target.service}`);
  }

  /** Source: "DescribeScalableTargets", https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalableTargets.html (2026-11-21). */
  handle(operation: string, input: unknown): unknown {
    if (operation !== "DescribeScalableTargets") throw notModelled(this.service, operation);
    const request = fields(input);
    const namespace = text(request, "ServiceNamespace");
    const dimension = maybeText(request, "ScalableDimension");
    const asked = list(request, "ResourceIds").map(String);
    if (dimension !== undefined && asked.length === 0)
      throw new AwsFault("ValidationException", "If you specify a scalable dimension, you must also specify a resource ID.");
    const found = [...this.#targets].filter(([name]) => namespace === "ecs" && (asked.length === 0 || asked.includes(name)));
    return {
      ScalableTargets: found.map(([ResourceId, { min, max, suspended = {}, since }]) => ({
        ServiceNamespace: "ecs",
        ResourceId,
        ScalableDimension: "ecs:service:DesiredCount",
        MinCapacity: min,
        MaxCapacity: max,
        RoleARN: `arn:aws:iam::${this.#kernel.accountId}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`,
        CreationTime: new Date(since),
        SuspendedState: { DynamicScalingInSuspended: false, DynamicScalingOutSuspended: false, ScheduledScalingSuspended: false, ...suspended },
      })),
    };
  }
}
