import type { DescribeTaskDefinitionResponse, RegisterTaskDefinitionResponse } from "@aws-sdk/client-ecs";
import { minutes, seconds } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { fiveHundreds, oneEndpoint } from "./behaviours/index.ts";
import { apiAndWorker, call } from "./fixtures.ts";
import { TestKernel } from "./testKernel.ts";
import { LabWorld } from "./world.ts";

const story = (seed: number): string => {
  const { kernel, world } = apiAndWorker({ seed });
  kernel.clock.in(minutes(5), () => {
    world.deploy("api", { behaviour: fiveHundreds({ share: 0.2 }) });
  });
  world.outage("database", { from: minutes(15), for: minutes(5) });
  kernel.pass(minutes(30));
  return JSON.stringify([kernel.history, kernel.events, world.truth.minutes()]);
};

describe("a world", () => {
  it("tells the same story for the same seed and another for another", () => {
    expect(story(7)).toBe(story(7));
    expect(story(8)).not.toBe(story(7));
  });

  it("simulates an hour with two services, ten tasks and two deployments in under 300 ms of processor time", () => {
    const before = process.cpuUsage();
    const kernel = new TestKernel(7);
    const world = new LabWorld(kernel);
    world.product({
      name: "shop",
      cluster: "prod",
      services: [
        { name: "api", desired: 6, traffic: { rpm: 3_000 } },
        { name: "web", desired: 4, traffic: { rpm: 6_000 } },
      ],
    });
    kernel.clock.in(minutes(5), () => {
      world.deploy("api", { behaviour: fiveHundreds({ share: 0.2 }) });
    });
    kernel.clock.in(minutes(25), () => {
      world.deploy("api");
    });
    kernel.pass(minutes(60));
    const used = process.cpuUsage(before);
    expect((used.user + used.system) / 1_000).toBeLessThan(300);
  });

  it("says when the share of traffic by digest changes, and ends with the new digest alone", () => {
    const { kernel, world, services } = apiAndWorker();
    expect([...world.serving("api")]).toEqual([[services.api.digest, 1]]);
    const deployed = world.deploy("api");
    kernel.until(() => world.serving("api").get(deployed.digest) === 1, minutes(3));
    kernel.pass(seconds(1));
    const told = kernel.history.filter((one) => one.kind === "world" && one.what === "serving" && one.about === "api");
    expect(told.length).toBeGreaterThan(1);
    expect(told.at(-1)).toMatchObject({ detail: { shares: { [deployed.digest]: 1 } } });
  });

  it("records the calls CI makes when it deploys", () => {
    const { kernel, world } = apiAndWorker();
    world.deploy("api", { by: "pipeline" });
    expect(kernel.history.filter((one) => one.kind === "call").map((one) => one.kind === "call" && [one.caller, one.operation, one.mutating])).toEqual([
      ["pipeline", "RegisterTaskDefinition", true],
      ["pipeline", "UpdateService", true],
    ]);
  });

  it("answers a probe by what serves: 200 before, 500 from a revision that fails everything, 503 from nobody, 0 for strangers", () => {
    const { kernel, world } = apiAndWorker();
    expect(world.probe("https://api.shop.example.com/orders")).toMatchObject({ status: 200 });
    expect(JSON.parse(world.probe("https://api.shop.example.com/health").body)).toMatchObject({ status: "ok", service: "api" });
    const deployed = world.deploy("api", { behaviour: fiveHundreds({ share: 1 }) });
    kernel.until(() => world.serving("api").get(deployed.digest) === 1, minutes(3));
    expect(world.probe("https://api.shop.example.com/orders").status).toBe(500);
    expect(world.probe("https://api.shop.example.com/health").status).toBe(200);
    expect(world.probe("https://elsewhere.example.com/").status).toBe(0);
    world.interrupt("api", { count: 10, code: "SpotInterruption" });
    expect(world.probe("https://api.shop.example.com/orders").status).toBe(503);
  });

  it("fails one endpoint only, where the code does", () => {
    const { kernel, world } = apiAndWorker();
    const deployed = world.deploy("api", { behaviour: oneEndpoint({ path: "/checkout", traffic: 0.08 }) });
    kernel.until(() => world.serving("api").get(deployed.digest) === 1, minutes(3));
    expect(world.probe("https://api.shop.example.com/checkout/1").status).toBe(500);
    expect(world.probe("https://api.shop.example.com/products").status).toBe(200);
  });

  it("lets the same image behave otherwise under another environment, and a re-registered copy as the original", () => {
    const { kernel, world, services } = apiAndWorker();
    const bad = world.deploy("api", { sameImage: true, environment: { FLAG: "on" }, behaviour: fiveHundreds({ share: 1 }) });
    expect(bad.digest).toBe(services.api.digest);
    kernel.pass(minutes(4));
    expect(world.probe("https://api.shop.example.com/orders").status).toBe(500);
    const old = call<DescribeTaskDefinitionResponse>(world, "ecs", "DescribeTaskDefinition", { taskDefinition: services.api.taskDefinition }).taskDefinition;
    const container = { ...old.containerDefinitions[0], image: `${old.containerDefinitions[0]?.image.replace(/:[^:/]+$/, "")}@${services.api.digest}` };
    const copy = call<RegisterTaskDefinitionResponse>(world, "ecs", "RegisterTaskDefinition", {
      family: old.family,
      containerDefinitions: [container],
    }).taskDefinition;
    call(world, "ecs", "UpdateService", { cluster: "prod", service: "api", taskDefinition: copy.taskDefinitionArn });
    kernel.pass(minutes(4));
    expect(world.probe("https://api.shop.example.com/orders").status).toBe(200);
  });

  it("refuses a service or a dependency nobody added", () => {
    const { world } = apiAndWorker();
    expect(() => world.deploy("nobody")).toThrow("no service named nobody");
    expect(() => world.outage("nothing", { from: seconds(0), for: seconds(1) })).toThrow("no dependency named nothing");
  });
});
