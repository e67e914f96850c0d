import { ms, sayLength, seconds } from "@nightshift/model";
import { right, unseen, type WorkerCheck } from "./facts.ts";

const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? "" : "s"}`;

/** Tasks that a busy worker has taken wait behind its running one, whatever stands idle beside it. */
export const prefetch: WorkerCheck = {
  id: "S1",
  title: "prefetch",
  look: ({ settings, taskSeconds, workers }) => {
    const most = workers.ok ? Math.max(0, ...workers.value.map(({ reserved = 0, slots = settings.concurrency }) => reserved / slots)) : 0;
    const seen = most > settings.prefetch && settings.prefetch > 0 ? `; a worker holds ${most.toFixed(1)} times its slots, more than the config says` : "";
    const found = `worker_prefetch_multiplier ${settings.prefetch}${settings.prefetch === 0 ? " (without limit)" : ""}${seen}`;
    const next = "set worker_prefetch_multiplier = 1 in Celery (and -O fair), then prefetch: 1 in nightshift.config.ts";
    if (settings.prefetch === 1 && seen === "") return right(found);
    if (!taskSeconds.ok)
      return [
        {
          kind: "wrong",
          severity: "note",
          found: `${found}; how long a task takes is not known: ${taskSeconds.because}`,
          right: "1 for tasks of more than a second or two",
          next,
        },
      ];
    const wait = Math.min(...settings.queues.map((queue) => queue.wait));
    const behind = settings.prefetch === 0 ? Number.POSITIVE_INFINITY : seconds(settings.prefetch * taskSeconds.value);
    if (behind <= wait && seen === "") return right(`${found}, and a task takes ${taskSeconds.value.toFixed(1)} s`);
    const hidden = Number.isFinite(behind) ? `up to ${sayLength(ms(behind))}` : "without end";
    return [
      {
        kind: "wrong",
        severity: "warning",
        found: `${found}; a task takes ${taskSeconds.value.toFixed(1)} s, so one that was taken waits ${hidden} behind it while new workers find nothing`,
        right: `1, so that nothing waits inside a busy worker; the promise is ${sayLength(ms(wait))}`,
        next,
      },
    ];
  },
};

/** Early acknowledgement forgets a task the moment it starts. */
export const acknowledgement: WorkerCheck = {
  id: "S2",
  title: "acks_late",
  look: ({ settings }) => {
    if (settings.acksLate) return right("task_acks_late is on: a task that loses its worker is given to another one");
    return [
      {
        kind: "wrong",
        severity: settings.spot === undefined ? "warning" : "danger",
        found: `task_acks_late is off: a task whose worker is killed (out of memory, ${settings.spot === undefined ? "" : "Spot taken back, "}stop timeout) is gone, and nothing says so`,
        right: "on, for tasks that may run twice",
        next: "set task_acks_late = True for tasks that are safe to repeat, then acksLate: true in nightshift.config.ts; Nightshift's own scale-ins lose nothing either way",
      },
    ];
  },
};

/** A task held for longer than the timeout is given out again while it still runs. */
export const visibility: WorkerCheck = {
  id: "S5",
  title: "visibility timeout",
  look: ({ at, settings, queues, taskSeconds }) => {
    const { broker } = settings;
    if (broker.kind === "rabbitmq") return [];
    const next = "raise broker_transport_options.visibility_timeout in Celery above your longest task and ETA, then visibilityTimeout in nightshift.config.ts";
    const found = `visibility_timeout ${sayLength(broker.visibilityTimeout)} by the config`;
    if (!queues.ok) return unseen({ because: `${found}; what waits for its time is not known: ${queues.because}` }, next);
    const furthest = Math.max(0, ...queues.value.flatMap(({ due }) => due.map((one) => one.at - at)));
    if (furthest > broker.visibilityTimeout)
      return [
        {
          kind: "wrong",
          severity: "danger",
          found: `${found}, and a task waits for a time ${sayLength(ms(furthest))} from now: it is handed to another worker again and again, and runs more than once`,
          right: `more than ${sayLength(ms(furthest))}`,
          next,
        },
      ];
    if (!taskSeconds.ok) return unseen({ because: `${found}; how long a task takes is not known: ${taskSeconds.because}` }, next);
    if (settings.acksLate && seconds(taskSeconds.value) * 4 > broker.visibilityTimeout)
      return [
        {
          kind: "wrong",
          severity: "warning",
          found: `${found}; a task takes ${taskSeconds.value.toFixed(0)} s in the mean, so a long one runs twice`,
          right: "several times your longest task",
          next,
        },
      ];
    return right(`${found}; nothing waits or runs for that long`);
  },
};

/** Tasks with an ETA sit in the memory of workers, raise their prefetch, and go back to the queue when one is taken away. */
export const eta: WorkerCheck = {
  id: "S6",
  title: "ETA in the hot queue",
  look: ({ queues }) => {
    const next = "send them to a queue of their own with workers of their own, or keep the time in your database and publish when it has come";
    if (!queues.ok) return unseen(queues, "mend the connection, then look again");
    const unknown = queues.value.filter(({ dueLater }) => dueLater === undefined);
    const holding = queues.value.filter(({ dueLater = 0 }) => dueLater > 0);
    if (holding.length > 0)
      return holding.map(({ name, dueLater = 0 }) => ({
        kind: "wrong",
        severity: "warning",
        found: `${name} holds ${count(dueLater, "task")} with an ETA or countdown, in the memory of its workers: each raises a worker's prefetch by one, and a worker that holds one is never empty`,
        right: "no ETA in a queue that is scaled",
        next,
      }));
    return unknown.length > 0
      ? unseen(
          { because: `this broker does not tell which tasks of ${unknown.map(({ name }) => name).join(", ")} have an ETA` },
          "look for eta= and countdown= in your code",
        )
      : right("no task waits for its time");
  },
};

/** What the config says of a worker, and what the worker says of itself. */
export const slots: WorkerCheck = {
  id: "S10",
  title: "concurrency",
  look: ({ settings, workers }) => {
    if (!workers.ok) return unseen(workers, "start a worker, or look at --without-heartbeat and --without-gossip of its command, then look again");
    const other = workers.value.filter((worker) => worker.slots !== undefined && worker.slots !== settings.concurrency);
    const [first] = other;
    if (first === undefined)
      return workers.value.length === 0
        ? unseen({ because: "no worker answered" }, "start one, then look again")
        : right(`${count(workers.value.length, "worker")} with ${settings.concurrency} slots each`);
    return [
      {
        kind: "wrong",
        severity: "warning",
        found: `${first.name} has ${first.slots} slots, the config says ${settings.concurrency}`,
        right: "the same number in both",
        next: `write concurrency: ${first.slots} in nightshift.config.ts, or --concurrency=${settings.concurrency} in the worker's command`,
      },
    ];
  },
};
