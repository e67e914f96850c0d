import { type AccountCheck, couldNotRead, pairs, wanted } from "../check.ts";

/** A service of the config that the account does not have would never be watched, silently. */
export const missing: AccountCheck = {
  id: "D1",
  title: "A guarded service exists and is active",
  look: (patient) =>
    wanted(patient).flatMap((settings) => {
      const found = pairs(patient).find((pair) => pair.settings === settings)?.service;
      if (found?.status === "ACTIVE" || couldNotRead(patient, `${settings.cluster}/${settings.name}`)) return [];
      const elsewhere = patient.facts.services.find((it) => it.name === settings.name)?.cluster;
      return [
        {
          severity: "danger",
          about: settings.name,
          says:
            found === undefined
              ? `cluster ${settings.cluster} has no service ${settings.name}: nothing is guarded`
              : `${settings.name} is ${found.status}: nothing is guarded`,
          remedy:
            elsewhere !== undefined && found === undefined
              ? `nightshift.config.ts: "${settings.name}": ecs({ cluster: "${elsewhere}", … })`
              : `aws ecs list-services --cluster ${settings.cluster}   # then write the name as it is printed`,
        },
      ];
    }),
};
