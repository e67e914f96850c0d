import { epochMs } from "@nightshift/model";
import type { Exchange } from "./api.ts";
import type { SlackHttpRequest } from "./door.ts";
import { bodyOf, HttpRefusal, send } from "./http.ts";
import type { Serving } from "./server.ts";

const paths: readonly SlackHttpRequest["path"][] = ["/slack/commands", "/slack/interactivity", "/slack/events"];

/** A request that a real Slack (or a script that signs like one) sends: it goes to the account's ingress, which believes it or not. */
export async function slackRequest({ session, real, show }: Serving, path: string, { request, response }: Exchange): Promise<void> {
  const known = paths.find((one) => one === path);
  if (known === undefined) throw new HttpRefusal(404, `Slack's requests go to ${paths.join(", ")}, not to ${path}.`);
  const { door, stage } = session;
  const body = await bodyOf(request);
  const headers = Object.fromEntries(Object.entries(request.headers).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])));
  const sent = { path: known, headers, body };
  // Read here: inside the lab the machine's clock is the lab's.
  const now = epochMs(Date.now());
  const answer = await session.act(() =>
    door.deliver(real === undefined ? sent : real.intoLab(sent, now, { slack: stage.lab.slack, signingSecret: door.signingSecret, now: stage.now() })),
  );
  send(response, answer.status, { type: answer.headers["content-type"] ?? "text/plain; charset=utf-8", body: answer.body });
  show();
}
