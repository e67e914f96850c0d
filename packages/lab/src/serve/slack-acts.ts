import { type Fields, fields, maybeText } from "../services/input.ts";
import { buttonRequest, formRequest, mentionRequest, type PersonRequest, type Sent, slashRequest } from "../slack/people.ts";
import type { Exchange } from "./api.ts";
import type { SlackHttpAnswer } from "./door.ts";
import { HttpRefusal, jsonOf, sendJson } from "./http.ts";
import type { Serving } from "./server.ts";
import type { Session } from "./session.ts";

type Act = (session: Session, asked: Fields) => Promise<void> | void;

/** What a person does on the page; each goes to the ingress as a signed request, as Slack would send it. */
const acts: Readonly<Record<string, Act>> = { press, submit, close, slash, reply };

/** Does what the page was used for. @throws {HttpRefusal} 404, 400, 502. */
export async function actInSlack({ session }: Serving, what: string, { request, response }: Exchange): Promise<void> {
  const act = Object.hasOwn(acts, what) ? acts[what] : undefined;
  if (act === undefined) throw new HttpRefusal(404, `There is nothing at POST /api/slack/${what}.`);
  await act(session, fields(await jsonOf(request)));
  sendJson(response, 200, { done: true });
}

async function press(session: Session, asked: Fields): Promise<void> {
  const { slack } = session.stage.lab;
  const [user, channel, ts] = [given(asked, "user"), given(asked, "channel"), given(asked, "message")];
  // A menu's option names the button that it stands for.
  const chosen = given(asked, "type") === "button" ? given(asked, "action") : (given(asked, "value").split("|")[0] ?? "");
  const message = slack.message(channel, ts);
  if (message === undefined) throw new HttpRefusal(400, "That message is not there any more.");
  await deliver(session, (sent) => buttonRequest(slack, { user, channel, ts, action: chosen }, sent));
}

async function submit(session: Session, asked: Fields): Promise<void> {
  const { slack } = session.stage.lab;
  const view = slack.views.find(({ id }) => id === maybeText(asked, "view"));
  if (view === undefined) throw new HttpRefusal(400, "That form is not open any more.");
  const answers = Object.fromEntries(Object.entries(fields(asked["answers"])).map(([name, answer]) => [name, String(answer)]));
  const { body } = await deliver(session, (sent) => formRequest(slack, { view, answers }, sent));
  const said = read(body);
  if (said["response_action"] !== "errors") return slack.closeView(view.id);
  slack.showErrors(view.id, Object.fromEntries(Object.entries(fields(said["errors"])).map(([field, message]) => [field, String(message)])));
}

function close(session: Session, asked: Fields): void {
  session.stage.lab.slack.closeView(given(asked, "view"));
}

async function slash(session: Session, asked: Fields): Promise<void> {
  const { slack } = session.stage.lab;
  const [user, channel, command] = [given(asked, "user"), given(asked, "channel"), given(asked, "command")];
  if (command !== "/ops") throw new HttpRefusal(400, `This workspace knows one command, /ops, and not ${command}. /ops help tells more.`);
  const { body } = await deliver(session, (sent) => slashRequest(slack, { user, channel, text: maybeText(asked, "text") ?? "" }, sent));
  // What the ingress answers at once is the person's alone, as what comes later to the request's own address.
  if (body !== "") slack.respond(slack.responseUrl({ channel, user }), read(body));
}

async function reply(session: Session, asked: Fields): Promise<void> {
  const { slack } = session.stage.lab;
  const thread = maybeText(asked, "thread");
  const said = { user: given(asked, "user"), channel: given(asked, "channel"), text: given(asked, "text"), ...(thread === undefined ? {} : { thread }) };
  const mention = /^@nightshift\b\s*/i.exec(said.text);
  if (mention === null) slack.say(said);
  else await deliver(session, (sent) => mentionRequest(slack, { ...said, text: said.text.slice(mention[0].length) }, sent));
}

/** Makes the request at the moment it is sent: triggers live three seconds. Anything but 200 Slack shows as an app that did not answer. */
async function deliver(session: Session, make: (sent: Sent) => PersonRequest): Promise<SlackHttpAnswer> {
  const { door, stage } = session;
  const answer = await session.act(() => door.deliver(make({ at: stage.now(), secret: door.signingSecret })));
  if (answer.status !== 200) throw new HttpRefusal(502, `The ingress answered ${answer.status}${answer.body === "" ? "" : `: ${answer.body}`}.`);
  return answer;
}

/** An answer's JSON; a plain text is what it says. */
const read = (body: string): Fields => (body.startsWith("{") ? fields(JSON.parse(body)) : { text: body });

function given(asked: Fields, name: string): string {
  const value = maybeText(asked, name);
  if (value === undefined || value === "") throw new HttpRefusal(400, `"${name}" is missing.`);
  return value;
}
