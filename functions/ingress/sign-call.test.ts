import { type EpochMs, epochMs, type SlackRequest } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { openView, tellByUrl } from "./forms-open.ts";
import { noncesOver } from "./nonce.ts";
import { queueOver } from "./queue.ts";
import type { Post, Reach } from "./sign-call.ts";
import { secretsOf } from "./sign-secrets.ts";

type Sent = Parameters<Post>[0];

/** Answers with what it is given, one after the other, and keeps what was asked. */
function line(...replies: readonly { readonly status: number; readonly text: string }[]) {
  const asked: Sent[] = [];
  const post: Post = async (request) => {
    asked.push(request);
    return replies[asked.length - 1] ?? { status: 200, text: "{}" };
  };
  return { asked, post };
}

const reachOver = (post: Post, now: () => EpochMs = () => epochMs(1_795_230_840_000), endpoint?: string): Reach => ({
  post,
  region: "eu-central-1",
  credentials: () => ({ accessKeyId: `AK${"IA"}X`, secretAccessKey: "s", sessionToken: "t" }),
  now,
  endpoint,
});

describe("nonces", () => {
  it("are one conditional write each", async () => {
    const { asked, post } = line();
    expect(await noncesOver(reachOver(post), "ledger").spend("abc", epochMs(1_795_231_440_001))).toBe(true);
    expect(asked[0]).toMatchObject({
      url: "https://dynamodb.eu-central-1.amazonaws.com/",
      headers: { "x-amz-target": "DynamoDB_20120810.PutItem", "content-type": "application/x-amz-json-1.0", "x-amz-security-token": "t" },
    });
    expect(JSON.parse(asked[0]?.body ?? "")).toEqual({
      TableName: "ledger",
      Item: { pk: { S: "NONCE#abc" }, sk: { S: "ROW" }, expires: { N: "1795231441" } },
      ConditionExpression: "attribute_not_exists(#pk)",
      ExpressionAttributeNames: { "#pk": "pk" },
    });
  });

  it("are refused when they are there already", async () => {
    const { post } = line({
      status: 400,
      text: '{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"The conditional request failed"}',
    });
    expect(await noncesOver(reachOver(post), "ledger").spend("abc", epochMs(0))).toBe(false);
  });

  it.each([
    [
      { status: 400, text: '{"__type":"com.amazon.coral.service#AccessDeniedException"}' },
      "DynamoDB_20120810.PutItem was not done: AWS answered AccessDeniedException.",
    ],
    [{ status: 500, text: "<html>" }, "DynamoDB_20120810.PutItem was not done: AWS answered HTTP 500."],
  ])("are unknown after any other answer", async (reply, says) => {
    await expect(noncesOver(reachOver(line(reply).post), "ledger").spend("abc", epochMs(0))).rejects.toThrow(says);
  });
});

describe("the queue", () => {
  const request: SlackRequest = {
    key: "slash/1",
    kind: "slash",
    at: epochMs(1),
    asker: { user: "U1", team: "T1", userTeam: undefined, app: "A1" },
    channel: "C1",
    thread: undefined,
    message: undefined,
    text: "note \u0000\ud800\uffff é",
    value: undefined,
    fields: {},
    responseUrl: undefined,
  };

  it("gets the request as JSON that SQS takes unchanged", async () => {
    const { asked, post } = line();
    await queueOver(reachOver(post), "https://sqs.eu-central-1.amazonaws.com/1/commands")(request);
    expect(asked[0]).toMatchObject({ url: "https://sqs.eu-central-1.amazonaws.com/", headers: { "x-amz-target": "AmazonSQS.SendMessage" } });
    const { QueueUrl, MessageBody } = JSON.parse(asked[0]?.body ?? "");
    expect(QueueUrl).toBe("https://sqs.eu-central-1.amazonaws.com/1/commands");
    expect(JSON.parse(MessageBody)).toMatchObject({ key: "slash/1", text: "note \u0000\ud800\ufffd é" });
    expect(MessageBody).toContain("note \\u0000\\ud800\ufffd é");
  });

  it("is another machine where one plays AWS", async () => {
    const { asked, post } = line();
    await queueOver(reachOver(post, undefined, "http://127.0.0.1:4566"), "q")(request);
    expect(asked[0]).toMatchObject({ url: "http://127.0.0.1:4566/", headers: { host: "127.0.0.1:4566" } });
  });
});

describe("secrets", () => {
  const parameter = (value: string) => ({ status: 200, text: JSON.stringify({ Parameter: { Value: value } }) });
  const names = { signing: "/shop/signing", botToken: "/shop/token" };

  it("are read decrypted, and kept for five minutes", async () => {
    let now = epochMs(1_795_230_840_000);
    const { asked, post } = line(parameter("one"), parameter("token"), parameter("two"), parameter("token"));
    const secrets = secretsOf(
      reachOver(post, () => now),
      names,
    );
    expect(await secrets()).toEqual({ signing: ["one"], botToken: "token" });
    expect(asked.map(({ body }) => JSON.parse(body))).toEqual([
      { Name: "/shop/signing", WithDecryption: true },
      { Name: "/shop/token", WithDecryption: true },
    ]);
    now = epochMs(now + 299_999);
    expect((await secrets()).signing).toEqual(["one"]);
    now = epochMs(now + 1);
    expect((await secrets()).signing).toEqual(["two"]);
  });

  it("may be two while one replaces the other", async () => {
    expect((await secretsOf(reachOver(line(parameter("new, old\n"), parameter("token")).post), names)()).signing).toEqual(["new", "old"]);
  });

  it.each(["", "  ", ",\n"])("that are %j let nobody in", async (value) => {
    await expect(secretsOf(reachOver(line(parameter(value), parameter("token")).post), names)()).rejects.toThrow("/shop/signing");
  });

  it("that could not be read are asked for again", async () => {
    const { post } = line({ status: 400, text: "{}" }, parameter("token"), parameter("one"), parameter("token"));
    const secrets = secretsOf(reachOver(post), names);
    await expect(secrets()).rejects.toThrow("AmazonSSM.GetParameter was not done");
    expect((await secrets()).signing).toEqual(["one"]);
  });
});

describe("Slack", () => {
  const to = { apiUrl: "https://slack.com/api/" };

  it("opens a view with the bot's token", async () => {
    const { asked, post } = line({ status: 200, text: '{"ok":true}' });
    await openView({ ...to, post }, { botToken: "token", trigger: "t.1", view: { type: "modal" } });
    expect(asked).toEqual([
      {
        url: "https://slack.com/api/views.open",
        headers: { "content-type": "application/json; charset=utf-8", authorization: "Bearer token" },
        body: '{"trigger_id":"t.1","view":{"type":"modal"}}',
      },
    ]);
  });

  it.each([
    [{ status: 200, text: '{"ok":false,"error":"expired_trigger_id"}' }, "expired_trigger_id"],
    [{ status: 429, text: '{"ok":true}' }, "HTTP 429"],
    [{ status: 200, text: "<html>" }, "HTTP 200"],
  ])("says when it did not open one", async (reply, says) => {
    await expect(openView({ ...to, post: line(reply).post }, { botToken: "token", trigger: "t.1", view: {} })).rejects.toThrow(says);
  });

  it("is the only one who is answered", async () => {
    const { asked, post } = line({ status: 200, text: "ok" });
    await tellByUrl({ ...to, post }, "https://hooks.slack.com/actions/T1/1/x", "no");
    for (const url of ["https://hooks.slack.com.example.com/x", "http://hooks.slack.com/x", "http://169.254.169.254/latest", "not an address"])
      await expect(tellByUrl({ ...to, post }, url, "no")).rejects.toThrow("not Slack's");
    expect(asked).toEqual([
      {
        url: "https://hooks.slack.com/actions/T1/1/x",
        headers: { "content-type": "application/json; charset=utf-8" },
        body: '{"response_type":"ephemeral","replace_original":false,"text":"no"}',
      },
    ]);
  });
});
