import { type BrokerSettings, type WorkerSettings, serviceName } from "@nightshift/model";
import type { BrokerParsed } from "./sections/brokers.ts";
import type { ParsedConfig } from "./sections/index.ts";
import { readMoment } from "./sections/moments.ts";
import type { CeleryParsed } from "./sections/workers.ts";

/** Every worker service in our words, in the order of the config. */
export const workersOf = (config: ParsedConfig): readonly WorkerSettings[] =>
  Object.entries(config.workers).flatMap(([name, worker]) => {
    const service = config.services[name];
    // A worker that is no service was reported; nothing is resolved then.
    return service === undefined
      ? []
      : [
          {
            ...limitsOf(worker),
            product: config.product,
            service: serviceName(name),
            cluster: service.cluster.replace(/^.*:cluster\//, ""),
            group: service.group ?? name,
            mode: worker.mode ?? service.mode ?? config.mode,
            broker: brokerOf(worker.broker),
            queues: worker.queues.map((queue) => ({ name: queue, wait: worker.waits[queue] ?? worker.wait })),
            control: worker.control ?? controlOver(worker.broker),
            utilisation: worker.utilisation.map((rule) => ({ metric: rule.metric, out: rule.out, in: rule.in, target: rule.target })),
            expected: worker.expected.map(expectedOf),
          },
        ];
  });

/** What is taken over as it was written. */
const limitsOf = (it: CeleryParsed) => ({
  concurrency: it.concurrency,
  prefetch: it.prefetch,
  acksLate: it.acksLate,
  min: it.min,
  max: it.max,
  maxStep: it.maxStep,
  maxChangesPerHour: it.maxChangesPerHour,
  startTime: it.startTime,
  inCoolDown: it.inCoolDown,
  idleBeforeZero: it.idleBeforeZero,
  drainAtMost: it.drainAtMost,
  backlogAbove: it.backlogAbove,
  backlogAlarm: it.backlogAlarm,
  spot: it.spot,
  stopTimeout: it.stopTimeout,
});

/** SQS has no broadcast, so nobody can be told anything over it (decision 44). */
export const controlOver = (broker: Pick<BrokerParsed, "kind">): WorkerSettings["control"] => (broker.kind === "sqs" ? "none" : "celery");

function brokerOf(broker: BrokerParsed): BrokerSettings {
  switch (broker.kind) {
    case "redis":
    case "sqs":
      return broker;
    case "rabbitmq":
      return { kind: broker.kind, secret: broker.secret, managementSecret: broker.management };
  }
}

function expectedOf({ at, days, zone, tasks, workers, for: length }: CeleryParsed["expected"][number]): WorkerSettings["expected"][number] {
  const { hour, minute } = readMoment(at);
  return { at: { hour, minute }, days, zone, tasks, workers, for: length };
}
