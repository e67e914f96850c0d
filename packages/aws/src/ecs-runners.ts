import { ConflictException, DescribeTasksCommand, RunTaskCommand, type RunTaskRequest, StopTaskCommand, type Task } from "@aws-sdk/client-ecs";
import { guarded } from "@nightshift/model/guards";
import { PortError, type RunnerJob, type Runners, type RunnerTask } from "@nightshift/ports";
import { sha256 } from "./canonical.ts";
import type { Call } from "./calls.ts";
import { lastPart } from "./ecs-names.ts";
import { isFault } from "./faults.ts";
import { need, refuseFailures } from "./partial.ts";
import type { Reach } from "./reach.ts";
import { owner } from "./tags.ts";

/** Where runners run; each is asked for when it is needed. */
export interface RunnerPlaces {
  readonly cluster: () => string;
  /** The task definition of a database's runner: its image is the database's own. */
  readonly taskDefinition: (of: string) => string;
  /** That of the runner that restores into the server: it alone is given the role that may. */
  readonly restoreDefinition: (of: string) => string;
  readonly subnets: () => readonly string[];
  readonly securityGroups: () => readonly string[];
  /** Subnets that have no way out but their own addresses need one for each task. */
  readonly publicAddress: () => boolean;
}

/** The runner's container, and the variable that holds what it is asked to do: the `RunnerJob` as JSON. */
const runnerContainer = "runner";
const runnerVariable = "NIGHTSHIFT_JOB";

/**
 * Task disk in GiB: 20 is what a task has anyway, and is not asked for: a request takes 21 to 200. The image lies on it, too.
 * Sources: "Fargate task ephemeral storage for Amazon ECS", https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-storage.html;
 * "EphemeralStorage", https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EphemeralStorage.html, 2026-11-21.
 */
const givenDisk = 20;
const largestDisk = 200;
const longestReason = 255;

/**
 * One-off tasks of the runner on Fargate. `start`: 1 call; ECS finds the task of a second start by the client token, which it
 * knows for as long as the task and an hour more, a day at most. `look`, `stop`: 1 call.
 * Sources: "RunTask", https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html; "Ensuring idempotency",
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html, 2026-11-21.
 */
export const runnersFrom = (reach: Reach, places: RunnerPlaces): Runners => ({
  async start(job) {
    const call = { operation: "ecs:RunTask", on: `${job.of} ${job.run}` };
    const request = requestFor(call, job, places);
    const found = await reach.calls.change(call, () => runOnce(reach, request));
    if ("standing" in found) return look(reach, places.cluster(), found.standing);
    refuseFailures(call, found.failures);
    return taskFrom(need(call, "tasks[0]", found.tasks?.[0]));
  },
  look: (task) => look(reach, places.cluster(), task),
  async stop(task, because) {
    const call = { operation: "ecs:StopTask", on: lastPart(task) };
    try {
      await reach.calls.change(call, async () =>
        (await reach.connections.ecs()).send(new StopTaskCommand({ cluster: places.cluster(), task, reason: because.slice(0, longestReason) })),
      );
    } catch (error) {
      // ECS forgets a task an hour after it stopped, and says so by this sentence alone.
      if (isFault(error, "InvalidParameterException") && /task was not found/i.test(error.message)) return;
      throw error;
    }
  },
});

/** The answer, or the task that an earlier start made: with other words of the job (a newer release's) ECS calls that a conflict, and names it. */
async function runOnce({ connections }: Reach, request: RunTaskRequest) {
  try {
    return await (await connections.ecs()).send(new RunTaskCommand(request));
  } catch (error) {
    const standing = error instanceof ConflictException ? error.resourceIds?.[0] : undefined;
    if (standing === undefined) throw error;
    return { standing };
  }
}

function requestFor(call: Call, job: RunnerJob, places: RunnerPlaces): RunTaskRequest {
  if (!Number.isInteger(job.diskGiB) || job.diskGiB < givenDisk || job.diskGiB > largestDisk)
    throw new PortError(
      "invalid",
      call.operation,
      call.on,
      `a task's disk has ${givenDisk} to ${largestDisk} GiB, not ${job.diskGiB}; a larger one needs a volume`,
    );
  return {
    cluster: places.cluster(),
    taskDefinition: job.do === "restore" ? places.restoreDefinition(job.of) : places.taskDefinition(job.of),
    launchType: "FARGATE",
    count: 1,
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: [...places.subnets()],
        securityGroups: [...places.securityGroups()],
        assignPublicIp: places.publicAddress() ? "ENABLED" : "DISABLED",
      },
    },
    overrides: {
      containerOverrides: [{ name: runnerContainer, environment: [{ name: runnerVariable, value: JSON.stringify(wordsOf(job)) }] }],
      ...(job.diskGiB > givenDisk ? { ephemeralStorage: { sizeInGiB: job.diskGiB } } : {}),
    },
    startedBy: `nightshift/${job.run}`.replaceAll(/[^\w/-]/g, "_").slice(0, 128),
    tags: [
      { key: "nightshift:owner", value: owner },
      { key: "nightshift:run", value: job.run.replaceAll(/[^\w .:/=+@-]/g, "_").slice(0, 256) },
    ],
    ...guarded("a runner is started once", { clientToken: sha256(`runner ${job.run}`).slice(0, 32) }),
  };
}

/** The job in a fixed order, so that the same job is the same request; what is not given is left out. */
const wordsOf = ({ run, of, do: work, backup, side, slices, scheduled, series, target, diskGiB }: RunnerJob): RunnerJob => ({
  run,
  of,
  do: work,
  ...(backup === undefined ? {} : { backup }),
  ...(side === undefined ? {} : { side }),
  ...(slices === undefined ? {} : { slices }),
  ...(scheduled === undefined ? {} : { scheduled }),
  ...(series === undefined ? {} : { series }),
  ...(target === undefined ? {} : { target }),
  diskGiB,
});

async function look({ connections, calls }: Reach, cluster: string, task: string): Promise<RunnerTask> {
  const call = { operation: "ecs:DescribeTasks", on: lastPart(task) };
  const answer = await calls.read(call, async () => (await connections.ecs()).send(new DescribeTasksCommand({ cluster, tasks: [task] })));
  refuseFailures(call, answer.failures);
  return taskFrom(need(call, "tasks[0]", answer.tasks?.[0]));
}

/** Source of the states: "Amazon ECS task lifecycle", https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html, 2026-11-21. */
function taskFrom(task: Task): RunnerTask {
  const call = { operation: "ecs:DescribeTasks", on: "a runner" };
  const container = task.containers?.find(({ name }) => name === runnerContainer);
  const because = container?.reason ?? task.stoppedReason;
  return {
    task: need(call, "taskArn", task.taskArn),
    state: stateOf(need(call, "lastStatus", task.lastStatus)),
    ...(container?.exitCode === undefined ? {} : { exitCode: container.exitCode }),
    ...(because === undefined ? {} : { because }),
  };
}

const starting: ReadonlySet<string> = new Set(["PROVISIONING", "PENDING", "ACTIVATING"]);
const over: ReadonlySet<string> = new Set(["STOPPED", "DELETED"]);
const stateOf = (status: string): RunnerTask["state"] => (starting.has(status) ? "starting" : over.has(status) ? "stopped" : "running");
