import type { TaskStopCode } from "@aws-sdk/client-ecs";
import { type EpochMs, type Ms, ms, seconds } from "@nightshift/model";
import { between } from "../../world/chance.ts";
import type { Moment } from "../../world/behaviour.ts";
import type { HealthAnswer } from "../elbv2/loadBalancing.ts";
import { type EcsAccount, isUp, nowOf } from "./account.ts";
import { passesChecks, targetGroupOf } from "./checks.ts";
import { writeLog } from "./taskLog.ts";
import { tellTask } from "./events.ts";
import { newTask } from "./newTask.ts";
import { Programs } from "./programs.ts";
import type { Rollout, ServiceRecord, TaskRecord, TaskStatus } from "./records.ts";

/** Who hears of a task's fate: the scheduler. */
export interface TaskListener {
  /** It changed so that the scheduler should look. */
  changed(service: ServiceRecord): void;
  /** It ended, or was ended, because something was wrong with it. */
  failed(task: TaskRecord): void;
  /** It passed every check defined for it, for the first time. */
  healthy(task: TaskRecord): void;
}

/** Why a task ends. */
export interface Ending {
  readonly code: TaskStopCode;
  readonly reason: string;
  readonly exitCode?: number;
  readonly containerReason?: string;
}

/** From the container's end to STOPPED. */
const DEPROVISIONING = seconds(5);

/** The life of Fargate tasks ("Amazon ECS task lifecycle", docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html, read 2026-11-21). */
export class TaskLife {
  /** What runs inside. */
  readonly programs: Programs;
  private readonly account: EcsAccount;
  private readonly listener: TaskListener;

  constructor(account: EcsAccount, listener: TaskListener) {
    this.account = account;
    this.programs = new Programs(account);
    this.listener = listener;
  }

  /** Starts a task; `running` puts it there as if it had run for long (the world's first moment). */
  start(service: ServiceRecord, rollout: Rollout, running?: { readonly since: EpochMs }): TaskRecord {
    const account = this.account;
    const task = newTask(account, { service, rollout, since: running?.since });
    service.tasks.push(task);
    if (running !== undefined) {
      this.pull(task);
      this.run(task, running.since);
      return task;
    }
    tellTask(account, task);
    const total = between(account.random, account.options.start.least, account.options.start.most);
    account.kernel.clock.in(ms(Math.round(total * 0.25)), () =>
      this.move(task, "PENDING", () => {
        task.pullStartedAt = nowOf(account);
      }),
    );
    account.kernel.clock.in(ms(Math.round(total)), () => {
      if (task.desired === "STOPPED") return;
      if (this.pull(task)) this.run(task, nowOf(account));
    });
    return task;
  }

  /**
   * Stops a task in good order: out of the target group first, the deregistration delay, SIGTERM, then gone
   * ("Amazon ECS task lifecycle", as above).
   */
  stop(task: TaskRecord, ending: Ending): void {
    if (task.desired === "STOPPED") return;
    const account = this.account;
    const wasRunning = task.status === "RUNNING";
    this.condemn(task, ending);
    // The two-minute warning of a reclaim: the task still runs and is to stop ("Fargate Spot termination notices",
    // docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html, read 2026-11-21).
    if (wasRunning && ending.code === "SpotInterruption") tellTask(account, task);
    const leave = (): void => {
      this.move(task, "STOPPING");
      this.programs.terminate(task, (exitCode) => this.finish(task, ending.exitCode ?? (wasRunning ? exitCode : undefined)));
    };
    const group = wasRunning ? targetGroupOf(task) : undefined;
    if (group === undefined) {
      leave();
      return;
    }
    this.move(task, "DEACTIVATING");
    account.balancing.deregister(group, task.ip, leave);
    account.onServingChange(task.service);
  }

  /** The process ended by itself: no draining, the task is gone in seconds. */
  private die(task: TaskRecord, ending: Ending): void {
    if (task.desired === "STOPPED" && task.status !== "DEACTIVATING") return;
    const group = targetGroupOf(task);
    if (group !== undefined) this.account.balancing.remove(group, task.ip);
    if (task.desired === "STOPPED") return;
    this.condemn(task, ending);
    this.listener.failed(task);
    this.account.onServingChange(task.service);
    this.programs.died(task);
    this.finish(task, ending.exitCode);
  }

  private condemn(task: TaskRecord, ending: Ending): void {
    task.desired = "STOPPED";
    task.stoppingAt = nowOf(this.account);
    task.stopCode = ending.code;
    task.stoppedReason = ending.reason;
    task.containerReason = ending.containerReason;
    this.account.kernel.record({
      kind: "world",
      what: "task-stopping",
      about: task.service.name,
      detail: { task: task.id, deployment: task.rollout.id, code: ending.code, reason: ending.reason, exitCode: ending.exitCode ?? null },
    });
    this.listener.changed(task.service);
  }

  private finish(task: TaskRecord, exitCode: number | undefined): void {
    task.executionStoppedAt = nowOf(this.account);
    task.exitCode = exitCode;
    this.move(task, "DEPROVISIONING");
    this.account.kernel.clock.in(DEPROVISIONING, () => {
      this.move(task, "STOPPED", () => {
        task.stoppedAt = nowOf(this.account);
      });
      this.listener.changed(task.service);
    });
  }

  private move(task: TaskRecord, status: TaskStatus, first?: () => void): void {
    if (task.status === "STOPPED" || (task.desired === "STOPPED" && status === "PENDING")) return;
    first?.();
    task.status = status;
    tellTask(this.account, task);
  }

  /**
   * Every container's image: the digest pinned by the revision's first task, else what the tag means now
   * ("Container image resolution", docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html, read 2026-11-21).
   */
  private pull(task: TaskRecord): boolean {
    // The registry answers 429 ("Troubleshooting Amazon ECR error messages", docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors.html, read 2026-11-21); how ECS words it is assumed.
    if (this.account.weather.has("throttled-pulls"))
      return this.refuse(task, "CannotPullContainerError: pull image manifest has been retried 5 time(s): toomanyrequests: Rate exceeded");
    const digests: string[] = [];
    for (const image of task.revision.images) {
      const wanted = image.digest === undefined ? image.image : `${image.image.replace(/@.*$/, "")}@${image.digest}`;
      const digest = this.account.registry.pull(wanted);
      if (digest === undefined)
        return this.refuse(task, `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${wanted}: not found`);
      digests.push(digest);
    }
    task.revision.images.forEach((image, i) => {
      image.digest ??= digests[i];
    });
    task.digests = digests;
    task.pullStoppedAt = nowOf(this.account);
    task.behaviour = this.account.behaviourOf(task.revision.taskDefinition, digests);
    return true;
  }

  private refuse(task: TaskRecord, reason: string): false {
    this.condemn(task, { code: "TaskFailedToStart", reason, containerReason: reason });
    this.listener.failed(task);
    this.finish(task, undefined);
    return false;
  }

  private run(task: TaskRecord, since: EpochMs): void {
    const account = this.account;
    const already = since < nowOf(account);
    task.startedAt = since;
    task.status = "RUNNING";
    if (!already) tellTask(account, task);
    this.programs.started(task);
    writeLog(this.account, task, already ? [] : [`listening on :8080 (${task.revision.taskDefinition.family}:${task.revision.taskDefinition.revision})`]);
    const death = task.behaviour?.death?.();
    if (death !== undefined) {
      account.kernel.clock.in(ms(Math.max(0, death.after - (nowOf(account) - since))), () => {
        if (task.status === "STOPPED" || task.executionStoppedAt !== undefined) return;
        writeLog(this.account, task, death.lastWords);
        this.die(task, {
          code: "EssentialContainerExited",
          reason: "Essential container in task exited",
          exitCode: death.exitCode,
          ...(death.reason === undefined ? {} : { containerReason: death.reason }),
        });
      });
    }
    const group = targetGroupOf(task);
    if (group !== undefined) {
      account.balancing.register(group, {
        id: task.ip,
        port: 8080,
        az: task.az,
        already,
        ask: () => this.answer(task),
        changed: () => this.targetChanged(task, group),
      });
    }
    const checked = task.revision.taskDefinition.containers[0]?.healthCheck;
    if (checked !== undefined)
      this.checkContainer(task, {
        interval: seconds(checked.interval ?? 30),
        retries: checked.retries ?? 3,
        grace: seconds(checked.startPeriod ?? 0),
        failures: 0,
      });
    if (already && checked !== undefined) task.health = "HEALTHY";
    this.noteHealth(task);
    account.onServingChange(task.service);
    this.listener.changed(task.service);
  }

  private answer(task: TaskRecord): HealthAnswer {
    if (!isUp(task)) return "refused";
    return this.account.healthSuffers(task.service) || task.behaviour?.healthy?.(this.moment(task)) === false ? "wrong-status" : "ok";
  }

  private moment(task: TaskRecord): Moment {
    const now = nowOf(this.account);
    return { now, sinceStart: ms(now - (task.startedAt ?? now)), load: 0, base: { errorShare: 0, p50: 50, p99: 200 } };
  }

  /** Past the grace period an unhealthy target is stopped and replaced ("healthCheckGracePeriodSeconds", API_Service as above). */
  private targetChanged(task: TaskRecord, group: string): void {
    this.account.onServingChange(task.service);
    const state = this.account.balancing.targets(group).find((target) => target.id === task.ip)?.state;
    if (state === "healthy") this.noteHealth(task);
    if (state === "unhealthy") {
      const left = (task.startedAt ?? 0) + task.service.graceSeconds * 1_000 - nowOf(this.account);
      this.account.kernel.clock.in(ms(Math.max(0, left)), () => {
        const still = this.account.balancing.targets(group).find((target) => target.id === task.ip)?.state;
        if (still === "unhealthy" && isUp(task)) this.stopUnhealthy(task, `Task failed ELB health checks in (target-group ${group})`);
      });
    }
    this.listener.changed(task.service);
  }

  /** Container health: UNHEALTHY after `retries` failures outside the start period (API_HealthCheck, docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html, read 2026-11-21). */
  private checkContainer(task: TaskRecord, check: { readonly interval: Ms; readonly retries: number; readonly grace: Ms; readonly failures: number }): void {
    this.account.kernel.clock.in(check.interval, () => {
      if (!isUp(task)) return;
      const ok = this.answer(task) === "ok";
      const counted = !ok && nowOf(this.account) - (task.startedAt ?? 0) >= check.grace ? check.failures + 1 : ok ? 0 : check.failures;
      const before = task.health;
      if (ok) task.health = "HEALTHY";
      else if (counted >= check.retries) task.health = "UNHEALTHY";
      if (task.health !== before) tellTask(this.account, task);
      if (task.health === "HEALTHY") this.noteHealth(task);
      if (task.health === "UNHEALTHY") this.stopUnhealthy(task, "Task failed container health checks");
      else this.checkContainer(task, { ...check, failures: counted });
    });
  }

  private stopUnhealthy(task: TaskRecord, reason: string): void {
    this.listener.failed(task);
    this.stop(task, { code: "ServiceSchedulerInitiated", reason });
  }

  private noteHealth(task: TaskRecord): void {
    if (task.wasHealthy || !passesChecks(this.account, task)) return;
    task.wasHealthy = true;
    this.listener.healthy(task);
    this.listener.changed(task.service);
  }
}
