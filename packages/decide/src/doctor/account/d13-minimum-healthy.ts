import { type AccountCheck, rolling, updateService } from "../check.ts";

/** At 0 % ECS may stop every old task before a new one is healthy (Amazon ECS API Reference, DeploymentConfiguration, read 2026-11-21): capacity first, traffic second. */
export const minimumHealthy: AccountCheck = {
  id: "D13",
  title: "A deployment keeps capacity",
  look: (patient) =>
    rolling(patient)
      .filter(({ service }) => service.minimumHealthyPercent === 0)
      .map(({ service }) => ({
        severity: "danger",
        about: service.name,
        says: "minimumHealthyPercent is 0: a deployment, and a rollback, may stop all tasks before the first new one is healthy",
        remedy: updateService(service, `--deployment-configuration "minimumHealthyPercent=100,maximumPercent=${Math.max(200, service.maximumPercent)}"`),
      })),
};
