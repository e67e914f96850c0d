import { buttons, epochMs, forms } from "@nightshift/model";
import { renderCard } from "@nightshift/slack/render/card";
import { renderForm } from "@nightshift/slack/render/form";
import { formFor } from "@nightshift/decide/commands/forms";
import { describe, expect, it } from "vitest";
import { ingress } from "../../../../functions/ingress/entry.ts";
import { doorOf } from "../../../../functions/ingress/entry.fixture.ts";
import { buttonRequest, formRequest, labSigningSecret, mentionRequest, type PersonRequest, type Sent, shortcutRequest, slashRequest } from "./people.ts";
import { labSlack } from "./state.ts";
import { SlackWorkspace } from "./workspace.ts";

const at = epochMs(1_795_230_840_000);
const sent: Sent = { at };

function lab() {
  const slack = new SlackWorkspace(() => at, {
    channels: [{ id: "C0OPS", name: "ops" }],
    users: [
      { id: "U0ANA", name: "ana" },
      { id: "U0GUEST", name: "guest", team: "T0OTHER", guest: "stranger" },
    ],
  });
  const press = (action: string, value: string) => ({ action, text: action, value });
  const { text, blocks } = renderCard({
    summary: "x",
    parts: [{ kind: "buttons", buttons: [press(buttons.ack, "INC-1")], more: [press(buttons.note, "INC-1"), press(buttons.hold, "INC-1")] }],
  });
  const ts = String(slack.answer("chat.postMessage", { channel: "C0OPS", text, blocks }).body["ts"]);
  return { slack, message: { channel: "C0OPS", ts } };
}

/** What the real door makes of a request. */
async function knock(request: PersonRequest) {
  const { door, outside } = doorOf({
    identity: { team: labSlack.team, app: labSlack.app },
    now: () => at,
    secrets: async () => ({ signing: [labSigningSecret] }),
  });
  const answer = await ingress({ headers: request.headers, body: request.body, isBase64Encoded: request.isBase64Encoded }, door);
  return { status: answer.statusCode, ...outside };
}

describe("what a person of the lab's Slack does, the door understands", () => {
  const { slack, message } = lab();
  it.each<[string, Partial<Sent>]>([
    ["plain", {}],
    ["in base64", { base64: true }],
    ["with a charset", { charset: true }],
    ["both", { base64: true, charset: true }],
  ])("a command, %s", async (_how, how) => {
    const { sent: queued } = await knock(slashRequest(slack, { user: "U0ANA", channel: "C0OPS", text: "ack INC-1" }, { ...sent, ...how }));
    expect(queued).toMatchObject([{ kind: "slash", text: "ack INC-1", channel: "C0OPS", asker: { user: "U0ANA", team: "T0LAB", app: "A0LAB" } }]);
    expect(queued[0]?.responseUrl).toMatch(/^https:\/\/hooks\.slack\.com\/commands\//);
  });
  it("a button, and an option of the menu, as the button that it stands for", async () => {
    const press = (action: string) => knock(buttonRequest(slack, { user: "U0ANA", ...message, action }, sent));
    expect((await press(buttons.ack)).sent).toMatchObject([{ kind: "button", text: "ns.ack", value: "INC-1", message: message.ts }]);
    expect((await press(buttons.hold)).sent).toMatchObject([{ kind: "button", text: "ns.hold", value: "INC-1" }]);
    expect((await press(buttons.note)).opened).toMatchObject([{ form: { callback: "ns.form.note" } }]);
    await expect(async () => press(buttons.deny)).rejects.toThrow("has no button ns.deny");
  });
  it("a mention and a shortcut", async () => {
    expect((await knock(mentionRequest(slack, { user: "U0ANA", channel: "C0OPS", text: "status", thread: message.ts }, sent))).sent).toMatchObject([
      { kind: "mention", text: "status", thread: message.ts },
    ]);
    expect((await knock(shortcutRequest(slack, { user: "U0ANA", ...message }, sent))).opened).toMatchObject([{ form: { callback: forms.addToTimeline } }]);
  });
  it("a form that was opened with a trigger, filled in, and sent", async () => {
    const form = formFor(buttons.severity, {
      incident: "INC-1",
      context: JSON.stringify({ value: "INC-1" }),
      names: { services: ["api"], people: ["ana"], zone: "prod" },
    });
    if (form === undefined) throw new Error("the severity has a form");
    expect(slack.answer("views.open", { trigger_id: slack.trigger("U0ANA"), view: renderForm(form) }).body["ok"]).toBe(true);
    const [view] = slack.views;
    if (view === undefined) throw new Error("the form stands open");
    const { sent: queued } = await knock(formRequest(slack, { view, answers: { severity: "p1" } }, sent));
    expect(queued).toMatchObject([{ kind: "form", text: "ns.form.severity", value: "INC-1", fields: { severity: "p1" } }]);
  });
  it("a forged request and a guest's get nowhere", async () => {
    expect(await knock(slashRequest(slack, { user: "U0ANA", channel: "C0OPS", text: "ack" }, { ...sent, secret: "other" }))).toMatchObject({
      status: 401,
      sent: [],
    });
    expect((await knock(buttonRequest(slack, { user: "U0GUEST", ...message, action: buttons.ack }, sent))).sent).toEqual([]);
    expect((await knock(buttonRequest(slack, { user: "U0ANA", ...message, action: buttons.ack }, { ...sent, over: { api_app_id: "A0EVIL" } }))).sent).toEqual(
      [],
    );
  });
});
