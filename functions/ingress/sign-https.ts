import type { Agent, ClientRequest } from "node:http";
import type { Ms } from "@nightshift/model";
import type { Post } from "./sign-call.ts";

/** No answer that we read is longer. */
const LONGEST_ANSWER = 256_000;

/**
 * Requests over connections that are kept. `fetch` takes some 40 ms longer for the first one (undici's own start), a third
 * of a cold start's budget: measured on Node 24, 2026-11 (facts/reliability.md 1.2). The TLS client is loaded at the first
 * call, so that what is refused at sight never pays for it; `node:http`, whose exported `WebSocket` loads undici as well
 * (seen in a CPU profile of Node 24.21, 2026-11-21), only where something on the same machine plays AWS or Slack.
 */
export function postOver(timeout: Ms): Post {
  let kept: Agent | undefined;
  return async ({ url, headers, body }) => {
    const to = new URL(url);
    const { request, Agent } = to.protocol === "http:" ? await import("node:http") : await import("node:https");
    if (to.protocol !== "http:") kept ??= new Agent({ keepAlive: true });
    const options = { method: "POST", headers: { ...headers, "content-length": Buffer.byteLength(body) }, signal: AbortSignal.timeout(timeout) };
    const sent = request(to, to.protocol === "http:" || kept === undefined ? options : { ...options, agent: kept });
    sent.end(body);
    return answerTo(sent, to.host);
  };
}

const answerTo = (sent: ClientRequest, host: string): Promise<{ readonly status: number; readonly text: string }> =>
  new Promise((resolve, reject) => {
    sent.on("error", reject);
    sent.on("response", (response) => {
      const parts: Buffer[] = [];
      let length = 0;
      response.on("data", (part: Buffer) => {
        length += part.length;
        if (length > LONGEST_ANSWER) sent.destroy(new Error(`The answer of ${host} is longer than ${LONGEST_ANSWER} bytes.`));
        else parts.push(part);
      });
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString("utf8") }));
    });
  });
