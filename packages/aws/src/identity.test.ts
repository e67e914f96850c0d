import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical.ts";
import { identify } from "./identity.ts";
import { readLabels } from "./labels.ts";
import { definitionSample, digestOf, revisionSample } from "./testing/ecs-samples.ts";

const container = definitionSample().containerDefinitions?.[0] ?? {};
const same = identify({ revision: revisionSample(), definition: definitionSample() });
const keyOf = (parts: Partial<Parameters<typeof identify>[0]>) => identify({ revision: revisionSample(), definition: definitionSample(), ...parts }).key;

describe("two revisions are the same", () => {
  it("under another number, family and registration", () => {
    const definition = definitionSample({
      taskDefinitionArn: "arn:aws:ecs:eu-central-1:123456789012:task-definition/nightshift-api:1",
      family: "nightshift-api",
      revision: 1,
      status: "INACTIVE",
      registeredAt: new Date(0),
      registeredBy: "x",
      requiresAttributes: [],
      compatibilities: ["EC2"],
    });
    expect(keyOf({ definition })).toBe(same.key);
  });

  it("under another tag with the same bytes, and when the image is named by digest", () => {
    const retagged = { ...container, image: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/api:latest" };
    const pinned = { ...container, image: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/api@${digestOf("a")}` };
    expect(keyOf({ definition: definitionSample({ containerDefinitions: [retagged] }) })).toBe(same.key);
    expect(keyOf({ definition: definitionSample({ containerDefinitions: [pinned] }), revision: revisionSample({ containerImages: [] }) })).toBe(same.key);
  });

  it("when AWS lists environment, subnets or empty fields otherwise", () => {
    const reordered = {
      ...container,
      environment: [
        { value: "2", name: "B" },
        { name: "A", value: "1" },
      ],
      mountPoints: [],
    };
    const networkConfiguration = { awsvpcConfiguration: { assignPublicIp: "DISABLED" as const, securityGroups: ["sg-a"], subnets: ["subnet-b", "subnet-a"] } };
    expect(
      keyOf({ definition: definitionSample({ containerDefinitions: [reordered] }), revision: revisionSample({ networkConfiguration, serviceRegistries: [] }) }),
    ).toBe(same.key);
  });

  it("when only our own labels differ", () => {
    expect(keyOf({ definition: definitionSample({ containerDefinitions: [{ ...container, dockerLabels: { "nightshift.commit": "fff" } }] }) })).toBe(same.key);
  });
});

describe("two revisions differ", () => {
  it.each([
    ["in bytes", { revision: revisionSample({ containerImages: [{ containerName: "app", image: "x", imageDigest: digestOf("b") }] }) }],
    [
      "in an environment value",
      {
        definition: definitionSample({
          containerDefinitions: [
            {
              ...container,
              environment: [
                { name: "A", value: "9" },
                { name: "B", value: "2" },
              ],
            },
          ],
        }),
      },
    ],
    ["in the order of a command", { definition: definitionSample({ containerDefinitions: [{ ...container, command: ["--port", "serve", "8080"] }] }) }],
    ["in memory", { definition: definitionSample({ memory: "1024" }) }],
    [
      "in a security group",
      {
        revision: revisionSample({
          networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-a", "subnet-b"], securityGroups: ["sg-b"], assignPublicIp: "DISABLED" } },
        }),
      },
    ],
    [
      "in a label of the team's own",
      { definition: definitionSample({ containerDefinitions: [{ ...container, dockerLabels: { "traefik.enable": "true" } }] }) },
    ],
  ])("%s", (_, parts) => {
    expect(keyOf(parts)).not.toBe(same.key);
  });
});

it("images stand in the order of their containers' names, unresolved ones without a digest", () => {
  const definition = definitionSample({
    containerDefinitions: [
      { name: "web", image: "nginx:1" },
      { name: "app", image: "api:2" },
    ],
  });
  expect(identify({ revision: revisionSample(), definition }).images).toEqual([
    { container: "app", image: "api:2", digest: digestOf("a") },
    { container: "web", image: "nginx:1", digest: undefined },
  ]);
});

it("canonical JSON sorts keys, drops what is empty and keeps the order of lists that have one", () => {
  expect(canonicalJson({ b: [2, 1], a: null, c: [], d: {}, e: [3, 2] }, new Set(["e"]))).toBe('{"b":[2,1],"e":[2,3]}');
});

describe("what CI told about a revision", () => {
  it("comes from a tag before a label", () => {
    expect(readLabels(definitionSample(), [{ key: "nightshift:commit", value: "def5678" }])).toEqual({ commit: "def5678" });
    expect(readLabels(definitionSample(), [])).toEqual({ commit: "abc1234" });
  });

  it.each([
    ["0012..0015", { min: "0012", head: "0015" }],
    ["0015", { min: "0015", head: "0015" }],
    ["..0015", undefined],
    ["0012..", undefined],
    ["1..2..3", undefined],
    [" ", undefined],
  ])("a schema window %s", (value, schema) => {
    expect(readLabels({}, [{ key: "nightshift:schema", value }]).schema).toEqual(schema);
  });
});
