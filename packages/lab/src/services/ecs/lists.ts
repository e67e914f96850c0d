import type { ListClustersRequest, ListClustersResponse, ListServicesRequest, ListServicesResponse } from "@aws-sdk/client-ecs";
import { arnOf, clusterName, type EcsAccount } from "./account.ts";

/** By 100 unless asked for fewer (API_ListClusters, docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListClusters.html, read 2026-11-21). */
export function listClusters(account: EcsAccount, asked: ListClustersRequest): ListClustersResponse {
  const { items, more } = paged([...account.clusters].sort(), { ...asked, atMost: asked.maxResults ?? 100 });
  return { clusterArns: items.map((name) => arnOf(account, `cluster/${name}`)), ...more };
}

/** By ten unless asked for more, up to 100 (API_ListServices, docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServices.html, read 2026-11-21). */
export function listServices(account: EcsAccount, asked: ListServicesRequest): ListServicesResponse {
  const cluster = clusterName(account, asked.cluster);
  const arns = [...account.services.values()].filter((one) => one.cluster === cluster).map((one) => one.arn);
  const { items, more } = paged(arns, { ...asked, atMost: asked.maxResults ?? 10 });
  return { serviceArns: items, ...more };
}

/** What is asked of a list: how many, and from where on. */
interface PageAsked {
  readonly nextToken?: string | undefined;
  readonly atMost: number;
}

/** One page of a list, and the token of the next where there is one. No list of ECS gives more than 100. */
export function paged(all: readonly string[], asked: PageAsked): { readonly items: string[]; readonly more: { readonly nextToken?: string } } {
  const start = Number(asked.nextToken ?? 0);
  const end = start + Math.min(asked.atMost, 100);
  return { items: all.slice(start, end), more: end < all.length ? { nextToken: String(end) } : {} };
}
