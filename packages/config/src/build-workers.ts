import type { BrokerInput } from "./sections/brokers.ts";
import type { CeleryInput, UtilisationInput } from "./sections/workers.ts";

/** A Celery worker service that follows its queues. */
export const celery = (worker: Omit<CeleryInput, "kind">): CeleryInput => ({ kind: "celery", ...worker });

type Of<Kind extends BrokerInput["kind"]> = Omit<Extract<BrokerInput, { kind: Kind }>, "kind">;

/** Redis or Valkey, without cluster mode. */
export const redis = (it: Of<"redis">): BrokerInput => ({ kind: "redis", ...it });
/** RabbitMQ: classic, priority and quorum queues. */
export const rabbitmq = (it: Of<"rabbitmq">): BrokerInput => ({ kind: "rabbitmq", ...it });
/** Amazon SQS. Its workers have no remote control. */
export const sqs = (it: Of<"sqs"> = {}): BrokerInput => ({ kind: "sqs", ...it });

/** Names a secret that `npx sst secret set NAME` holds; its value never stands in a config (decision 18). */
export const secret = (name: string): string => name;

type Rule = Omit<UtilisationInput, "metric">;
/** A rule over the average CPU of the service. */
export const cpu = (rule: Rule): UtilisationInput => ({ metric: "cpu", ...rule });
/** A rule over the average memory of the service. */
export const memory = (rule: Rule): UtilisationInput => ({ metric: "memory", ...rule });
