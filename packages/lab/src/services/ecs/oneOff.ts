import { ConflictException, type RunTaskRequest, type RunTaskResponse, type StopTaskRequest, type StopTaskResponse, type Task } from "@aws-sdk/client-ecs";
import { type EpochMs, ms, seconds } from "@nightshift/model";
import { AwsFault } from "../../kernel.ts";
import { between, hex } from "../../world/chance.ts";
import { arnOf, clusterName, type EcsAccount, nowOf } from "./account.ts";
import type { TaskDefinitionRecord, TaskStatus } from "./records.ts";
import { findTaskDefinition } from "./taskDefinitions.ts";

/** What a one-off task's container knows. */
export interface OneOffProcess {
  readonly task: string;
  /** The definition's variables, and over them those of the call. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether the container still runs; a program looks before whatever it does. */
  readonly runs: () => boolean;
  /** The program leaves with this code; 137 and `OutOfMemoryError: …` for one that was killed. */
  readonly exit: (code: number, reason?: string) => void;
}

/** What runs in one-off tasks of a family. */
export interface OneOffProgram {
  /** The container runs. */
  started(process: OneOffProcess): void;
  /** SIGTERM; after `stopTimeout` it is killed. */
  terminate(process: OneOffProcess): void;
}

interface OneOff {
  readonly id: string;
  readonly arn: string;
  readonly cluster: string;
  readonly definition: TaskDefinitionRecord;
  readonly request: RunTaskRequest;
  readonly createdAt: EpochMs;
  readonly process: OneOffProcess;
  status: TaskStatus;
  desired: "RUNNING" | "STOPPED";
  version: number;
  startedAt?: EpochMs;
  stoppingAt?: EpochMs;
  stoppedAt?: EpochMs;
  exitCode?: number;
  reason?: string;
  stopCode?: Task["stopCode"];
  stoppedReason?: string;
}

const SIGKILLED = 137;
const STOP_TIMEOUT = seconds(30);
const DEPROVISIONING = seconds(5);

/** Tasks that no service keeps: RunTask, and what becomes of them. */
export class OneOffTasks {
  private readonly account: EcsAccount;
  private readonly tasks: OneOff[] = [];
  private readonly programs = new Map<string, OneOffProgram>();

  constructor(account: EcsAccount) {
    this.account = account;
  }

  /** From now on tasks of the family run this. */
  program(family: string, program: OneOffProgram): void {
    this.programs.set(family, program);
  }

  /** Tasks that are not over. */
  get running(): number {
    return this.tasks.filter((task) => task.stoppedAt === undefined).length;
  }

  /**
   * One task. The same client token finds the task that was started with it, and is a conflict with other words
   * ("Ensuring idempotency", https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html, 2026-11-21). Without capacity it
   * is answered in `failures` (API_RunTask, same reference).
   */
  run(asked: RunTaskRequest): RunTaskResponse {
    const { account } = this;
    const definition = findTaskDefinition(account, asked.taskDefinition ?? "");
    const cluster = clusterName(account, asked.cluster);
    if ((asked.count ?? 1) !== 1) throw new AwsFault("InvalidParameterException", "The lab runs one task a call.");
    const standing = asked.clientToken === undefined ? undefined : this.tasks.find((one) => one.request.clientToken === asked.clientToken);
    if (standing !== undefined) {
      if (JSON.stringify(standing.request) === JSON.stringify(asked)) return { tasks: [this.view(standing)], failures: [] };
      throw new ConflictException({
        message: "The client token was used for another request.",
        resourceIds: [standing.arn],
        $metadata: { httpStatusCode: 400 },
      });
    }
    if (account.weather.has("no-capacity"))
      return { tasks: [], failures: [{ reason: "Capacity is unavailable at this time. Please try again later or in a different availability zone" }] };
    const id = hex(account.random, 32);
    const task: OneOff = {
      id,
      arn: arnOf(account, `task/${cluster}/${id}`),
      cluster,
      definition,
      request: structuredClone(asked),
      createdAt: nowOf(account),
      process: {
        task: id,
        environment: environmentOf(definition, asked),
        runs: () => task.status === "RUNNING" || task.status === "STOPPING",
        exit: (code, reason) => this.exit(task, code, reason),
      },
      status: "PROVISIONING",
      desired: "RUNNING",
      version: 0,
    };
    this.tasks.push(task);
    this.tell(task);
    const { least, most } = account.options.start;
    account.kernel.clock.in(ms(Math.round(between(account.random, least, most))), () => this.begin(task));
    return { tasks: [this.view(task)], failures: [] };
  }

  /** SIGTERM now, SIGKILL after the container's `stopTimeout` (API_StopTask, same reference). */
  stop(asked: StopTaskRequest): StopTaskResponse {
    const task = this.find(asked.task ?? "");
    if (task === undefined) throw new AwsFault("InvalidParameterException", "The referenced task was not found.");
    if (task.stoppedAt === undefined && task.desired === "RUNNING") {
      Object.assign(task, {
        desired: "STOPPED",
        stoppingAt: nowOf(this.account),
        stopCode: "UserInitiated",
        stoppedReason: asked.reason ?? "Task stopped by user",
      });
      if (task.status === "RUNNING") {
        this.move(task, "STOPPING");
        this.programs.get(task.definition.family)?.terminate(task.process);
        const longest = seconds(task.definition.containers[0]?.stopTimeout ?? STOP_TIMEOUT / 1_000);
        this.account.kernel.clock.in(longest, () => this.exit(task, SIGKILLED));
      } else this.over(task);
    }
    return { task: this.view(task) };
  }

  /** By ARN or id; a stopped one is told of for an hour. */
  describe(name: string): Task | undefined {
    const task = this.find(name);
    return task && this.view(task);
  }

  /** The platform takes a task away without a word to the program. */
  lose(reason: string): void {
    for (const task of this.tasks) if (task.status === "RUNNING") this.exit(task, SIGKILLED, reason);
  }

  private find(name: string): OneOff | undefined {
    const shown = (task: OneOff): boolean => task.stoppedAt === undefined || nowOf(this.account) - task.stoppedAt <= seconds(3_600);
    return this.tasks.find((one) => (one.arn === name || one.id === name) && shown(one));
  }

  private begin(task: OneOff): void {
    if (task.desired === "STOPPED") return;
    task.startedAt = nowOf(this.account);
    this.move(task, "RUNNING");
    const program = this.programs.get(task.definition.family);
    if (program === undefined) this.exit(task, 0);
    else program.started(task.process);
  }

  private exit(task: OneOff, code: number, reason?: string): void {
    if (task.status !== "RUNNING" && task.status !== "STOPPING") return;
    task.exitCode = code;
    if (reason !== undefined) task.reason = reason;
    task.stopCode ??= "EssentialContainerExited";
    task.stoppedReason ??= "Essential container in task exited";
    task.stoppingAt ??= nowOf(this.account);
    task.desired = "STOPPED";
    this.account.kernel.record({
      kind: "world",
      what: "one-off-ended",
      about: task.definition.family,
      detail: { task: task.id, code, reason: reason ?? null },
    });
    this.move(task, "DEPROVISIONING");
    this.account.kernel.clock.in(DEPROVISIONING, () => this.over(task));
  }

  private over(task: OneOff): void {
    task.stoppedAt = nowOf(this.account);
    this.move(task, "STOPPED");
  }

  private move(task: OneOff, status: TaskStatus): void {
    task.status = status;
    this.tell(task);
  }

  /** "ECS Task State Change", as of every task ("Amazon ECS task state change events", https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html, 2026-11-21). */
  private tell(task: OneOff): void {
    task.version += 1;
    const detail: Record<string, unknown> = { ...this.view(task), updatedAt: new Date(nowOf(this.account)) };
    for (const [name, value] of Object.entries(detail)) if (value instanceof Date) detail[name] = value.toISOString();
    this.account.kernel.emit({ source: "aws.ecs", detailType: "ECS Task State Change", resources: [task.arn], detail });
  }

  /** As DescribeTasks answers it (API_Task, https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html, 2026-11-21). */
  private view(task: OneOff): Task {
    const { account } = this;
    const container = task.definition.containers[0];
    return {
      taskArn: task.arn,
      clusterArn: arnOf(account, `cluster/${task.cluster}`),
      taskDefinitionArn: task.definition.arn,
      group: `family:${task.definition.family}`,
      ...(task.request.startedBy === undefined ? {} : { startedBy: task.request.startedBy }),
      lastStatus: task.status,
      desiredStatus: task.desired,
      version: task.version,
      healthStatus: "UNKNOWN",
      launchType: "FARGATE",
      connectivity: "CONNECTED",
      cpu: task.definition.request.cpu ?? "1024",
      memory: task.definition.request.memory ?? "2048",
      createdAt: new Date(task.createdAt),
      overrides: structuredClone(task.request.overrides ?? {}),
      containers: [
        {
          containerArn: arnOf(account, `container/${task.cluster}/${task.id}/1`),
          taskArn: task.arn,
          name: container?.name ?? "runner",
          image: container?.image ?? "",
          lastStatus: task.exitCode !== undefined || task.stoppedAt !== undefined ? "STOPPED" : task.startedAt === undefined ? "PENDING" : "RUNNING",
          ...(task.exitCode === undefined ? {} : { exitCode: task.exitCode }),
          ...(task.reason === undefined ? {} : { reason: task.reason }),
        },
      ],
      ...(task.startedAt === undefined ? {} : { startedAt: new Date(task.startedAt) }),
      ...(task.stoppingAt === undefined ? {} : { stoppingAt: new Date(task.stoppingAt) }),
      ...(task.stoppedAt === undefined ? {} : { stoppedAt: new Date(task.stoppedAt) }),
      ...(task.stopCode === undefined ? {} : { stopCode: task.stopCode }),
      ...(task.stoppedReason === undefined ? {} : { stoppedReason: task.stoppedReason }),
    };
  }
}

function environmentOf(definition: TaskDefinitionRecord, { overrides }: RunTaskRequest): Readonly<Record<string, string>> {
  const own = definition.containers[0]?.environment ?? [];
  const over = overrides?.containerOverrides?.[0]?.environment ?? [];
  return Object.fromEntries([...own, ...over].map(({ name = "", value = "" }) => [name, value]));
}
