import { type Ms, sayLength } from "@nightshift/model";
import { type AccountCheck, containersOf, rolling, targetGroupsOf, updateService } from "../check.ts";

/** The grace period is 0 when absent, and the scheduler then stops tasks that are still starting (Amazon ECS API Reference, CreateService, read 2026-11-21). */
export const grace: AccountCheck = {
  id: "D18",
  title: "Tasks get time to start before their health counts",
  look: (patient) =>
    rolling(patient).flatMap(({ service }) => {
      const starts = Math.max(0, ...containersOf(patient, service).map((it) => it.healthCheck?.startPeriod ?? 0)) as Ms; // the largest of lengths is a length
      if (targetGroupsOf(patient, service).length === 0 || (service.healthCheckGrace > 0 && service.healthCheckGrace >= starts)) return [];
      const wish = Math.max(60, Math.ceil(starts / 1_000));
      return [
        {
          severity: "warning",
          about: service.name,
          says:
            service.healthCheckGrace === 0
              ? "no health-check grace period: a slow start is stopped as unhealthy, and looks like a bad deployment"
              : `the grace period of ${sayLength(service.healthCheckGrace)} is shorter than a container's start period of ${sayLength(starts)}`,
          remedy: updateService(service, `--health-check-grace-period-seconds ${wish}`),
        },
      ];
    }),
};
