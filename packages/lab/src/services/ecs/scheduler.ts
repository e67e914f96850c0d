import { ms, seconds } from "@nightshift/model";
import type { Alarm } from "../cloudwatch/alarms.ts";
import { type EcsAccount, nowOf } from "./account.ts";
import { breakerThreshold, resetsOnHealthy, startPause } from "./breaker.ts";
import { say, tellAction, tellDeployment } from "./events.ts";
import type { Rollout, ServiceDeploymentRecord, ServiceRecord, TaskRecord } from "./records.ts";
import { rollingStep } from "./rolling.ts";
import { passesChecks } from "./checks.ts";
import { isProtected } from "./protection.ts";
import { TaskLife, type TaskListener } from "./tasks.ts";

/** The scheduler looks this long after something changed (assumed; not documented). */
const REACTION = seconds(1);
/** All tasks must stay up this long before a deployment counts as completed (assumed; not documented). */
const SETTLED = seconds(5);
/** The scheduler tries again this long after there was no capacity (assumed; not documented). */
const RETRY = seconds(30);
/** ECS polls the deployment's alarms; how often is not documented. */
const ALARM_POLL = seconds(10);

/** The ECS service scheduler: replaces tasks, watches the circuit breaker and the deployment's alarms, completes and rolls back. */
export class Scheduler implements TaskListener {
  readonly tasks: TaskLife;
  private readonly account: EcsAccount;
  /** A stream of its own: which task a scale-in takes disturbs nothing else. */
  private readonly chance: () => number;

  constructor(account: EcsAccount) {
    this.account = account;
    this.chance = account.kernel.random("ecs scale-in");
    this.tasks = new TaskLife(account, this);
    account.alarms.onChange((alarm) => this.alarmChanged(alarm));
  }

  changed(service: ServiceRecord): void {
    if (service.reconcileAsked) return;
    service.reconcileAsked = true;
    this.account.kernel.clock.in(REACTION, () => {
      service.reconcileAsked = false;
      this.reconcile(service);
    });
  }

  healthy(task: TaskRecord): void {
    const deployment = task.rollout.serviceDeployment;
    task.rollout.neverRan = 0;
    if (resetsOnHealthy(task.service.configuration.deploymentCircuitBreaker)) {
      task.rollout.failedTasks = 0;
      if (deployment?.breaker.status === "MONITORING") deployment.breaker.failures = 0;
    }
  }

  /**
   * A failure is a task that never reached RUNNING, ended before it was healthy, or failed its health checks
   * (API_Deployment "failedTasks", docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html, read 2026-11-21).
   */
  failed(task: TaskRecord): void {
    const { rollout, service } = task;
    if (task.startedAt === undefined) this.backOff(service, rollout);
    const exitedAfterHealthy = task.wasHealthy && task.stopCode === "EssentialContainerExited";
    if (exitedAfterHealthy) return;
    rollout.failedTasks += 1;
    const deployment = rollout.serviceDeployment;
    if (deployment === undefined || rollout.status !== "PRIMARY" || rollout.state !== "IN_PROGRESS" || !deployment.breaker.enabled) return;
    if (deployment.rollback === undefined) deployment.breaker.failures = rollout.failedTasks;
    if (rollout.failedTasks >= deployment.breaker.threshold) this.breakerOpens(service, rollout, deployment);
  }

  /** Brings the tasks one step towards what the service wants. */
  reconcile(service: ServiceRecord): void {
    const primary = service.rollouts[0];
    if (primary === undefined) return;
    const wanted = service.tasks.filter((task) => task.desired === "RUNNING");
    const mine = wanted.filter((task) => task.rollout === primary);
    const older = wanted.filter((task) => task.rollout !== primary);
    const mineHealthy = mine.filter((task) => passesChecks(this.account, task)).length;
    const lost = older.filter((task) => !passesChecks(this.account, task) && (task.rollout.state !== "COMPLETED" || mineHealthy >= service.desired));
    for (const task of lost) this.scaleIn(task, primary);
    const left = older.filter((task) => !lost.includes(task));
    const standing = left.filter((task) => passesChecks(this.account, task));
    const step = rollingStep({
      desired: service.desired,
      minimumHealthyPercent: service.configuration.minimumHealthyPercent ?? 100,
      maximumPercent: service.configuration.maximumPercent ?? 200,
      mine: mine.length,
      mineHealthy,
      older: left.length,
      olderHealthy: standing.length,
    });
    const free = (task: TaskRecord): boolean => !isProtected(task, nowOf(this.account));
    for (const task of standing.filter(free).slice(0, step.stopOlder)) this.scaleIn(task, primary);
    for (const task of this.victims(mine.filter(free), step.stopMine)) this.scaleIn(task, primary);
    if (primary.state !== "FAILED") this.startSome(service, primary, step.start);
    this.replaceLost(service, primary, { mineHealthy, older: left.length - step.stopOlder });
    this.settle(service, primary, mineHealthy);
  }

  /** Asks for the rollback that StopServiceDeployment promises; it begins a moment later. */
  requestRollback(service: ServiceRecord, deployment: ServiceDeploymentRecord): void {
    deployment.status = "ROLLBACK_REQUESTED";
    deployment.updatedAt = nowOf(this.account);
    this.account.kernel.clock.in(seconds(2), () => {
      const rollout = service.rollouts[0];
      if (deployment.status !== "ROLLBACK_REQUESTED" || rollout?.serviceDeployment !== deployment) return;
      rollout.state = "FAILED";
      rollout.reason = `ECS deployment ${rollout.id} was stopped.`;
      this.rollBack(service, deployment, "Service deployment rolled back because StopServiceDeployment was called.");
    });
  }

  private startSome(service: ServiceRecord, rollout: Rollout, count: number): void {
    const wait = rollout.notBefore - nowOf(this.account);
    if (count > 0 && wait > 0) {
      this.account.kernel.clock.in(ms(wait), () => this.changed(service));
      return;
    }
    if (count > 0 && this.account.weather.has("no-capacity")) {
      tellAction(this.account, service, {
        level: "ERROR",
        name: "SERVICE_TASK_PLACEMENT_FAILURE",
        message: "was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.",
        reason: "RESOURCE:FARGATE",
      });
      this.account.kernel.clock.in(RETRY, () => this.changed(service));
      return;
    }
    for (let i = 0; i < count; i += 1) this.tasks.start(service, rollout);
  }

  /** Since November 2025 a task of the old revision that is lost during a deployment is replaced by the old revision ("What's new", aws.amazon.com/about-aws/whats-new/2025/11, as read for facts/rollback.md 2.2). */
  private replaceLost(service: ServiceRecord, primary: Rollout, now: { readonly mineHealthy: number; readonly older: number }): void {
    for (const rollout of service.rollouts) {
      if (rollout === primary || rollout.state !== "COMPLETED") continue;
      const running = service.tasks.filter((task) => task.rollout === rollout && task.desired === "RUNNING").length;
      const lacking = Math.min(rollout.keep - running, service.desired - now.mineHealthy - now.older);
      for (let i = 0; i < lacking; i += 1) this.tasks.start(service, rollout);
    }
  }

  /** Whom ECS stops is not documented, and is not the one with the least to do: any of those that are not protected. */
  private victims(tasks: readonly TaskRecord[], count: number): readonly TaskRecord[] {
    const left = [...tasks];
    const taken: TaskRecord[] = [];
    while (taken.length < count && left.length > 0) taken.push(...left.splice(Math.floor(this.chance() * left.length), 1));
    return taken;
  }

  private scaleIn(task: TaskRecord, primary: Rollout): void {
    task.rollout.keep = Math.max(0, task.rollout.keep - 1);
    this.tasks.stop(task, { code: "ServiceSchedulerInitiated", reason: `Scaling activity initiated by (deployment ${primary.id})` });
  }

  private settle(service: ServiceRecord, primary: Rollout, mineHealthy: number): void {
    const others = service.tasks.some((task) => task.rollout !== primary && task.status !== "STOPPED");
    const settled = primary.state === "IN_PROGRESS" && mineHealthy === service.desired && !others;
    if (!settled) {
      primary.settledSince = undefined;
      return;
    }
    if (primary.settledSince !== undefined) return;
    const since = nowOf(this.account);
    primary.settledSince = since;
    this.account.kernel.clock.in(ms(Math.max(SETTLED, this.bakeTime(primary.serviceDeployment))), () => {
      if (primary.settledSince === since && service.rollouts[0] === primary && primary.state === "IN_PROGRESS") this.complete(service, primary);
    });
  }

  /** With alarms ECS waits as long as the longest of them needs to see trouble ("How CloudWatch alarms detect Amazon ECS deployment failures", docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html, read 2026-11-21). */
  private bakeTime(deployment: ServiceDeploymentRecord | undefined): number {
    if (deployment === undefined || deployment.alarms.status !== "MONITORING" || deployment.rollback !== undefined) return 0;
    return Math.max(
      0,
      ...deployment.alarms.names.map((name) => {
        const spec = this.account.alarms.find(name)?.spec;
        return spec?.kind === "metric" ? spec.period * spec.evaluationPeriods : 0;
      }),
    );
  }

  private complete(service: ServiceRecord, rollout: Rollout): void {
    const now = nowOf(this.account);
    rollout.state = "COMPLETED";
    rollout.reason = `ECS deployment ${rollout.id} completed.`;
    rollout.updatedAt = now;
    rollout.keep = service.desired;
    for (const other of service.rollouts.slice(1)) other.status = "INACTIVE";
    service.rollouts = [rollout];
    service.lastSuccessful = rollout;
    const deployment = rollout.serviceDeployment;
    if (deployment !== undefined && deployment.finishedAt === undefined) {
      deployment.status = deployment.rollback === undefined ? "SUCCESSFUL" : "ROLLBACK_SUCCESSFUL";
      deployment.finishedAt = now;
      deployment.updatedAt = now;
      if (deployment.breaker.status === "MONITORING") deployment.breaker.status = "MONITORING_COMPLETE";
      if (deployment.alarms.status === "MONITORING") deployment.alarms.status = "MONITORING_COMPLETE";
    }
    say(this.account, service, `(deployment ${rollout.id}) deployment completed.`);
    tellDeployment(this.account, service, rollout, "SERVICE_DEPLOYMENT_COMPLETED");
    tellAction(this.account, service, { level: "INFO", name: "SERVICE_STEADY_STATE", message: "has reached a steady state." });
  }

  private backOff(service: ServiceRecord, rollout: Rollout): void {
    rollout.neverRan += 1;
    const pause = startPause(rollout.neverRan);
    if (pause === 0) return;
    rollout.notBefore = (nowOf(this.account) + pause) as Rollout["notBefore"]; // A moment plus a length.
    tellAction(this.account, service, { level: "WARN", name: "SERVICE_TASK_START_IMPAIRED", message: "is unable to consistently start tasks successfully." });
  }

  /** FAILED first, then either the rollback to the last completed deployment or a standstill (API_DeploymentCircuitBreaker "rollback", as in breaker.ts). */
  private breakerOpens(service: ServiceRecord, rollout: Rollout, deployment: ServiceDeploymentRecord): void {
    if (deployment.rollback === undefined) deployment.breaker.status = "TRIGGERED";
    this.fail(service, rollout, "ECS deployment circuit breaker: task failed to start.");
    if (deployment.rollback !== undefined) this.end(deployment, "ROLLBACK_FAILED", "Tasks of the revision rolled back to failed to start.");
    else if (service.configuration.deploymentCircuitBreaker?.rollback === true)
      this.rollBack(service, deployment, "ECS deployment circuit breaker: task failed to start.");
    else this.end(deployment, "STOPPED", "ECS deployment circuit breaker: task failed to start.");
  }

  private alarmChanged(alarm: Alarm): void {
    if (alarm.value !== "ALARM") return;
    this.account.kernel.clock.in(ALARM_POLL, () => {
      for (const service of this.account.services.values()) {
        const rollout = service.rollouts[0];
        const deployment = rollout?.serviceDeployment;
        if (
          rollout === undefined ||
          deployment?.status !== "IN_PROGRESS" ||
          deployment.alarms.status !== "MONITORING" ||
          !deployment.alarms.names.includes(alarm.spec.name)
        )
          continue;
        if (this.account.alarms.find(alarm.spec.name)?.value !== "ALARM") continue;
        deployment.alarms.status = "TRIGGERED";
        deployment.alarms.triggered = [alarm.spec.name];
        const reason = `ECS deployment failed: alarm detected (${alarm.spec.name}).`;
        this.fail(service, rollout, reason);
        if (service.configuration.alarms?.rollback === true) this.rollBack(service, deployment, reason);
        else this.end(deployment, "STOPPED", reason);
      }
    });
  }

  private fail(service: ServiceRecord, rollout: Rollout, reason: string): void {
    rollout.state = "FAILED";
    rollout.reason = reason;
    rollout.updatedAt = nowOf(this.account);
    tellDeployment(this.account, service, rollout, "SERVICE_DEPLOYMENT_FAILED");
  }

  private end(deployment: ServiceDeploymentRecord, status: "STOPPED" | "ROLLBACK_FAILED", reason: string): void {
    deployment.status = status;
    deployment.statusReason = reason;
    deployment.updatedAt = nowOf(this.account);
    deployment.finishedAt = deployment.updatedAt;
    if (status === "STOPPED") deployment.stoppedAt = deployment.updatedAt;
  }

  /**
   * Back to the last completed deployment: the same deployment id and service revision, digests as they were
   * ("Amazon ECS service revisions", docs.aws.amazon.com/AmazonECS/latest/developerguide/service-revision.html, read 2026-11-21).
   * Where there is none it stalls; the status it then has, and the reason text of a rollback that the breaker did not start, are not documented: ROLLBACK_FAILED and the breaker's text are assumed.
   */
  private rollBack(service: ServiceRecord, deployment: ServiceDeploymentRecord, reason: string): void {
    const to = service.lastSuccessful;
    const from = service.rollouts[0];
    if (to === undefined || from === undefined || to === from) {
      this.end(deployment, "ROLLBACK_FAILED", "There is no successful service deployment to roll back to.");
      return;
    }
    const now = nowOf(this.account);
    deployment.status = "ROLLBACK_IN_PROGRESS";
    deployment.statusReason = reason;
    deployment.rollback = { reason, startedAt: now, to: to.revision };
    deployment.updatedAt = now;
    from.status = "ACTIVE";
    from.keep = 0;
    Object.assign(to, {
      status: "PRIMARY",
      state: "IN_PROGRESS",
      updatedAt: now,
      failedTasks: 0,
      neverRan: 0,
      notBefore: now,
      settledSince: undefined,
      serviceDeployment: deployment,
    });
    to.reason = `ECS deployment circuit breaker: rolling back to deploymentId ${to.id}.`;
    service.rollouts = [to, ...service.rollouts.filter((rollout) => rollout !== to)];
    deployment.breaker = { ...deployment.breaker, threshold: breakerThreshold(service.desired, service.configuration.deploymentCircuitBreaker) };
    tellDeployment(this.account, service, to, "SERVICE_DEPLOYMENT_IN_PROGRESS");
    this.changed(service);
  }
}
