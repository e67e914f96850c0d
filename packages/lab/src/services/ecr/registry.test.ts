import type { BatchGetImageResponse, DescribeImagesResponse, DescribeRepositoriesResponse } from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { TestKernel } from "../../world/testKernel.ts";
import { Registry } from "./registry.ts";

const A = `sha256:${"a".repeat(64)}`;
const B = `sha256:${"b".repeat(64)}`;

describe("the registry", () => {
  const filled = () => {
    const registry = new Registry(new TestKernel());
    registry.push("shop/api", A, "latest");
    registry.push("shop/api", B, "latest");
    return registry;
  };
  // The answers' types are the operations' own.
  const describeImages = (registry: Registry, imageIds: object[]) =>
    registry.handle("DescribeImages", { repositoryName: "shop/api", imageIds }) as DescribeImagesResponse;

  it("moves a tag to the bytes pushed last and keeps the others by digest", () => {
    const registry = filled();
    const name = `${registry.host()}/shop/api`;
    expect(registry.pull(`${name}:latest`)).toBe(B);
    expect(registry.pull(`${name}@${A}`)).toBe(A);
    expect(registry.pull(`${name}:v9`)).toBeUndefined();
    expect(describeImages(registry, [{ imageDigest: A }]).imageDetails?.[0]?.imageTags).toEqual([]);
    expect(describeImages(registry, [{ imageTag: "latest" }]).imageDetails?.[0]?.imageDigest).toBe(B);
  });

  it("fails DescribeImages for a purged digest and lists it among BatchGetImage's failures", () => {
    const registry = filled();
    registry.purge("shop/api", A);
    expect(() => describeImages(registry, [{ imageDigest: A }])).toThrow(expect.objectContaining({ name: "ImageNotFoundException" }));
    const batch = registry.handle("BatchGetImage", { repositoryName: "shop/api", imageIds: [{ imageDigest: A }, { imageDigest: B }] }) as BatchGetImageResponse; // As above.
    expect([batch.images?.map((one) => one.imageId?.imageDigest), batch.failures?.map((one) => one.failureCode)]).toEqual([[B], ["ImageNotFound"]]);
    expect(() => registry.handle("DescribeImages", { repositoryName: "nothing" })).toThrow(expect.objectContaining({ name: "RepositoryNotFoundException" }));
  });

  it("describes its repositories, whose tags are mutable and whose images no policy expires", () => {
    const registry = filled();
    const described = (repositoryNames?: string[]) =>
      registry.handle("DescribeRepositories", repositoryNames === undefined ? {} : { repositoryNames }) as DescribeRepositoriesResponse; // As above.
    expect(described().repositories?.map((one) => [one.repositoryName, one.repositoryUri, one.imageTagMutability])).toEqual([
      ["shop/api", `${registry.host()}/shop/api`, "MUTABLE"],
    ]);
    expect(() => described(["shop/api", "nothing"])).toThrow(expect.objectContaining({ name: "RepositoryNotFoundException" }));
    expect(() => registry.handle("GetLifecyclePolicy", { repositoryName: "shop/api" })).toThrow(
      expect.objectContaining({ name: "LifecyclePolicyNotFoundException" }),
    );
    expect(() => registry.handle("GetLifecyclePolicy", { repositoryName: "nothing" })).toThrow(
      expect.objectContaining({ name: "RepositoryNotFoundException" }),
    );
  });
});
