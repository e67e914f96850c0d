import { createServer, type Server } from "node:http";
import type { EffectBoundary } from "../boundary/effects.ts";
import { AwsFault } from "../kernel.ts";
import { currentScope } from "../time/scope.ts";
import type { SlackAnswer, SlackWorkspace } from "./workspace.ts";

/** What `@slack/web-api` 8 asks of the function it is given as its `fetch` option. */
export type SlackFetch = (
  url: string | URL,
  init?: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string | FormData },
) => Promise<{
  readonly ok: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly url: string;
  readonly headers: Headers;
  arrayBuffer(): Promise<ArrayBuffer>;
  json(): Promise<unknown>;
  text(): Promise<string>;
}>;

/** Methods that write. */
const writing: ReadonlySet<string> = new Set(["chat.postMessage", "chat.update"]);

/** A `fetch` for `new WebClient(token, { fetch })` that reaches the lab's workspace through the effect boundary. */
export function labSlackFetch(workspace: SlackWorkspace, boundary: EffectBoundary, caller?: string): SlackFetch {
  return async (url, init) => {
    const method = methodOf(String(url));
    const given = readBody(init?.body ?? "", init?.headers?.["Content-Type"] ?? "");
    const who = caller ?? currentScope()?.invocation?.functionName ?? "nightshift";
    const answer = await boundary
      .effect({ service: "slack", operation: method, input: given, caller: who, mutating: writing.has(method) }, () => workspace.answer(method, given))
      .catch(asHttp);
    const text = JSON.stringify(answer.body);
    return {
      ok: answer.status === 200,
      status: answer.status,
      statusText: String(answer.status),
      url: String(url),
      headers: new Headers({ "content-type": "application/json; charset=utf-8", ...answer.headers }),
      arrayBuffer: async () => new Uint8Array(Buffer.from(text)).buffer,
      json: async () => JSON.parse(text),
      text: async () => text,
    };
  };
}

// The boundary's refusals are AWS-shaped; over Slack's HTTP they are statuses. A lost answer stays what it is: no answer.
function asHttp(error: unknown): SlackAnswer {
  if (!(error instanceof AwsFault)) throw error;
  if (error.$retryable?.throttling) return { status: 429, headers: { "retry-after": "1" }, body: { ok: false, error: "ratelimited" } };
  return { status: error.$metadata.httpStatusCode, headers: {}, body: { ok: false, error: "service_unavailable" } };
}

/** The workspace behind real HTTP on the loopback, for `SLACK_API_URL`; close it when done. */
export async function serveSlack(workspace: SlackWorkspace): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const given = readBody(Buffer.concat(chunks).toString("utf8"), request.headers["content-type"] ?? "");
      const answer = workspace.answer(methodOf(`http://slack.invalid${request.url ?? "/"}`), given);
      response.writeHead(answer.status, { "content-type": "application/json; charset=utf-8", ...answer.headers });
      response.end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/api/`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

const methodOf = (url: string): string => new URL(url).pathname.split("/").at(-1) ?? "";

/** Reads a body as Slack does: a form whose structured fields are JSON, or JSON. */
function readBody(body: string | FormData, contentType: string): Readonly<Record<string, unknown>> {
  if (typeof body !== "string") return Object.fromEntries(body.entries());
  if (contentType.includes("json")) return JSON.parse(body);
  const fields = Object.fromEntries(new URLSearchParams(body));
  // The token is a secret; nothing of the lab records it.
  const { token: _token, ...given } = fields;
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, structured.has(name) ? JSON.parse(value) : value]));
}

const structured: ReadonlySet<string> = new Set(["metadata", "blocks", "attachments"]);
