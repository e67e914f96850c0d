import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { SlackFetch } from "@nightshift/slack";

/** One message as our Slack keeps it. */
export interface Posted {
  readonly ts: string;
  readonly channel: string;
  readonly thread: string | undefined;
  readonly text: string;
  readonly metadata: unknown;
}

/** What goes wrong with the next request: an answer instead of the right one, silence, or a cut line; `after` it took effect, or instead. */
export type Trouble =
  | { readonly kind: "answer"; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: string; readonly after?: boolean }
  | { readonly kind: "silence" | "cut"; readonly after?: boolean };

interface Request {
  readonly method: string;
  readonly token: string | undefined;
  readonly form: URLSearchParams;
}

/**
 * A Slack of one workspace in memory: `chat.postMessage`, `chat.update`, `conversations.history` (newest first, without
 * replies) and `conversations.replies` (parent first, by cursor), answering as the method pages of docs.slack.dev say
 * (read 2026-11-21).
 */
export function playSlack() {
  const messages: Posted[] = [];
  const requests: Request[] = [];
  const troubles: Trouble[] = [];
  let posted = 0;

  const methods: Readonly<Record<string, (form: URLSearchParams) => unknown>> = {
    "chat.postMessage": (form) => {
      posted += 1;
      const ts = `1795230000.${String(posted).padStart(6, "0")}`;
      const metadata: unknown = JSON.parse(form.get("metadata") ?? "null");
      messages.push({ ts, channel: form.get("channel") ?? "", thread: form.get("thread_ts") ?? undefined, text: form.get("text") ?? "", metadata });
      return { ok: true, channel: form.get("channel"), ts };
    },
    "chat.update": (form) => {
      const index = messages.findIndex((message) => message.ts === form.get("ts"));
      const before = messages[index];
      if (before === undefined) return { ok: false, error: "message_not_found" };
      messages[index] = { ...before, text: form.get("text") ?? "" };
      return { ok: true, ts: before.ts };
    },
    "conversations.history": (form) =>
      page(messages.filter((message) => message.channel === form.get("channel") && message.thread === undefined).toReversed(), form),
    "conversations.replies": (form) =>
      page(
        messages.filter((message) => message.ts === form.get("ts") || message.thread === form.get("ts")),
        form,
      ),
  };

  return {
    messages,
    requests,
    /** Troubles in the order in which requests meet them. */
    trouble: (...next: readonly Trouble[]) => void troubles.push(...next),
    /** The answer to one request, or what goes wrong with it. */
    answer: (request: Request): { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string } | "silence" | "cut" => {
      requests.push(request);
      const trouble = troubles.shift();
      const right =
        trouble === undefined || trouble.after === true ? (methods[request.method]?.(request.form) ?? { ok: false, error: "unknown_method" }) : undefined;
      if (trouble === undefined) return { status: 200, headers: { "content-type": "application/json; charset=utf-8" }, body: JSON.stringify(right) };
      if (trouble.kind !== "answer") return trouble.kind;
      return { status: trouble.status, headers: { "content-type": "application/json; charset=utf-8", ...trouble.headers }, body: trouble.body };
    },
  };
}

/** A Slack that is being played. */
export type PlayedSlack = ReturnType<typeof playSlack>;

function page(found: readonly Posted[], form: URLSearchParams): unknown {
  const from = Number(form.get("cursor") ?? "0");
  const limit = Number(form.get("limit") ?? "100");
  const withMetadata = form.get("include_all_metadata") === "true";
  const some = found.slice(from, from + limit).map(({ ts, text, thread, metadata }) => ({
    type: "message",
    ts,
    text,
    ...(thread === undefined ? {} : { thread_ts: thread }),
    ...(withMetadata ? { metadata } : {}),
  }));
  const more = from + limit < found.length;
  return { ok: true, messages: some, has_more: more, response_metadata: { next_cursor: more ? String(from + limit) : "" } };
}

/** The same Slack behind a real socket. */
export async function serveSlack(slack: PlayedSlack) {
  const server = createServer((incoming, outgoing) => {
    void body(incoming).then((text) => {
      const method = (incoming.url ?? "").replace("/api/", "");
      const answer = slack.answer({ method, token: incoming.headers.authorization, form: new URLSearchParams(text) });
      if (answer === "silence") return;
      if (answer === "cut") incoming.socket.destroy();
      else outgoing.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  // A server that listens on a port has an address of this shape, not a pipe's name.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function body(incoming: IncomingMessage): Promise<string> {
  let text = "";
  incoming.setEncoding("utf8");
  for await (const chunk of incoming) text += String(chunk);
  return text;
}

/** The same Slack without a socket: what the lab does. */
export const inProcess =
  (slack: PlayedSlack): SlackFetch =>
  async (url, init) => {
    const answer = slack.answer({
      method: new URL(url).pathname.replace("/api/", ""),
      token: init?.headers?.["Authorization"],
      form: new URLSearchParams(typeof init?.body === "string" ? init.body : ""),
    });
    if (answer === "silence") throw new DOMException("The operation was aborted due to timeout", "TimeoutError");
    if (answer === "cut") throw new TypeError("fetch failed", { cause: Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" }) });
    return new Response(answer.body, { status: answer.status, headers: { ...answer.headers } });
  };
