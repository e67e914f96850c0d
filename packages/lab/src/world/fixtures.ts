import { seconds } from "@nightshift/model";
import type { AwsService } from "../kernel.ts";
import type { EcsOptions } from "../services/ecs/records.ts";
import type { ServiceSpec } from "./spec.ts";
import { TestKernel } from "./testKernel.ts";
import { LabWorld } from "./world.ts";

/** A shop with an API behind a load balancer and a worker on a queue, for the tests of this package's world. */
export function apiAndWorker(
  options: { readonly seed?: number; readonly api?: Partial<ServiceSpec>; readonly worker?: Partial<ServiceSpec>; readonly ecs?: Partial<EcsOptions> } = {},
) {
  const kernel = new TestKernel(options.seed);
  const world = new LabWorld(kernel, { ecs: { staleFor: seconds(0), ...options.ecs } });
  const made = world.product({
    name: "shop",
    cluster: "prod",
    dependencies: { database: { kind: "rds", id: "shop-db" } },
    services: [
      {
        name: "api",
        desired: 3,
        traffic: { rpm: 600 },
        dependsOn: ["database"],
        targetGroup: { interval: seconds(10), unhealthyThreshold: 2, healthyThreshold: 2, deregistrationDelay: seconds(30) },
        ...options.api,
      },
      { name: "worker", desired: 2, worker: { queue: "jobs", jobsPerMinute: 120 }, dependsOn: ["database"], ...options.worker },
    ],
  });
  const { api, worker } = made;
  if (api === undefined || worker === undefined) throw new Error("The shop has both");
  return { kernel, world, services: { api, worker } };
}

/** An SDK answer with every field there, as a test that knows what it asked for reads it. */
export type Certain<T> = T extends Date
  ? T
  : T extends readonly (infer Item)[]
    ? Certain<Item>[]
    : T extends object
      ? { [Key in keyof T]-?: Certain<NonNullable<T[Key]>> }
      : T;

/** Calls an operation as an adapter's SDK client would. */
export function call<Answer>(world: LabWorld, service: AwsService, operation: string, input: unknown): Certain<Answer> {
  const module = world.modules.find((one) => one.service === service);
  if (module === undefined) throw new Error(`The world has no ${service}`);
  // The test names the SDK's answer type of the operation it calls.
  return module.handle(operation, input, "test") as Certain<Answer>;
}
