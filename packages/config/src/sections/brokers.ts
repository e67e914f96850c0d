import * as z from "zod/mini";
import { countOf, lengthOf, objectOf, textOf } from "../kinds.ts";
import { hours, seconds } from "../units.ts";

/** SST: a secret's name begins with a capital letter and holds letters and digits only (`sst secret set`, https://sst.dev/docs/reference/cli/, 2026-11-21). */
export const secretName = (says: string, example = "ShopBroker") =>
  textOf({
    says,
    pattern: /^[A-Z][A-Za-z0-9]{0,63}$/,
    expected: "the name of a secret: a capital letter, then letters and digits",
    remedy: `write secret("${example}") and set its value with \`npx sst secret set ${example}\`: an address with its password never stands in a config`,
  });

/** Celery: `broker_transport_options.visibility_timeout`, 3600 s for Redis and 1800 s for SQS unless set (kombu, transport/redis.py and SQS.py). */
const visibility = (says: string) => lengthOf({ says, from: seconds(30), to: hours(12) });

/** One schema a broker. Defaults are kombu's own (facts/scaling.md 2.1 and 2.3). */
export const broker = z.discriminatedUnion("kind", [
  objectOf({
    kind: z.literal("redis"),
    secret: secretName("Name of the secret that holds `redis://` or `rediss://USER:PASSWORD@HOST:PORT/DB`."),
    keyPrefix: z._default(
      textOf({
        says: "Celery's `global_keyprefix`; empty: none.",
        pattern: /^[^\s*?[\]\\]{0,100}$/,
        expected: "the prefix as Celery has it, without spaces and wildcards",
        remedy: 'copy global_keyprefix from broker_transport_options, for example "shop:"',
      }),
      "",
    ),
    prioritySteps: z._default(z.array(countOf({ says: "Celery's `priority_steps`: one list key a step.", from: 0, to: 255 })), [0, 3, 6, 9]),
    separator: z._default(
      textOf({
        says: "Celery's `sep`, between a queue's name and its step.",
        pattern: /^[\s\S]{1,8}$/,
        expected: "1 to 8 characters",
        remedy: "leave it out for Celery's own",
      }),
      "\u0006\u0016",
    ),
    visibilityTimeout: z._default(visibility("Celery's `visibility_timeout`: a task held for longer is given to another worker as well."), hours(1)),
  }),
  objectOf({
    kind: z.literal("rabbitmq"),
    secret: secretName("Name of the secret that holds `amqp://` or `amqps://USER:PASSWORD@HOST:PORT/VHOST`."),
    management: z.optional(
      secretName("Name of the secret that holds the management API's `http(s)://USER:PASSWORD@HOST:PORT`; absent: only what a passive declare tells."),
    ),
  }),
  objectOf({
    kind: z.literal("sqs"),
    queueNamePrefix: z._default(
      textOf({
        says: "Celery's `queue_name_prefix`; empty: none.",
        pattern: /^[A-Za-z0-9_-]{0,79}$/,
        expected: "letters, digits, hyphens and underscores",
        remedy: "copy queue_name_prefix from broker_transport_options",
      }),
      "",
    ),
    visibilityTimeout: z._default(visibility("Celery's `visibility_timeout`: a task that runs for longer is given to another worker as well."), seconds(1_800)),
  }),
]);

/** A broker as a config writes it; made by `redis`, `rabbitmq` or `sqs`. */
export type BrokerInput = z.input<typeof broker>;
/** The same with every default filled in. */
export type BrokerParsed = z.output<typeof broker>;
