import { type AccountCheck, couldNotRead, pairs } from "../check.ts";

/** Deployment alarms that do not exist protect nobody. */
export const missingDeploymentAlarms: AccountCheck = {
  id: "D20",
  title: "Deployment alarms exist",
  look: (patient) =>
    pairs(patient).flatMap(({ service }) =>
      (service.deploymentAlarms.enabled && !couldNotRead(patient, "alarms") ? service.deploymentAlarms.names : [])
        .filter((name) => !patient.facts.alarms.some((alarm) => alarm.name === name))
        .map((name) => ({
          severity: "danger" as const,
          about: service.name,
          says: `ECS is to stop deployments on the alarm ${name}, which does not exist`,
          remedy: `aws cloudwatch describe-alarms --query 'MetricAlarms[].AlarmName'   # then name an alarm that exists in deploymentConfiguration.alarms, or take ${name} out`,
        })),
    ),
};
