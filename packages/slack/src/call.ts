import { type Ms, seconds } from "@nightshift/model";
import type { WebAPICallResult, WebClient } from "@slack/web-api";
import { slackError } from "./errors.ts";
import { connectSlack, type SlackFetch } from "./transport.ts";

/** How Slack is reached. */
export interface SlackOptions {
  /** The bot token; asked for before every call, so that a rotated one is used as soon as its giver knows it. */
  readonly token: () => Promise<string>;
  /** Absent: `SLACK_API_URL`, or Slack. */
  readonly slackApiUrl?: string;
  /** Absent: the machine's. The lab gives its own, so that Slack is played without network or clock. */
  readonly fetch?: SlackFetch;
  /** One try's length; absent: 4 s. */
  readonly timeout?: Ms;
}

/** Slack usually answers in well under a second; a notifier must not wait for one that does not. */
export const PATIENCE = seconds(4);

/** Calls one method, once. @throws {PortError} for whatever goes wrong. */
export type Call = (method: string, on: string, input: Readonly<Record<string, unknown>>) => Promise<WebAPICallResult>;

/** Where Slack's methods are: the option, `SLACK_API_URL`, or Slack's own (undefined). */
export const apiUrlOf = ({ slackApiUrl = process.env["SLACK_API_URL"] }: SlackOptions): string | undefined => slackApiUrl;

/** The calls of all ports: one client as long as the token stays the same. */
export function caller(options: SlackOptions): Call {
  const { token, fetch = globalThis.fetch, timeout = PATIENCE } = options;
  let connected: { readonly token: string; readonly client: Promise<WebClient> } | undefined;
  return async (method, on, input) => {
    const current = await token();
    if (connected?.token !== current) connected = { token: current, client: connectSlack(current, { slackApiUrl: apiUrlOf(options), fetch, timeout }) };
    const client = await connected.client;
    try {
      return await client.apiCall(method, { ...input });
    } catch (error) {
      throw slackError({ operation: `slack:${method}`, on }, error);
    }
  };
}

/** A field of an answer, or of anything else that came over the line. */
export const at = (from: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((here, name) => (typeof here === "object" && here !== null ? Reflect.get(here, name) : undefined), from);

/** A field that must be a text. */
export function textAt(from: unknown, ...path: readonly string[]): string | undefined {
  const found = at(from, ...path);
  return typeof found === "string" ? found : undefined;
}
