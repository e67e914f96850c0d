import type { AlarmRule, AlarmValue, DependencySignal, EpochMs, GuardedService, GuardSettings, IncidentPolicy, RungAlarm, Severity } from "@nightshift/model";
import { fits } from "./silences.ts";

/** What an alarm event says, as far as its meaning is told by it. */
export interface AlarmSign {
  readonly name: string;
  readonly value: AlarmValue;
  readonly since: EpochMs;
  readonly reason: string;
  readonly metrics: readonly SignMetric[];
  readonly reasonData: { readonly recentDatapoints?: readonly (number | null)[] | undefined; readonly threshold?: number | undefined } | undefined;
}

/** One line of what an alarm looks at. */
export type SignMetric =
  | {
      readonly kind: "metric";
      readonly id: string;
      readonly namespace: string;
      readonly metric: string;
      readonly dimensions: Readonly<Record<string, string>>;
      readonly statistic: string;
      readonly returned: boolean;
      readonly unit?: string | undefined;
    }
  | { readonly kind: "formula"; readonly id: string; readonly formula: string; readonly returned: boolean };

/** What an alarm is about: a service of ours, or something that services stand on. */
export interface Subject {
  readonly service: string;
  readonly group: string;
  readonly dependency: boolean;
}

/** An outage from half of the requests on; P2 above 5 %; P3 from 1 %, both ends included (decision 5). */
const OUTAGE = 50;
const PARTIAL = 5;
const NOTABLE = 1;

/** How bad an alarm is: by the team's rule, by the share of failed requests, by whether anything answers at all; else P3. */
export function severityOfAlarm(sign: AlarmSign, policy: Pick<IncidentPolicy, "alarms">): Severity {
  const ruled = ruleOf(sign, policy)?.severity;
  if (ruled !== undefined) return ruled;
  const share = errorShareOf(sign);
  if (share !== undefined) return share >= OUTAGE ? "P1" : share > PARTIAL ? "P2" : share >= NOTABLE ? "P3" : "P4";
  const down = downMetric(sign);
  if (down === undefined) return "P3";
  return down.noneLeft && newest(sign) === 0 ? "P1" : "P2";
}

/** A dependency's alarm is a cause; one about hosts or tasks that are gone says that the service is down; everything else is a symptom. */
export function roleOfAlarm(sign: AlarmSign, policy: Pick<IncidentPolicy, "alarms">, subject: Pick<Subject, "dependency">): RungAlarm["role"] {
  const ruled = ruleOf(sign, policy)?.role;
  if (ruled !== undefined) return ruled;
  if (subject.dependency) return "cause";
  return downMetric(sign) === undefined ? "symptom" : "down";
}

/**
 * Which service an alarm is about: the one its rule names, else the first whose triggers list it, else the one that its
 * dimensions name, else a dependency that they name. A composite alarm has no dimensions, so only a rule or a trigger
 * places it; it is one more alarm and mutes none of those it is made of.
 */
export function subjectOfAlarm(
  sign: AlarmSign,
  policy: Pick<IncidentPolicy, "alarms" | "product">,
  groups: readonly GuardSettings[],
): Subject | { readonly nobody: string } {
  const services = groups.flatMap((group) => group.services);
  const rule = ruleOf(sign, policy);
  if (rule?.ignore === true) return { nobody: `the config's rule ${rule.match} says to ignore it` };
  if (rule?.service !== undefined) return named(rule.service, services);
  const listing = services.find((one) => one.triggers.some((trigger) => trigger.kind === "alarms" && trigger.names.includes(sign.name)));
  const found = listing ?? byDimensions(sign, services);
  if (found !== undefined) return { service: found.name, group: found.group, dependency: false };
  const dependency = services.flatMap((one) => one.dependencies).find((one) => isAbout(sign, one));
  if (dependency !== undefined) return { service: dependency.name, group: dependencyGroup(dependency.name), dependency: true };
  if (rule !== undefined) return { service: policy.product, group: policy.product, dependency: false };
  return { nobody: `no rule, trigger or dimension says which service the alarm ${sign.name} is about` };
}

/** What the alarms of a dependency are grouped by: services' own groups have no colon in their names. */
export const dependencyGroup = (name: string): string => `dep:${name}`;

/** What an incident that this alarm opens is called: `shop-api/error-rate: 12.4 % (limit 5 %)`. */
export function titleOfAlarm(sign: AlarmSign): string {
  const limit = sign.reasonData?.threshold;
  const scale = shareScale(sign);
  const value = newest(sign);
  if (value === undefined || limit === undefined) return `${sign.name} rings`;
  const figure = (n: number): string => (scale === undefined ? round(n) : `${round(n * scale)} %`);
  return `${sign.name}: ${figure(value)} (limit ${figure(limit)})`;
}

/** Services by what they stand on: the config's map, and the dependencies that services list themselves. */
export function dependenciesOf(policy: Pick<IncidentPolicy, "dependsOn">, groups: readonly GuardSettings[]): Readonly<Record<string, readonly string[]>> {
  const all: Record<string, readonly string[]> = { ...policy.dependsOn };
  for (const service of groups.flatMap((group) => group.services)) {
    const names = [...(policy.dependsOn[service.name] ?? []), ...service.dependencies.map((one) => one.name)];
    all[service.name] = [...new Set(names)];
  }
  return all;
}

const ruleOf = (sign: AlarmSign, { alarms }: Pick<IncidentPolicy, "alarms">): AlarmRule | undefined => alarms.find((rule) => fits(rule.match, sign.name));

function named(service: string, services: readonly GuardedService[]): Subject {
  const known = services.find((one) => one.name === service);
  if (known !== undefined) return { service: known.name, group: known.group, dependency: false };
  const dependency = services.flatMap((one) => one.dependencies).find((one) => one.name === service);
  return dependency === undefined ? { service, group: service, dependency: false } : { service, group: dependencyGroup(service), dependency: true };
}

/**
 * ECS names its services by ServiceName and ClusterName ("Amazon ECS CloudWatch metrics",
 * docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html), load balancing by TargetGroup and LoadBalancer
 * ("CloudWatch metrics for your Application Load Balancer",
 * docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html), both 2026-11-21.
 */
function byDimensions({ metrics }: AlarmSign, services: readonly GuardedService[]): GuardedService | undefined {
  const dimensions = metrics.flatMap((one) => (one.kind === "metric" ? [one.dimensions] : []));
  const first = (matches: (its: Readonly<Record<string, string>>, service: GuardedService) => boolean) =>
    services.find((service) => dimensions.some((its) => matches(its, service)));
  return (
    first((its, { name, cluster }) => its["ServiceName"] === name && (its["ClusterName"] ?? cluster) === cluster) ??
    first((its, { traffic }) => traffic !== undefined && its["TargetGroup"] === traffic.targetGroup) ??
    // A balancer may serve many: only an alarm that names no target group is taken for the first service behind it.
    first((its, { traffic }) => traffic !== undefined && its["TargetGroup"] === undefined && its["LoadBalancer"] === traffic.loadBalancer)
  );
}

/** The alarm looks at the very thing: one of them names all that the other names, and in the same namespace. */
function isAbout({ metrics }: AlarmSign, dependency: DependencySignal): boolean {
  const within = (small: Readonly<Record<string, string>>, large: Readonly<Record<string, string>>): boolean =>
    Object.keys(small).length > 0 && Object.entries(small).every(([name, value]) => large[name] === value);
  return metrics.some(
    (one) =>
      one.kind === "metric" &&
      one.namespace === dependency.namespace &&
      (within(dependency.dimensions, one.dimensions) || within(one.dimensions, dependency.dimensions)),
  );
}

/** Failed requests in percent, where the alarm says so; a mere count of errors is no share. */
function errorShareOf(sign: AlarmSign): number | undefined {
  const scale = shareScale(sign);
  const value = newest(sign);
  return scale === undefined || value === undefined ? undefined : value * scale;
}

const ERRORS = /5xx|error|fault|fail/i;

/** What its figures are multiplied by to be percent of requests; undefined where they are no share of failed requests. */
function shareScale({ metrics }: AlarmSign): 1 | 100 | undefined {
  const returned = metrics.find((one) => one.returned);
  if (returned === undefined) return undefined;
  if (returned.kind === "metric") {
    if (!ERRORS.test(returned.metric)) return undefined;
    if (returned.unit === "Percent" || /rate|percent/i.test(returned.metric)) return 1;
    // "Amazon API Gateway dimensions and metrics": the average of 5XXError is a rate from 0 to 1
    // (docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html, 2026-11-21).
    return returned.namespace === "AWS/ApiGateway" && returned.statistic === "Average" ? 100 : undefined;
  }
  const ofErrors = metrics.some((one) => one.kind === "metric" && ERRORS.test(one.metric));
  if (!ofErrors || !returned.formula.includes("/")) return undefined;
  return /\b100\b/.test(returned.formula) ? 1 : 100;
}

/** Metrics that count what is there to answer, and those that count what does not; `noneLeft`: zero of them is an outage. */
const DOWN: Readonly<Record<string, { readonly noneLeft: boolean }>> = {
  HealthyHostCount: { noneLeft: true },
  UnHealthyHostCount: { noneLeft: false },
  RunningTaskCount: { noneLeft: true },
  HealthCheckStatus: { noneLeft: true },
  StatusCheckFailed: { noneLeft: false },
};

function downMetric({ metrics }: AlarmSign): { readonly noneLeft: boolean } | undefined {
  const returned = metrics.find((one) => one.returned);
  return returned?.kind === "metric" ? DOWN[returned.metric] : undefined;
}

/** CloudWatch lists the newest datapoint last; one that it did not have is null. */
const newest = ({ reasonData }: AlarmSign): number | undefined => reasonData?.recentDatapoints?.findLast((one) => one !== null) ?? undefined;

const round = (n: number): string => String(Math.round(n * 100) / 100);
