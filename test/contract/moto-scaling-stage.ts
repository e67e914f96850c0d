import { randomUUID } from "node:crypto";
import { ApplicationAutoScalingClient, RegisterScalableTargetCommand } from "@aws-sdk/client-application-auto-scaling";
import { CreateClusterCommand, CreateServiceCommand, DescribeServicesCommand, ECSClient, RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { serviceName } from "@nightshift/model";
import { realConnections } from "@nightshift/aws/connect";
import { fleetsFrom } from "@nightshift/aws/ecs-fleets";
import { scalingFrom } from "@nightshift/aws/ecs-scaling";
import { ticksFrom } from "@nightshift/aws/ticks";
import { reachOf } from "@nightshift/aws/world";
import type { FleetsStage } from "./fleets.contract.ts";
import type { TicksStage } from "./ticks.contract.ts";

const region = "eu-central-1";
const reach = () => reachOf({ connections: realConnections({ region }) });
/** Names nobody used before, so that the server need not be fresh. */
const fresh = (what: string) => `${what}-${randomUUID().slice(0, 8)}`;

/** A cluster with two worker services, made through the real client. */
export async function motoFleets(): Promise<FleetsStage> {
  const ecs = new ECSClient({ region });
  const autoscaling = new ApplicationAutoScalingClient({ region });
  const [cluster, family] = [fresh("shop"), fresh("worker")];
  await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: "256",
      memory: "512",
      containerDefinitions: [{ name: "app", image: "shop/worker:v1", essential: true }],
    }),
  );
  for (const service of ["worker", "mailer"])
    await ecs.send(new CreateServiceCommand({ cluster, serviceName: service, taskDefinition: family, desiredCount: 3, launchType: "FARGATE" }));
  const here = reach();
  return {
    fleets: fleetsFrom(here),
    scaling: scalingFrom(here),
    ref: { cluster, service: serviceName("worker") },
    second: { cluster, service: serviceName("mailer") },
    desired: 3,
    definition: async () => (await ecs.send(new DescribeServicesCommand({ cluster, services: ["worker"] }))).services?.[0]?.taskDefinition ?? "none",
    register: async ({ min, max, suspended }) => {
      await autoscaling.send(
        new RegisterScalableTargetCommand({
          ServiceNamespace: "ecs",
          ResourceId: `service/${cluster}/worker`,
          ScalableDimension: "ecs:service:DesiredCount",
          MinCapacity: min,
          MaxCapacity: max,
          SuspendedState: { DynamicScalingInSuspended: suspended, DynamicScalingOutSuspended: suspended, ScheduledScalingSuspended: suspended },
        }),
      );
    },
  };
}

/** An events queue. */
export async function motoTicks(): Promise<TicksStage> {
  const sqs = new SQSClient({ region });
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: fresh("events") }));
  const name = "ApproximateNumberOfMessagesDelayed" as const;
  return {
    ticks: ticksFrom(reach(), {
      eventsQueueUrl: () => QueueUrl,
      scalerArn: () => "arn:aws:lambda:eu-central-1:123456789012:function:scaler",
      region,
    }),
    received: async () => ((await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))).Messages ?? []).map(({ Body = "" }) => Body),
    delayed: async () => Number((await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [name] }))).Attributes?.[name]),
  };
}
