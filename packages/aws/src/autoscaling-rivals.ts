import type { ServiceRef } from "@nightshift/model";
import { lastPart } from "./ecs-names.ts";
import type { Reach } from "./reach.ts";

/**
 * Whether Application Auto Scaling acts on the service's desired count, in words; a target of which everything is suspended
 * acts on nothing. The client is loaded here, at the first question.
 * Sources: "DescribeScalableTargets" and "SuspendedState", https://docs.aws.amazon.com/autoscaling/application/APIReference/, 2026-11-21.
 */
export async function rivalOf({ connections, calls }: Reach, ref: ServiceRef): Promise<string | undefined> {
  const name = `service/${lastPart(ref.cluster)}/${ref.service}`;
  const call = { operation: "application-autoscaling:DescribeScalableTargets", on: name };
  const { DescribeScalableTargetsCommand } = await import("@aws-sdk/client-application-auto-scaling");
  const answer = await calls.read(call, async () =>
    (await connections.autoscaling()).send(
      new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs", ResourceIds: [name], ScalableDimension: "ecs:service:DesiredCount" }),
    ),
  );
  const target = answer.ScalableTargets?.find(
    ({ SuspendedState: off }) =>
      !(off?.DynamicScalingInSuspended === true && off.DynamicScalingOutSuspended === true && off.ScheduledScalingSuspended === true),
  );
  if (target === undefined) return undefined;
  return `Application Auto Scaling may set its desired count between ${target.MinCapacity ?? "?"} and ${target.MaxCapacity ?? "?"}`;
}
