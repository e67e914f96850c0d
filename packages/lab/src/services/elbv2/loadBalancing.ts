import { type EpochMs, type Ms, seconds } from "@nightshift/model";
import type { Kernel } from "../../kernel.ts";
import { hash32, streamOf } from "../../world/chance.ts";

/** The settings of a target group that decide when a target gets traffic, and when it stops getting it. */
export interface TargetGroupSettings {
  readonly name: string;
  readonly healthPath: string;
  readonly interval: Ms;
  readonly timeout: Ms;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  readonly deregistrationDelay: Ms;
  /** Checks passed in a row before a *new* target counts as healthy: one suffices ("Health checks for Application Load Balancer target groups", docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks, read 2026-11-21). */
  readonly checksAfterRegistration: number;
}

/** AWS's defaults ("Health check settings" and "Target group attributes" of the same guide, read 2026-11-21). */
const defaultTargetGroup: Omit<TargetGroupSettings, "name"> = {
  healthPath: "/health",
  interval: seconds(30),
  timeout: seconds(5),
  healthyThreshold: 5,
  unhealthyThreshold: 2,
  deregistrationDelay: seconds(300),
  checksAfterRegistration: 1,
};

/** How a target answered a health check. */
export type HealthAnswer = "ok" | "wrong-status" | "timeout" | "refused";
type TargetState = "initial" | "healthy" | "unhealthy" | "draining";

/** One registered address. */
export interface Target {
  readonly id: string;
  readonly port: number;
  readonly az: string;
  state: TargetState;
  reason: string | undefined;
  readonly registeredAt: EpochMs;
}

interface Registration extends Target {
  readonly ask: () => HealthAnswer;
  readonly changed: () => void;
  passed: number;
  failed: number;
}

/** One target group behind one load balancer. */
export interface TargetGroup extends TargetGroupSettings {
  readonly arn: string;
  /** `targetgroup/NAME/ID`, the CloudWatch dimension. */
  readonly dimension: string;
  readonly loadBalancerArn: string;
  /** `app/NAME/ID`, the CloudWatch dimension. */
  readonly loadBalancerDimension: string;
  readonly listenerRuleArn: string;
}

/** Target groups, their targets and the checks that move them between states. */
export class LoadBalancing {
  private readonly kernel: Kernel;
  private readonly groups = new Map<string, TargetGroup>();
  private readonly registered = new Map<string, Registration[]>();

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  create(loadBalancer: string, settings: Partial<TargetGroupSettings> & Pick<TargetGroupSettings, "name">): TargetGroup {
    const prefix = `arn:aws:elasticloadbalancing:${this.kernel.region}:${this.kernel.accountId}:`;
    const dimension = targetGroupDimension(settings.name);
    const loadBalancerDimension = loadBalancerDimensionOf(loadBalancer);
    const group: TargetGroup = {
      ...defaultTargetGroup,
      ...settings,
      arn: prefix + dimension,
      dimension,
      loadBalancerArn: `${prefix}loadbalancer/${loadBalancerDimension}`,
      loadBalancerDimension,
      listenerRuleArn: `${prefix}listener-rule/${loadBalancerDimension}/${idFor(`listener ${loadBalancer}`)}/${idFor(`rule ${settings.name}`)}`,
    };
    this.groups.set(group.arn, group);
    this.registered.set(group.arn, []);
    return group;
  }

  all(): readonly TargetGroup[] {
    return [...this.groups.values()];
  }

  find(arn: string): TargetGroup | undefined {
    return this.groups.get(arn);
  }

  targets(arn: string): readonly Target[] {
    return this.registered.get(arn) ?? [];
  }

  /**
   * Who gets requests: healthy targets; when every registered one is unhealthy, all of them
   * (failing open; target-group-health-checks page as above); draining ones never.
   */
  receivers(arn: string): readonly Target[] {
    const taking = this.targets(arn).filter((target) => target.state !== "draining");
    const healthy = taking.filter((target) => target.state === "healthy");
    if (healthy.length > 0) return healthy;
    return taking.every((target) => target.state === "unhealthy") ? taking : [];
  }

  /** Registers an address and starts checking it; `already` registers it as healthy (the world's first moment). */
  register(
    arn: string,
    target: {
      readonly id: string;
      readonly port: number;
      readonly az: string;
      readonly ask: () => HealthAnswer;
      readonly changed: () => void;
      readonly already?: boolean;
    },
  ): void {
    const group = this.groups.get(arn);
    if (group === undefined) throw new Error(`The lab has no target group ${arn}`);
    const one: Registration = {
      id: target.id,
      port: target.port,
      az: target.az,
      ask: target.ask,
      changed: target.changed,
      registeredAt: this.kernel.clock.now(),
      passed: 0,
      failed: 0,
      state: target.already === true ? "healthy" : "initial",
      reason: target.already === true ? undefined : "Elb.RegistrationInProgress",
    };
    this.registered.get(arn)?.push(one);
    // The first check falls somewhere inside the first interval.
    const offset = Math.round(streamOf(hash32(`${arn} ${target.id} ${one.registeredAt}`))() * group.interval);
    this.checkLater(group, one, Math.max(1_000, offset));
  }

  /** Draining begins at once; after the delay the target is gone and `drained` runs ("Deregistration delay", docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html, read 2026-11-21). */
  deregister(arn: string, id: string, drained: () => void): void {
    const group = this.groups.get(arn);
    const one = this.registered.get(arn)?.find((target) => target.id === id && target.state !== "draining");
    if (group === undefined || one === undefined) {
      drained();
      return;
    }
    one.state = "draining";
    one.reason = "Target.DeregistrationInProgress";
    one.changed();
    this.kernel.clock.in(group.deregistrationDelay, () => {
      this.remove(arn, id);
      drained();
    });
  }

  /** Takes a target out without waiting: its task is gone. */
  remove(arn: string, id: string): void {
    const left = this.registered.get(arn)?.filter((target) => target.id !== id);
    if (left !== undefined) this.registered.set(arn, left);
  }

  private checkLater(group: TargetGroup, one: Registration, afterMs: number): void {
    // The clock takes `Ms`; the offset is one by construction.
    this.kernel.clock.in(afterMs as Ms, () => {
      if (one.state === "draining" || !(this.registered.get(group.arn) ?? []).includes(one)) return;
      this.check(group, one);
      this.checkLater(group, one, group.interval);
    });
  }

  /** Consecutive successes and failures against the thresholds; reasons as API_TargetHealth lists them (docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html, read 2026-11-21). */
  private check(group: TargetGroup, one: Registration): void {
    const answer = one.ask();
    const before = one.state;
    if (answer === "ok") {
      one.passed += 1;
      one.failed = 0;
      const needed = one.state === "initial" ? group.checksAfterRegistration : group.healthyThreshold;
      if (one.state !== "healthy" && one.passed >= needed) {
        one.state = "healthy";
        one.reason = undefined;
      } else if (one.state === "initial") one.reason = "Elb.InitialHealthChecking";
    } else {
      one.failed += 1;
      one.passed = 0;
      if (one.state === "initial") one.reason = "Elb.InitialHealthChecking";
      if (one.failed >= group.unhealthyThreshold) {
        one.state = "unhealthy";
        one.reason = answer === "timeout" ? "Target.Timeout" : answer === "refused" ? "Target.FailedHealthChecks" : "Target.ResponseCodeMismatch";
      }
    }
    if (one.state !== before) one.changed();
  }
}

/** `targetgroup/NAME/ID`: the same for a name in every world, so that a config can be written before the world is. */
export const targetGroupDimension = (name: string): string => `targetgroup/${name}/${idFor(`tg ${name}`)}`;
/** `app/NAME/ID`, likewise. */
export const loadBalancerDimensionOf = (name: string): string => `app/${name}/${idFor(`lb ${name}`)}`;

const idFor = (name: string): string => (hash32(name).toString(16) + hash32(`${name}'`).toString(16)).padStart(16, "0").slice(0, 16);
