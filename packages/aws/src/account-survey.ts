import { DescribeServicesCommand, ListClustersCommand, ListServicesCommand, type Service } from "@aws-sdk/client-ecs";
import { DescribeTargetGroupsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { lastPart } from "./ecs-names.ts";
import { allPages, inGroups } from "./pages.ts";
import { refuseFailures } from "./partial.ts";
import type { Reach } from "./reach.ts";

/** One service that could be guarded. */
export interface SurveyedService {
  readonly cluster: string;
  readonly name: string;
  readonly desired: number;
  /** Why Nightshift would only watch it; undefined: a rolling deployment by ECS itself. */
  readonly unusual: string | undefined;
  /** The application load balancer and target group that CloudWatch knows it by; undefined: a worker, or behind something else. */
  readonly traffic: { readonly loadBalancer: string; readonly targetGroup: string } | undefined;
}

// Sources: "ListClusters" and "ListServices" (100 a page), "DescribeServices" (10 a call),
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/, and "DescribeTargetGroups",
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroups.html, 2026-11-21.
const pages = 20;
const servicesPerCall = 10;

/** Every ECS service of the region, in the clusters' and services' own order of names. Reads only. */
export async function surveyAccount(reach: Reach): Promise<readonly SurveyedService[]> {
  const found: SurveyedService[] = [];
  for (const cluster of await clustersOf(reach)) {
    for (const service of await servicesOf(reach, cluster)) found.push(await surveyed(reach, cluster, service));
  }
  return found;
}

async function clustersOf({ connections, calls }: Reach): Promise<readonly string[]> {
  const call = { operation: "ecs:ListClusters", on: "the region" };
  const arns = await allPages(call, pages, async (nextToken) => {
    const answer = await calls.read(call, async () => (await connections.ecs()).send(new ListClustersCommand(nextToken === undefined ? {} : { nextToken })));
    return { items: answer.clusterArns ?? [], next: answer.nextToken };
  });
  return arns.map(lastPart).sort();
}

async function servicesOf({ connections, calls }: Reach, cluster: string): Promise<readonly Service[]> {
  const call = { operation: "ecs:ListServices", on: cluster };
  const arns = await allPages(call, pages, async (nextToken) => {
    const input = { cluster, maxResults: 100, ...(nextToken === undefined ? {} : { nextToken }) };
    const answer = await calls.read(call, async () => (await connections.ecs()).send(new ListServicesCommand(input)));
    return { items: answer.serviceArns ?? [], next: answer.nextToken };
  });
  const services: Service[] = [];
  for (const group of inGroups([...arns].sort(), servicesPerCall)) {
    const describing = { operation: "ecs:DescribeServices", on: `${cluster}: ${group.map(lastPart).join(", ")}` };
    const answer = await calls.read(describing, async () => (await connections.ecs()).send(new DescribeServicesCommand({ cluster, services: [...group] })));
    refuseFailures(describing, answer.failures);
    services.push(...(answer.services ?? []).filter((service) => service.status === "ACTIVE"));
  }
  return services;
}

async function surveyed(reach: Reach, cluster: string, service: Service): Promise<SurveyedService> {
  const controller = service.deploymentController?.type ?? "ECS";
  const strategy = service.deploymentConfiguration?.strategy ?? "ROLLING";
  const daemon = service.schedulingStrategy === "DAEMON";
  const unusual = controller !== "ECS" ? `deployed by ${controller}` : strategy !== "ROLLING" ? `deployed ${strategy}` : daemon ? "a daemon" : undefined;
  const arn = service.loadBalancers?.find((one) => one.targetGroupArn !== undefined)?.targetGroupArn;
  return {
    cluster,
    name: service.serviceName ?? "",
    desired: service.desiredCount ?? 0,
    unusual,
    traffic: arn === undefined ? undefined : await trafficOf(reach, arn),
  };
}

/** Only application load balancers count HTTP errors; a group behind another kind, or behind none, gives undefined. */
async function trafficOf({ connections, calls }: Reach, arn: string): Promise<SurveyedService["traffic"]> {
  const call = { operation: "elasticloadbalancing:DescribeTargetGroups", on: arn };
  const answer = await calls.read(call, async () => (await connections.elbv2()).send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] })));
  const balancer = answer.TargetGroups?.[0]?.LoadBalancerArns?.[0]?.split(":loadbalancer/")[1];
  const targetGroup = arn.split(":").at(-1);
  return balancer?.startsWith("app/") !== true || targetGroup === undefined ? undefined : { loadBalancer: balancer, targetGroup };
}
