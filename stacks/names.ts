/// <reference path="../.sst/platform/config.d.ts" />

/** `nightshift-production-guard`: what a resource is called in the account, so that policies and runbooks can name it. */
export const named = (what: string): string => `${$app.name}-${$app.stage}-${what}`;

/** `ecs-task-state-change` → `EcsTaskStateChange`: Pulumi's logical names. */
export const logical = (what: string): string =>
  what
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");

/** Only production keeps its data when it is removed, and refuses to be removed by mistake. */
export const isProduction = (): boolean => $app.stage === "production";

/** Where this is deployed. */
export const here = () => ({
  partition: aws.getPartitionOutput().partition,
  region: aws.getRegionOutput().region,
  account: aws.getCallerIdentityOutput().accountId,
});
