import { type AccountCheck, rolling, updateService } from "../check.ts";
import { batchOf } from "../estimate.ts";

/** Minimum is rounded up and maximum down: with both at 100 %, or few tasks, none may be exchanged and deployments stall (Amazon ECS API Reference, DeploymentConfiguration, read 2026-11-21). */
export const noRoom: AccountCheck = {
  id: "D14",
  title: "A deployment has room to move",
  look: (patient) =>
    rolling(patient)
      .filter(({ service }) => service.desired > 0 && batchOf(service) === 0)
      .map(({ service }) => ({
        severity: "danger",
        about: service.name,
        says: `with ${service.desired} ${service.desired === 1 ? "task" : "tasks"}, at least ${service.minimumHealthyPercent} % and at most ${service.maximumPercent} % leave no room to exchange one: a rollback would stall`,
        remedy: updateService(service, '--deployment-configuration "minimumHealthyPercent=100,maximumPercent=200"'),
      })),
};
