import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { type EpochMs, type SmokeResult, type SmokeTest, since } from "@nightshift/model";
import type { Clock, Probes } from "@nightshift/ports";

// A smoke test reads a status page, not a download.
const longestBody = 256 * 1024;

/** Smoke tests over HTTP(S). Redirects are answers, not followed: a login page must not look healthy. */
export const probesFrom = (clock: Clock): Probes => ({
  async run(test) {
    const startedAt = clock.now();
    const outcome = await ask(test).then(
      (answer) => judge(test, answer),
      (error: unknown) => because(error),
    );
    return result(test, outcome, { startedAt, endedAt: clock.now() });
  },
});

function result(test: SmokeTest, failed: string | undefined, { startedAt, endedAt }: { readonly startedAt: EpochMs; readonly endedAt: EpochMs }): SmokeResult {
  const took = since(startedAt, endedAt);
  return { name: test.name, ok: failed === undefined, because: failed ?? `${test.status} in ${took} ms`, took };
}

/** What a request got. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One request, ended by the test's own time limit whatever the server does. */
function ask(test: SmokeTest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const url = new URL(test.url);
    const start = url.protocol === "https:" ? httpsRequest : httpRequest;
    const request = start(url, { method: test.method, agent: false, headers: { "user-agent": "nightshift-smoke-test", accept: "*/*" } }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > longestBody) request.destroy(new Error(`the answer is longer than ${longestBody / 1024} kB`));
        else chunks.push(chunk);
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }));
      response.on("error", reject);
    });
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${test.within} ms`)), test.within);
    request.on("error", reject);
    request.on("close", () => clearTimeout(timer));
    request.end();
  });
}

/** Why the answer is not what was expected, or undefined. */
export function judge(test: SmokeTest, answer: Answer): string | undefined {
  if (answer.status !== test.status) return `answered ${answer.status}, expected ${test.status}`;
  if (test.json === undefined) return undefined;
  const { path, equals } = test.json;
  const found = at(answer.body, path);
  if (found.kind === "no-json") return "the answer is not JSON";
  return found.value === equals ? undefined : `${path} is ${short(found.value)}, expected ${JSON.stringify(equals)}`;
}

/** The value under a dotted path; list items are named by their number. */
function at(body: string, path: string): { readonly kind: "no-json" } | { readonly kind: "value"; readonly value: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // Not JSON is an answer about the app, and told as one.
    return { kind: "no-json" };
  }
  for (const key of path.split(".")) value = typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
  return { kind: "value", value };
}

const short = (value: unknown): string => (value === undefined ? "absent" : (JSON.stringify(value) ?? "absent").slice(0, 60));

/** Nothing of the URL's own: it may hold credentials. */
function because(error: unknown): string {
  if (!(error instanceof Error)) return "the request failed";
  const code: unknown = Reflect.get(error, "code");
  return typeof code === "string" ? `the request failed: ${code}` : error.message;
}
