import { serviceDeploymentArn, serviceName, taskDefinitionArn } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { rollbacksFrom } from "./ecs-rollbacks.ts";
import { identify } from "./identity.ts";
import { answering, awsError } from "./testing/answering.ts";
import { definitionSample, deploymentSample, digestOf, revisionSample } from "./testing/ecs-samples.ts";

const arn = serviceDeploymentArn("arn:aws:ecs:eu-central-1:123456789012:service-deployment/shop/api/d2");
const refuse = (name: string) => () => {
  throw awsError(name);
};

describe("stopping a deployment", () => {
  it("asks for a rollback, and nothing else", async () => {
    const { reach, sent } = answering({ StopServiceDeployment: () => ({ serviceDeploymentArn: arn }) });
    expect(await rollbacksFrom(reach).stopDeployment(arn)).toBe("accepted");
    expect(sent).toEqual([{ operation: "StopServiceDeployment", input: { serviceDeploymentArn: arn, stopType: "ROLLBACK" } }]);
  });

  it.each([
    ["SUCCESSFUL", "too-late"],
    ["STOPPED", "already"],
    ["ROLLBACK_REQUESTED", "already"],
    ["ROLLBACK_IN_PROGRESS", "already"],
    ["ROLLBACK_SUCCESSFUL", "already"],
    ["ROLLBACK_FAILED", "already"],
  ] as const)("that ECS refuses because it is %s is %s", async (status, answer) => {
    for (const name of ["ConflictException", "InvalidParameterException"]) {
      const { reach } = answering({
        StopServiceDeployment: refuse(name),
        DescribeServiceDeployments: () => ({ serviceDeployments: [deploymentSample({ status })] }),
      });
      expect(await rollbacksFrom(reach).stopDeployment(arn)).toBe(answer);
    }
  });

  it("that ECS refuses although it is under way stays an error", async () => {
    const { reach } = answering({
      StopServiceDeployment: refuse("ConflictException"),
      DescribeServiceDeployments: () => ({ serviceDeployments: [deploymentSample()] }),
    });
    await expect(rollbacksFrom(reach).stopDeployment(arn)).rejects.toMatchObject({ kind: "conflict" });
  });

  it("whose answer was lost is not repeated here", async () => {
    const { reach, sent } = answering({
      StopServiceDeployment: () => {
        throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
      },
    });
    await expect(rollbacksFrom(reach).stopDeployment(arn)).rejects.toMatchObject({ kind: "timeout", outcomeUnknown: true });
    expect(sent.length).toBe(1);
  });
});

it("a redeploy sends cluster, service and task definition, and above all no desired count", async () => {
  const { reach, sent } = answering({ UpdateService: () => ({}) });
  await rollbacksFrom(reach).redeploy({ cluster: "shop", service: serviceName("api") }, taskDefinitionArn("arn:td/api:41"));
  expect(sent).toEqual([{ operation: "UpdateService", input: { cluster: "shop", service: "api", taskDefinition: "arn:td/api:41" } }]);
});

describe("a pinned copy", () => {
  const identity = identify({ revision: revisionSample(), definition: definitionSample() });
  const copyArn = "arn:aws:ecs:eu-central-1:123456789012:task-definition/nightshift-api:1";
  type Registered = {
    family: string;
    containerDefinitions: { name: string; image: string }[];
    tags: { key: string; value: string }[];
    [more: string]: unknown;
  };

  /** An account that keeps what is registered. */
  function registry() {
    const registered: Registered[] = [];
    const deregistered = new Set<string>();
    return {
      registered,
      deregistered,
      ...answering({
        DescribeTaskDefinition: ({ taskDefinition }: { taskDefinition: string }) => {
          const copy = registered[Number(taskDefinition.split(":").at(-1)) - 1];
          if (!taskDefinition.includes("nightshift-"))
            return {
              taskDefinition: definitionSample(),
              tags: [
                { key: "team", value: "shop" },
                { key: "aws:cloudformation:stack-name", value: "x" },
              ],
            };
          return {
            taskDefinition: { ...copy, taskDefinitionArn: taskDefinition, status: deregistered.has(taskDefinition) ? "INACTIVE" : "ACTIVE" },
            tags: copy?.tags,
          };
        },
        ListTaskDefinitions: () => ({ taskDefinitionArns: registered.map((_, i) => `${copyArn.slice(0, -1)}${i + 1}`).toReversed() }),
        RegisterTaskDefinition: (input: Registered) => {
          registered.push(input);
          return { taskDefinition: { taskDefinitionArn: `${copyArn.slice(0, -1)}${registered.length}` } };
        },
      }),
    };
  }

  it("names every image by digest, in a family of its own, with the team's tags and ours", async () => {
    const { reach, registered } = registry();
    expect(await rollbacksFrom(reach).registerPinned(identity, "work-1")).toBe(copyArn);
    expect(registered[0]).toMatchObject({
      family: "nightshift-api",
      cpu: "256",
      taskRoleArn: "arn:aws:iam::123456789012:role/api-task",
      requiresCompatibilities: ["FARGATE"],
    });
    expect(registered[0]?.containerDefinitions[0]?.image).toBe(`123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/api@${digestOf("a")}`);
    expect(registered[0]?.tags.map((tag) => tag.key)).toEqual(["team", "nightshift:owner", "nightshift:purpose", "nightshift:identity", "nightshift:key"]);
    for (const field of ["revision", "status", "registeredAt", "requiresAttributes", "compatibilities", "taskDefinitionArn"])
      expect(registered[0]).not.toHaveProperty(field);
  });

  it("is the revision it was copied from", async () => {
    const { reach, registered } = registry();
    await rollbacksFrom(reach).registerPinned(identity, "work-1");
    const { tags: _, ...definition } = registered[0] ?? { tags: [] };
    expect(identify({ revision: revisionSample({ containerImages: [] }), definition }).key).toBe(identity.key);
  });

  it("is found again under the same key, and made anew under another", async () => {
    const { reach, registered } = registry();
    const rollbacks = rollbacksFrom(reach);
    expect([
      await rollbacks.registerPinned(identity, "work-1"),
      await rollbacks.registerPinned(identity, "work-1"),
      await rollbacks.registerPinned(identity, "work-2"),
      await rollbacks.registerPinned(identity, "work-1"),
    ]).toEqual([copyArn, copyArn, `${copyArn.slice(0, -1)}2`, copyArn]);
    expect(registered.length).toBe(2);
  });

  it("that was deregistered since is made anew, even while the list still names it", async () => {
    const { reach, registered, deregistered } = registry();
    const rollbacks = rollbacksFrom(reach);
    await rollbacks.registerPinned(identity, "work-1");
    deregistered.add(copyArn);
    expect(await rollbacks.registerPinned(identity, "work-1")).toBe(`${copyArn.slice(0, -1)}2`);
    expect(await rollbacks.registerPinned(identity, "work-1")).toBe(`${copyArn.slice(0, -1)}2`);
    expect(registered.length).toBe(2);
  });

  it("that somebody tagged like ours but holds other bytes is not taken", async () => {
    const { reach, registered } = registry();
    const rollbacks = rollbacksFrom(reach);
    await rollbacks.registerPinned(identity, "work-1");
    const forged = registered[0];
    if (forged !== undefined) registered[0] = { ...forged, containerDefinitions: forged.containerDefinitions.map((one) => ({ ...one, image: "evil:latest" })) };
    expect(await rollbacks.registerPinned(identity, "work-1")).toBe(`${copyArn.slice(0, -1)}2`);
  });

  it("is refused while a digest is not known, and nothing is registered", async () => {
    const { reach, registered } = registry();
    const unresolved = identify({ revision: revisionSample({ containerImages: [] }), definition: definitionSample() });
    await expect(rollbacksFrom(reach).registerPinned(unresolved, "work-1")).rejects.toMatchObject({ kind: "invalid" });
    expect(registered).toEqual([]);
  });
});
