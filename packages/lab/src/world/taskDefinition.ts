import type { RegisterTaskDefinitionRequest } from "@aws-sdk/client-ecs";
import type { Kernel } from "../kernel.ts";
import type { ReleaseSpec, ServiceSpec } from "./spec.ts";

/** Families are called `PRODUCT-SERVICE`; a service that is named after its product already keeps its name. */
export const familyOf = (product: string, service: string): string => (service.startsWith(`${product}-`) ? service : `${product}-${service}`);

/** What CI registers for a release: one Fargate container with awslogs. */
export function definitionRequest(of: {
  readonly kernel: Kernel;
  readonly service: ServiceSpec;
  readonly product: string;
  readonly image: string;
  readonly release: ReleaseSpec;
}): RegisterTaskDefinitionRequest {
  const { kernel, service, product, release } = of;
  const check = service.containerHealthCheck;
  const family = familyOf(product, service.name);
  return {
    family,
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    cpu: "512",
    memory: "1024",
    executionRoleArn: `arn:aws:iam::${kernel.accountId}:role/${family}-execution`,
    taskRoleArn: `arn:aws:iam::${kernel.accountId}:role/${family}-task`,
    containerDefinitions: [
      {
        name: service.name,
        image: of.image,
        essential: true,
        environment: Object.entries({ NODE_ENV: "production", ...release.environment }).map(([name, value]) => ({ name, value })),
        ...(service.traffic === undefined ? {} : { portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: "tcp" as const }] }),
        ...(service.stopTimeout === undefined ? {} : { stopTimeout: service.stopTimeout / 1_000 }),
        ...(release.labels === undefined ? {} : { dockerLabels: { ...release.labels } }),
        ...(check === undefined
          ? {}
          : {
              healthCheck: {
                command: ["CMD-SHELL", "curl -f http://localhost:8080/health || exit 1"],
                interval: check.interval ?? 30,
                timeout: 5,
                retries: check.retries ?? 3,
                startPeriod: check.startPeriod ?? 0,
              },
            }),
        logConfiguration: {
          logDriver: "awslogs",
          options: { "awslogs-group": `/ecs/${product}/${service.name}`, "awslogs-region": kernel.region, "awslogs-stream-prefix": "ecs" },
        },
      },
    ],
    ...(release.tags === undefined ? {} : { tags: Object.entries(release.tags).map(([key, value]) => ({ key, value })) }),
  };
}
