import { request } from "node:http";
import { minutes, seconds } from "@nightshift/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signatureOf } from "../../../../functions/ingress/verify.ts";
import { healthyBut5xx } from "../scenarios/healthy-but-5xx.ts";
import { crashOnBootScenario } from "../scenarios/crash-on-boot.ts";
import type { Picture } from "./picture.ts";
import { serveLab, type ServedLab } from "./server.ts";

/** Of the real app; made up. */
const SECRET = ["a", "real", "app's", "secret"].join(" ");

let lab: ServedLab;
beforeAll(async () => {
  lab = await serveLab({
    port: 0,
    speed: 0,
    seed: 1,
    scenario: healthyBut5xx,
    scenarios: [healthyBut5xx, crashOnBootScenario],
    real: { signingSecret: SECRET, ids: { T1REAL: "T0LAB" } },
  });
});
afterAll(() => lab.close());

interface Sending {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** `fetch` does not let anybody choose the Host header. */
function send(
  path: string,
  { method = "GET", headers = {}, body }: Sending = {},
): Promise<{ readonly status: number; readonly text: string; readonly headers: object }> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, lab.url), { method, headers }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => {
        text += chunk.toString("utf8");
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const post = (path: string, body: object | string, headers: Readonly<Record<string, string>> = { "content-type": "application/json" }) =>
  send(path, { method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) });
// The server writes the whole picture.
const picture = async (): Promise<Picture> => JSON.parse((await send("/api/state")).text) as Picture;

describe("the lab's server", () => {
  test("serves a page that may fetch nothing from elsewhere", async () => {
    const { status, text, headers } = await send("/");
    expect([status, text.includes('<script type="module" src="/page.js">')]).toEqual([200, true]);
    expect(headers).toMatchObject({
      "content-security-policy": expect.stringContaining("default-src 'none'; script-src 'self'"),
      "x-content-type-options": "nosniff",
    });
    expect((await send("/page.js")).text.length).toBeGreaterThan(100_000);
    expect((await send("/style.css")).text).toContain("prefers-reduced-motion");
  });

  test.each(["evil.example", "evil.example:80", "127.0.0.1.evil.example"])("refuses requests to the name %s", async (host) => {
    const { status, text } = await send("/api/state", { headers: { host } });
    expect([status, text]).toEqual([403, expect.stringContaining(`not to \\"${host}\\"`)]);
  });

  test("refuses requests that a page elsewhere made", async () => {
    const elsewhere = await post("/api/speed", { speed: 1 }, { "content-type": "application/json", origin: "https://evil.example" });
    expect([elsewhere.status, (await picture()).lab.speed]).toEqual([403, 0]);
    const own = await post("/api/speed", { speed: 0 }, { "content-type": "application/json", origin: lab.url.slice(0, -1) });
    expect(own.status).toBe(200);
  });

  test("takes JSON only, so that no form elsewhere can reach it", async () => {
    const { status, text } = await post("/api/speed", '{"speed":1}', { "content-type": "text/plain" });
    expect([status, text]).toEqual([415, '{"error":"Send JSON with \\"content-type: application/json\\", not text/plain."}']);
  });

  test("refuses a body of more than 1 MiB, takes one of exactly that", async () => {
    const padded = (size: number): string => `{"speed":0,"x":"${"x".repeat(size - 18)}"}`;
    expect(padded(1_048_576).length).toBe(1_048_576);
    expect((await post("/api/speed", padded(1_048_576))).status).toBe(200);
    expect((await post("/api/speed", padded(1_048_577))).status).toBe(413);
  });

  test.each([
    [-1, 400],
    [0, 200],
    [600, 200],
    [601, 400],
  ])("a speed of %d is answered with %d", async (speed, status) => {
    expect((await post("/api/speed", { speed })).status).toBe(status);
    await post("/api/speed", { speed: 0 });
  });

  test("says what is wrong with an event, in one sentence, and takes a good one", async () => {
    const bad = await post("/events", { source: "aws.ecs", "detail-type": "ECS Deployment State Change", detail: {} });
    expect(bad.status).toBe(400);
    expect(bad.text).toContain("detail");
    expect((await post("/events", "{")).status).toBe(400);
    expect((await post("/events", "[]")).text).toContain("Give one event at a time.");
    const good = await post("/events", {
      source: "aws.cloudwatch",
      "detail-type": "CloudWatch Alarm State Change",
      resources: ["arn:aws:cloudwatch:eu-central-1:111122223333:alarm:api-5xx"],
      detail: {
        alarmName: "api-5xx",
        state: { value: "ALARM", reason: "x", timestamp: "2026-03-16T03:00:00.000+0000" },
        previousState: { value: "OK", reason: "y", timestamp: "2026-03-16T02:00:00.000+0000" },
        configuration: { metrics: [] },
      },
    });
    expect([good.status, good.text]).toEqual([202, expect.stringMatching(/^\{"id":"[0-9a-f-]{36}"\}$/)]);
  });

  test("shows the account as the story goes on, and begins another story when asked", async () => {
    expect((await picture()).services.map(({ name, running }) => [name, running])).toEqual([
      ["shop-api", 2],
      ["shop-worker", 2],
    ]);
    await lab.pass(minutes(4));
    const later = await picture();
    expect(later.services[0]?.shares[0]).toMatchObject({ revision: "shop-api:43", bad: true });
    expect(later.marks).toContainEqual({ at: Date.parse("2026-03-16T03:01:00Z"), service: "shop-api", what: "deployment", text: "deploy" });
    // An hour of minutes, without the newest: CloudWatch does not have it yet.
    expect(later.charts[0]?.at.length).toBe(59);

    expect(await post("/api/scenario", { name: "crash-on-boot", seed: 7 })).toMatchObject({ status: 200 });
    expect((await picture()).lab).toMatchObject({ now: Date.parse("2026-03-16T03:00:00Z"), scenario: { name: "crash-on-boot", seed: 7 } });
    expect((await post("/api/scenario", { name: "crash-on-bot" })).text).toBe(
      '{"error":"There is no scenario \\"crash-on-bot\\". `npx nightshift lab list` shows them."}',
    );
    expect((await post("/api/scenario", { name: "crash-on-boot", seed: -1 })).status).toBe(400);
  });

  test("a stream begins with everything and goes on with what changed", async () => {
    const stop = new AbortController();
    const response = await fetch(new URL("/api/stream", lab.url), { signal: stop.signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const next = async (): Promise<readonly string[]> => {
      let text = "";
      while (!text.includes("data: ") || !text.endsWith("\n\n")) text += (await reader?.read())?.value ?? "";
      return Object.keys(JSON.parse(text.slice(text.indexOf("{"))));
    };
    expect(await next()).toEqual(["scenarios", "lab", "slack", "services", "alarms", "queues", "charts", "marks"]);
    await post("/api/speed", { speed: 2 });
    expect(await next()).toEqual(["lab"]);
    stop.abort();
    await post("/api/speed", { speed: 0 });
  });

  test("takes a real Slack's commands, by whatever name it is reached, and shows the answer on the page", async () => {
    await post("/api/scenario", { name: "healthy-but-5xx", seed: 1 });
    const command = "command=%2Fops&text=help&user_id=U0123LEAD&team_id=T1REAL&api_app_id=A0LAB&channel_id=C0456EFGH&trigger_id=1.2.x";
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signed = (secret: string) => ({
      host: "tunnel.example",
      "content-type": "application/x-www-form-urlencoded",
      "x-slack-request-timestamp": timestamp,
      "x-slack-signature": signatureOf(secret, timestamp, Buffer.from(command)),
    });
    const taken = await post("/slack/commands", command, signed(SECRET));
    expect([taken.status, taken.text]).toEqual([200, expect.stringContaining("/ops")]);
    expect(await post("/slack/commands", command, signed("a guess"))).toMatchObject({ status: 401, text: "not accepted" });
    expect((await post("/slack/commands", command, { "content-type": "application/x-www-form-urlencoded" })).status).toBe(401);
  });

  test("people on the page press and type, and what they may not do is said", async () => {
    await post("/api/scenario", { name: "healthy-but-5xx", seed: 1 });
    const said = async () => (await picture()).slack.channels.find(({ name }) => name === "incidents")?.messages.map(({ text, only }) => [only, text]);
    expect((await post("/api/slack/slash", { user: "U0123LEAD", channel: "C0456EFGH", command: "/ops", text: "whoami" })).status).toBe(200);
    await lab.pass(seconds(3));
    expect(await said()).toContainEqual(["U0123LEAD", expect.stringContaining("lead")]);
    expect((await post("/api/slack/reply", { user: "U0123LEAD", channel: "C0456EFGH", text: "looking" })).status).toBe(200);
    expect(await said()).toContainEqual([undefined, "looking"]);
    expect((await post("/api/slack/slash", { user: "U0123LEAD", channel: "C0456EFGH", command: "/deploy", text: "" })).text).toContain(
      "knows one command, /ops",
    );
    expect((await post("/api/slack/press", { user: "U0123LEAD", channel: "C0456EFGH", message: "1.1", action: "ns.ack", type: "button" })).text).toContain(
      "not there any more",
    );
    expect((await post("/api/slack/submit", { view: "V1", answers: {} })).status).toBe(400);
    expect((await post("/api/slack/nothing", {})).status).toBe(404);
    expect((await post("/api/slack/slash", { user: "U0123LEAD", command: "/ops" })).text).toBe('{"error":"\\"channel\\" is missing."}');
  });

  test("no secret is on the page", async () => {
    const text = JSON.stringify(await picture());
    expect([text.includes(SECRET), text.includes("signing"), text.includes("xox")]).toEqual([false, false, false]);
  });

  test("a file that is not there is said so", async () => {
    expect(await send("/files/F0000001")).toMatchObject({ status: 404, text: '{"error":"There is no file F0000001."}' });
    expect((await send("/files/..%2Fpackage.json")).status).toBe(404);
  });

  test("says where nothing is", async () => {
    expect(await send("/nowhere")).toMatchObject({ status: 404, text: '{"error":"There is nothing at GET /nowhere. The page is at /."}' });
    expect((await post("/slack/elsewhere", "{}")).status).toBe(404);
    expect((await send("/constructor")).status).toBe(404);
  });
});
