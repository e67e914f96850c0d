import { isSlacks, looksSigned, signatureOf } from "../../../../functions/ingress/verify.ts";
import { type EpochMs, epochMs } from "@nightshift/model";
import type { Exchange } from "./api.ts";
import type { SlackHttpRequest } from "./door.ts";
import { bodyOf, HttpRefusal, send } from "./http.ts";
import type { Serving } from "./server.ts";

const paths: readonly SlackHttpRequest["path"][] = ["/slack/commands", "/slack/interactivity", "/slack/events"];

/** A request that a real Slack (or a script that signs like one) sends: it goes to the account's ingress, which believes it or not. */
export async function slackRequest({ session, settings, show }: Serving, path: string, { request, response }: Exchange): Promise<void> {
  const known = paths.find((one) => one === path);
  if (known === undefined) throw new HttpRefusal(404, `Slack's requests go to ${paths.join(", ")}, not to ${path}.`);
  const { door } = session;
  const body = await bodyOf(request);
  const headers = Object.fromEntries(Object.entries(request.headers).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])));
  const secrets = { real: settings.signingSecret ?? door.signingSecret, lab: door.signingSecret };
  // Read here: inside the lab the machine's clock is the lab's.
  const now = epochMs(Date.now());
  const answer = await session.act(() => door.deliver(inLabTime({ path: known, headers, body }, { secrets, now, labNow: session.stage.now() })));
  send(response, answer.status, { type: answer.headers["content-type"] ?? "text/plain; charset=utf-8", body: answer.body });
  show();
}

interface Clocks {
  readonly secrets: { readonly real: string; readonly lab: string };
  readonly now: EpochMs;
  readonly labNow: EpochMs;
}

/**
 * A real request is signed at a real moment, and the lab lives at another one. What is signed and fresh by the real clock
 * is signed again at the lab's; everything else goes on as it came, for the ingress to refuse.
 */
export function inLabTime(request: SlackHttpRequest, { secrets, now, labNow }: Clocks): SlackHttpRequest {
  const body = Buffer.from(request.body, "utf8");
  const signed = { body, timestamp: request.headers["x-slack-request-timestamp"], signature: request.headers["x-slack-signature"] };
  if (!looksSigned(signed, now) || !isSlacks(signed, [secrets.real])) return request;
  const timestamp = String(Math.floor(labNow / 1_000));
  return {
    ...request,
    headers: { ...request.headers, "x-slack-request-timestamp": timestamp, "x-slack-signature": signatureOf(secrets.lab, timestamp, body) },
  };
}
