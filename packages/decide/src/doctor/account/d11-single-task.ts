import { type AccountCheck, rolling, updateService } from "../check.ts";

/** With one task there is no healthy neighbour to compare with and no capacity while it is replaced. */
export const singleTask: AccountCheck = {
  id: "D11",
  title: "More than one task runs",
  look: (patient) =>
    rolling(patient)
      .filter(({ service }) => service.desired === 1)
      .map(({ service }) => ({
        severity: service.targetGroupArns.length > 0 ? "warning" : "note",
        about: service.name,
        says: "one task: one crash is an outage, and new and old cannot be compared side by side",
        remedy: updateService(service, "--desired-count 2"),
      })),
};
