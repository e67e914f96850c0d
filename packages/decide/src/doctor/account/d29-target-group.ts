import { type AccountCheck, type Complaint, pairs } from "../check.ts";

/** The config's target group has to be the service's: otherwise another service's errors are judged. */
export const targetGroup: AccountCheck = {
  id: "D29",
  title: "The config names the service's own target group",
  look: (patient) =>
    pairs(patient).flatMap(({ service, settings }): readonly Complaint[] => {
      const named = settings.traffic?.targetGroup;
      const owned = service.targetGroupArns.map((arn) => arn.replace(/^.*:targetgroup/, "targetgroup"));
      const [first] = owned;
      if (named !== undefined && !owned.includes(named)) {
        return [
          {
            severity: "danger",
            about: service.name,
            says:
              first === undefined
                ? `the config names ${named}, and the service is behind no target group`
                : `the config names ${named}, and the service is behind ${owned.join(" and ")}`,
            remedy:
              first === undefined
                ? `nightshift.config.ts: remove traffic from "${service.name}"`
                : `nightshift.config.ts: "${service.name}": traffic: { targetGroup: "${first}", … }`,
          },
        ];
      }
      if (named === undefined && first !== undefined) {
        return [
          {
            severity: "warning",
            about: service.name,
            says: `the service is behind ${first}, and the config gives it no traffic: errors and latency are not watched`,
            remedy: `nightshift.config.ts: "${service.name}": traffic: { loadBalancer: "app/…", targetGroup: "${first}" }`,
          },
        ];
      }
      return [];
    }),
};
