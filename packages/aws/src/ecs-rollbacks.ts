import { StopServiceDeploymentCommand, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import type { ServiceDeploymentStatus, ServiceRef, TaskDefinitionArn } from "@nightshift/model";
import { PortError, type Rollbacks } from "@nightshift/ports";
import { servicesFrom } from "./ecs-services.ts";
import { registerPinned } from "./pinned-copy.ts";
import type { Reach } from "./reach.ts";

/** ECS, changed: the only file that can move a service. */
export function rollbacksFrom(reach: Reach): Rollbacks {
  const { connections, calls } = reach;
  return {
    async stopDeployment(arn) {
      const call = { operation: "ecs:StopServiceDeployment", on: arn };
      try {
        await calls.change(call, async () =>
          (await connections.ecs()).send(new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: "ROLLBACK" })),
        );
        return "accepted";
      } catch (error) {
        if (!(error instanceof PortError) || (error.kind !== "conflict" && error.kind !== "invalid")) throw error;
        // AWS does not document which error a finished deployment gives, so its state answers instead of the error's text.
        const answer = whatStopMeant((await servicesFrom(reach).deployment(arn)).status);
        if (answer === undefined) throw error;
        return answer;
      }
    },
    async redeploy(ref, taskDefinition) {
      const call = { operation: "ecs:UpdateService", on: `${ref.cluster}/${ref.service}` };
      await calls.change(call, async () => (await connections.ecs()).send(new UpdateServiceCommand(onlyTaskDefinition(ref, taskDefinition))));
    },
    registerPinned: (identity, key) => registerPinned(reach, identity, key),
  };
}

/** All that a redeploy may send: a count or a force flag would undo what autoscaling or a person did since (hazard 16). */
interface Redeploy {
  readonly cluster: string;
  readonly service: string;
  readonly taskDefinition: string;
}
const onlyTaskDefinition = (ref: ServiceRef, taskDefinition: TaskDefinitionArn): Redeploy => ({ cluster: ref.cluster, service: ref.service, taskDefinition });

/** Source: "Stopping Amazon ECS service deployments", https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html, 2026-11-21. */
function whatStopMeant(status: ServiceDeploymentStatus): "already" | "too-late" | undefined {
  switch (status) {
    case "STOP_REQUESTED":
    case "STOPPED":
    case "ROLLBACK_REQUESTED":
    case "ROLLBACK_IN_PROGRESS":
    case "ROLLBACK_SUCCESSFUL":
    case "ROLLBACK_FAILED":
      return "already";
    case "SUCCESSFUL":
      return "too-late";
    case "PENDING":
    case "IN_PROGRESS":
      return undefined;
  }
}
