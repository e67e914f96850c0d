import { epochMs } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { readBody } from "../../../../functions/ingress/body.ts";
import { readAsked } from "../../../../functions/ingress/requests.ts";
import { isSlacks, looksSigned } from "../../../../functions/ingress/verify.ts";
import { SlackWorkspace } from "../slack/workspace.ts";
import type { SlackHttpRequest } from "./door.ts";
import { commandRequest, type Making, mentionRequest, pressRequest, submitRequest } from "./slack-requests.ts";

const now = epochMs(Date.parse("2026-03-16T03:12:00Z"));
const door = { signingSecret: "the lab's secret" };

function workspace(): Making & { readonly ts: string } {
  const slack = new SlackWorkspace(() => now, { channels: [{ id: "C1", name: "incidents" }], users: [{ id: "U1", name: "lead" }] });
  const { ts } = slack.answer("chat.postMessage", { channel: "C1", text: "x" }).body;
  return { slack, door, now, ts: String(ts) };
}

/** What the ingress makes of it; undefined where it does not believe it. */
function seen({ headers, body }: SlackHttpRequest) {
  const bytes = Buffer.from(body);
  const signed = { body: bytes, timestamp: headers["x-slack-request-timestamp"], signature: headers["x-slack-signature"] };
  if (!looksSigned(signed, now) || !isSlacks(signed, [door.signingSecret])) return undefined;
  const read = readBody(bytes);
  return read === undefined ? undefined : readAsked(read, now);
}
const asker = { user: "U1", team: "T0LAB", app: "A0LAB" };

describe("what people do on the page, as the ingress reads it", () => {
  test("a slash command", () => {
    const asked = seen(commandRequest(workspace(), { user: "U1", channel: "C1", command: "/ops", text: "status shop & co" }));
    expect(asked).toMatchObject({ kind: "slash", request: { kind: "slash", text: "status shop & co", channel: "C1", asker } });
  });

  test("a button in a message", () => {
    const { ts, ...making } = workspace();
    const message = making.slack.message("C1", ts);
    if (message === undefined) throw new Error("the message was just posted");
    const pressed = { user: "U1", channel: "C1", message, block: "b", action: "ns.ack", type: "button", value: "INC-260316-001" };
    expect(seen(pressRequest(making, pressed))).toMatchObject({
      kind: "button",
      who: { team: "T0LAB", app: "A0LAB", userTeams: ["T0LAB"], organisation: false },
      request: { text: "ns.ack", value: "INC-260316-001", channel: "C1", message: ts, asker },
    });
  });

  test("a form: its fields, its callback, and one trigger for one form", () => {
    const making = workspace();
    const view = {
      type: "modal",
      callback_id: "ns.form.note",
      title: { type: "plain_text", text: "Note" },
      private_metadata: "",
      blocks: [{ type: "divider" }],
    };
    expect(making.slack.answer("views.open", { trigger_id: making.slack.trigger("U1"), view }).body["ok"]).toBe(true);
    const [open] = making.slack.views;
    if (open === undefined) throw new Error("the form was just opened");
    const values = { note: { value: { type: "plain_text_input", value: "cache is cold" } } };
    expect(seen(submitRequest(making, { view: open, values }))).toMatchObject({
      kind: "form",
      request: { text: "ns.form.note", fields: { note: "cache is cold" }, key: `form/${open.id}/${open.hash}`, asker: { user: "U1" } },
    });
  });

  test("a message that names the app, by its name or its mark; any other asks for nothing", () => {
    const making = workspace();
    const say = (text: string) => mentionRequest(making, { user: "U1", channel: "C1", text, thread: "1.000001", ts: "1.000002" });
    const asked = say("@nightshift ack");
    expect(asked === undefined ? undefined : seen(asked)).toMatchObject({ kind: "mention", request: { text: "ack", channel: "C1", thread: "1.000001" } });
    expect(say("<@U0LAB> ack")).toBeDefined();
    expect(say("ack")).toBeUndefined();
  });
});
