import { digest, type Identity, identityKey, type ServiceRef, serviceName, type TaskDefinitionArn } from "@nightshift/model";
import type { Rollbacks, Services, TaskDefinitions } from "@nightshift/ports";
import { describe, expect, it } from "vitest";

/** A service on `current`, and an `older` revision of its family with one container on a mutable tag. */
export interface RedeployStage {
  readonly services: Services;
  readonly taskDefinitions: TaskDefinitions;
  readonly rollbacks: Rollbacks;
  readonly ref: ServiceRef;
  readonly current: TaskDefinitionArn;
  readonly older: TaskDefinitionArn;
  /** The name of its one container. */
  readonly container: string;
}

const identityOf = ({ older, container }: RedeployStage, bytes: string | undefined): Identity => ({
  key: identityKey("contract"),
  taskDefinition: older,
  taskDefinitionHash: "t",
  configHash: "c",
  images: [{ container, image: "shop/api:latest", digest: bytes === undefined ? undefined : digest(bytes) }],
});

/** What every implementation shows about putting a task definition back. */
export function redeployContract(name: string, make: () => Promise<RedeployStage>): void {
  describe(`going back on ${name}`, () => {
    it("puts the task definition back and leaves the desired count as it is", async () => {
      const { services, rollbacks, ref, older } = await make();
      const [before] = await services.describe([ref]);
      await rollbacks.redeploy(ref, older);
      const [state] = await services.describe([ref]);
      expect([state?.taskDefinition, state?.desired]).toEqual([older, before?.desired]);
    });

    it("to the same revision again changes nothing", async () => {
      const { services, rollbacks, ref, older } = await make();
      await rollbacks.redeploy(ref, older);
      await rollbacks.redeploy(ref, older);
      expect((await services.describe([ref]))[0]?.taskDefinition).toBe(older);
    });

    it("of a service that does not exist is not found", async () => {
      const { rollbacks, ref, older } = await make();
      await expect(rollbacks.redeploy({ ...ref, service: serviceName("no-such-service") }, older)).rejects.toMatchObject({
        name: "PortError",
        kind: "not-found",
      });
    });

    it("a pinned copy is ACTIVE, by digest, and the same when asked again", async () => {
      const stage = await make();
      const { rollbacks, taskDefinitions, older } = stage;
      const { environment } = await taskDefinitions.describe(older);
      expect(await taskDefinitions.describe(older)).toEqual({ arn: older, active: true, pinned: false, environment });
      const identity = identityOf(stage, `sha256:${"a".repeat(64)}`);
      const copy = await rollbacks.registerPinned(identity, "contract-1");
      expect(await taskDefinitions.describe(copy)).toEqual({ arn: copy, active: true, pinned: true, environment });
      expect(await rollbacks.registerPinned(identity, "contract-1")).toBe(copy);
      expect(copy).not.toBe(older);
    });

    it("a pinned copy without a known digest is refused", async () => {
      const stage = await make();
      await expect(stage.rollbacks.registerPinned(identityOf(stage, undefined), "contract-2")).rejects.toMatchObject({ name: "PortError", kind: "invalid" });
    });
  });
}
