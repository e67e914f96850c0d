import { type EpochMs, epochMs } from "@nightshift/model";
import { isRecord, readJson } from "../celery/wire.ts";

/** What a stored message tells without its body. */
export interface Entry {
  readonly exchange: string;
  readonly routingKey: string;
  /** Not to be started before; undefined: at once. */
  readonly eta: EpochMs | undefined;
  /** When it was published, where the application says so. */
  readonly publishedAt: EpochMs | undefined;
}

/**
 * Reads an entry of `unacked`, `[message, exchange, routing key]`, or a message of a list; from its end alone if need be.
 * Undefined: not understood. kombu writes `body` first and `headers`, `properties` last (5.6.2 `virtual/base.py`,
 * `prepare_message`; read on 2026-11-21), so the last kilobytes of a megabyte tell everything but the arguments.
 */
export function readEntry(text: string): Entry | undefined {
  const whole = readJson(text) ?? readTail(text);
  const [message, exchange, routingKey] = Array.isArray(whole) ? (whole as readonly unknown[]) : [whole, undefined, undefined]; // its elements are read as unknown below
  if (!isRecord(message)) return undefined;
  const headers = isRecord(message["headers"]) ? message["headers"] : {};
  const properties = isRecord(message["properties"]) ? message["properties"] : {};
  const delivery = isRecord(properties["delivery_info"]) ? properties["delivery_info"] : {};
  return {
    exchange: textOf(exchange) ?? textOf(delivery["exchange"]) ?? "",
    routingKey: textOf(routingKey) ?? textOf(delivery["routing_key"]) ?? "",
    eta: momentOf(headers["eta"]),
    publishedAt: publishedAt(headers, properties),
  };
}

/** A key inside JSON text cannot be met inside a string: there its closing quote would be escaped. */
function readTail(text: string): unknown {
  const from = /"headers"\s*:\s*\{/.exec(text)?.index;
  if (from === undefined) return undefined;
  const rest = text.slice(from);
  return readJson(`[{${rest}`) ?? readJson(`{${rest}`);
}

/** Names that libraries and teams use for the moment of publishing; there is none of Celery's own (facts/scaling.md 2.1). */
const publishedNames = ["timestamp", "published_at", "run_at"] as const;

function publishedAt(headers: Readonly<Record<string, unknown>>, properties: Readonly<Record<string, unknown>>): EpochMs | undefined {
  for (const name of publishedNames) {
    const moment = momentOf(headers[name]) ?? momentOf(properties[name]);
    if (moment !== undefined) return moment;
  }
  return undefined;
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

// Seconds since 1970 have ten digits until 2286, milliseconds thirteen.
const largestSeconds = 1e11;

/** ISO text (taken as UTC where it names no zone, as Celery does), or seconds or milliseconds since 1970. */
function momentOf(value: unknown): EpochMs | undefined {
  if (typeof value === "number" && Number.isFinite(value) && value > 0) return epochMs(Math.round(value < largestSeconds ? value * 1_000 : value));
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}/.test(value)) return undefined;
  const iso = value.replace(" ", "T");
  const moment = Date.parse(/(?:Z|[+-]\d{2}:?\d{2})$/.test(iso) ? iso : `${iso}Z`);
  return Number.isNaN(moment) ? undefined : epochMs(moment);
}
