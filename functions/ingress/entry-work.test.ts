import { buttons, forms } from "@nightshift/model";
import { renderForm } from "@nightshift/slack/render/form";
import { MORE, optionValue } from "@nightshift/slack/render/more";
import { describe, expect, it } from "vitest";
import { doorOf, interaction, jsonType, knock, mention, noon, nothingIn, press, signed, slash, submit } from "./entry.fixture.ts";
import { ingress } from "./entry.ts";

const fails = async (): Promise<never> => {
  throw new Error("no answer in 1500 ms");
};

describe("a command", () => {
  it("that is right goes on, and says under which name", async () => {
    expect(await knock(signed(slash("rollback shop-api --dry-run")))).toMatchObject({
      statusCode: 200,
      body: JSON.stringify({ response_type: "ephemeral", text: "Working on it (req 275b)." }),
      sent: [
        {
          key: "slash/13345224609.738474920.8088930838d88f008e0",
          kind: "slash",
          at: noon,
          asker: { user: "U1", team: "T1", userTeam: undefined, app: "A1" },
          channel: "C1",
          thread: undefined,
          message: undefined,
          text: "rollback shop-api --dry-run",
          value: undefined,
          fields: {},
          responseUrl: "https://hooks.slack.com/commands/T1/1/x",
        },
      ],
    });
  });

  it.each(["", "help", "help rollback", "rollbakc shop-api", "rollback shop-apii", "rollback shop-api --env staging"])(
    "%j is answered at once and goes no further",
    async (text) => {
      const { statusCode, body, sent } = await knock(signed(slash(text)));
      expect({ statusCode, sent }).toEqual({ statusCode: 200, sent: [] });
      expect(JSON.parse(body)).toMatchObject({ response_type: "ephemeral", text: expect.stringContaining("/ops") });
    },
  );

  it("that could not be queued says that nothing was done", async () => {
    expect(await knock(signed(slash("ack")), { send: fails })).toMatchObject({
      statusCode: 200,
      body: JSON.stringify({ response_type: "ephemeral", text: "I could not pass this on. Nothing was done. Try again in a moment." }),
      reports: [{ problem: "The door to Slack failed at queueing the request.", error: "no answer in 1500 ms" }],
    });
  });

  it("that cannot be remembered is not carried out", async () => {
    expect(await knock(signed(slash("ack")), { nonces: { spend: fails } })).toMatchObject({ statusCode: 200, ...nothingIn });
  });

  it("is not taken while the secret cannot be read", async () => {
    expect(await knock(signed(slash("ack")), { secrets: fails })).toMatchObject({ statusCode: 503, ...nothingIn });
  });
});

describe("a button", () => {
  it.each([buttons.ack, buttons.resolve, buttons.reopen, buttons.working, buttons.hold, buttons.approve, buttons.deny])(
    "%s goes on without a word",
    async (action) => {
      expect(await knock(signed(press({ action_id: action, value: "INC-1|P-1" })))).toMatchObject({
        statusCode: 200,
        body: "",
        opened: [],
        sent: [
          {
            key: "button/12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3",
            kind: "button",
            asker: { user: "U1", team: "T1", userTeam: "T1", app: "A1" },
            channel: "C1",
            thread: "1795230700.000100",
            message: "1795230800.000100",
            text: action,
            value: "INC-1|P-1",
            responseUrl: "https://hooks.slack.com/actions/T1/1/x",
          },
        ],
      });
    },
  );

  it.each([
    [buttons.rollback, forms.rollback],
    [buttons.scale, forms.scale],
    [buttons.silence, forms.silence],
    [buttons.severity, forms.severity],
    [buttons.note, forms.note],
    [buttons.role, forms.role],
    [buttons.postMortem, forms.postMortem],
  ])("%s opens its form, and nothing goes on yet", async (action, callback) => {
    const { statusCode, sent, opened } = await knock(signed(press({ action_id: action, value: "INC-1" })));
    expect({ statusCode, sent }).toEqual({ statusCode: 200, sent: [] });
    expect(opened).toMatchObject([
      { trigger: "12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3", form: { callback, parts: [{ kind: "small", text: "INC-1" }] } },
    ]);
  });

  it("of a menu carries its name in the value", async () => {
    expect(await knock(signed(press({ type: "overflow", action_id: MORE, selected_option: { value: optionValue(buttons.ack, "INC-1|P-1") } })))).toMatchObject({
      sent: [{ text: "ns.ack", value: "INC-1|P-1" }],
    });
  });

  it("whose form does not open in time says so", async () => {
    expect(await knock(signed(press({ action_id: buttons.note, value: "INC-1" })), { openView: fails })).toMatchObject({
      statusCode: 200,
      sent: [],
      told: ["https://hooks.slack.com/actions/T1/1/x The form did not open in time. Nothing was done. Press again."],
    });
  });

  it("of an ephemeral message has no message to read from but its container", async () => {
    expect(
      await knock(
        signed(
          press({ action_id: buttons.ack, value: "INC-1" }, { channel: undefined, container: { channel_id: "C7", message_ts: "1.1", is_ephemeral: true } }),
        ),
      ),
    ).toMatchObject({
      sent: [{ channel: "C7", message: "1.1", thread: undefined }],
    });
  });
});

describe("a form", () => {
  it("opens with where it was opened, and brings it back", async () => {
    const { opened } = await knock(signed(press({ action_id: buttons.note, value: "INC-1" })));
    const body = interaction({
      type: "view_submission",
      view: {
        id: "V1",
        hash: "h",
        callback_id: forms.note,
        private_metadata: opened[0]?.form.context,
        state: { values: { text: { text: { value: "restarted the cache" } } } },
      },
    });
    expect(await knock(signed(body))).toMatchObject({
      statusCode: 200,
      body: "",
      sent: [
        {
          key: "form/V1/h",
          kind: "form",
          text: forms.note,
          value: "INC-1",
          channel: "C1",
          thread: "1795230700.000100",
          message: "1795230800.000100",
          responseUrl: "https://hooks.slack.com/actions/T1/1/x",
          fields: { text: "restarted the cache" },
        },
      ],
    });
  });

  it("reads chosen options as well as written ones", async () => {
    const view = {
      id: "V1",
      hash: "h",
      callback_id: forms.severity,
      state: { values: { severity: { any: { selected_option: { value: "p2" } } }, reason: { any: { value: null } } } },
    };
    expect(await knock(signed(interaction({ type: "view_submission", view })))).toMatchObject({
      sent: [{ fields: { severity: "p2", reason: "" }, value: undefined }],
    });
  });

  it("is read as our own rendering names its fields", async () => {
    const { opened } = await knock(signed(press({ action_id: buttons.silence, value: "INC-1" })));
    const view = opened.map(({ form }) => renderForm(form))[0];
    const blocks = (view?.blocks ?? []).filter((block) => block.type === "input").map((block) => block.block_id);
    expect(blocks).toEqual(["scope", "lasts", "reason"]);
    const values = {
      scope: { value: { selected_option: { value: "shop-api" } } },
      lasts: { value: { selected_option: { value: "1h" } } },
      reason: { value: { value: "load test" } },
    };
    const body = interaction({ type: "view_submission", view: { ...view, id: "V1", hash: "h", state: { values } } });
    expect(await knock(signed(body))).toMatchObject({
      sent: [{ text: forms.silence, value: "INC-1", fields: { scope: "shop-api", lasts: "1h", reason: "load test" } }],
    });
  });

  it("with a wrong field stays open and says which", async () => {
    expect(await knock(signed(submit(forms.rollback, { service: "incident", how: "do", reason: "" })))).toMatchObject({
      statusCode: 200,
      body: JSON.stringify({ response_action: "errors", errors: { reason: "This is needed." } }),
      ...nothingIn,
    });
  });

  it("that could not be queued stays open", async () => {
    expect(await knock(signed(submit(forms.note, { text: "x" })), { send: fails })).toMatchObject({
      statusCode: 200,
      body: JSON.stringify({ response_action: "errors", errors: { text: "I could not pass this on. Nothing was done. Try again in a moment." } }),
    });
  });

  it("of a shortcut begins with the message and knows its thread", async () => {
    const body = interaction({
      type: "message_action",
      callback_id: forms.addToTimeline,
      trigger_id: "t.1",
      channel: { id: "C1" },
      message: { ts: "2.2", thread_ts: "1.1", text: "disk is full" },
      response_url: "https://hooks.slack.com/x",
    });
    const { opened } = await knock(signed(body));
    expect(opened).toMatchObject([
      { trigger: "t.1", form: { callback: forms.addToTimeline, fields: [{ name: "incident" }, { name: "text", initial: "disk is full" }] } },
    ]);
    expect(JSON.parse(opened[0]?.form.context ?? "")).toEqual({ channel: "C1", thread: "1.1", message: "2.2", responseUrl: "https://hooks.slack.com/x" });
  });
});

describe("a mention", () => {
  it("is the words after our name, with its thread", async () => {
    expect(await knock(signed(mention("hey <@UBOT> ack please"), { type: jsonType }))).toMatchObject({
      statusCode: 200,
      body: "",
      sent: [
        {
          key: "event/Ev1",
          kind: "mention",
          text: "ack please",
          channel: "C1",
          thread: "1795230700.000100",
          message: "1795230830.000200",
          asker: { user: "U1", team: "T1", userTeam: "T1", app: "A1" },
        },
      ],
    });
  });

  it("leaves other people in the text", async () => {
    expect(await knock(signed(mention("<@UBOT> role ic <@U2>"), { type: jsonType }))).toMatchObject({ sent: [{ text: "role ic <@U2>" }] });
  });

  it("that Slack sends again has the same key", async () => {
    const { door, outside } = doorOf();
    await ingress(signed(mention("<@UBOT> ack"), { type: jsonType }), door);
    const again = signed(mention("<@UBOT> ack"), { type: jsonType, at: String(noon / 1_000 + 1) });
    await ingress({ ...again, headers: { ...again.headers, "x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout" } }, door);
    expect(outside.sent.map((request) => request.key)).toEqual(["event/Ev1", "event/Ev1"]);
  });

  it("that could not be queued is left for Slack to send again", async () => {
    expect(await knock(signed(mention("<@UBOT> ack"), { type: jsonType }), { send: fails })).toMatchObject({ statusCode: 503 });
  });
});
