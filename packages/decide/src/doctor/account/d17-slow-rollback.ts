import { minutes, sayLength } from "@nightshift/model";
import { type AccountCheck, rolling } from "../check.ts";
import { estimateRollback } from "../estimate.ts";

/** R10 and decision 6: traffic is restored in under 5 minutes. */
const PROMISE = minutes(5);

export const slowRollback: AccountCheck = {
  id: "D17",
  title: "A rollback restores traffic in under 5 minutes",
  look: (patient) =>
    rolling(patient).flatMap((pair) => {
      const estimate = estimateRollback(patient, pair);
      if (estimate === undefined || estimate.trafficRestored < PROMISE) return [];
      const { waves, becomesHealthy, drains, trafficRestored, steady } = estimate;
      return [
        {
          severity: "warning",
          about: pair.service.name,
          says: `a rollback would take about ${sayLength(trafficRestored)} until it serves, ${sayLength(steady)} until it is steady: ${waves} ${waves === 1 ? "wave" : "waves"}, ${sayLength(becomesHealthy)} of health checks and ${sayLength(drains)} of draining each`,
          remedy:
            waves > 1
              ? `aws ecs update-service --cluster ${pair.service.cluster} --service ${pair.service.name} --deployment-configuration "minimumHealthyPercent=100,maximumPercent=200"`
              : "shorten health checks and draining as D15 and D16 say",
          estimate: { trafficRestored, steady },
        },
      ];
    }),
};
