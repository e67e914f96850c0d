import type { AlarmFacts } from "@nightshift/model";
import { type Patient, pairs } from "./check.ts";

/** Alarms that ECS or the config rely on for a guarded service; other alarms of the account are nobody's business here. */
export function watchedAlarms(patient: Patient): readonly AlarmFacts[] {
  const names = new Set(pairs(patient).flatMap(({ service, settings }) => [
    ...(service.deploymentAlarms.enabled ? service.deploymentAlarms.names : []),
    ...settings.triggers.flatMap((trigger) => (trigger.kind === "alarms" ? trigger.names : [])),
  ]));
  return patient.facts.alarms.filter((alarm) => names.has(alarm.name));
}
