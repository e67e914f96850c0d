import type { IncomingMessage, ServerResponse } from "node:http";

/** A request that is answered with this status and one sentence. */
export class HttpRefusal extends Error {
  override readonly name = "HttpRefusal";
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** More than Slack or EventBridge sends in one request: an event has at most 256 KiB, a form's state 250 KB. */
const MOST_BYTES = 1_048_576;

/** The whole body as text. @throws {HttpRefusal} 413 when it is longer than 1 MiB. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    // Node hands over buffers where no encoding was set.
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > MOST_BYTES) throw new HttpRefusal(413, `A request may have ${MOST_BYTES} bytes, this one has more.`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The body of a request from our own page or a script. A web page elsewhere cannot send this type without asking first, which nobody answers. @throws {HttpRefusal} 415, 400 */
export async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const type = request.headers["content-type"] ?? "none";
  if (!/^application\/json(;|$)/i.test(type)) throw new HttpRefusal(415, `Send JSON with "content-type: application/json", not ${type}.`);
  const text = await bodyOf(request);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HttpRefusal(400, `The body is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** What every answer carries: nothing is fetched from elsewhere, framed, guessed or kept. */
const ALWAYS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
} as const;

/** Answers with a text or bytes of a type. */
export function send(
  response: ServerResponse,
  status: number,
  what: { readonly type: string; readonly body: string | Uint8Array; readonly more?: object },
): void {
  response.writeHead(status, { ...ALWAYS, "content-type": what.type, ...what.more });
  response.end(what.body);
}

/** Answers with JSON. */
export const sendJson = (response: ServerResponse, status: number, value: unknown): void =>
  send(response, status, { type: "application/json; charset=utf-8", body: JSON.stringify(value) });

/** Opens a stream of server-sent events. */
export function openStream(response: ServerResponse): void {
  response.writeHead(200, { ...ALWAYS, "content-type": "text/event-stream; charset=utf-8" });
  response.write("retry: 1000\n\n");
}

/**
 * Refuses requests that a web page elsewhere made a browser send: another host's name that was pointed at this machine
 * (DNS rebinding), or another origin. @throws {HttpRefusal} 403
 */
export function refuseForeign(request: IncomingMessage, port: number): void {
  const own = ["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${port}`);
  const host = request.headers.host ?? "none";
  if (!own.includes(host)) throw new HttpRefusal(403, `This page answers to 127.0.0.1:${port} and localhost:${port} only, not to "${host}".`);
  const { origin } = request.headers;
  if (origin !== undefined && !own.includes(origin.replace(/^http:\/\//, "")))
    throw new HttpRefusal(403, `Requests from pages of "${origin}" are refused; open http://127.0.0.1:${port}/.`);
}
