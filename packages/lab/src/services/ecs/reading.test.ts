import type { DescribeServiceDeploymentsResponse, DescribeServicesResponse, DescribeTasksResponse, ListServiceDeploymentsResponse } from "@aws-sdk/client-ecs";
import { minutes, seconds } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { apiAndWorker, call } from "../../world/fixtures.ts";
import type { LabWorld } from "../../world/world.ts";

const service = (world: LabWorld, name = "api") => {
  const found = call<DescribeServicesResponse>(world, "ecs", "DescribeServices", { cluster: "prod", services: [name] }).services[0];
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};
const deployment = (world: LabWorld, arn: string) => {
  const found = call<DescribeServiceDeploymentsResponse>(world, "ecs", "DescribeServiceDeployments", { serviceDeploymentArns: [arn] }).serviceDeployments[0];
  if (found === undefined) throw new Error(`no ${arn}`);
  return found;
};

describe("reading", () => {
  it("answers what is missing in failures and refuses unknown clusters", () => {
    const { world } = apiAndWorker();
    const answer = call<DescribeServicesResponse>(world, "ecs", "DescribeServices", { cluster: "prod", services: ["api", "nobody"] });
    expect([answer.services.length, answer.failures]).toEqual([1, [{ arn: "arn:aws:ecs:eu-west-1:111122223333:service/prod/nobody", reason: "MISSING" }]]);
    expect(call<DescribeTasksResponse>(world, "ecs", "DescribeTasks", { cluster: "prod", tasks: ["gone"] }).failures).toEqual([
      { arn: "gone", reason: "MISSING" },
    ]);
    expect(() => call(world, "ecs", "DescribeServices", { cluster: "other", services: ["api"] })).toThrow(
      expect.objectContaining({ name: "ClusterNotFoundException" }),
    );
    expect(() => call(world, "ecs", "UpdateService", { cluster: "prod", service: "nobody" })).toThrow(
      expect.objectContaining({ name: "ServiceNotFoundException" }),
    );
  });

  it("may be ten seconds old after a write and never older", () => {
    const { kernel, world, services } = apiAndWorker({ ecs: { staleFor: seconds(10) } });
    const deployed = world.deploy("api");
    expect(service(world).taskDefinition).toBe(services.api.taskDefinition);
    const took = kernel.until(() => service(world).taskDefinition === deployed.taskDefinition, seconds(10));
    expect(took).toBeGreaterThanOrEqual(1_000);
    expect(deployment(world, deployed.serviceDeployment).status).not.toBe("SUCCESSFUL");
  });

  it("lists service deployments newest first, by status and by page", () => {
    const { kernel, world } = apiAndWorker();
    const first = world.deploy("api");
    kernel.pass(minutes(5));
    const second = world.deploy("api");
    const list = (more: object) => call<ListServiceDeploymentsResponse>(world, "ecs", "ListServiceDeployments", { cluster: "prod", service: "api", ...more });
    expect(
      list({})
        .serviceDeployments.map((one) => one.serviceDeploymentArn)
        .slice(0, 2),
    ).toEqual([second.serviceDeployment, first.serviceDeployment]);
    expect(list({ status: ["PENDING", "IN_PROGRESS"] }).serviceDeployments.map((one) => one.serviceDeploymentArn)).toEqual([second.serviceDeployment]);
    const page = list({ maxResults: 2 });
    expect(list({ maxResults: 2, nextToken: page.nextToken }).serviceDeployments).toHaveLength(1);
  });
});
