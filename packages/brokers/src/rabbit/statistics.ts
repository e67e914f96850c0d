import { PortError } from "@nightshift/ports";
import { isRecord } from "../celery/wire.ts";
import type { ManagementLink } from "../connections.ts";

/** What the management API tells of one queue. Undefined: it does not tell, which is never zero. */
export interface QueueStatistics {
  readonly ready: number | undefined;
  readonly unacknowledged: number | undefined;
  readonly consumers: number | undefined;
  /** Cumulative: published into the queue, acknowledged, handed to consumers. */
  readonly published: number | undefined;
  readonly acknowledged: number | undefined;
  readonly delivered: number | undefined;
  /** Messages a second that moved in or out, in the newest sample. */
  readonly perSecond: number;
  /** Ready by priority, those served first in front, without those that have none; empty for a queue without priorities. */
  readonly priorities: readonly { readonly priority: number; readonly waiting: number }[];
  /** Node that the queue's leader is on: its counters begin with that node. */
  readonly node: string | undefined;
  /** Channels that consume under a limit of the channel; undefined: some consume under limits of their own. */
  readonly channels: readonly string[] | undefined;
}

/** Statistics, or why there are none, in words. */
export type Told<T> = { readonly kind: "told"; readonly told: T } | { readonly kind: "untold"; readonly because: string };

/** Fields that are read; asked for by name, so that a queue of a thousand consumers stays small. */
const columns = [
  "name",
  "node",
  "messages_ready",
  "messages_unacknowledged",
  "consumers",
  "arguments",
  "message_stats",
  "backing_queue_status.priority_lengths",
  "consumer_details.prefetch_count",
  "consumer_details.channel_details.name",
].join(",");

/**
 * One queue's statistics.
 * Source: "Management HTTP API" (`/api/queues/vhost/name`, `columns`), https://www.rabbitmq.com/docs/http-api-reference, and
 * RabbitMQ 3.10.8's answers for classic, priority and quorum queues, 2026-11-21.
 */
export async function readStatistics(management: ManagementLink, vhost: string, queue: string): Promise<Told<QueueStatistics>> {
  const answer = await ask(management, `/api/queues/${encodeURIComponent(vhost)}/${encodeURIComponent(queue)}?columns=${columns}`);
  if (answer.kind === "untold") return answer;
  return isRecord(answer.told)
    ? { kind: "told", told: parseStatistics(answer.told) }
    : { kind: "untold", because: "it answered with something else than a queue" };
}

/** When the counters of a node's queues began, as a name that changes with it; undefined: the user may not see nodes. */
export async function readNodeStart(management: ManagementLink, node: string, now: number): Promise<string | undefined> {
  const answer = await ask(management, `/api/nodes/${encodeURIComponent(node)}?columns=name,os_pid,uptime`);
  if (answer.kind === "untold" || !isRecord(answer.told)) return undefined;
  const { os_pid: pid, uptime } = answer.told;
  if (typeof uptime !== "number") return undefined;
  // The uptime is up to 10 s old, so only the hour of the start is the same at every look; the process id tells restarts within it.
  return `${typeof pid === "string" ? pid : ""}@${Math.floor((now - uptime) / 3_600_000)}`;
}

/** The prefetch limit of each channel by its name. Celery raises it by one for each task that it holds until its time comes. */
export async function readPrefetchLimits(management: ManagementLink, vhost: string): Promise<ReadonlyMap<string, number> | undefined> {
  const answer = await ask(management, `/api/vhosts/${encodeURIComponent(vhost)}/channels?columns=name,global_prefetch_count`);
  if (answer.kind === "untold" || !Array.isArray(answer.told)) return undefined;
  const rows: readonly unknown[] = answer.told;
  return new Map(
    rows.flatMap((row): [string, number][] => {
      const limit = isRecord(row) ? count(row["global_prefetch_count"]) : undefined;
      return isRecord(row) && typeof row["name"] === "string" && limit !== undefined ? [[row["name"], limit]] : [];
    }),
  );
}

async function ask(management: ManagementLink, path: string): Promise<Told<unknown>> {
  try {
    const { status, body } = await management.get(path);
    return status === 200 ? { kind: "told", told: body } : { kind: "untold", because: sayStatus(status) };
  } catch (error) {
    if (error instanceof PortError) return { kind: "untold", because: error.message };
    throw error;
  }
}

function sayStatus(status: number): string {
  if (status === 401 || status === 403)
    return "the management API refused the user or password, or the user lacks the tag `management`; check the management secret";
  if (status === 404) return "the management API does not know it; is it the API of the same broker, and may its user see this virtual host?";
  return `the management API answered ${status}`;
}

function parseStatistics(queue: Readonly<Record<string, unknown>>): QueueStatistics {
  const stats = isRecord(queue["message_stats"]) ? queue["message_stats"] : {};
  return {
    ready: count(queue["messages_ready"]),
    unacknowledged: count(queue["messages_unacknowledged"]),
    consumers: count(queue["consumers"]),
    published: count(stats["publish"]),
    acknowledged: count(stats["ack"]),
    delivered: count(stats["deliver_get"]),
    perSecond: rateOf(stats["publish_details"]) + rateOf(stats["deliver_get_details"]) + rateOf(stats["ack_details"]),
    priorities: prioritiesOf(queue),
    node: typeof queue["node"] === "string" ? queue["node"] : undefined,
    channels: channelsOf(queue["consumer_details"]),
  };
}

function prioritiesOf(queue: Readonly<Record<string, unknown>>): QueueStatistics["priorities"] {
  const backing = isRecord(queue["backing_queue_status"]) ? queue["backing_queue_status"] : {};
  const lengths = backing["priority_lengths"];
  if (!isRecord(lengths)) return [];
  const rows = Object.entries(lengths).flatMap(([priority, length]) => {
    const waiting = count(length);
    return waiting === undefined || waiting === 0 ? [] : [{ priority: Number(priority), waiting }];
  });
  return rows.sort((a, b) => b.priority - a.priority);
}

function channelsOf(details: unknown): QueueStatistics["channels"] {
  if (!Array.isArray(details)) return undefined;
  const consumers: readonly unknown[] = details;
  const names = consumers.map((one) => {
    const channel = isRecord(one) ? one["channel_details"] : undefined;
    const shared = isRecord(one) && one["prefetch_count"] === 0;
    return shared && isRecord(channel) && typeof channel["name"] === "string" ? channel["name"] : undefined;
  });
  return names.some((name) => name === undefined) ? undefined : names.filter((name) => name !== undefined);
}

const rateOf = (details: unknown): number => (isRecord(details) && typeof details["rate"] === "number" && details["rate"] > 0 ? details["rate"] : 0);

const count = (value: unknown): number | undefined => (typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : undefined);
