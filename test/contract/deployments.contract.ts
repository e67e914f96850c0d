import { type ServiceDeploymentArn, serviceDeploymentArn, type ServiceRef } from "@nightshift/model";
import type { Rollbacks, Services } from "@nightshift/ports";
import { describe, expect, it } from "vitest";

/** A service with one finished deployment and one under way. Not on moto: it has neither service deployments nor revisions. */
export interface DeploymentsStage {
  readonly services: Services;
  readonly rollbacks: Rollbacks;
  readonly ref: ServiceRef;
  readonly finished: ServiceDeploymentArn;
  readonly underWay: ServiceDeploymentArn;
}

/** What every implementation shows about service deployments, revisions and stopping. */
export function deploymentsContract(name: string, make: () => Promise<DeploymentsStage>): void {
  describe(`service deployments on ${name}`, () => {
    it("the newest comes first, and each is found by its ARN", async () => {
      const { services, ref, finished, underWay } = await make();
      const arns = (await services.recentDeployments(ref)).map((deployment) => deployment.arn);
      expect(arns.indexOf(underWay)).toBe(0);
      expect(arns).toContain(finished);
      expect((await services.deployment(finished)).status).toBe("SUCCESSFUL");
    });

    it("revisions have digests and come in the order asked", async () => {
      const { services, underWay } = await make();
      const { source, target } = await services.deployment(underWay);
      const arns = [target, ...source];
      const revisions = await services.revisions(arns);
      expect(revisions.map((revision) => revision.arn)).toEqual(arns);
      expect(new Set(revisions.map((revision) => revision.identity.key)).size).toBe(arns.length);
    });

    it("a deployment under way is stopped once; stopping again is harmless", async () => {
      const { rollbacks, services, underWay } = await make();
      expect(await rollbacks.stopDeployment(underWay)).toBe("accepted");
      expect(["accepted", "already"]).toContain(await rollbacks.stopDeployment(underWay));
      expect((await services.deployment(underWay)).status).toMatch(/^ROLLBACK_/);
    });

    it("a finished deployment is too late to stop", async () => {
      const { rollbacks, finished } = await make();
      expect(await rollbacks.stopDeployment(finished)).toBe("too-late");
    });

    it("a deployment that nobody knows is not found", async () => {
      const { services, rollbacks, underWay } = await make();
      const unknown = serviceDeploymentArn(`${underWay.slice(0, underWay.lastIndexOf("/"))}/doesnotexist`);
      await expect(services.deployment(unknown)).rejects.toMatchObject({ name: "PortError", kind: "not-found" });
      await expect(rollbacks.stopDeployment(unknown)).rejects.toMatchObject({ name: "PortError", kind: "not-found" });
    });
  });
}
