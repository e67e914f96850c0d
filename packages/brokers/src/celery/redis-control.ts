import { ms, type WorkerReading } from "@nightshift/model";
import type { Clock } from "@nightshift/ports";
import type { RedisLink } from "../connections.ts";
import { type RedisKeys, type RedisSettings, redisKeys } from "../redis/keys.ts";
import type { RedisPlace } from "../redis/probe.ts";
import { type AnswersByMethod, questions, readWorkers } from "./answers.ts";
import { openPayload, ticketOf, wrapPayload } from "./payload.ts";
import { type ControlAnswer, type ControlMethod, controlExchange, controlMessage, readAnswers, replyExchange, saidOk } from "./wire.ts";

/** What asking workers over Redis needs beside the connection. */
export interface RedisControlParts {
  readonly clock: Clock;
  /** An id that nobody used before: the name of a reply queue, or a ticket. */
  readonly newId: () => string;
}

/** Celery's remote control over one open Redis: the three verbs of the port `Workers`. */
export interface RedisControl {
  look(names: readonly string[]): Promise<readonly WorkerReading[]>;
  stopConsuming(name: string, queues: readonly string[]): Promise<boolean>;
  startConsuming(name: string, queues: readonly string[]): Promise<boolean>;
}

/** @throws {PortError} `unavailable` when the broker went away; workers that are silent are absent. */
export function createRedisControl(place: RedisPlace, settings: RedisSettings, parts: RedisControlParts): RedisControl {
  const where = { link: place.link, keys: redisKeys(settings, place.database), separator: settings.separator, ...parts };
  const tell = async (method: ControlMethod, name: string, queues: readonly string[]): Promise<boolean> => {
    const answers = await askWorkers(where, { to: [name], requests: queues.map((queue) => ({ method, arguments: { queue } })) });
    return queues.length > 0 && answers.every((said) => said.some((one) => one.worker === name && saidOk(one)));
  };
  return {
    async look(names) {
      const answers = await askWorkers(where, { to: names, requests: questions });
      const [active = [], reserved = [], scheduled = [], stats = [], queues = []] = answers;
      const byMethod: AnswersByMethod = { active, reserved, scheduled, stats, active_queues: queues };
      return readWorkers(byMethod, parts.clock.now());
    },
    stopConsuming: (name, queues) => tell("cancel_consumer", name, queues),
    startConsuming: (name, queues) => tell("add_consumer", name, queues),
  };
}

interface Where extends RedisControlParts {
  readonly link: RedisLink;
  readonly keys: RedisKeys;
  readonly separator: string;
}

interface Requests {
  /** Node names; empty: every worker. */
  readonly to: readonly string[];
  readonly requests: readonly { readonly method: ControlMethod; readonly arguments: Readonly<Record<string, string | boolean>> }[];
}

// A worker answers within 3 to 21 ms (facts/scaling.md 2.4); forty looks at 25 ms make the second that the port promises.
const looks = 40;
const lookEvery = ms(25);

/** Sends all requests at once and gathers the answers, in the requests' order, through one private reply queue that is taken away again. */
async function askWorkers(where: Where, { to, requests }: Requests): Promise<readonly (readonly ControlAnswer[])[]> {
  const { link, keys, newId } = where;
  const replyKey = newId();
  const queue = `${replyKey}.${replyExchange}`;
  const binding = [replyKey, "", queue].join(where.separator);
  const asked = requests.map((request) => ({ ...request, ticket: newId() }));
  await link.call("SADD", keys.bindings(replyExchange), binding);
  try {
    let expected = 0;
    for (const { method, arguments: words, ticket } of asked) {
      const receivers = await publish(
        where,
        wrapPayload(controlMessage({ method, arguments: words, to, ticket, replyKey }), { exchange: controlExchange, tag: newId() }),
      );
      expected += to.length === 0 ? receivers : Math.min(receivers, to.length);
    }
    const texts = await gather(where, keys.list(queue, 0), expected);
    return asked.map(({ ticket }) => readAnswers(texts.filter((text) => ticketOf(text) === ticket).flatMap(openPayload)));
  } finally {
    await link.call("SREM", keys.bindings(replyExchange), binding);
    await link.call("DEL", keys.list(queue, 0));
  }
}

/** Returns how many workers heard it. With `fanout_prefix` switched off they listen on the exchange's bare name. */
async function publish({ link, keys }: Where, payload: string): Promise<number> {
  const heard = Number(await link.call("PUBLISH", keys.channel(controlExchange), payload));
  return heard > 0 ? heard : Number(await link.call("PUBLISH", keys.bareChannel(controlExchange), payload));
}

async function gather({ link, clock }: Where, key: string, expected: number): Promise<readonly string[]> {
  const texts: string[] = [];
  for (let look = 0; look < looks && texts.length < expected; look += 1) {
    if (look > 0) await clock.pause?.(lookEvery);
    // Never more than was asked for, so that a queue that others fill cannot keep us here.
    for (let taken = await link.call("RPOP", key); typeof taken === "string" && texts.length < expected; taken = await link.call("RPOP", key))
      texts.push(taken);
  }
  return texts;
}
