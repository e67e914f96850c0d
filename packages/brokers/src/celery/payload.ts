import { isRecord, readJson } from "./wire.ts";

/**
 * A message as kombu's virtual transports (Redis) carry it: JSON with a base64 body.
 * Source: kombu 5.6.2 `kombu/transport/virtual/base.py` (`prepare_message`, `_inplace_augment_message`), read on 2026-11-21.
 */
export function wrapPayload(body: string, about: { readonly exchange: string; readonly tag: string }): string {
  return JSON.stringify({
    body: Buffer.from(body, "utf8").toString("base64"),
    "content-encoding": "utf-8",
    "content-type": "application/json",
    headers: { clock: 0, expires: 0 },
    properties: {
      delivery_mode: 1,
      delivery_info: { exchange: about.exchange, routing_key: "" },
      priority: 0,
      body_encoding: "base64",
      delivery_tag: about.tag,
    },
  });
}

/** The JSON text inside a message; none for what is no such message. */
export function openPayload(text: string): readonly string[] {
  const message = readJson(text);
  if (!isRecord(message) || typeof message["body"] !== "string") return [];
  const properties = isRecord(message["properties"]) ? message["properties"] : {};
  return [properties["body_encoding"] === "base64" ? Buffer.from(message["body"], "base64").toString("utf8") : message["body"]];
}

/** The ticket that an answer's message carries, by which it belongs to a request. */
export function ticketOf(text: string): string | undefined {
  const message = readJson(text);
  const headers = isRecord(message) && isRecord(message["headers"]) ? message["headers"] : {};
  return typeof headers["ticket"] === "string" ? headers["ticket"] : undefined;
}
