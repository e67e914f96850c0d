import { digest } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { ecrRepository, parseImage, pinnedImage } from "./image-name.ts";

const bytes = digest(`sha256:${"a".repeat(64)}`);

describe("an image's name", () => {
  it.each([
    ["nginx", "nginx"],
    ["nginx:1.27", "nginx"],
    ["registry.local:5000/shop/api", "registry.local:5000/shop/api"],
    ["registry.local:5000/shop/api:v2", "registry.local:5000/shop/api"],
    [`ghcr.io/shop/api:v2@${bytes}`, "ghcr.io/shop/api"],
  ])("%s lives in %s", (image, repository) => {
    expect(parseImage(image).repository).toBe(repository);
  });

  it("a digest counts only when it is one", () => {
    expect(parseImage(`nginx@${bytes}`).digest).toBe(bytes);
    expect(parseImage("nginx@sha256:short").digest).toBeUndefined();
    expect(parseImage("nginx:latest").digest).toBeUndefined();
  });

  it("is pinned without its tag", () => {
    expect(pinnedImage("registry.local:5000/shop/api:v2", bytes)).toBe(`registry.local:5000/shop/api@sha256:${"a".repeat(64)}`);
  });

  it("tells ECR's account, region and repository", () => {
    expect(ecrRepository("123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/api:v2")).toEqual({
      registryId: "123456789012",
      region: "eu-central-1",
      name: "shop/api",
    });
    expect(ecrRepository("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/api@x")).toEqual({ registryId: "123456789012", region: "cn-north-1", name: "api" });
    expect(ecrRepository("public.ecr.aws/nginx/nginx:1")).toBeUndefined();
    expect(ecrRepository("evil.com/123456789012.dkr.ecr.eu-central-1.amazonaws.com/api")).toBeUndefined();
  });
});
