import { weekdays } from "@nightshift/model";
import * as z from "zod/mini";
import { choiceOf, countOf, leaf, lengthOf, objectOf, shareOf, textOf } from "../kinds.ts";
import { section } from "../section.ts";
import { days, hours, minutes, seconds } from "../units.ts";
import { broker } from "./brokers.ts";
import { clockTime, timeZone } from "./moments.ts";
import { modes } from "./product.ts";

const queueName = (says: string) =>
  textOf({
    says,
    pattern: /^[A-Za-z0-9_.:{}@-]{1,200}$/,
    expected: "a queue's name: 1 to 200 letters, digits and . _ : { } @ -",
    remedy: 'write the name as Celery has it (task_default_queue, or -Q of the worker): "celery" unless you changed it',
  });
const promise = (says: string) => lengthOf({ says, from: seconds(5), to: hours(24) });
const yesOrNo = (says: string) =>
  leaf<boolean>({ says, unit: "`true` \\| `false`" }, (value) =>
    typeof value === "boolean" ? undefined : { expected: "true or false", remedy: "write true or false, without quotes" },
  );

/** CloudWatch's one-minute averages of the service. */
const judged = (says: string) => lengthOf({ says, from: minutes(1), to: minutes(30), byTheMinute: true });
const coolDown = (says: string) => lengthOf({ says, from: seconds(0), to: hours(2) });
const utilisation = objectOf({
  metric: choiceOf("What the rule looks at: the service's average, by the minute.", ["cpu", "memory"]),
  out: z.optional(objectOf({ above: shareOf("Out by one worker while it stays above."), for: judged("For so long.") })),
  in: z.optional(objectOf({ below: shareOf("In by one worker while it stays below."), for: judged("For so long.") })),
  target: z.optional(
    objectOf({
      at: shareOf("Keep it near this."),
      outCoolDown: z._default(coolDown("Between two scale-outs."), seconds(60)),
      inCoolDown: z._default(coolDown("Between two scale-ins."), seconds(300)),
    }),
  ),
});

const expectedWork = objectOf({
  at: clockTime("Local time at which the work comes; the workers stand before it."),
  days: z._default(z.array(choiceOf("On which days.", weekdays)), [...weekdays]),
  zone: z._default(timeZone("Time zone of that time."), "UTC"),
  tasks: z.optional(countOf({ says: "How many tasks come at once.", from: 1, to: 100_000_000, unit: "tasks" })),
  workers: z.optional(countOf({ says: "Or how many workers shall stand.", from: 1, to: 5_000, unit: "workers" })),
  for: z._default(lengthOf({ says: "How long they stay for it.", from: minutes(1), to: hours(24) }), minutes(30)),
});

/**
 * One worker service. Defaults: min 2, max 10 and four tasks at once are leather_api's; prefetch 4 and early acknowledgement
 * are Celery's; 30 s to stop is ECS's (facts/scaling.md 2); the rest is what the benchmark was run with.
 */
const worker = objectOf({
  kind: z.literal("celery"),
  mode: z.optional(choiceOf("How much the scaler may do by itself; the service's mode when absent.", modes)),
  broker,
  queues: z.array(queueName("A queue that these workers consume from.")),
  wait: promise("The promise: from publish (or ETA) to start, for every queue that `waits` does not name."),
  waits: z._default(z.record(queueName("One of the queues."), promise("A promise of its own for one queue.")), {}),
  concurrency: z._default(countOf({ says: "Tasks that one worker executes at once (`--concurrency`).", from: 1, to: 1_000, unit: "tasks" }), 4),
  prefetch: z._default(countOf({ says: "Celery's `worker_prefetch_multiplier`; 1 for long tasks; 0 is without limit.", from: 0, to: 1_000 }), 4),
  acksLate: z._default(yesOrNo("Celery's `task_acks_late`: acknowledged after the task, not before."), false),
  control: z.optional(
    choiceOf("How a worker is told to take no more: Celery's remote control, its own task protection, or not at all. By the broker when absent.", [
      "celery",
      "none",
      "task-protection",
    ]),
  ),
  min: z._default(countOf({ says: "Never fewer.", from: 0, to: 5_000, unit: "workers" }), 2),
  max: z._default(countOf({ says: "Never more.", from: 1, to: 5_000, unit: "workers" }), 10),
  maxStep: z._default(countOf({ says: "Added or removed by one decision at most.", from: 1, to: 1_000, unit: "workers" }), 10),
  maxChangesPerHour: z._default(countOf({ says: "Changes of the desired count in an hour at most.", from: 1, to: 60 }), 40),
  startTime: z._default(
    lengthOf({ says: "From the call to a worker's first task, until enough of your own starts have been seen.", from: seconds(5), to: minutes(30) }),
    seconds(60),
  ),
  inCoolDown: z._default(lengthOf({ says: "Between two scale-ins, and after a scale-out, at least.", from: seconds(15), to: hours(2) }), seconds(60)),
  idleBeforeZero: z._default(lengthOf({ says: "With `min: 0`: idle so long before the last workers go.", from: seconds(0), to: hours(24) }), seconds(0)),
  drainAtMost: z._default(
    lengthOf({ says: "A worker that is not empty after so long takes work again; longer than your longest task.", from: minutes(1), to: days(1) }),
    hours(1),
  ),
  backlogAbove: z.optional(
    countOf({
      says: "So many waiting, and it scales out at once by a whole step; the promise alone decides when absent.",
      from: 1,
      to: 100_000_000,
      unit: "tasks",
    }),
  ),
  backlogAlarm: z._default(
    countOf({ says: "So many waiting ring the CloudWatch alarm of this service's backlog.", from: 1, to: 100_000_000, unit: "tasks" }),
    1_000,
  ),
  utilisation: z._default(z.array(utilisation), []),
  expected: z._default(z.array(expectedWork), []),
  spot: z.optional(
    objectOf({ onDemandBase: countOf({ says: "Part of the workers run on Fargate Spot; so many do not.", from: 0, to: 5_000, unit: "workers" }) }),
  ),
  stopTimeout: z._default(
    lengthOf({ says: "`stopTimeout` of the worker's container: how long ECS waits before it kills.", from: seconds(1), to: hours(1) }),
    seconds(30),
  ),
});

/** A worker service as a config writes it; made by `celery({...})`. */
export type CeleryInput = z.input<typeof worker>;
/** The same with every default filled in. */
export type CeleryParsed = z.output<typeof worker>;
/** A rule over the service's CPU or memory. */
export type UtilisationInput = z.input<typeof utilisation>;

export const workers = section({
  title: "Workers",
  says: "Worker services that follow their queues, by the name they have under `services`.",
  schema: z._default(
    z.record(
      textOf({
        says: "The ECS service's name.",
        pattern: /^[A-Za-z0-9_-]{1,255}$/,
        expected: "the name of one of your services",
        remedy: "write a name that stands under services",
      }),
      z.discriminatedUnion("kind", [worker]),
    ),
    {},
  ),
});
