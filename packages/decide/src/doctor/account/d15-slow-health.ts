import { sayLength, seconds } from "@nightshift/model";
import { type AccountCheck, rolling, targetGroupsOf } from "../check.ts";
import { estimateRollback } from "../estimate.ts";

/** The seeds' own: 2 checks, 30 s apart. Anything slower delays the moment at which the old revision serves again. */
const FAIR = seconds(60);

/** Default of a target group: five checks, 30 s apart (Elastic Load Balancing User Guide, "Health checks for Application Load Balancer target groups", read 2026-11-21). */
export const slowHealth: AccountCheck = {
  id: "D15",
  title: "Health checks answer quickly",
  look: (patient) =>
    rolling(patient).flatMap((pair) =>
      targetGroupsOf(patient, pair.service)
        .filter((group) => group.healthInterval * group.healthyThreshold > FAIR)
        .map((group) => {
          const estimate = estimateRollback(patient, pair);
          const times = `${group.healthyThreshold} × ${sayLength(group.healthInterval)}`;
          return {
            severity: "warning" as const,
            about: pair.service.name,
            says: `a new task is healthy after ${times}${estimate === undefined ? "" : `: a rollback serves traffic after about ${sayLength(estimate.trafficRestored)}`}`,
            remedy: `aws elbv2 modify-target-group --target-group-arn ${group.arn} --health-check-interval-seconds 10 --healthy-threshold-count 2`,
            ...(estimate === undefined ? {} : { estimate: { trafficRestored: estimate.trafficRestored, steady: estimate.steady } }),
          };
        }),
    ),
};
