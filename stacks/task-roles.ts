/// <reference path="../.sst/platform/config.d.ts" />
import { here } from "./names.ts";

/**
 * The task and execution roles that the guarded services run with today, read from the account while deploying: what a
 * pinned copy of their task definitions must name, hence all that `iam:PassRole` is for (decision 20). A service that takes
 * another role needs `npx sst deploy` again; `npx nightshift guard doctor` says so.
 */
export function rolesOf(services: readonly { readonly cluster: string; readonly service: string }[]): $util.Output<string[]> {
  const { partition, region, account } = here();
  const each = services.map(({ cluster, service }) => {
    const { taskDefinition } = aws.ecs.getServiceOutput({
      clusterArn: $interpolate`arn:${partition}:ecs:${region}:${account}:cluster/${cluster}`,
      serviceName: service,
    });
    const { taskRoleArn, executionRoleArn } = aws.ecs.getTaskDefinitionOutput({ taskDefinition });
    return $util.all([taskRoleArn, executionRoleArn]);
  });
  return $util.all(each).apply((pairs) => [...new Set(pairs.flat().filter((role) => role !== ""))].toSorted());
}
