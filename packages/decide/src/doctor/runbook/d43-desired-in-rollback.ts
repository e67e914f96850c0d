import { perLine } from "./check.ts";
import { option } from "./text.ts";

/** The count of an earlier day undoes what autoscaling has done since (hazard 16). */
export const desiredInRollback = perLine({
  id: "D43",
  title: "A rollback sends no desired count",
  severity: "warning",
  when: (text) => /\bupdate-service\b/.test(text) && /--task-definition\b/.test(text) && Number(option(text, "desired-count") ?? 0) > 0,
  says: "sets the desired count together with the revision: it undoes autoscaling in the middle of an incident",
  remedy: "take --desired-count out of the command",
});
