import {
  type BackupSettings,
  type Budgets,
  type GuardedService,
  type GuardSettings,
  type IncidentPolicy,
  type Mode,
  type PersonOnFile,
  type ServiceName,
  type SmokeTest,
  type TrafficSource,
  type Trigger,
  type WorkerSettings,
  serviceName,
} from "@nightshift/model";
import * as z from "zod/mini";
import { backupsOf } from "./resolve-backups.ts";
import { incidentPolicyOf, peopleOf } from "./resolve-incidents.ts";
import { workersOf } from "./resolve-workers.ts";
import type { ParsedConfig } from "./sections/index.ts";
import type { EcsParsed } from "./sections/services.ts";
import { trigger } from "./sections/triggers.ts";

/** A whole config in our words, every default filled in. */
export interface Resolved {
  readonly product: string;
  readonly mode: Mode;
  /** Events and calls of another region are refused; undefined: the deployment's own. */
  readonly region: string | undefined;
  /** Events and calls of another account are refused; undefined: the deployment's own. */
  readonly account: string | undefined;
  readonly channels: { readonly ops: string | undefined; readonly incidents: string | undefined };
  readonly people: readonly PersonOnFile[];
  readonly budgets: Budgets;
  /** One entry a group, in the order of the config. */
  readonly groups: readonly GuardSettings[];
  /** How incidents are run. */
  readonly incidents: IncidentPolicy;
  /** Worker services that are scaled, in the order of the config. */
  readonly workers: readonly WorkerSettings[];
  /** What is backed up, proven and kept. */
  readonly backups: BackupSettings;
  /** Where functions that reach brokers and databases are put; undefined: outside of any VPC. */
  readonly network: { readonly subnets: readonly string[]; readonly securityGroups: readonly string[] } | undefined;
}

/** AccuNode's three, for services with a load balancer that list none (facts/rollback.md 5). */
const withTraffic = ["health-checks", "error-rate", "latency"] as const;

/** A trigger that nobody listed has the defaults of one that was listed bare. */
const implied = (kind: Exclude<Trigger["kind"], "alarms">): Trigger => z.parse(trigger, { kind });

function triggersOf(service: EcsParsed): readonly Trigger[] {
  const listed: readonly Trigger[] = service.triggers ?? (service.traffic === undefined ? [] : withTraffic.map(implied));
  const has = (kind: Trigger["kind"]): boolean => listed.some((it) => it.kind === kind);
  return [
    ...listed,
    ...(has("task-crashes") ? [] : [implied("task-crashes")]),
    ...(service.smoke.length === 0 || has("smoke-tests") ? [] : [implied("smoke-tests")]),
  ];
}

/** CloudWatch names load balancers and target groups by the end of their ARNs. */
function trafficOf(traffic: EcsParsed["traffic"]): TrafficSource | undefined {
  if (traffic === undefined) return undefined;
  return { loadBalancer: traffic.loadBalancer.replace(/^.*:loadbalancer\//, ""), targetGroup: traffic.targetGroup.replace(/^.*:targetgroup/, "targetgroup") };
}

function smokeOf(test: EcsParsed["smoke"][number]): SmokeTest {
  const { json, ...rest } = test;
  return json === undefined ? rest : { ...rest, json };
}

function guarded(name: string, service: EcsParsed, mode: Mode): GuardedService {
  return {
    name: serviceName(name),
    cluster: service.cluster.replace(/^.*:cluster\//, ""),
    group: service.group ?? name,
    mode: service.mode ?? mode,
    triggers: triggersOf(service),
    smoke: service.smoke.map(smokeOf),
    windows: service.windows,
    schema: service.schema,
    dependencies: service.dependencies,
    traffic: trafficOf(service.traffic),
    knownBad: service.knownBad,
    nativeGrace: service.nativeGrace,
    askFor: service.askFor,
  };
}

/** Sorts a checked config into the settings of each group. */
export function resolveParsed(config: ParsedConfig): Resolved {
  const groups = new Map<string, GuardedService[]>();
  for (const [name, service] of Object.entries(config.services)) {
    const it = { ...guarded(name, service, config.mode), ...(config.workers[name] === undefined ? {} : { scaled: true }) };
    groups.set(it.group, [...(groups.get(it.group) ?? []), it]);
  }
  const backups = backupsOf(config);
  const able = backups.databases.flatMap(({ name, snapshots, mode }) => (snapshots === undefined || mode === "shadow" ? [] : [name]));
  const saves = able.length === 0 ? {} : { saves: able };
  return {
    product: config.product,
    mode: config.mode,
    region: config.region,
    account: config.account,
    channels: { ops: config.channels.ops, incidents: config.channels.incidents ?? config.channels.ops },
    people: peopleOf(config),
    budgets: config.budgets,
    groups: [...groups].map(([group, services]) => ({ product: config.product, group, services, budgets: config.budgets, ...saves })),
    incidents: incidentPolicyOf(config),
    workers: workersOf(config),
    backups,
    network: config.network,
  };
}

/** Settings of the group that a service belongs to; undefined when nobody asked us to guard it. */
export const groupOf = (resolved: Resolved, service: ServiceName | string): GuardSettings | undefined =>
  resolved.groups.find((group) => group.services.some((it) => it.name === service));

/** Settings of one group by its name. */
export const groupNamed = (resolved: Resolved, group: string): GuardSettings | undefined => resolved.groups.find((it) => it.group === group);
