import type { EpochMs } from "@nightshift/model";
import { isSlacks, looksSigned, signatureOf } from "../../../../functions/ingress/verify.ts";
import { type Fields, fields, maybeText } from "../services/input.ts";
import type { SlackWorkspace } from "../slack/workspace.ts";
import type { SlackHttpRequest } from "./door.ts";

/** A real workspace whose requests are believed. */
export interface RealWorkspace {
  readonly signingSecret: string;
  /** Real ids (workspace, app, people, channels), and the lab's that they stand for. */
  readonly ids: Readonly<Record<string, string>>;
}

/** Where requests are handed to: the lab's workspace, its secret and its moment. */
export interface Lab {
  readonly slack: SlackWorkspace;
  readonly signingSecret: string;
  readonly now: EpochMs;
}

/** Requests that are remembered: more than anybody makes in the five minutes that a signature is good. */
const REMEMBERED = 1_000;

/**
 * Hands a real workspace's requests into the lab: signed anew at the lab's moment, with the lab's ids, and with a trigger
 * and an answering address of its own, because the lab sends nothing to Slack. Everything that is not signed with the
 * secret, or not fresh by the real clock, goes on as it came, for the ingress to refuse. A request that comes again
 * becomes the same one again, so that the ingress refuses its second coming, too.
 */
export class RealSlack {
  readonly #workspace: RealWorkspace;
  readonly #seen = new Map<string, SlackHttpRequest>();

  constructor(workspace: RealWorkspace) {
    this.#workspace = workspace;
  }

  /** `now` is the real moment. */
  intoLab(request: SlackHttpRequest, now: EpochMs, lab: Lab): SlackHttpRequest {
    const signature = request.headers["x-slack-signature"];
    const signed = { body: Buffer.from(request.body, "utf8"), timestamp: request.headers["x-slack-request-timestamp"], signature };
    if (signature === undefined || !looksSigned(signed, now) || !isSlacks(signed, [this.#workspace.signingSecret])) return request;
    const known = this.#seen.get(signature);
    if (known !== undefined) return known;
    const [oldest] = this.#seen.keys();
    if (this.#seen.size >= REMEMBERED && oldest !== undefined) this.#seen.delete(oldest);
    const handed = this.#signedAnew(request, lab);
    this.#seen.set(signature, handed);
    return handed;
  }

  #signedAnew(request: SlackHttpRequest, lab: Lab): SlackHttpRequest {
    const renamed = Object.entries(this.#workspace.ids).reduce((text, [real, ours]) => text.replaceAll(real, ours), request.body);
    const body = answeredHere(renamed, lab.slack);
    const timestamp = String(Math.floor(lab.now / 1_000));
    const headers = { "x-slack-request-timestamp": timestamp, "x-slack-signature": signatureOf(lab.signingSecret, timestamp, Buffer.from(body, "utf8")) };
    return { ...request, headers: { ...request.headers, ...headers }, body };
  }
}

/** The same body with a trigger and an answering address of the lab's, where it has such; events have neither. */
function answeredHere(body: string, slack: SlackWorkspace): string {
  if (/^\s*\{/.test(body)) return body;
  const form = new URLSearchParams(body);
  const payload = form.get("payload");
  if (payload === null) {
    for (const [name, value] of Object.entries(ownOnes(Object.fromEntries(form), slack, { user: form.get("user_id"), channel: form.get("channel_id") })))
      form.set(name, value);
    return form.toString();
  }
  const json = readJson(payload);
  if (json === undefined) return body;
  const id = (name: string): string | null => maybeText(fields(json[name]), "id") ?? null;
  form.set("payload", JSON.stringify({ ...json, ...ownOnes(json, slack, { user: id("user"), channel: id("channel") }) }));
  return form.toString();
}

function ownOnes(
  given: Fields,
  slack: SlackWorkspace,
  who: { readonly user: string | null; readonly channel: string | null },
): Readonly<Record<string, string>> {
  const { user, channel } = who;
  if (user === null) return {};
  return {
    ...(given["trigger_id"] === undefined ? {} : { trigger_id: slack.trigger(user) }),
    ...(given["response_url"] === undefined || channel === null ? {} : { response_url: slack.responseUrl({ user, channel }) }),
  };
}

function readJson(text: string): Fields | undefined {
  try {
    return fields(JSON.parse(text));
  } catch {
    // The ingress says of a payload that is no JSON what it thinks of it.
    return undefined;
  }
}
