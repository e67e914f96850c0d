import type { EpochMs } from "@nightshift/model";
import { AwsFault, type Kernel } from "../../kernel.ts";
import type { Behaviour } from "../../world/behaviour.ts";
import { hex, type Random } from "../../world/chance.ts";
import type { AlarmBook } from "../cloudwatch/alarms.ts";
import type { Registry } from "../ecr/registry.ts";
import type { LoadBalancing } from "../elbv2/loadBalancing.ts";
import type { LogStreams } from "../logs/streams.ts";
import type { Weather } from "./weather.ts";
import type { EcsOptions, ServiceRecord, TaskDefinitionRecord, TaskRecord } from "./records.ts";

/** What code a task runs: found by its images and environment, so that a re-registered copy behaves as the original did. */
export type BehaviourOf = (definition: TaskDefinitionRecord, digests: readonly string[]) => Behaviour;

/** Everything ECS holds in the account, with the neighbours it talks to. */
export interface EcsAccount {
  readonly kernel: Kernel;
  readonly random: Random;
  readonly registry: Registry;
  readonly balancing: LoadBalancing;
  readonly alarms: AlarmBook;
  readonly logs: LogStreams;
  readonly behaviourOf: BehaviourOf;
  readonly options: EcsOptions;
  readonly clusters: Set<string>;
  readonly families: Map<string, TaskDefinitionRecord[]>;
  /** How many revisions a family had before the lab began to keep them. */
  readonly revisionsBefore: Map<string, number>;
  readonly services: Map<string, ServiceRecord>;
  /** Every service deployment ARN's service. */
  readonly deploymentOwners: Map<string, ServiceRecord>;
  readonly counters: { ip: number };
  readonly weather: Weather;
  /** Whether the health endpoint of a service fails because something it needs is down. */
  readonly healthSuffers: (service: ServiceRecord) => boolean;
  /** Runs when a task begins or stops to take work. */
  readonly onServingChange: (service: ServiceRecord) => void;
}

/** `arn:aws:ecs:REGION:ACCOUNT:` + the rest. */
export const arnOf = (account: EcsAccount, rest: string): string => `arn:aws:ecs:${account.kernel.region}:${account.kernel.accountId}:${rest}`;

/** An id as ECS writes them in deployments (`ecs-svc/` and 19 digits). */
export function rolloutId(account: EcsAccount): string {
  let digits = String(1 + Math.floor(account.random() * 9));
  while (digits.length < 19) digits += String(Math.floor(account.random() * 10));
  return `ecs-svc/${digits}`;
}

/** 22 characters as in service deployment ARNs. */
export const longId = (account: EcsAccount): string => hex(account.random, 22);

/** The account's present moment. */
export const nowOf = (account: EcsAccount): EpochMs => account.kernel.clock.now();

/** By name or ARN. @throws {AwsFault} ClusterNotFoundException */
export function clusterName(account: EcsAccount, given: string | undefined): string {
  const name = given === undefined ? "default" : given.slice(given.lastIndexOf("/") + 1);
  if (!account.clusters.has(name)) throw new AwsFault("ClusterNotFoundException", "Cluster not found.");
  return name;
}

/** By name or ARN, within a cluster. */
export function findService(account: EcsAccount, cluster: string, given: string): ServiceRecord | undefined {
  return account.services.get(`${cluster}/${given.slice(given.lastIndexOf("/") + 1)}`);
}

/** Tasks meant to run and running. */
export const isUp = (task: TaskRecord): boolean => task.desired === "RUNNING" && task.status === "RUNNING";
