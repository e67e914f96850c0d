import { type AccountCheck, rolling, updateService } from "../check.ts";

/** Without the circuit breaker a deployment that never starts goes on forever; without its rollback it stops half-way. */
export const circuitBreaker: AccountCheck = {
  id: "D19",
  title: "The circuit breaker is on, with rollback",
  look: (patient) =>
    rolling(patient)
      .filter(({ service }) => !service.circuitBreaker.enabled || !service.circuitBreaker.rollback)
      .map(({ service }) => ({
        severity: service.circuitBreaker.enabled ? "warning" : "note",
        about: service.name,
        says: service.circuitBreaker.enabled
          ? "the circuit breaker is on without rollback: ECS stops a failed deployment and leaves it where it is"
          : "the circuit breaker is off: ECS itself keeps starting tasks that fail",
        remedy: updateService(
          service,
          `--deployment-configuration "deploymentCircuitBreaker={enable=true,rollback=true},minimumHealthyPercent=${service.minimumHealthyPercent},maximumPercent=${service.maximumPercent}"`,
        ),
      })),
};
