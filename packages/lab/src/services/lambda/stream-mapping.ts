import { type Ms, ms, seconds } from "@nightshift/model";
import type { Kernel } from "../../kernel.ts";
import { marshalledItem } from "../dynamodb/marshall.ts";
import type { Change, Table } from "../dynamodb/table.ts";
import type { Lambda } from "./module.ts";

/** How a table's stream feeds a function. */
export interface StreamMapping {
  readonly table: Table;
  readonly functionName: string;
  /** Only changes whose partition key begins with one of these. */
  readonly keyPrefixes: readonly string[];
  /** Absent: 10, and with `shards` AWS's default of 100. */
  readonly batch?: number;
  /** How many shards the table's stream has: keys are spread over them, and a shard has one batch at a time. Absent: each key is its own, which no table has. */
  readonly shards?: number;
  /** Retries of a failing batch before it is dropped; AWS's default is to go on until the records expire. */
  readonly retries?: number;
}

/** How long after a write its record reaches the function: well under a second as a rule; the lab's own choice. */
const STREAM_DELAY: Ms = ms(250);

/** AWS's default batch size. Source: "Lambda parameters for Amazon DynamoDB event source mappings", https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html (2026-11-21). */
const SHARD_BATCH = 100;

/**
 * Feeds a function from a table's stream: in order per partition key, one batch of a shard at a time, a failing batch again
 * until it succeeds or its retries are spent: so long, it holds back its whole shard.
 * Source: "Process DynamoDB records with Lambda", https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html (2026-11-21).
 */
export function mapStream(kernel: Kernel, lambda: Lambda, mapping: StreamMapping): void {
  const waiting = new Map<string, Change[]>();
  const busy = new Set<string>();

  const deliver = (key: string, attempt: number): void => {
    const queue = waiting.get(key) ?? [];
    const batch = queue.slice(0, mapping.batch ?? (mapping.shards === undefined ? 10 : SHARD_BATCH));
    if (batch.length === 0) {
      busy.delete(key);
      return;
    }
    void lambda.run(mapping.functionName, { Records: batch.map((change) => recordOf(kernel, mapping.table, change)) }).then((result) => {
      if (!result.ok && attempt < (mapping.retries ?? Number.POSITIVE_INFINITY)) {
        return kernel.clock.in(seconds(Math.min(60, 2 ** Math.min(attempt, 6))), () => deliver(key, attempt + 1));
      }
      if (!result.ok)
        kernel.record({
          kind: "world",
          what: "stream-batch-dropped",
          about: mapping.functionName,
          detail: { key, records: batch.length, because: result.because },
        });
      queue.splice(0, batch.length);
      deliver(key, 0);
    });
  };

  mapping.table.onChange((change) => {
    const partition = String(change.keys[mapping.table.settings.partition]);
    if (!mapping.keyPrefixes.some((prefix) => partition.startsWith(prefix))) return;
    const key = mapping.shards === undefined ? partition : `shard ${hash(partition) % mapping.shards}`;
    const queue = waiting.get(key) ?? [];
    waiting.set(key, queue);
    queue.push(change);
    if (busy.has(key)) return;
    busy.add(key);
    kernel.clock.in(STREAM_DELAY, () => deliver(key, 0));
  });
}

/** FNV-1a over the key: any spreading will do that is the same in every run. */
const hash = (key: string): number => {
  let state = 0x811c9dc5;
  for (const byte of Buffer.from(key)) state = Math.imul(state ^ byte, 0x01000193);
  return state >>> 0;
};

const recordOf = (kernel: Kernel, table: Table, change: Change): object => ({
  eventID: `${table.settings.name}-${change.sequence}`,
  eventName: change.kind,
  eventVersion: "1.1",
  eventSource: "aws:dynamodb",
  awsRegion: kernel.region,
  eventSourceARN: `arn:aws:dynamodb:${kernel.region}:${kernel.accountId}:table/${table.settings.name}/stream/lab`,
  dynamodb: {
    ApproximateCreationDateTime: Math.floor(kernel.clock.now() / 1_000),
    Keys: marshalledItem(change.keys),
    ...(change.before ? { OldImage: marshalledItem(change.before) } : {}),
    ...(change.after ? { NewImage: marshalledItem(change.after) } : {}),
    SequenceNumber: String(change.sequence).padStart(21, "0"),
    StreamViewType: "NEW_AND_OLD_IMAGES",
  },
});
