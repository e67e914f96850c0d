import { randomUUID } from "node:crypto";
import { openAmqp, vhostOf } from "@nightshift/brokers/amqp-link";
import { openManagement } from "@nightshift/brokers/management-link";
import { createRabbitControl, type RabbitControl } from "@nightshift/brokers/rabbit/control";
import { probeRabbit } from "@nightshift/brokers/rabbit/probe";
import { type BrokerReading, epochMs, type ProbeRequest, type QueueReading } from "@nightshift/model";
import type { RabbitServerProcess } from "./harness/rabbit.ts";
import { startWorker, type WorkerProcess, type WorkerWish } from "./harness/worker.ts";

/** A virtual host of one test's own on a RabbitMQ that several share, so that they can run at once and hear only their own workers. */
export interface RabbitStage {
  /** Where the application finds it. */
  readonly url: string;
  readonly control: RabbitControl;
  look(queues: readonly string[], asked?: Partial<ProbeRequest>): Promise<BrokerReading>;
  close(): Promise<void>;
}

/** Workers of one file, which end with it, whatever became of the test that started them. */
export function startCrew(): { start(wish: WorkerWish): Promise<WorkerProcess>; end(): Promise<void> } {
  const started: WorkerProcess[] = [];
  return {
    async start(wish) {
      const worker = await startWorker(wish);
      started.push(worker);
      return worker;
    },
    end: async () => void (await Promise.all(started.map((worker) => worker.destroy()))),
  };
}

/** Statistics may be 10 s old; a look that long after the last change is exact. */
export const quietMs = 10_500;

const clock = { now: () => epochMs(Date.now()) };

/** Makes the virtual host and opens our own connections to it. */
export async function rabbitStage(server: RabbitServerProcess, name: string, managementUrl = server.managementUrl): Promise<RabbitStage> {
  await put(server, `/api/vhosts/${encodeURIComponent(name)}`, {});
  await put(server, `/api/permissions/${encodeURIComponent(name)}/guest`, { configure: ".*", write: ".*", read: ".*" });
  const url = server.url.replace(/\/\/$/, `/${encodeURIComponent(name)}`);
  const amqp = await openAmqp(url);
  const place = { amqp, management: openManagement(managementUrl), vhost: vhostOf(url), clock };
  return {
    url,
    control: createRabbitControl(amqp, { now: clock.now, newId: randomUUID }),
    look: (queues, asked = {}) =>
      probeRabbit(place, { broker: { kind: "rabbitmq", secret: "", managementSecret: "" }, queues, heartbeats: false, acksLate: false, ...asked }),
    close: () => amqp.close(),
  };
}

/** Declares a queue of the default virtual host as Celery does. */
export const declareQueue = (server: RabbitServerProcess, name: string): Promise<void> => put(server, `/api/queues/%2F/${name}`, { durable: true });

/** What a look saw; a broker that is unknown fails the test with its reason. */
export function seen(reading: BrokerReading): Extract<BrokerReading, { readonly kind: "seen" }> {
  if (reading.kind === "seen") return reading;
  throw new Error(`the broker is unknown: ${reading.because}`);
}

/** Waiting, reserved, running and due later of each queue. */
export const heldBy = (reading: BrokerReading): readonly (readonly (number | undefined)[])[] =>
  seen(reading).queues.map((queue: QueueReading) => [queue.waiting?.value, queue.reserved?.value, queue.running?.value, queue.dueLater?.value]);

async function put(server: RabbitServerProcess, path: string, body: object): Promise<void> {
  const { origin, username, password } = new URL(server.managementUrl);
  const headers = { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`, "content-type": "application/json" };
  const answer = await fetch(`${origin}${path}`, { method: "PUT", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`RabbitMQ answered ${answer.status} to PUT ${path}`);
}
