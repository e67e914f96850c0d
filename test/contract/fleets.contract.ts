import { type ServiceRef, serviceName } from "@nightshift/model";
import type { Fleets, Scaling } from "@nightshift/ports";
import { describe, expect, it } from "vitest";

/** Two worker services at rest, with `desired` tasks wanted of the first. */
export interface FleetsStage {
  readonly fleets: Fleets;
  readonly scaling: Scaling;
  readonly ref: ServiceRef;
  readonly second: ServiceRef;
  readonly desired: number;
  /** What ECS calls the first one's task definition. */
  definition(): Promise<string>;
  /** Registers the first one with Application Auto Scaling, as its owners would. */
  register(bounds: { readonly min: number; readonly max: number; readonly suspended: boolean }): Promise<void>;
}

/** What every implementation shows about the counts of worker services; their tasks are in `protectionContract`. */
export function fleetsContract(name: string, make: () => Promise<FleetsStage>): void {
  describe(`fleets on ${name}`, () => {
    it("a fleet is told with its counts, in the order asked, and without tasks", async () => {
      const { fleets, ref, second, desired } = await make();
      const found = await fleets.describe([second, ref]);
      expect(found.map((one) => one.ref)).toEqual([second, ref]);
      expect(found[1]).toMatchObject({ desired, tasks: undefined });
    });

    it("one missing service makes the whole answer an error that names it", async () => {
      const { fleets, ref } = await make();
      await expect(fleets.describe([ref, { ...ref, service: serviceName("no-such-worker") }])).rejects.toMatchObject({
        name: "PortError",
        kind: "not-found",
        message: expect.stringContaining("no-such-worker"),
      });
    });

    it("a desired count is set, up, down and to zero, and the task definition stays", async () => {
      const { fleets, scaling, ref, definition } = await make();
      const before = await definition();
      for (const desired of [5, 1, 0]) {
        await scaling.setDesired(ref, desired);
        expect((await fleets.describe([ref]))[0]?.desired).toBe(desired);
      }
      expect(await definition()).toBe(before);
    });

    it("the same desired count again changes nothing", async () => {
      const { fleets, scaling, ref, desired } = await make();
      await scaling.setDesired(ref, desired);
      expect((await fleets.describe([ref]))[0]?.desired).toBe(desired);
    });

    it("a desired count of a service that does not exist is not found", async () => {
      const { scaling, ref } = await make();
      await expect(scaling.setDesired({ ...ref, service: serviceName("no-such-worker") }, 1)).rejects.toMatchObject({ name: "PortError", kind: "not-found" });
    });

    it("Application Auto Scaling on the service is a rival until all of it is suspended", async () => {
      const { fleets, ref, second, register } = await make();
      expect(await fleets.rival(ref)).toBeUndefined();
      await register({ min: 2, max: 10, suspended: false });
      expect(await fleets.rival(ref)).toBe("Application Auto Scaling may set its desired count between 2 and 10");
      expect(await fleets.rival(second)).toBeUndefined();
      await register({ min: 2, max: 10, suspended: true });
      expect(await fleets.rival(ref)).toBeUndefined();
    });
  });
}
