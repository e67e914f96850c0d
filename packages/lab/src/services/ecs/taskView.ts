import type { Task } from "@aws-sdk/client-ecs";
import { arnOf, type EcsAccount } from "./account.ts";
import type { TaskRecord } from "./records.ts";
import { hash32 } from "../../world/chance.ts";

const stamp = <K extends string>(name: K, at: number | undefined): { readonly [P in K]?: Date } =>
  // A computed key widens to an index signature; the value is what the type says.
  (at === undefined ? {} : { [name]: new Date(at) }) as { readonly [P in K]?: Date };

/** One task as DescribeTasks answers it (API_Task and API_Container, docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html, read 2026-11-21). */
export function describeTask(account: EcsAccount, task: TaskRecord): Task {
  const definition = task.revision.taskDefinition;
  const attachment = idOf(`${task.id} eni`);
  const pulled = task.digests.length > 0;
  return {
    taskArn: task.arn,
    clusterArn: task.service.clusterArn,
    taskDefinitionArn: definition.arn,
    group: `service:${task.service.name}`,
    startedBy: task.rollout.id,
    lastStatus: task.status,
    desiredStatus: task.desired,
    version: task.version,
    healthStatus: task.health,
    availabilityZone: task.az,
    launchType: "FARGATE",
    ...(task.capacityProvider === undefined ? {} : { capacityProviderName: task.capacityProvider }),
    platformVersion: "1.4.0",
    platformFamily: "Linux",
    connectivity: "CONNECTED",
    enableExecuteCommand: false,
    cpu: definition.request.cpu ?? "512",
    memory: definition.request.memory ?? "1024",
    overrides: { containerOverrides: definition.containers.map((one) => ({ name: one.name })), inferenceAcceleratorOverrides: [] },
    attachments: [
      {
        id: attachment,
        type: "ElasticNetworkInterface",
        status: task.status === "STOPPED" ? "DELETED" : task.status === "PROVISIONING" ? "PRECREATED" : "ATTACHED",
        details: [
          { name: "subnetId", value: `subnet-${task.az.slice(-1)}` },
          { name: "networkInterfaceId", value: `eni-${idOf(task.id).slice(0, 17)}` },
          { name: "privateIPv4Address", value: task.ip },
        ],
      },
    ],
    containers: definition.containers.map((container, i) => ({
      containerArn: arnOf(account, `container/${task.service.cluster}/${task.id}/${idOf(`${task.id} ${container.name}`)}`),
      taskArn: task.arn,
      name: container.name,
      image: container.image,
      ...(pulled ? { imageDigest: task.digests[i], runtimeId: `${task.id}-${hash32(container.name ?? "")}` } : {}),
      lastStatus: containerStatus(task),
      healthStatus: task.health,
      networkBindings: [],
      networkInterfaces: [{ attachmentId: attachment, privateIpv4Address: task.ip }],
      cpu: "0",
      ...(task.exitCode === undefined ? {} : { exitCode: task.exitCode }),
      ...(task.containerReason === undefined ? {} : { reason: task.containerReason }),
    })),
    ...stamp("createdAt", task.createdAt),
    ...stamp("pullStartedAt", task.pullStartedAt),
    ...stamp("pullStoppedAt", task.pullStoppedAt),
    ...stamp("startedAt", task.startedAt),
    ...stamp("stoppingAt", task.stoppingAt),
    ...stamp("executionStoppedAt", task.executionStoppedAt),
    ...stamp("stoppedAt", task.stoppedAt),
    ...(task.stopCode === undefined ? {} : { stopCode: task.stopCode }),
    ...(task.stoppedReason === undefined ? {} : { stoppedReason: task.stoppedReason }),
  };
}

function containerStatus(task: TaskRecord): string {
  if (task.executionStoppedAt !== undefined || task.status === "STOPPED" || task.status === "DEPROVISIONING") return "STOPPED";
  return task.startedAt === undefined ? "PENDING" : "RUNNING";
}

const idOf = (name: string): string =>
  hash32(name).toString(16).padStart(8, "0") + hash32(`${name}.`).toString(16).padStart(8, "0") + hash32(`${name}..`).toString(16).padStart(8, "0");
