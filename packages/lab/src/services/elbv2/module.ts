import type {
  DescribeListenersOutput,
  DescribeRulesOutput,
  DescribeTargetGroupAttributesOutput,
  DescribeTargetGroupsOutput,
  DescribeTargetHealthOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsFault, type ServiceModule } from "../../kernel.ts";
import type { LoadBalancing, Target, TargetGroup } from "./loadBalancing.ts";

interface Question {
  readonly TargetGroupArn?: string;
  readonly TargetGroupArns?: readonly string[];
  readonly Names?: readonly string[];
  readonly LoadBalancerArn?: string;
  readonly ListenerArn?: string;
  readonly ListenerArns?: readonly string[];
  readonly Targets?: readonly { readonly Id?: string; readonly Port?: number }[];
}

/** Elastic Load Balancing v2 as its read operations answer (docs.aws.amazon.com/elasticloadbalancing/latest/APIReference, read 2026-11-21). */
export class LoadBalancingModule implements ServiceModule {
  readonly service = "elbv2" as const;
  readonly mutating: ReadonlySet<string> = new Set();
  private readonly groups: LoadBalancing;

  constructor(groups: LoadBalancing) {
    this.groups = groups;
  }

  handle(operation: string, input: unknown): unknown {
    // The boundary hands over what the typed SDK client was given.
    const asked = input as Question;
    if (operation === "DescribeTargetHealth") return this.health(asked);
    if (operation === "DescribeTargetGroups") return this.describe(asked);
    if (operation === "DescribeTargetGroupAttributes") return this.attributes(asked);
    if (operation === "DescribeListeners") return this.listeners(asked);
    if (operation === "DescribeRules") return this.rules(asked);
    throw new AwsFault("UnknownOperationException", `The lab's Elastic Load Balancing does not know ${operation}`);
  }

  private group(arn: string | undefined): TargetGroup {
    const group = arn === undefined ? undefined : this.groups.find(arn);
    if (group === undefined) throw new AwsFault("TargetGroupNotFoundException", "One or more target groups not found");
    return group;
  }

  /** A target that was asked for and is not registered is answered as `unused` (API_DescribeTargetHealth). */
  private health(asked: Question): DescribeTargetHealthOutput {
    const group = this.group(asked.TargetGroupArn);
    const all = this.groups.targets(group.arn);
    const shown = all.map((target) => describeHealth(group, target));
    if (asked.Targets === undefined) return { TargetHealthDescriptions: shown };
    return {
      TargetHealthDescriptions: asked.Targets.map(
        (wanted) =>
          shown.find((one) => one.Target.Id === wanted.Id && (wanted.Port === undefined || one.Target.Port === wanted.Port)) ?? {
            Target: { Id: wanted.Id, ...(wanted.Port === undefined ? {} : { Port: wanted.Port }) },
            TargetHealth: { State: "unused" as const, Reason: "Target.NotRegistered" as const, Description: "Target is not registered to the target group" },
          },
      ),
    };
  }

  private describe(asked: Question): DescribeTargetGroupsOutput {
    const chosen =
      asked.TargetGroupArns !== undefined
        ? asked.TargetGroupArns.map((arn) => this.group(arn))
        : this.groups
            .all()
            .filter((group) => (asked.Names?.includes(group.name) ?? true) && (asked.LoadBalancerArn ?? group.loadBalancerArn) === group.loadBalancerArn);
    return {
      TargetGroups: chosen.map((group) => ({
        TargetGroupArn: group.arn,
        TargetGroupName: group.name,
        Protocol: "HTTP",
        Port: 8080,
        VpcId: "vpc-0lab",
        TargetType: "ip",
        IpAddressType: "ipv4",
        ProtocolVersion: "HTTP1",
        HealthCheckProtocol: "HTTP",
        HealthCheckPort: "traffic-port",
        HealthCheckEnabled: true,
        HealthCheckPath: group.healthPath,
        HealthCheckIntervalSeconds: group.interval / 1_000,
        HealthCheckTimeoutSeconds: group.timeout / 1_000,
        HealthyThresholdCount: group.healthyThreshold,
        UnhealthyThresholdCount: group.unhealthyThreshold,
        Matcher: { HttpCode: "200" },
        LoadBalancerArns: [group.loadBalancerArn],
      })),
    };
  }

  private attributes(asked: Question): DescribeTargetGroupAttributesOutput {
    const group = this.group(asked.TargetGroupArn);
    return {
      Attributes: [
        { Key: "deregistration_delay.timeout_seconds", Value: String(group.deregistrationDelay / 1_000) },
        { Key: "stickiness.enabled", Value: "false" },
        { Key: "slow_start.duration_seconds", Value: "0" },
        { Key: "load_balancing.algorithm.type", Value: "round_robin" },
      ],
    };
  }

  private listeners(asked: Question): DescribeListenersOutput {
    const chosen = this.groups
      .all()
      .filter(
        (group) => (asked.LoadBalancerArn ?? group.loadBalancerArn) === group.loadBalancerArn && (asked.ListenerArns?.includes(listenerOf(group)) ?? true),
      );
    const byListener = new Map(chosen.map((group) => [listenerOf(group), group]));
    return {
      Listeners: [...byListener].map(([arn, group]) => ({
        ListenerArn: arn,
        LoadBalancerArn: group.loadBalancerArn,
        Port: 443,
        Protocol: "HTTPS",
        DefaultActions: [{ Type: "fixed-response" as const, Order: 1, FixedResponseConfig: { StatusCode: "404" } }],
      })),
    };
  }

  private rules(asked: Question): DescribeRulesOutput {
    const chosen = this.groups.all().filter((group) => asked.ListenerArn === undefined || listenerOf(group) === asked.ListenerArn);
    return {
      Rules: chosen.map((group, i) => ({
        RuleArn: group.listenerRuleArn,
        Priority: String(i + 1),
        IsDefault: false,
        Conditions: [{ Field: "host-header", Values: [`${group.name}.example.com`] }],
        Actions: [
          { Type: "forward" as const, Order: 1, TargetGroupArn: group.arn, ForwardConfig: { TargetGroups: [{ TargetGroupArn: group.arn, Weight: 1 }] } },
        ],
      })),
    };
  }
}

const listenerOf = (group: TargetGroup): string => group.listenerRuleArn.replace(":listener-rule/", ":listener/").replace(/\/[0-9a-f]+$/, "");

function describeHealth(group: TargetGroup, target: Target) {
  return {
    Target: { Id: target.id, Port: target.port, AvailabilityZone: target.az },
    HealthCheckPort: String(target.port),
    TargetHealth: {
      State: target.state,
      ...(target.reason === undefined ? {} : { Reason: target.reason as "Target.Timeout", Description: describeReason(group, target.reason) }),
    }, // The reason strings above are the enum's own.
  };
}

function describeReason(group: TargetGroup, reason: string): string {
  if (reason === "Target.ResponseCodeMismatch") return "Health checks failed with these codes: [503]";
  if (reason === "Target.Timeout") return "Request timed out";
  if (reason === "Target.FailedHealthChecks") return "Health checks failed";
  if (reason === "Target.DeregistrationInProgress") return "Target deregistration is in progress";
  return reason === "Elb.RegistrationInProgress" ? "Target registration is in progress" : `Initial health checks in progress (${group.healthPath})`;
}
