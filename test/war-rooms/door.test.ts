import { createHmac } from "node:crypto";
import { names } from "@nightshift/lab/install";
import { buttonRequest, mentionRequest, type PersonRequest, pressable, slashRequest } from "@nightshift/lab/slack/people";
import { textOf } from "@nightshift/lab/slack/read";
import { epochMs, keyPrefixes, minutes, seconds } from "@nightshift/model";
import { beforeAll, describe, expect, test } from "vitest";
import { brokenShop, waitingCard } from "./shop.ts";
import { callsOf, CHANNEL, headersIn, openTeam, people, type Workplace } from "./workplace.ts";

/** What is ours to remember of a request that was refused: that it came, who carries it out, and what the minute brings by itself. */
const passing = [keyPrefixes.nonce, keyPrefixes.claim, keyPrefixes.heartbeat, keyPrefixes.budget, keyPrefixes.wake];

/** Everything that a request might have changed. */
function traces(place: Workplace) {
  const { dynamodb, sns, sqs, engine, slack, history } = place.stage.lab;
  const rows = (table: string) =>
    dynamodb
      .table(table)
      .items.map((item) => JSON.stringify(item))
      .toSorted();
  const isOurs = (row: string) => !passing.some((prefix) => row.includes(`"${prefix}`));
  return {
    ledger: rows(names.ledger).filter(isOurs),
    audit: rows(names.audit).filter((row) => !/"refused|denied/.test(row) || !row.includes('"command"')),
    production: history.filter((line) => line.kind === "call" && line.mutating && ["ecs", "ecr", "elbv2"].includes(line.service)).length,
    started: engine.executions.length,
    pages: sns.published.length,
    waiting: [names.commands, names.deadLetters, names.deadOutbox].map((name) => sqs.queue(name).bodies.length),
    told: slack.channels.flatMap((one) =>
      one.messages.filter((message) => message.only === undefined && message.user !== people.ana).map((message) => message.ts),
    ),
  };
}

/** Nothing must be left of what `ask` does; returns what the door answered. */
async function leavesNothing(place: Workplace, ask: () => Promise<{ readonly status: number; readonly body: string }>) {
  const before = traces(place);
  const answer = await ask();
  await place.pass(seconds(10));
  expect(traces(place)).toEqual(before);
  expect(answer.status).toBeLessThan(500);
  return answer;
}

describe("what is not Slack's is refused at the door, and leaves no trace", () => {
  let place: Workplace;
  let incident: string;
  beforeAll(async () => {
    place = await openTeam(["svc-01"], "P3");
    place.ring("svc-01/slow");
    await place.pass(minutes(3));
    incident = (await place.incidents())[0]?.id ?? "";
  });
  const ack = (sent: Parameters<Workplace["sent"]>[0] = {}) =>
    slashRequest(place.stage.lab.slack, { user: people.ana, channel: CHANNEL, text: `ack ${incident}` }, place.sent(sent));
  const refused = async (request: PersonRequest, headers: Readonly<Record<string, string>> = {}) => {
    const queued = callsOf(place, "sqs", "SendMessage", "ingress").length;
    const answer = await leavesNothing(place, () => place.deliver(request, headers));
    expect(callsOf(place, "sqs", "SendMessage", "ingress")).toHaveLength(queued);
    return answer;
  };

  test("signed with another secret", async () => {
    expect(await refused(ack({ secret: "nobody's secret" }))).toMatchObject({ status: 401, body: "not accepted" });
  });
  test("without a signature, or with an empty one", async () => {
    expect(await refused(ack(), { "x-slack-signature": "" })).toMatchObject({ status: 401 });
    expect(await refused({ ...ack(), headers: { "content-type": "application/x-www-form-urlencoded" } })).toMatchObject({ status: 401 });
  });
  test("five minutes and a second old, or from the future", async () => {
    for (const off of [-301, 301]) expect(await refused(ack({ at: epochMs(place.now() + off * 1_000) }))).toMatchObject({ status: 401 });
  });
  test("in another version of signatures", async () => {
    const request = ack();
    const time = request.headers["x-slack-request-timestamp"] ?? "";
    const v1 = createHmac("sha256", place.installed.slackDoor.signingSecret).update(`v1:${time}:`).update(request.bytes).digest("hex");
    expect(await refused(request, { "x-slack-signature": `v1=${v1}` })).toMatchObject({ status: 401 });
    expect(await refused(request, { "x-slack-signature": `v0=${v1}` })).toMatchObject({ status: 401 });
  });
  test("with one byte changed after it was signed", async () => {
    const request = ack();
    const bytes = Buffer.from(Buffer.from(request.bytes).toString("utf8").replace("user_id=U0ANA", "user_id=U0BEN"));
    expect(bytes.equals(request.bytes)).toBe(false);
    expect(await refused({ ...request, bytes })).toMatchObject({ status: 401 });
  });
  test("of another workspace, or of another app: it is told so, and nothing is queued", async () => {
    for (const over of [{ team_id: "T0OTHER" }, { api_app_id: "A0OTHER" }, { is_enterprise_install: "true" }]) {
      const answer = await refused(ack({ over }));
      expect(answer.status).toBe(200);
      expect(answer.body).toContain("not set up for your workspace");
    }
  });
  test("of a person of another workspace, in a mention and on a button", async () => {
    const { slack } = place.stage.lab;
    slack.introduce({ users: [{ id: "U0FAR", name: "far", team: "T0FAR" }] });
    const [header] = headersIn(place);
    expect(await refused(buttonRequest(slack, { user: "U0FAR", channel: CHANNEL, ts: header?.ts ?? "", action: "ns.ack" }, place.sent()))).toMatchObject({
      status: 200,
    });
    const queued = callsOf(place, "sqs", "SendMessage", "ingress").length;
    expect(await place.deliver(mentionRequest(slack, { user: "U0FAR", channel: CHANNEL, text: `ack ${incident}` }, place.sent()))).toMatchObject({
      status: 200,
    });
    await place.pass(seconds(10));
    expect(callsOf(place, "sqs", "SendMessage", "ingress")).toHaveLength(queued);
    expect((await place.incidents())[0]).toMatchObject({ state: "open", acked: undefined });
  });
  test("neither form nor JSON, though signed", async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x01]);
    const time = String(Math.floor(place.now() / 1_000));
    const mac = createHmac("sha256", place.installed.slackDoor.signingSecret).update(`v0:${time}:`).update(bytes).digest("hex");
    const headers = { "x-slack-request-timestamp": time, "x-slack-signature": `v0=${mac}` };
    const event = { rawPath: "/slack/commands", headers, body: bytes.toString("base64"), isBase64Encoded: true };
    const answer = await place.stage.lab.run(() => place.stage.lab.lambda.run("ingress", event));
    expect(answer).toMatchObject({ ok: true, value: { statusCode: 400 } });
  });
});

describe("what people may not do is refused where it is carried out, and leaves nothing but the record of it", () => {
  test("a guest, as Slack says, though the config names them", async () => {
    const place = await openTeam(["svc-01"], "P3");
    place.stage.lab.slack.introduce({ users: [{ id: people.ana, name: "ana", guest: "channels" }] });
    place.ring("svc-01/slow");
    await place.pass(minutes(3));
    const before = traces(place);
    expect(await place.ops(people.ana, "ack svc-01")).toContain("guests, bots and former members cannot use this");
    expect(traces(place)).toEqual(before);
    const records = await place.ask((world) => world.audit.read("control"));
    expect(records).toMatchObject([{ kind: "command", actor: `slack/${people.ana}`, body: { asked: "ack svc-01" } }]);
  });

  test("a plan that nobody knows, and buttons whose value somebody changed", async () => {
    const place = await brokenShop();
    const { slack } = place.stage.lab;
    await place.ops(people.ana, "rollback shop-api");
    const card = waitingCard(place, people.ana);
    const pressed = (value: string) => {
      const request = buttonRequest(slack, { user: people.ben, channel: card.channel, ts: card.ts, action: "ns.approve" }, place.sent());
      const payload: unknown = JSON.parse(new URLSearchParams(Buffer.from(request.bytes).toString("utf8")).get("payload") ?? "{}");
      const actions = [{ type: "button", action_id: "ns.approve", block_id: "b", value }];
      const over = { ...(typeof payload === "object" && payload !== null ? payload : {}), actions };
      return buttonRequest(slack, { user: people.ben, channel: card.channel, ts: card.ts, action: "ns.approve" }, place.sent({ over }));
    };
    const [incident] = (await place.incidents()).map((one) => one.id);
    await place.pass(seconds(10));
    for (const value of [
      `${incident}|shop-api-9-to-1-none`,
      `INC-260101-0000-other-0000|${card.plan}`,
      `-|${card.plan}`,
      card.plan,
      `${incident}|${card.plan}|more`,
      "",
    ])
      expect((await leavesNothing(place, () => place.deliver(pressed(value)))).status).toBe(200);
    expect(callsOf(place, "ecs", "UpdateService", "guard")).toEqual([]);
    // The true one still counts.
    expect(await place.press(people.ben, "ns.approve", card)).toContain(`Approved: ${card.plan}.`);
  });
});

test("a plan cannot be changed under its name: whoever approved it approved this very one", async () => {
  const place = await brokenShop();
  await place.ops(people.ana, "rollback shop-api");
  const { plan } = waitingCard(place, people.ana);
  const changed = place.ask(async (world) => {
    const asked = await world.approvals.find(plan);
    const kept = await world.plans.find(plan);
    if (asked === undefined || kept === undefined) throw new Error("no plan");
    await world.plans.keep({ ...kept, input: { group: "shop", plan: "{}" }, hash: "{}" });
    await world.approvals.ask({ ...asked, planHash: "{}" });
  });
  await expect(changed).rejects.toThrow("a changed plan needs a new id");
  expect(await place.ask(async (world) => (await world.plans.find(plan))?.hash)).not.toBe("{}");
});

describe("ordinary requests are taken in every encoding, and do what they say", () => {
  /** Straight to the function, as a Function URL hands requests over. */
  const asUrl = async (place: Workplace, { path, headers, body, isBase64Encoded }: PersonRequest) => {
    const answer = await place.stage.lab.run(() => place.stage.lab.lambda.run("ingress", { rawPath: path, headers, body, isBase64Encoded }));
    await place.pass(seconds(8));
    return answer;
  };
  const noted = async (place: Workplace) => (await place.incidents())[0]?.entries.filter((one) => one.key.startsWith("note/")).map((one) => one.text);

  test.each([
    ["plain", {}],
    ["base64", { base64: true }],
    ["with a charset", { charset: true }],
    ["base64 with a charset", { base64: true, charset: true }],
  ])("a slash command, %s", async (_, how) => {
    const place = await openTeam(["svc-01"], "P3");
    place.ring("svc-01/slow");
    await place.pass(minutes(1));
    const request = slashRequest(place.stage.lab.slack, { user: people.ana, channel: CHANNEL, text: "note svc-01 Größe 漢字 – 50 % & more" }, place.sent(how));
    expect(await asUrl(place, request)).toMatchObject({ ok: true, value: { statusCode: 200 } });
    expect((await noted(place))?.join()).toContain("Größe 漢字 – 50 % & more");
  });

  test.each([
    ["plain", {}],
    ["base64 with a charset", { base64: true, charset: true }],
  ])("an event in UTF-8 JSON, and a button, %s", async (_, how) => {
    const place = await openTeam(["svc-01"], "P3");
    place.ring("svc-01/slow");
    await place.pass(minutes(1));
    const [header] = headersIn(place);
    const { slack } = place.stage.lab;
    const mention = { user: people.ana, channel: CHANNEL, text: "note 漢字 in the thread", thread: header?.ts ?? "" };
    expect(await asUrl(place, mentionRequest(slack, mention, place.sent(how)))).toMatchObject({ ok: true, value: { statusCode: 200 } });
    expect((await noted(place))?.join()).toContain("漢字 in the thread");
    expect(pressable(header?.blocks).map((one) => one.action)).toContain("ns.ack");
    const press = buttonRequest(slack, { user: people.ana, channel: CHANNEL, ts: header?.ts ?? "", action: "ns.ack" }, place.sent(how));
    expect(await asUrl(place, press)).toMatchObject({ ok: true, value: { statusCode: 200 } });
    expect((await place.incidents())[0]).toMatchObject({ state: "acked", acked: { by: "ana" } });
    await place.pass(seconds(20));
    expect(textOf(headersIn(place)[0] ?? { text: "", blocks: [] })).toContain("ana");
  });

  test("Slack's check of the address gets its challenge back", async () => {
    const place = await openTeam(["svc-01"], "P3");
    const json = { type: "url_verification", token: "deprecated", challenge: "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P" };
    const request = mentionRequest(place.stage.lab.slack, { user: people.ana, channel: CHANNEL, text: "x" }, place.sent({ over: json }));
    expect(await asUrl(place, request)).toMatchObject({ ok: true, value: { statusCode: 200, body: json.challenge } });
  });
});

test("the same request twice is taken once", async () => {
  const place = await openTeam(["svc-01"], "P3");
  place.ring("svc-01/slow");
  await place.pass(minutes(1));
  const request = slashRequest(place.stage.lab.slack, { user: people.ana, channel: CHANNEL, text: "note svc-01 once" }, place.sent());
  const before = traces(place);
  expect(await place.deliver(request)).toMatchObject({ status: 200 });
  await place.pass(seconds(10));
  // What is taken leaves traces: otherwise "nothing is left" would prove nothing.
  const after = traces(place);
  expect([after.ledger, after.audit]).not.toEqual([before.ledger, before.audit]);
  expect(after.audit.length).toBeGreaterThan(before.audit.length);
  expect(after.ledger.length).toBeGreaterThan(before.ledger.length);
  expect(await leavesNothing(place, () => place.deliver(request))).toMatchObject({ status: 401 });
  await place.pass(minutes(4));
  expect(await place.deliver(request)).toMatchObject({ status: 401 });
  expect((await place.incidents())[0]?.entries.filter((one) => one.text.includes("once"))).toHaveLength(1);
});
