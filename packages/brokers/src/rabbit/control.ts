import type { WorkerReading } from "@nightshift/model";
import { type EpochMs, type Ms, seconds } from "@nightshift/model";
import { questions, readWorkers } from "../celery/answers.ts";
import { type ControlAnswer, type ControlMethod, controlExchange, controlMessage, readAnswers, replyExchange, saidOk } from "../celery/wire.ts";
import type { AmqpLink } from "../connections.ts";

/** What asking workers over AMQP needs beside the connection. */
export interface RabbitControlParts {
  readonly now: () => EpochMs;
  /** An id that nobody used before: the routing key of a reply queue. */
  readonly newId: () => string;
  /** How long answers are waited for; 1 s when absent, as `Workers` promises. */
  readonly window?: Ms;
}

/** Celery's remote control over one open AMQP connection: the three verbs of the port `Workers`. */
export interface RabbitControl {
  look(names: readonly string[]): Promise<readonly WorkerReading[]>;
  stopConsuming(name: string, queues: readonly string[]): Promise<boolean>;
  startConsuming(name: string, queues: readonly string[]): Promise<boolean>;
}

/** @throws {PortError} `unavailable` when the broker went away; workers that are silent are absent. */
export function createRabbitControl(amqp: AmqpLink, parts: RabbitControlParts): RabbitControl {
  const tell = async (method: ControlMethod, name: string, queues: readonly string[]): Promise<boolean> => {
    const answers = await Promise.all(queues.map((queue) => askOverAmqp(amqp, { method, arguments: { queue }, to: [name] }, parts)));
    return queues.length > 0 && answers.every((said) => said.some((one) => one.worker === name && saidOk(one)));
  };
  return {
    async look(names) {
      const [active = [], reserved = [], scheduled = [], stats = [], queues = []] = await Promise.all(
        questions.map((question) => askOverAmqp(amqp, { ...question, to: names }, parts)),
      );
      return readWorkers({ active, reserved, scheduled, stats, active_queues: queues }, parts.now());
    },
    stopConsuming: (name, queues) => tell("cancel_consumer", name, queues),
    startConsuming: (name, queues) => tell("add_consumer", name, queues),
  };
}

/** A request without what the transport adds to it. */
export interface AmqpControlRequest {
  readonly method: ControlMethod;
  readonly arguments: Readonly<Record<string, string | boolean>>;
  /** Node names; empty: every worker, and then the whole window is waited for. */
  readonly to: readonly string[];
}

/** Asks workers once and returns what they answered within the window. */
export async function askOverAmqp(
  amqp: AmqpLink,
  asked: AmqpControlRequest,
  { newId, window = seconds(1) }: RabbitControlParts,
): Promise<readonly ControlAnswer[]> {
  const replyKey = newId();
  const body = controlMessage({ ...asked, ticket: replyKey, replyKey });
  const atMost = asked.to.length === 0 ? Number.POSITIVE_INFINITY : asked.to.length;
  return readAnswers(await amqp.ask({ exchange: controlExchange, body, replyExchange, replyKey, atMost }, window));
}
