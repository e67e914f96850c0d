import type { BrokerSettings } from "@nightshift/model";

/** As narrow as SCAN needs it. */
interface Scanned {
  call(command: string, ...args: readonly (string | number)[]): Promise<unknown>;
}

const ROUNDS = 5;
const EACH = 200;

/**
 * Samples keys of one database by SCAN, at most 5 rounds of about 200, and tells which are none of Celery's. Only the doctor
 * scans (decision 46); KEYS is never sent. Source: "SCAN", https://redis.io/docs/latest/commands/scan/, 2026-11-21.
 */
export async function sampleKeys(
  link: Scanned,
  broker: Extract<BrokerSettings, { kind: "redis" }>,
  queues: readonly string[],
): Promise<{ readonly keys: number; readonly foreign: readonly string[] }> {
  const seen = new Set<string>();
  let cursor = "0";
  for (let round = 0; round < ROUNDS; round += 1) {
    const answer = await link.call("SCAN", cursor, "COUNT", EACH);
    if (!Array.isArray(answer)) break;
    const [next, keys]: readonly unknown[] = answer;
    for (const key of Array.isArray(keys) ? keys : []) seen.add(String(key));
    cursor = String(next);
    if (cursor === "0") break;
  }
  return { keys: seen.size, foreign: [...seen].filter((key) => !isCelerys(key, broker, queues)) };
}

/** Celery's and kombu's own keys (kombu transport/redis.py; celery backends/base.py and backends/redis.py, 5.6.2), and the queues. */
const own =
  /^(_kombu\.binding\.|unacked(_index|_mutex)?$|unacked_mutex|celery-task-meta-|celery-taskset-meta-|chord-unlock-|celery-singleton|[0-9a-f-]{36}\.reply\.celery\.pidbox$|celeryev\.|celery@|redbeat:)/;

function isCelerys(key: string, { keyPrefix, separator }: Extract<BrokerSettings, { kind: "redis" }>, queues: readonly string[]): boolean {
  const bare = key.startsWith(keyPrefix) ? key.slice(keyPrefix.length) : key;
  const [queue = ""] = bare.split(separator);
  return own.test(bare) || own.test(key) || queues.includes(queue) || bare.endsWith(".celery.pidbox");
}
