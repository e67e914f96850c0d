import { type AccountCheck, couldNotRead, pairs } from "../check.ts";

/** An alarm named as a trigger has to exist. */
export const triggerAlarm: AccountCheck = {
  id: "D27",
  title: "Alarms named as triggers exist",
  look: (patient) =>
    pairs(patient).flatMap(({ settings }) =>
      settings.triggers
        .flatMap((trigger) => (trigger.kind === "alarms" ? trigger.names : []))
        .filter((name) => !couldNotRead(patient, "alarms") && !patient.facts.alarms.some((alarm) => alarm.name === name))
        .map((name) => ({
          severity: "danger" as const,
          about: settings.name,
          says: `alarms(["${name}"]) names an alarm that does not exist`,
          remedy: `aws cloudwatch describe-alarms --alarm-name-prefix ${name.slice(0, Math.max(3, Math.floor(name.length / 2)))}   # then mend the name in nightshift.config.ts`,
        })),
    ),
};
