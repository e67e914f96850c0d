/** The part of a Function URL's request that is read. Source: "Invoking Lambda function URLs", https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html (payload format 2.0), read 2026-11-21. */
export interface UrlRequest {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly body?: string;
  /** Function URLs hand bodies over in base64 unless their type is text; a body of a form may come either way. */
  readonly isBase64Encoded?: boolean;
}

/** No request of Slack's comes near it: a view holds 250 kB at most, a submission only its fields. */
const LARGEST_BODY = 64_000;

/** The bytes that were signed; undefined when there are too many. */
export function bodyBytes({ body = "", isBase64Encoded = false }: UrlRequest): Uint8Array | undefined {
  if (typeof body !== "string" || body.length > LARGEST_BODY * 2) return undefined;
  const bytes = Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
  return bytes.length > LARGEST_BODY ? undefined : bytes;
}

/** A header by its name, whatever its case; undefined when it is there twice or is no single text. */
export function header(request: UrlRequest, name: string): string | undefined {
  const found = Object.entries(request.headers ?? {}).filter(([key]) => key.toLowerCase() === name);
  const [, value] = found[0] ?? [];
  return found.length === 1 && typeof value === "string" ? value : undefined;
}

/** A body as Slack sends it. */
export type Body =
  /** A slash command, or a check of the certificate. */
  | { readonly kind: "form"; readonly fields: ReadonlyMap<string, string> }
  /** A button, a form or a shortcut. */
  | { readonly kind: "interaction"; readonly json: unknown }
  /** An event. */
  | { readonly kind: "event"; readonly json: unknown };

/** Reads a body by its own looks and not by its headers, which nobody signed; undefined when it is neither form nor JSON. */
export function readBody(bytes: Uint8Array): Body | undefined {
  const text = decode(bytes);
  if (text === undefined || text.trim() === "") return undefined;
  if (/^\s*\{/.test(text)) {
    const json = parse(text);
    return json === undefined ? undefined : { kind: "event", json };
  }
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    // Slack names nothing twice; which of two counts would be a guess.
    if (fields.has(name)) return undefined;
    fields.set(name, value);
  }
  const payload = fields.get("payload");
  if (payload === undefined) return { kind: "form", fields };
  const json = parse(payload);
  return json === undefined ? undefined : { kind: "interaction", json };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // Not UTF-8: unreadable is an answer of its own here, and the caller says so.
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: as above.
    return undefined;
  }
}

/** A text somewhere inside a parsed body, by the names on the way; undefined for anything else that may be there. */
export function textAt(json: unknown, ...way: readonly string[]): string | undefined {
  const found = at(json, ...way);
  return typeof found === "string" && found !== "" ? found : undefined;
}

/** Whatever is inside a parsed body, by the names on the way. Inherited names are not found. */
export const at = (json: unknown, ...way: readonly string[]): unknown =>
  way.reduce<unknown>((here, name) => (typeof here === "object" && here !== null && Object.hasOwn(here, name) ? Reflect.get(here, name) : undefined), json);
