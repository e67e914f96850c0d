import { perLine } from "./check.ts";
import { option } from "./text.ts";

/** "Scale down the new version" on a service that runs both is an outage. */
export const desiredZero = perLine({
  id: "D33",
  title: "No step stops the only service",
  severity: "danger",
  when: (text) => /\bupdate-service\b/.test(text) && option(text, "desired-count") === "0",
  says: "--desired-count 0 stops every task of the service, good ones too: an outage",
  remedy: "aws ecs stop-service-deployment --service-deployment-arn <arn> --stop-type ROLLBACK   # the good tasks stay",
});
