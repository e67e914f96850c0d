import type { AlarmFacts } from "@nightshift/model";
import { type Patient, pairs } from "./check.ts";

/**
 * Alarms that concern what is guarded: named by ECS or by the config, about one of our load balancers or services, or named
 * after the product or a service. Other alarms of the account are nobody's business here.
 */
export function watchedAlarms(patient: Patient): readonly AlarmFacts[] {
  const guarded = pairs(patient);
  const names = new Set(
    guarded.flatMap(({ service, settings }) => [
      ...(service.deploymentAlarms.enabled ? service.deploymentAlarms.names : []),
      ...settings.triggers.flatMap((trigger) => (trigger.kind === "alarms" ? trigger.names : [])),
    ]),
  );
  const resources = new Set<string>(
    guarded.flatMap(({ settings }) => [
      settings.name,
      ...(settings.traffic === undefined ? [] : [settings.traffic.loadBalancer, settings.traffic.targetGroup]),
    ]),
  );
  const prefixes = [...patient.groups.map((group) => group.product), ...guarded.map(({ settings }) => settings.name)];
  return patient.facts.alarms.filter(
    (alarm) =>
      names.has(alarm.name) ||
      Object.values(alarm.metric?.dimensions ?? {}).some((value) => resources.has(value)) ||
      prefixes.some((prefix) => alarm.name.toLowerCase().startsWith(`${prefix.toLowerCase()}-`)),
  );
}
