import { type Fields, fields, maybeText } from "../services/input.ts";
import type { Exchange } from "./api.ts";
import type { LabSlackDoor, SlackHttpAnswer } from "./door.ts";
import { HttpRefusal, jsonOf, sendJson } from "./http.ts";
import type { Serving } from "./server.ts";
import { commandRequest, mentionRequest, pressRequest, submitRequest } from "./slack-requests.ts";

type Act = (serving: Serving, asked: Fields, door: LabSlackDoor) => Promise<void>;

/** What a person does on the page; each goes to the ingress as a signed request, as Slack would send it. */
const acts: Readonly<Record<string, Act>> = { press, submit, close, slash, reply };

/** Does what the page was used for. @throws {HttpRefusal} 404, 400, 502. */
export async function actInSlack(serving: Serving, what: string, { request, response }: Exchange): Promise<void> {
  const act = Object.hasOwn(acts, what) ? acts[what] : undefined;
  if (act === undefined) throw new HttpRefusal(404, `There is nothing at POST /api/slack/${what}.`);
  const { door } = serving.session;
  await act(serving, fields(await jsonOf(request)), door);
  sendJson(response, 200, { done: true });
}

async function press({ session }: Serving, asked: Fields, door: LabSlackDoor): Promise<void> {
  const pressed = { user: given(asked, "user"), channel: given(asked, "channel"), message: given(asked, "message"), action: given(asked, "action") };
  const { slack } = session.stage.lab;
  const known = slack.message(pressed.channel, pressed.message);
  if (known === undefined) throw new HttpRefusal(400, "That message is not there any more.");
  const element = { type: given(asked, "type"), value: maybeText(asked, "value") ?? "", block: maybeText(asked, "block") ?? "" };
  const answer = await session.act(() => door.deliver(pressRequest({ slack, door, now: session.stage.now() }, { ...pressed, ...element, message: known })));
  refuseBad(answer);
}

async function submit({ session }: Serving, asked: Fields, door: LabSlackDoor): Promise<void> {
  const { slack } = session.stage.lab;
  const view = slack.views.find(({ id }) => id === maybeText(asked, "view"));
  if (view === undefined) throw new HttpRefusal(400, "That form is not open any more.");
  const answer = await session.act(() => door.deliver(submitRequest({ slack, door, now: session.stage.now() }, { view, values: fields(asked["values"]) })));
  refuseBad(answer);
  const said = fields(answer.body === "" ? {} : JSON.parse(answer.body));
  if (said["response_action"] !== "errors") return slack.closeView(view.id);
  const errors = Object.entries(fields(said["errors"])).map(([field, message]) => [field, String(message)] as const);
  slack.showErrors(view.id, Object.fromEntries(errors));
}

async function close({ session }: Serving, asked: Fields): Promise<void> {
  session.stage.lab.slack.closeView(given(asked, "view"));
}

async function slash({ session }: Serving, asked: Fields, door: LabSlackDoor): Promise<void> {
  const { slack } = session.stage.lab;
  const [user, channel] = [given(asked, "user"), given(asked, "channel")];
  const typed = { user, channel, command: given(asked, "command"), text: maybeText(asked, "text") ?? "" };
  const answer = await session.act(() => door.deliver(commandRequest({ slack, door, now: session.stage.now() }, typed)));
  refuseBad(answer);
  // What the ingress answers at once is shown as what comes later to the request's own address: both are the person's alone.
  if (answer.body === "") return;
  const shown: Fields = answer.body.startsWith("{") ? fields(JSON.parse(answer.body)) : { text: answer.body };
  slack.respond(slack.responseUrl({ channel, user }), shown);
}

async function reply({ session }: Serving, asked: Fields, door: LabSlackDoor): Promise<void> {
  const { slack } = session.stage.lab;
  const said = { user: given(asked, "user"), channel: given(asked, "channel"), text: given(asked, "text"), thread: maybeText(asked, "thread") };
  const ts = slack.say({ user: said.user, channel: said.channel, text: said.text, ...(said.thread === undefined ? {} : { thread: said.thread }) });
  const mention = mentionRequest({ slack, door, now: session.stage.now() }, { ...said, ts });
  if (mention !== undefined) refuseBad(await session.act(() => door.deliver(mention)));
}

function given(asked: Fields, name: string): string {
  const value = maybeText(asked, name);
  if (value === undefined || value === "") throw new HttpRefusal(400, `"${name}" is missing.`);
  return value;
}

/** Anything but 200 Slack shows as "the app did not respond". */
function refuseBad({ status, body }: SlackHttpAnswer): void {
  if (status !== 200) throw new HttpRefusal(502, `The ingress answered ${status}${body === "" ? "" : `: ${body}`}.`);
}
