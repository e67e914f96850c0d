import type {
  DescribeTaskDefinitionResponse,
  ListTaskDefinitionsRequest,
  ListTaskDefinitionsResponse,
  RegisterTaskDefinitionRequest,
  TaskDefinition,
} from "@aws-sdk/client-ecs";
import { minutes } from "@nightshift/model";
import { AwsFault } from "../../kernel.ts";
import { arnOf, type EcsAccount, nowOf } from "./account.ts";
import type { TaskDefinitionRecord } from "./records.ts";

/** Adds the next revision of a family. */
export function registerTaskDefinition(account: EcsAccount, request: RegisterTaskDefinitionRequest, caller: string): TaskDefinitionRecord {
  const { family, containerDefinitions, tags } = request;
  if (family === undefined || !/^[\w-]{1,255}$/.test(family)) throw new AwsFault("ClientException", "Family contains invalid characters.");
  if (containerDefinitions === undefined || containerDefinitions.length === 0) throw new AwsFault("ClientException", "Container list cannot be empty.");
  const revisions = account.families.get(family) ?? [];
  account.families.set(family, revisions);
  const revision = (revisions.at(-1)?.revision ?? account.revisionsBefore.get(family) ?? 0) + 1;
  const record: TaskDefinitionRecord = {
    arn: arnOf(account, `task-definition/${family}:${revision}`),
    family,
    revision,
    registeredAt: nowOf(account),
    registeredBy: `arn:aws:iam::${account.kernel.accountId}:role/${caller}`,
    request: structuredClone(request),
    containers: structuredClone(containerDefinitions).map((container) => ({
      cpu: 0,
      environment: [],
      mountPoints: [],
      volumesFrom: [],
      portMappings: [],
      essential: true,
      ...container,
    })),
    tags: structuredClone(tags ?? []),
    deregisteredAt: undefined,
    refusedFrom: undefined,
  };
  revisions.push(record);
  return record;
}

/** By ARN, `family:revision`, or `family` (its newest ACTIVE revision). @throws {AwsFault} ClientException */
export function findTaskDefinition(account: EcsAccount, given: string): TaskDefinitionRecord {
  const name = given.slice(given.lastIndexOf("/") + 1);
  const [family, revision] = name.split(":");
  const revisions = account.families.get(family ?? "") ?? [];
  const found =
    revision === undefined ? revisions.filter((one) => one.deregisteredAt === undefined).at(-1) : revisions.find((one) => String(one.revision) === revision);
  if (found === undefined) throw new AwsFault("ClientException", "Unable to describe task definition.");
  return found;
}

/**
 * INACTIVE at once, but usable for up to ten more minutes (API_DeregisterTaskDefinition, docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html, read 2026-11-21).
 */
export function deregisterTaskDefinition(account: EcsAccount, record: TaskDefinitionRecord): void {
  const now = nowOf(account);
  record.deregisteredAt = now;
  record.refusedFrom = (now + Math.floor(account.random() * minutes(10))) as TaskDefinitionRecord["refusedFrom"]; // A moment plus at most ten minutes.
}

/** With tags only when asked (API_DescribeTaskDefinition "include"). */
export function describeTaskDefinition(record: TaskDefinitionRecord, withTags: boolean): DescribeTaskDefinitionResponse {
  const { tags: _tags, containerDefinitions: _containers, ...rest } = record.request;
  const taskDefinition: TaskDefinition = {
    ...structuredClone(rest),
    taskDefinitionArn: record.arn,
    family: record.family,
    revision: record.revision,
    status: record.deregisteredAt === undefined ? "ACTIVE" : "INACTIVE",
    containerDefinitions: structuredClone([...record.containers]),
    volumes: structuredClone(record.request.volumes ?? []),
    placementConstraints: [],
    requiresAttributes: [],
    compatibilities: ["EC2", "FARGATE"],
    registeredAt: new Date(record.registeredAt),
    registeredBy: record.registeredBy,
    ...(record.deregisteredAt === undefined ? {} : { deregisteredAt: new Date(record.deregisteredAt) }),
  };
  return withTags ? { taskDefinition, tags: structuredClone([...record.tags]) } : { taskDefinition };
}

/** ARNs by family prefix and status, oldest first unless `sort` says DESC; pages of 100 (API_ListTaskDefinitions, same reference, read 2026-11-21). */
export function listTaskDefinitions(account: EcsAccount, asked: ListTaskDefinitionsRequest): ListTaskDefinitionsResponse {
  const status = asked.status ?? "ACTIVE";
  const all = [...account.families]
    .filter(([family]) => asked.familyPrefix === undefined || family === asked.familyPrefix)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, revisions]) => revisions)
    .filter((one) => (one.deregisteredAt === undefined ? "ACTIVE" : "INACTIVE") === status)
    .map((one) => one.arn);
  if (asked.sort === "DESC") all.reverse();
  const start = Number(asked.nextToken ?? 0);
  const size = Math.min(asked.maxResults ?? 100, 100);
  return { taskDefinitionArns: all.slice(start, start + size), ...(start + size < all.length ? { nextToken: String(start + size) } : {}) };
}
