import { type AccountCheck, rolling, updateService } from "../check.ts";

/** Nightshift never sends a desired count, so a service at zero stays at zero, rolled back or not. */
export const noTask: AccountCheck = {
  id: "D12",
  title: "The service is meant to run",
  look: (patient) =>
    rolling(patient)
      .filter(({ service }) => service.desired === 0)
      .map(({ service }) => ({
        severity: "warning",
        about: service.name,
        says: "desired count is 0: nothing runs, nothing can be judged, and a rollback would start nothing",
        remedy: updateService(service, "--desired-count 2"),
      })),
};
