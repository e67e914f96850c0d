import { smallestPromise, smallestPromiseInBursts } from "@nightshift/model";
import { nearest } from "../nearest.ts";
import { controlOver } from "../resolve-workers.ts";
import type { Findings } from "../section.ts";
import type { CeleryParsed } from "../sections/workers.ts";
import { lengthAsCode, seconds } from "../units.ts";
import type { LintedConfig } from "./index.ts";

/** A promise rounded up to what a person would write. */
const rounded = (length: number): string => lengthAsCode(seconds(Math.ceil(length / 1_000)));

/** Workers are services of this config, their bounds leave room, and their promises can be kept. */
export function lintWorkers(config: LintedConfig, findings: Findings): void {
  const known = Object.keys(config.services);
  for (const [name, worker] of Object.entries(config.workers)) {
    if (!Object.hasOwn(config.services, name)) {
      const meant = nearest(name, known);
      const twin = meant !== undefined && Object.hasOwn(config.workers, meant);
      findings.problem({
        path: `workers.${name}`,
        expected: known.length === 0 ? "a service under services" : `one of ${known.join(", ")}`,
        got: `"${name}", which is no service of this config`,
        remedy: twin
          ? `did you mean "${meant}"? it has a section already: one section a service`
          : meant === undefined
            ? `add services: { "${name}": ecs({ cluster: "prod" }) }`
            : `did you mean "${meant}"?`,
      });
    }
    lintBounds(`workers.${name}`, worker, findings);
    lintPromises(`workers.${name}`, worker, findings);
  }
}

function lintBounds(path: string, { min, max, spot }: CeleryParsed, findings: Findings): void {
  if (min > max)
    findings.problem({ path: `${path}.min`, expected: `at most max, ${max}`, got: String(min), remedy: `write min: ${max} or less, or max: ${min} or more` });
  if (spot !== undefined && spot.onDemandBase > max)
    findings.problem({
      path: `${path}.spot.onDemandBase`,
      expected: `at most max, ${max}`,
      got: String(spot.onDemandBase),
      remedy: `write onDemandBase: ${Math.min(min, max)}, the workers that always stand, or leave spot out: none would be Spot`,
    });
}

/** Decision 45: a promise that nothing can keep is refused; one that a burst would break is told, each with the number that works. */
function lintPromises(path: string, worker: CeleryParsed, findings: Findings): void {
  const least = smallestPromise(worker);
  const inBursts = smallestPromiseInBursts(worker);
  const start = lengthAsCode(worker.startTime);
  const promises: readonly (readonly [string, number])[] = [
    [`${path}.wait`, worker.wait],
    ...Object.entries(worker.waits).map(([queue, wait]) => [`${path}.waits.${queue}`, wait] as const),
  ];
  for (const [at, wait] of promises) {
    if (wait < least && worker.min === 0)
      findings.problem({
        path: at,
        expected: `${rounded(least)} or more with min: 0: 15 s until a task is seen, and ${start} to start a worker`,
        got: lengthAsCode(wait),
        remedy: wait < smallestPromise({ ...worker, min: 1 }) ? `write ${rounded(least)}` : `write ${rounded(least)}, or min: 1`,
      });
    else if (wait < least)
      findings.problem({
        path: at,
        expected: `${rounded(least)} or more: a busy service is looked at every 15 s`,
        got: lengthAsCode(wait),
        remedy: `write ${rounded(least)}`,
      });
    else if (wait < inBursts)
      findings.warning({
        path: at,
        expected: `${rounded(inBursts)} or more: 15 s until a burst is seen, and ${start} to start a worker`,
        got: lengthAsCode(wait),
        remedy: `write ${rounded(inBursts)}, or min: as many workers as a sudden burst needs; steady and slowly growing work is served in time as it is`,
      });
  }
}

/** Queues are named once, and nobody else scales for them. */
export function lintQueues(config: LintedConfig, findings: Findings): void {
  const served = new Map<string, string>();
  for (const [name, { queues, waits, broker }] of Object.entries(config.workers)) {
    const path = `workers.${name}`;
    if (queues.length === 0)
      findings.problem({
        path: `${path}.queues`,
        expected: "at least one queue",
        got: "an empty list",
        remedy: 'write queues: ["celery"], Celery\'s own default',
      });
    for (const [index, queue] of queues.entries()) {
      if (queues.indexOf(queue) < index)
        findings.problem({ path: `${path}.queues[${index}]`, expected: "each queue once", got: `"${queue}" a second time`, remedy: "remove the second one" });
      const key = JSON.stringify([broker, queue]);
      const other = served.get(key);
      if (other !== undefined && other !== name)
        findings.warning({
          path: `${path}.queues[${index}]`,
          expected: "a queue that one service is scaled for",
          got: `"${queue}", which ${other} is scaled for as well`,
          remedy: `both would start workers for the same tasks: leave it out of ${name} or of ${other}, or give it a queue of its own`,
        });
      served.set(key, other ?? name);
    }
    for (const queue of Object.keys(waits)) {
      if (queues.includes(queue)) continue;
      const meant = nearest(queue, queues);
      findings.problem({
        path: `${path}.waits.${queue}`,
        expected: `one of ${queues.join(", ")}`,
        got: `"${queue}", which is not under queues`,
        remedy: meant === undefined ? `add "${queue}" to queues, or remove its wait` : `did you mean "${meant}"?`,
      });
    }
  }
}

/** Names of secrets that Nightshift itself has. */
const taken: readonly string[] = ["SlackBotToken", "SlackSigningSecret", "SlackSigningSecretPrevious"];

/** What a broker can do fits what is asked of it. */
export function lintBrokers(config: LintedConfig, findings: Findings): void {
  for (const [name, worker] of Object.entries(config.workers)) {
    const { broker, control, acksLate, drainAtMost } = worker;
    const path = `workers.${name}`;
    if (broker.kind === "sqs" && control === "celery")
      findings.problem({
        path: `${path}.control`,
        expected: '"none" or "task-protection" over SQS',
        got: '"celery"',
        remedy: "Celery has no remote control over SQS: leave it out, or let the workers protect their own task",
      });
    if (broker.kind === "sqs" && !acksLate && (control ?? controlOver(broker)) === "none")
      findings.warning({
        path: `${path}.acksLate`,
        expected: "true over SQS: nobody sees a running task that was acknowledged early, so no worker is taken away once work came",
        got: "false",
        remedy: 'set task_acks_late = True in Celery and acksLate: true here, or let the workers protect their own task with control: "task-protection"',
      });
    for (const [field, secret] of secretsOf(broker))
      if (taken.includes(secret))
        findings.problem({
          path: `${path}.broker.${field}`,
          expected: "a secret of its own",
          got: `"${secret}", which is Slack's`,
          remedy: 'write secret("ShopBroker")',
        });
    if (broker.kind === "redis") lintSteps(`${path}.broker.prioritySteps`, broker.prioritySteps, findings);
    if (broker.kind !== "rabbitmq" && acksLate && (control ?? controlOver(broker)) === "celery" && drainAtMost > broker.visibilityTimeout)
      findings.warning({
        path: `${path}.broker.visibilityTimeout`,
        expected: `at least drainAtMost, ${lengthAsCode(drainAtMost)}`,
        got: lengthAsCode(broker.visibilityTimeout),
        remedy: `a task acknowledged late runs twice when it takes longer: raise visibility_timeout in Celery and here, or write drainAtMost: ${lengthAsCode(broker.visibilityTimeout)}`,
      });
  }
}

/** Names of the secrets that a broker has, each with its setting. */
export function secretsOf(broker: CeleryParsed["broker"]): readonly (readonly [string, string])[] {
  switch (broker.kind) {
    case "redis":
      return [["secret", broker.secret]];
    case "rabbitmq":
      return [["secret", broker.secret], ...(broker.management === undefined ? [] : [["management", broker.management] as const])];
    case "sqs":
      return [];
  }
}

function lintSteps(path: string, steps: readonly number[], findings: Findings): void {
  const sorted = [...new Set(steps)].toSorted((a, b) => a - b);
  if (steps.length === 0 || steps[0] !== 0 || steps.some((step, index) => step !== sorted[index]))
    findings.problem({
      path,
      expected: "rising steps that begin with 0",
      got: steps.length === 0 ? "an empty list" : steps.join(", "),
      remedy: `copy priority_steps from Celery's broker_transport_options: [${[...new Set([0, ...sorted])].join(", ")}], or leave it out for 0, 3, 6, 9`,
    });
}

/** A broker inside a VPC is reached from inside that VPC. */
export function lintNetwork(config: LintedConfig, findings: Findings): void {
  const { network } = config;
  const inside = Object.entries(config.workers).find(([, { broker }]) => broker.kind !== "sqs");
  if (network === undefined) {
    if (inside !== undefined)
      findings.warning({
        path: "network",
        expected: `the VPC that the broker of ${inside[0]} is in`,
        got: "nothing",
        remedy:
          'add network: { subnets: ["subnet-…"], securityGroups: ["sg-…"] }: ElastiCache and Amazon MQ answer only inside their VPC; without it the broker must be reachable from the internet',
      });
    return;
  }
  for (const [key, list] of Object.entries(network))
    if (list.length === 0)
      findings.problem({
        path: `network.${key}`,
        expected: "at least one",
        got: "an empty list",
        remedy: "name one, or leave network out: then functions run outside of any VPC",
      });
  if (network.subnets.length === 1)
    findings.warning({
      path: "network.subnets",
      expected: "subnets in two availability zones",
      got: "one subnet",
      remedy: "add a second one: when its zone is away, nobody scales and nobody sees the queues",
    });
}
