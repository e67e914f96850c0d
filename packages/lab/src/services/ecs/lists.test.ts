import type { ListClustersResponse, ListServicesResponse } from "@aws-sdk/client-ecs";
import { describe, expect, it } from "vitest";
import { apiAndWorker, call } from "../../world/fixtures.ts";
import { paged } from "./lists.ts";

const arn = (rest: string): string => `arn:aws:ecs:eu-west-1:111122223333:${rest}`;

describe("lists", () => {
  it("name the clusters", () => {
    const { world } = apiAndWorker();
    expect(call<ListClustersResponse>(world, "ecs", "ListClusters", {}).clusterArns).toEqual([arn("cluster/default"), arn("cluster/prod")]);
  });

  it("name a cluster's services page by page", () => {
    const { world } = apiAndWorker();
    const list = (asked: object) => call<ListServicesResponse>(world, "ecs", "ListServices", { cluster: "prod", ...asked });
    expect(list({})).toEqual({ serviceArns: [arn("service/prod/api"), arn("service/prod/worker")] });
    const first = list({ maxResults: 1 });
    expect(first.serviceArns).toEqual([arn("service/prod/api")]);
    expect(list({ maxResults: 1, nextToken: first.nextToken })).toEqual({ serviceArns: [arn("service/prod/worker")] });
    expect(() => list({ cluster: "other" })).toThrow(expect.objectContaining({ name: "ClusterNotFoundException" }));
  });

  it("end exactly where the last page is full", () => {
    expect(paged(["a", "b"], { atMost: 2 })).toEqual({ items: ["a", "b"], more: {} });
    expect(paged(["a", "b", "c"], { atMost: 2 })).toEqual({ items: ["a", "b"], more: { nextToken: "2" } });
  });

  it("give at most 100, whatever is asked", () => {
    const many = Array.from({ length: 101 }, (_, i) => `${i}`);
    expect(paged(many, { atMost: 500 }).items.length).toBe(100);
    expect(paged(many, { atMost: 500 }).more).toEqual({ nextToken: "100" });
  });
});
