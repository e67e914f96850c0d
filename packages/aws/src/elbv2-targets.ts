import { DescribeTargetHealthCommand, type TargetHealthStateEnum } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { TargetFacts } from "@nightshift/model";
import type { Targets } from "@nightshift/ports";
import { need } from "./partial.ts";
import type { Reach } from "./reach.ts";

/** Load balancer targets. One call gives every target of a group: this API has no pages. */
export const targetsFrom = ({ connections, calls }: Reach): Targets => ({
  async health(targetGroupArn) {
    const call = { operation: "elasticloadbalancing:DescribeTargetHealth", on: targetGroupArn };
    const answer = await calls.read(call, async () => (await connections.elbv2()).send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn })));
    return (answer.TargetHealthDescriptions ?? []).map((description) => ({
      group: targetGroupArn,
      id: need(call, "Target.Id", description.Target?.Id),
      state: stateOf(description.TargetHealth?.State),
      reason: description.TargetHealth?.Reason,
    }));
  },
});

/**
 * A state that AWS adds later counts as `unavailable`: neither proof of health nor of illness.
 * Source: "Target health status", https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html, 2026-11-21.
 */
function stateOf(state: TargetHealthStateEnum | undefined): TargetFacts["state"] {
  switch (state) {
    case "initial":
    case "healthy":
    case "unhealthy":
    case "unused":
    case "draining":
    case "unavailable":
      return state;
    case "unhealthy.draining":
      return "draining";
    case undefined:
      return "unavailable";
    default:
      return "unavailable";
  }
}
