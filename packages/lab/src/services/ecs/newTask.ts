import type { EpochMs } from "@nightshift/model";
import { hex } from "../../world/chance.ts";
import { arnOf, type EcsAccount, nowOf } from "./account.ts";
import type { Rollout, ServiceRecord, TaskRecord } from "./records.ts";

/** A task that is being provisioned; with `since` it has been there for long. */
export function newTask(
  account: EcsAccount,
  of: { readonly service: ServiceRecord; readonly rollout: Rollout; readonly since: EpochMs | undefined },
): TaskRecord {
  const { service, rollout, since } = of;
  const id = hex(account.random, 32);
  account.counters.ip += 1;
  const ip = `10.0.${Math.floor(account.counters.ip / 250)}.${(account.counters.ip % 250) + 4}`;
  return {
    id,
    arn: arnOf(account, `task/${service.cluster}/${id}`),
    service,
    rollout,
    revision: rollout.revision,
    createdAt: since ?? nowOf(account),
    ip,
    capacityProvider: providerFor(service),
    protectedUntil: undefined,
    az: `${account.kernel.region}${account.counters.ip % 2 === 0 ? "a" : "b"}`,
    status: "PROVISIONING",
    desired: "RUNNING",
    version: since === undefined ? 0 : 5,
    health: "UNKNOWN",
    digests: [],
    behaviour: undefined,
    pullStartedAt: undefined,
    pullStoppedAt: undefined,
    startedAt: undefined,
    stoppingAt: undefined,
    executionStoppedAt: undefined,
    stoppedAt: undefined,
    stopCode: undefined,
    stoppedReason: undefined,
    exitCode: undefined,
    containerReason: undefined,
    wasHealthy: false,
  };
}

/**
 * The base is filled first, all further tasks are Spot: `base` on FARGATE with weight 0, FARGATE_SPOT with weight 1.
 * Source: "CapacityProviderStrategyItem", https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html (2026-11-21).
 */
function providerFor({ spot, tasks }: ServiceRecord): TaskRecord["capacityProvider"] {
  if (spot === undefined) return undefined;
  const base = tasks.filter((task) => task.desired === "RUNNING" && task.capacityProvider === "FARGATE").length;
  return base < spot.onDemandBase ? "FARGATE" : "FARGATE_SPOT";
}
