import { Agent as PlainAgent, request as plainRequest } from "node:http";
import { Agent, request } from "node:https";
import type { Ms } from "@nightshift/model";
import type { Post } from "./sign-call.ts";

/** No answer that we read is longer. */
const LONGEST_ANSWER = 256_000;

/**
 * Requests over connections that are kept. `fetch` takes some 40 ms longer for the first one (undici's own start), a third
 * of a cold start's budget: measured on Node 24, 2026-11 (facts/reliability.md 1.2).
 */
export function postOver(timeout: Ms): Post {
  const secure = new Agent({ keepAlive: true });
  const plain = new PlainAgent({ keepAlive: true });
  return ({ url, headers, body }) =>
    new Promise((resolve, reject) => {
      const to = new URL(url);
      const options = { method: "POST", headers: { ...headers, "content-length": Buffer.byteLength(body) }, signal: AbortSignal.timeout(timeout) };
      const sent = to.protocol === "http:" ? plainRequest(to, { ...options, agent: plain }) : request(to, { ...options, agent: secure });
      sent.on("error", reject);
      sent.on("response", (response) => {
        const parts: Buffer[] = [];
        let length = 0;
        response.on("data", (part: Buffer) => {
          length += part.length;
          if (length > LONGEST_ANSWER) sent.destroy(new Error(`The answer of ${to.host} is longer than ${LONGEST_ANSWER} bytes.`));
          else parts.push(part);
        });
        response.on("error", reject);
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString("utf8") }));
      });
      sent.end(body);
    });
}
