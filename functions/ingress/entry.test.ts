import { buttons, forms } from "@nightshift/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { doorOf, formType, jsonType, knock, mention, noon, nothingIn, press, secret, signed, slash, submit } from "./entry.fixture.ts";
import { ingress } from "./entry.ts";

const at = (secondsOff: number): string => String(noon / 1_000 + secondsOff);
const good = signed(slash("rollback shop-api"));
const headersOf = (over: Readonly<Record<string, unknown>>) => ({ ...good, headers: { ...good.headers, ...over } });
const signature = String(good.headers?.["x-slack-signature"]);

describe("what Slack did not send", () => {
  it.each([
    ["forged with another secret", signed(slash("rollback shop-api"), { by: `${secret}x` })],
    ["301 s old", signed(slash("rollback shop-api"), { at: at(-301) })],
    ["301 s ahead", signed(slash("rollback shop-api"), { at: at(301) })],
    ["another version", headersOf({ "x-slack-signature": signature.replace("v0=", "v1=") })],
    ["no version", headersOf({ "x-slack-signature": signature.slice(3) })],
    ["a signature cut short", headersOf({ "x-slack-signature": signature.slice(0, -1) })],
    ["a signature's beginning", headersOf({ "x-slack-signature": signature.slice(0, 10) })],
    ["a signature that goes on", headersOf({ "x-slack-signature": `${signature}0` })],
    ["a signature in capitals", headersOf({ "x-slack-signature": signature.toUpperCase() })],
    ["an empty signature", headersOf({ "x-slack-signature": "" })],
    ["no signature", headersOf({ "x-slack-signature": undefined })],
    ["two signatures in one header", headersOf({ "x-slack-signature": `${signature},${signature}` })],
    ["a header that is there twice", headersOf({ "X-Slack-Signature": signature })],
    ["a header that is a list", headersOf({ "x-slack-signature": [signature] })],
    ["no time", headersOf({ "x-slack-request-timestamp": undefined })],
    ["another time than was signed", headersOf({ "x-slack-request-timestamp": at(1) })],
    ["a time that is no number", signed(slash("rollback shop-api"), { at: "now" })],
    ["a time with a sign", signed(slash("rollback shop-api"), { at: `+${at(0)}` })],
    ["a time in hexadecimal", signed(slash("rollback shop-api"), { at: `0x${(noon / 1_000).toString(16)}` })],
    [
      "a body put in order",
      {
        ...good,
        body: [...new URLSearchParams(good.body)]
          .toSorted()
          .map(([k, v]) => `${k}=${v}`)
          .join("&"),
      },
    ],
    ["JSON written anew", { ...signed(mention("<@UBOT> ack"), { type: jsonType }), body: JSON.stringify(JSON.parse(mention("<@UBOT> ack")), null, 1) }],
    [
      "a button that was tampered with",
      { ...signed(press({ action_id: buttons.approve, value: "INC-1|P-1" })), body: press({ action_id: buttons.approve, value: "INC-1|P-2" }) },
    ],
    ["a check of the certificate without a signature", { headers: { "content-type": formType }, body: "ssl_check=1&token=old" }],
    ["broken JSON without a signature", { headers: { "content-type": jsonType }, body: "{" }],
    ["a challenge without a signature", { headers: { "content-type": jsonType }, body: '{"type":"url_verification","challenge":"c"}' }],
    ["nothing at all", {}],
  ])("%s is refused", async (_, event) => {
    expect(await knock(event)).toMatchObject({ statusCode: 401, body: "not accepted", ...nothingIn });
  });

  it.each([
    ["no secret", []],
    ["an empty secret", [""]],
    ["a blank secret", ["  "]],
  ])("%s lets nobody in, not even who signs with it", async (_, signing) => {
    const over = { secrets: async () => ({ signing }) };
    expect(await knock(signed(slash("ack"), { by: signing[0] ?? "" }), over)).toMatchObject({ statusCode: 401, ...nothingIn });
    expect(await knock(good, over)).toMatchObject({ statusCode: 401, ...nothingIn });
  });

  it("what is refused at sight makes nobody read a secret", async () => {
    let read = 0;
    const secrets = async () => {
      read += 1;
      return { signing: [secret] };
    };
    await knock({}, { secrets });
    await knock(headersOf({ "x-slack-signature": "v0=abc" }), { secrets });
    await knock(signed(slash("ack"), { at: at(-301) }), { secrets });
    expect(read).toBe(0);
    await knock(good, { secrets });
    expect(read).toBe(1);
  });

  it("a body with any one byte flipped is refused", async () => {
    const bytes = Buffer.from(slash("rollback shop-api"));
    for (let index = 0; index < bytes.length; index++) {
      const flipped = Buffer.from(bytes);
      flipped[index] = (flipped[index] ?? 0) ^ 1;
      expect(await knock({ ...good, body: flipped.toString("base64"), isBase64Encoded: true })).toMatchObject({ statusCode: 401, ...nothingIn });
    }
  });

  it("the same request a second time is refused", async () => {
    const { door, outside } = doorOf();
    expect(await ingress(good, door)).toMatchObject({ statusCode: 200 });
    expect(await ingress(good, door)).toMatchObject({ statusCode: 401, body: "not accepted" });
    expect(outside.sent).toHaveLength(1);
  });

  it("a body of more than 64,000 bytes is not even checked", async () => {
    const padded = (length: number): string => slash("ack", { pad: "" }).padEnd(length, "x");
    expect(await knock(signed(padded(64_000)))).toMatchObject({ statusCode: 200 });
    expect(await knock(signed(padded(64_001)))).toMatchObject({ statusCode: 413, ...nothingIn });
    expect(await knock(signed(padded(64_001), { base64: true }))).toMatchObject({ statusCode: 413, ...nothingIn });
  });
});

describe("what Slack sent", () => {
  it.each([
    ["now", good],
    ["300 s ago", signed(slash("rollback shop-api"), { at: at(-300) })],
    ["300 s ahead", signed(slash("rollback shop-api"), { at: at(300) })],
    ["in base64", signed(slash("rollback shop-api"), { base64: true })],
    ["with a character set", signed(slash("rollback shop-api"), { type: `${formType}; charset=utf-8` })],
    ["with headers in capitals", { ...good, headers: { "X-Slack-Signature": signature, "X-Slack-Request-Timestamp": at(0) } }],
  ])("%s is taken", async (_, event) => {
    expect(await knock(event)).toMatchObject({ statusCode: 200, sent: [{ text: "rollback shop-api" }] });
  });

  it("is taken with either secret while one replaces the other", async () => {
    const over = { secrets: async () => ({ signing: ["new", secret] }) };
    expect(await knock(good, over)).toMatchObject({ statusCode: 200 });
    expect(await knock(signed(slash("rollback shop-api"), { by: "new" }), over)).toMatchObject({ statusCode: 200 });
    expect(await knock(signed(slash("rollback shop-api"), { by: "old" }), over)).toMatchObject({ statusCode: 401 });
  });

  it("keeps its umlauts, as a form and as JSON, in base64 or not", async () => {
    for (const base64 of [false, true]) {
      expect(await knock(signed(slash('note "Köln läuft 🔥"'), { base64 }))).toMatchObject({ sent: [{ text: 'note "Köln läuft 🔥"' }] });
      expect(await knock(signed(mention("<@UBOT> note Köln läuft 🔥"), { base64, type: `${jsonType}; charset=utf-8` }))).toMatchObject({
        sent: [{ text: "note Köln läuft 🔥" }],
      });
    }
  });

  it("answers the challenge that proves the address, when it is signed", async () => {
    expect(await knock(signed('{"token":"old","challenge":"3eZbrw1a","type":"url_verification"}', { type: jsonType }))).toMatchObject({
      statusCode: 200,
      body: "3eZbrw1a",
      ...nothingIn,
    });
  });

  it.each([
    ["a signed check of the certificate", signed("ssl_check=1&token=old")],
    ["an event that nobody asked for", signed(JSON.stringify({ type: "event_callback", event: { type: "channel_archive" } }), { type: jsonType })],
    ["a mention by a bot", signed(mention("<@UBOT> ack", { bot_id: "B1" }), { type: jsonType })],
    ["a link that was followed", signed(press({ action_id: "open-dashboard", value: "x" }))],
    ["a button with a value that is none of ours", signed(press({ action_id: buttons.ack, value: "INC-1 <!channel>" }))],
    ["another app's form", signed(submit("ns.form.else", { text: "x" }))],
  ])("%s is taken without effect", async (_, event) => {
    expect(await knock(event)).toMatchObject({ statusCode: 200, body: "", ...nothingIn });
  });

  it.each([
    ["neither form nor JSON", "\u0000\u0001"],
    ["an empty body", ""],
    ["broken JSON", '{"type":'],
    ["a broken payload", "payload=%7B"],
    ["a field that is there twice", `${slash("ack")}&user_id=U2`],
    ["a command without a person", slash("ack", { user_id: "" })],
    ["a button without a trigger", press({ action_id: buttons.ack, value: "INC-1" }, { trigger_id: undefined })],
  ])("%s is not understood", async (_, body) => {
    expect(await knock(signed(body))).toMatchObject({ statusCode: 400, ...nothingIn });
  });

  it("is not understood when it is no UTF-8", async () => {
    expect(await knock(signed(Buffer.from([0x7b, 0xff, 0xfe]), { base64: true }))).toMatchObject({ statusCode: 400, ...nothingIn });
  });
});

const refused = "This app is not set up for your workspace. Nothing was done.";

describe("who may ask", () => {
  it.each([
    ["another workspace", slash("rollback shop-api", { team_id: "T2" })],
    ["another app", slash("rollback shop-api", { api_app_id: "A2" })],
    ["a whole organisation", slash("rollback shop-api", { is_enterprise_install: "true" })],
  ])("a command of %s is refused, and told so", async (_, body) => {
    expect(await knock(signed(body))).toMatchObject({ statusCode: 200, body: JSON.stringify({ response_type: "ephemeral", text: refused }), ...nothingIn });
  });

  it.each([
    ["another workspace", { team: { id: "T2" } }],
    ["another app", { api_app_id: "A2" }],
    ["a guest from another workspace", { user: { id: "U9", team_id: "T9" } }],
    ["a whole organisation", { is_enterprise_install: true }],
  ])("a button of %s is refused, and told so at its address", async (_, over) => {
    expect(await knock(signed(press({ action_id: buttons.approve, value: "INC-1|P-1" }, over)))).toMatchObject({
      statusCode: 200,
      told: [`https://hooks.slack.com/actions/T1/1/x ${refused}`],
      ...nothingIn,
    });
  });

  it("a form of a guest is refused in the form", async () => {
    expect(await knock(signed(submit(forms.note, { text: "x" }, { user: { id: "U9", team_id: "T9" } })))).toMatchObject({
      statusCode: 200,
      body: JSON.stringify({ response_action: "errors", errors: { text: refused } }),
      ...nothingIn,
    });
  });

  it.each(["user_team", "source_team", "team"])("a mention by a guest, whom %s gives away, has no effect", async (name) => {
    expect(await knock(signed(mention("<@UBOT> resolve", { [name]: "T9" }), { type: jsonType }))).toMatchObject({ statusCode: 200, body: "", ...nothingIn });
  });
});

describe("whatever comes", () => {
  const parts = fc.oneof(
    fc.string({ unit: "binary", maxLength: 200 }),
    fc.json(),
    fc.constantFrom(slash("ack"), press({ action_id: buttons.note, value: "INC-1" }), mention("<@UBOT> ack"), submit(forms.note, {})),
  );
  const noise = fc.record({
    headers: fc.option(fc.dictionary(fc.constantFrom("x-slack-signature", "x-slack-request-timestamp", "host"), fc.anything()), { nil: undefined }),
    body: fc.option(fc.anything(), { nil: undefined }),
    isBase64Encoded: fc.anything(),
  });

  it("unsigned, it is 401 or 413 and does nothing", async () => {
    // The door takes what the runtime hands it, which no type holds to its word.
    const property = fc.asyncProperty(noise, async (event) => {
      const answer = await knock(event as Parameters<typeof knock>[0]);
      expect([401, 413]).toContain(answer.statusCode);
      expect(answer).toMatchObject(nothingIn);
    });
    await fc.assert(property, { seed: 20261121, numRuns: 500 });
  });

  it("signed, it is never a 5xx", async () => {
    await fc.assert(
      fc.asyncProperty(parts, fc.boolean(), async (body, base64) => {
        expect([200, 400]).toContain((await knock(signed(body, { base64 }))).statusCode);
      }),
      { seed: 20261121, numRuns: 500 },
    );
  });

  it("signed, with anything in any field, it is never a 5xx", async () => {
    const payload = fc.record(
      {
        type: fc.constantFrom("block_actions", "view_submission", "message_action", "shortcut"),
        actions: fc.anything(),
        view: fc.anything(),
        container: fc.anything(),
        message: fc.anything(),
        trigger_id: fc.anything(),
        response_url: fc.anything(),
      },
      { requiredKeys: ["type"] },
    );
    await fc.assert(
      fc.asyncProperty(payload, async (over) => {
        expect([200, 400]).toContain((await knock(signed(press({ action_id: buttons.note, value: "INC-1" }, over)))).statusCode);
      }),
      { seed: 20261121, numRuns: 500 },
    );
  });
});
