import { createServer, type Server } from "node:http";
import type { EffectBoundary } from "../boundary/effects.ts";
import { AwsFault } from "../kernel.ts";
import { currentScope } from "../time/scope.ts";
import type { SlackAnswer } from "./state.ts";
import type { SlackWorkspace } from "./workspace.ts";

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

/** Methods that only read; everything else writes. */
const reading: ReadonlySet<string> = new Set([
  "auth.test",
  "conversations.history",
  "conversations.replies",
  "conversations.info",
  "conversations.members",
  "users.info",
  "usergroups.users.list",
]);

/** A `fetch` for `new WebClient(token, { fetch })` that reaches the lab's workspace through the effect boundary; uploads and answers to requests, too. */
export function labSlackFetch(workspace: SlackWorkspace, boundary: EffectBoundary, caller?: string): SlackFetch {
  return async (url, init) => {
    const request = await readRequest(String(url), init?.body ?? "", init?.headers ?? {});
    const who = caller ?? currentScope()?.invocation?.functionName ?? "nightshift";
    const answer = await boundary
      .effect({ service: "slack", operation: request.operation, input: request.input, caller: who, mutating: !reading.has(request.operation) }, () =>
        request.answer(workspace),
      )
      .catch(asHttp);
    const text = answer.raw ?? JSON.stringify(answer.body);
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
      const type = request.headers["content-type"] ?? "";
      void bodyOf(Buffer.concat(chunks), type)
        .then((body) => readRequest(`http://slack.invalid${request.url ?? "/"}`, body, { "content-type": type }))
        .then(({ answer }) => {
          const { status, headers, body } = answer(workspace);
          response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
          response.end(JSON.stringify(body));
        });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  workspace.reachAt(origin);
  return {
    url: `${origin}/api/`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

const bodyOf = async (bytes: Buffer, type: string): Promise<string | FormData> =>
  type.startsWith("multipart/form-data") ? new Response(new Uint8Array(bytes), { headers: { "content-type": type } }).formData() : bytes.toString("utf8");

/** What a request asks for: a method of the Web API, a file's bytes, or an answer to a person's request. */
interface Request {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly answer: (workspace: SlackWorkspace) => SlackAnswer;
}

async function readRequest(url: string, body: string | FormData, headers: Readonly<Record<string, string>>): Promise<Request> {
  const { pathname } = new URL(url);
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  if (pathname.startsWith("/upload/")) {
    const bytes = await bytesIn(body);
    return { operation: "files.upload", input: { bytes: bytes.length }, answer: (workspace) => workspace.upload(url, bytes) };
  }
  const input = readBody(body, type);
  if (pathname.startsWith("/commands/")) return { operation: "respond", input, answer: (workspace) => workspace.respond(url, input) };
  const operation = pathname.split("/").at(-1) ?? "";
  return { operation, input, answer: (workspace) => workspace.answer(operation, input) };
}

async function bytesIn(body: string | FormData): Promise<Uint8Array> {
  if (typeof body === "string") return Buffer.from(body);
  const file = [...body.values()].find((value) => typeof value !== "string");
  return file === undefined ? new Uint8Array() : new Uint8Array(await file.arrayBuffer());
}

/** Reads a body as Slack does: a form whose structured fields are JSON, or JSON. The token is a secret; nothing of the lab records it. */
function readBody(body: string | FormData, contentType: string): Readonly<Record<string, unknown>> {
  if (typeof body !== "string") return Object.fromEntries(body.entries());
  const fields: Record<string, unknown> = contentType.includes("json") ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
  const { token: _token, ...given } = fields;
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, structured.has(name) && typeof value === "string" ? JSON.parse(value) : value]),
  );
}

const structured: ReadonlySet<string> = new Set(["metadata", "blocks", "attachments", "files", "view"]);
