import { type ServiceRef, serviceName } from "@nightshift/model";
import type { Services } from "@nightshift/ports";
import { describe, expect, it } from "vitest";

/** A service at rest, with `desired` tasks wanted. */
export interface ServicesStage {
  readonly services: Services;
  readonly ref: ServiceRef;
  readonly second: ServiceRef;
  readonly desired: number;
  readonly taskDefinition: string;
}

/** What every implementation of `Services` shows about services; deployments and revisions are in `deploymentsContract`. */
export function servicesContract(name: string, make: () => Promise<ServicesStage>): void {
  describe(`services on ${name}`, () => {
    it("a service is told with its task definition, its count and its primary deployment first", async () => {
      const { services, ref, desired, taskDefinition } = await make();
      const [state] = await services.describe([ref]);
      expect(state).toMatchObject({ ref, desired, taskDefinition, controller: "ECS", strategy: "ROLLING" });
      expect(state?.deployments[0]?.status).toBe("PRIMARY");
    });

    it("services come in the order asked", async () => {
      const { services, ref, second } = await make();
      expect((await services.describe([second, ref])).map((state) => state.ref)).toEqual([second, ref]);
    });

    it("one missing service makes the whole answer an error that names it", async () => {
      const { services, ref } = await make();
      const missing = { ...ref, service: serviceName("no-such-service") };
      await expect(services.describe([ref, missing])).rejects.toMatchObject({
        name: "PortError",
        kind: "not-found",
        message: expect.stringContaining("no-such-service"),
      });
    });

    it("a cluster that does not exist is not found", async () => {
      const { services, ref } = await make();
      await expect(services.describe([{ ...ref, cluster: "no-such-cluster" }])).rejects.toMatchObject({ name: "PortError", kind: "not-found" });
    });
  });
}
