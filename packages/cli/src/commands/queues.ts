import type { BrokerReading, ProbeRequest } from "@nightshift/model";
import { type Command, isOn, Refusal, textOf, textsOf } from "../frame/command.ts";
import { answer, screenful } from "../frame/format.ts";
import { accountOf, accountOptions } from "../place/account.ts";
import { withBroker } from "../place/brokers.ts";
import type { Place } from "../place/place.ts";
import { brokerNamed } from "../scaling/broker-word.ts";
import { readingLines } from "../scaling/reading-lines.ts";

/** What the scaler's probe sees of a broker: reads only. */
export const queues = (place: Place): Command => ({
  path: ["queues"],
  group: "Read it",
  summary: "What waits in your broker's queues, with age and confidence",
  more: [
    "Reads only, from this machine: LLEN and bounded scans of Redis, passive declares and the management API of RabbitMQ, GetQueueAttributes of SQS.",
    "--broker env:NAME takes the address from a variable, so that no password stands in your shell's history; it is never printed.",
  ],
  options: {
    broker: { type: "text", value: "URL|env:NAME", says: "redis://, rediss://, amqp://, amqps:// or sqs:// (default env:CELERY_BROKER_URL)" },
    queue: { type: "texts", value: "NAME", says: "a queue to look at (default celery)" },
    management: { type: "text", value: "URL|env:NAME", says: "RabbitMQ's management API; without it only what a passive declare tells" },
    prefix: { type: "text", value: "TEXT", says: "Celery's global_keyprefix, or queue_name_prefix of SQS", default: "" },
    "priority-steps": { type: "text", value: "STEPS", says: "Celery's priority_steps on Redis (default 0,3,6,9)" },
    "acks-late": { type: "switch", says: "the workers acknowledge late: what is unacknowledged may be running" },
    ...accountOptions,
  },
  example: "npx nightshift queues --broker env:CELERY_BROKER_URL --queue celery --queue mail",
  exits: { 1: "the broker could not be read" },
  run: async (asked) => {
    if (asked.words.length > 0) throw new Refusal("queues: name each queue with --queue NAME.");
    const named = brokerNamed(
      {
        broker: textOf(asked, "broker"),
        management: textOf(asked, "management"),
        keyPrefix: textOf(asked, "prefix") ?? "",
        prioritySteps: textOf(asked, "priority-steps"),
      },
      place.environment,
    );
    const given = textsOf(asked, "queue");
    if (given.some((name) => name.trim() === "")) throw new Refusal("queues: --queue is empty; name a queue, or leave it out for celery.");
    const request: ProbeRequest = {
      broker: named.settings,
      queues: given.length === 0 ? ["celery"] : [...new Set(given)],
      heartbeats: true,
      acksLate: isOn(asked, "acks-late"),
    };
    asked.io.progress("listening to workers for a moment …");
    const reading: BrokerReading = await withBroker({ place, reach: () => accountOf(place, asked).reach }, named, (broker) => broker.queues.probe(request));
    asked.io.progress(undefined);
    const lines = screenful(readingLines(reading, place.clock.now()), "--json shows all of it");
    const warned = named.openly ? ["The password in this command stands in your shell's history now: use --broker env:CELERY_BROKER_URL."] : [];
    answer(asked, reading, [...lines, ...warned]);
    return reading.kind === "seen" ? 0 : 1;
  },
});
