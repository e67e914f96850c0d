import { type Ms, ms, seconds } from "@nightshift/model";
import type { EcsAccount } from "./account.ts";
import type { ServiceRecord, TaskRecord } from "./records.ts";

/** One task, as the program in its container knows itself. */
export interface TaskProcess {
  readonly task: string;
  readonly service: string;
  readonly cluster: string;
  /** Private IPv4. */
  readonly ip: string;
  readonly spot: boolean;
}

/** What the tasks of a service run, for whoever plays it: a Celery worker, say. */
export interface Program {
  /** The container runs. */
  started(process: TaskProcess): void;
  /** SIGTERM: `exit` is called when the program leaves by itself; if it did not by `stopTimeout`, it is killed. */
  terminate(process: TaskProcess, exit: () => void): void;
  /** The process is gone. `killed`: by SIGKILL, with whatever it was still doing. */
  ended(process: TaskProcess, how: "exited" | "killed"): void;
}

/** Default and, on Fargate, longest `stopTimeout` ("ContainerDefinition", https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html, 2026-11-21). */
const STOP_TIMEOUT = seconds(30);
const LONGEST_STOP_TIMEOUT = seconds(120);
/** 128 and the signal's number, as a container's exit code says it. */
const SIGKILLED = 137;

/** What runs in the tasks' containers, and how it ends. */
export class Programs {
  private readonly account: EcsAccount;
  private readonly programs = new Map<ServiceRecord, Program>();
  private readonly running = new Set<TaskRecord>();

  constructor(account: EcsAccount) {
    this.account = account;
  }

  /** From now on the service's tasks run this program; those that run already begin at once. */
  run(service: ServiceRecord, program: Program): void {
    this.programs.set(service, program);
    for (const task of service.tasks) if (this.running.has(task)) program.started(processOf(task));
  }

  /** The container runs. */
  started(task: TaskRecord): void {
    this.running.add(task);
    this.programs.get(task.service)?.started(processOf(task));
  }

  /** Sends SIGTERM, and SIGKILL after `stopTimeout`; `gone` hears the exit code. A container without a program leaves as the world's options say. */
  terminate(task: TaskRecord, gone: (exitCode: number) => void): void {
    const { clock } = this.account.kernel;
    const longest = stopTimeoutOf(task);
    const program = this.running.has(task) ? this.programs.get(task.service) : undefined;
    if (program === undefined) {
      this.running.delete(task);
      clock.in(ms(Math.min(longest, this.account.options.leaves)), () => gone(0));
      return;
    }
    const end = (how: "exited" | "killed"): void => {
      if (!this.running.delete(task)) return;
      program.ended(processOf(task), how);
      if (how === "killed")
        this.account.kernel.record({ kind: "world", what: "task-killed", about: task.service.name, detail: { task: task.id, after: longest } });
      gone(how === "killed" ? SIGKILLED : 0);
    };
    program.terminate(processOf(task), () => end("exited"));
    clock.in(longest, () => end("killed"));
  }

  /** The process died by itself, with whatever it did. */
  died(task: TaskRecord): void {
    if (this.running.delete(task)) this.programs.get(task.service)?.ended(processOf(task), "killed");
  }
}

const processOf = (task: TaskRecord): TaskProcess => ({
  task: task.arn,
  service: task.service.name,
  cluster: task.service.cluster,
  ip: task.ip,
  spot: task.capacityProvider === "FARGATE_SPOT",
});

const stopTimeoutOf = (task: TaskRecord): Ms => {
  const given = task.revision.taskDefinition.containers[0]?.stopTimeout;
  return given === undefined ? STOP_TIMEOUT : ms(Math.min(LONGEST_STOP_TIMEOUT, seconds(given)));
};
