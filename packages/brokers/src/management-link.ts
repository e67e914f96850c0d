import { PortError } from "@nightshift/ports";
import type { ManagementLink } from "./connections.ts";
import { parseAddress } from "./parse-address.ts";

const timeoutMs = 2_000;
const bytesAtMost = 4 * 1_024 * 1_024;

/**
 * RabbitMQ's management API: one GET a call with basic auth, 2 s and 4 MiB at most, no redirect (it would carry the password away).
 * Source: "Management HTTP API", https://www.rabbitmq.com/docs/http-api-reference, 2026-11-21.
 * @throws {PortError} `invalid` for an address that is none, without the address.
 */
export function openManagement(url: string): ManagementLink {
  const { base, authorization } = parse(url);
  return {
    async get(path) {
      const answer = await send(`${base}${path}`, authorization);
      const text = await readBounded(answer);
      return { status: answer.status, body: parseBody(text, answer.status) };
    },
  };
}

function parse(url: string): { readonly base: string; readonly authorization: string } {
  const address = parseAddress(url, { operation, on, protocols: ["http:", "https:"], looksLike: "http:// or https://USER:PASSWORD@HOST:PORT" });
  const login = `${unescaped(address.username)}:${unescaped(address.password)}`;
  return { base: `${address.origin}${address.pathname.replace(/\/+$/, "")}`, authorization: `Basic ${Buffer.from(login, "utf8").toString("base64")}` };
}

/** A percent sign that escapes nothing stands for itself. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function send(address: string, authorization: string): Promise<Response> {
  try {
    return await fetch(address, { headers: { authorization, accept: "application/json" }, redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    throw failed(error);
  }
}

async function readBounded(answer: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of answer.body ?? []) {
      bytes += part.byteLength;
      if (bytes > bytesAtMost) throw new PortError("invalid", operation, on, "it answered more than 4 MiB, which was not read");
      parts.push(part);
    }
  } catch (error) {
    throw failed(error);
  }
  return Buffer.concat(parts).toString("utf8");
}

function parseBody(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PortError(
      "invalid",
      operation,
      on,
      `it answered ${status} with something that is not JSON; the secret must hold the address of the management API`,
    );
  }
}

const operation = "rabbitmq:GET";
const on = "the management API";

/** Takes the code alone: messages of fetch hold the address. */
function failed(error: unknown): PortError {
  if (error instanceof PortError) return error;
  if (error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError"))
    return new PortError("timeout", operation, on, "no answer within 2 s");
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
  if (/cert|TLS|SSL|ALTNAME|self.signed/i.test(code)) return new PortError("denied", operation, on, `its TLS certificate was not accepted (${code})`);
  return new PortError("unavailable", operation, on, code === "" ? "the connection failed" : `the connection failed (${code})`);
}
