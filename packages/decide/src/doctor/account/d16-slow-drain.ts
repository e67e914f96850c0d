import { sayLength, seconds } from "@nightshift/model";
import { type AccountCheck, rolling, targetGroupsOf } from "../check.ts";
import { estimateRollback } from "../estimate.ts";

const FAIR = seconds(120);

/** `deregistration_delay.timeout_seconds` is 300 when nobody set it (Elastic Load Balancing User Guide, "Edit target group attributes", read 2026-11-21). */
export const slowDrain: AccountCheck = {
  id: "D16",
  title: "Old tasks drain quickly",
  look: (patient) =>
    rolling(patient).flatMap((pair) =>
      targetGroupsOf(patient, pair.service)
        .filter((group) => group.deregistrationDelay > FAIR)
        .map((group) => {
          const estimate = estimateRollback(patient, pair);
          return {
            severity: "note" as const,
            about: pair.service.name,
            says: `bad tasks drain for ${sayLength(group.deregistrationDelay)}${estimate === undefined ? "" : `: a rollback is steady after about ${sayLength(estimate.steady)}`}`,
            remedy: `aws elbv2 modify-target-group-attributes --target-group-arn ${group.arn} --attributes Key=deregistration_delay.timeout_seconds,Value=60   # as long as your longest request`,
            ...(estimate === undefined ? {} : { estimate: { trafficRestored: estimate.trafficRestored, steady: estimate.steady } }),
          };
        }),
    ),
};
