import { epochMs, type SlackRequest } from "@nightshift/model";

const kinds: readonly SlackRequest["kind"][] = ["slash", "button", "form", "mention", "shortcut"];

/** Reads what the ingress put into the queue. @throws {Error} naming the field: a message that nobody can read goes to the dead-letter queue. */
export function readRequest(body: string): SlackRequest {
  const raw = objectOf(JSON.parse(body), "request");
  const asker = objectOf(raw.get("asker"), "asker");
  const kind = kinds.find((one) => one === raw.get("kind"));
  if (kind === undefined) throw new Error(`commands: kind: expected one of ${kinds.join(", ")}, got ${String(raw.get("kind")).slice(0, 40)}.`);
  const at = raw.get("at");
  if (typeof at !== "number" || !Number.isFinite(at)) throw new Error(`commands: at: expected milliseconds since 1970, got ${typeof at}.`);
  const fields = objectOf(raw.get("fields") ?? {}, "fields");
  return {
    key: textOf(raw, "key"),
    kind,
    at: epochMs(at),
    asker: { user: textOf(asker, "user"), team: textOf(asker, "team"), userTeam: textIfAny(asker, "userTeam"), app: textOf(asker, "app") },
    channel: textIfAny(raw, "channel"),
    thread: textIfAny(raw, "thread"),
    message: textIfAny(raw, "message"),
    text: textIfAny(raw, "text") ?? "",
    value: textIfAny(raw, "value"),
    fields: Object.fromEntries([...fields].filter((entry): entry is [string, string] => typeof entry[1] === "string")),
    responseUrl: textIfAny(raw, "responseUrl"),
  };
}

function objectOf(value: unknown, name: string): ReadonlyMap<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`commands: ${name}: expected an object, got ${typeof value}.`);
  return new Map(Object.entries(value));
}

function textOf(from: ReadonlyMap<string, unknown>, name: string): string {
  const value = from.get(name);
  if (typeof value !== "string" || value === "") throw new Error(`commands: ${name}: expected text, got ${value === "" ? "nothing" : typeof value}.`);
  return value;
}

function textIfAny(from: ReadonlyMap<string, unknown>, name: string): string | undefined {
  const value = from.get(name);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw new Error(`commands: ${name}: expected text, got ${typeof value}.`);
  return value;
}
