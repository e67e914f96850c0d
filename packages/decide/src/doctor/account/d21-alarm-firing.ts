import { since, sayLength } from "@nightshift/model";
import { type AccountCheck, pairs } from "../check.ts";

/** One alarm in ALARM at the start switches off all alarm monitoring of that deployment (Amazon ECS Developer Guide, "How CloudWatch alarms detect Amazon ECS deployment failures", read 2026-11-21). */
export const alarmFiring: AccountCheck = {
  id: "D21",
  title: "No watched alarm is firing already",
  look: (patient) =>
    pairs(patient).flatMap(({ service, settings }) => {
      const ours = settings.triggers.flatMap((trigger) => (trigger.kind === "alarms" ? trigger.names : []));
      const theirs = service.deploymentAlarms.enabled ? service.deploymentAlarms.names : [];
      return patient.facts.alarms
        .filter((alarm) => alarm.value === "ALARM" && (ours.includes(alarm.name) || theirs.includes(alarm.name)))
        .map((alarm) => ({
          severity: "warning" as const,
          about: service.name,
          says: `the alarm ${alarm.name} has been firing for ${sayLength(since(alarm.since, patient.facts.observedAt))}: ${theirs.includes(alarm.name) ? "ECS ignores all alarms of a deployment that starts now" : "it says nothing about a deployment that starts now"}`,
          remedy: `aws cloudwatch describe-alarm-history --alarm-name ${alarm.name} --history-item-type StateUpdate   # mend the cause, or raise its threshold`,
        }));
    }),
};
