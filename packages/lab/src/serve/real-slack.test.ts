import { epochMs } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { isSlacks, looksSigned, signatureOf } from "../../../../functions/ingress/verify.ts";
import { SlackWorkspace } from "../slack/workspace.ts";
import type { SlackHttpRequest } from "./door.ts";
import { RealSlack } from "./real-slack.ts";

const now = epochMs(Date.parse("2026-11-21T15:00:00Z"));
const labNow = epochMs(Date.parse("2026-03-16T03:12:00Z"));
const secrets = { real: "the app's own secret", lab: "the lab's secret" };
const command = "command=%2Fops&text=status&team_id=T1REAL&user_id=U1REAL&channel_id=C1REAL&trigger_id=7.8.x&response_url=https%3A%2F%2Fhooks.slack.com%2Fa";

const request = (at: number, secret: string, body = command): SlackHttpRequest => {
  const timestamp = String(at / 1_000);
  return {
    path: "/slack/commands",
    headers: { "x-slack-request-timestamp": timestamp, "x-slack-signature": signatureOf(secret, timestamp, Buffer.from(body)), "content-type": "x" },
    body,
  };
};

function world() {
  const slack = new SlackWorkspace(() => labNow);
  const real = new RealSlack({ signingSecret: secrets.real, ids: { T1REAL: "T0LAB", U1REAL: "U0123LEAD" } });
  return (sent: SlackHttpRequest) => real.intoLab(sent, now, { slack, signingSecret: secrets.lab, now: labNow });
}

/** Whether the lab's ingress would believe it. */
function believed({ headers, body: sent }: SlackHttpRequest): boolean {
  const signed = { body: Buffer.from(sent), timestamp: headers["x-slack-request-timestamp"], signature: headers["x-slack-signature"] };
  return looksSigned(signed, labNow) && isSlacks(signed, [secrets.lab]);
}

describe("a real request on its way into the lab", () => {
  test.each([
    ["signed now", 0, true],
    ["five minutes old", -300_000, true],
    ["five minutes and a second old", -301_000, false],
    ["five minutes ahead", 300_000, true],
    ["five minutes and a second ahead", 301_000, false],
  ])("%s", (_, off, good) => {
    expect(believed(world()(request(now + off, secrets.real)))).toBe(good);
  });

  test("what others signed goes on as it came", () => {
    const forged = request(now, "a guess");
    expect(world()(forged)).toBe(forged);
  });

  test("the lab's secret does not make a request a real one", () => {
    expect(believed(world()(request(now, secrets.lab)))).toBe(false);
  });

  test("a request that comes again is the same again, so that it is refused the second time", () => {
    const intoLab = world();
    expect(intoLab(request(now, secrets.real))).toBe(intoLab(request(now, secrets.real)));
  });

  test("real ids become the lab's; answers and forms come to the lab", () => {
    const { body, headers } = world()(request(now, secrets.real));
    expect(Object.fromEntries(new URLSearchParams(body))).toMatchObject({
      command: "/ops",
      text: "status",
      team_id: "T0LAB",
      user_id: "U0123LEAD",
      channel_id: "C1REAL",
      trigger_id: expect.stringMatching(/\.u0123lead$/),
      response_url: expect.stringMatching(/T0LAB\/\d+$/),
    });
    expect(headers["content-type"]).toBe("x");
  });

  test("the same in a button's payload; an event's body keeps its form", () => {
    const payload = JSON.stringify({
      type: "block_actions",
      user: { id: "U1REAL" },
      channel: { id: "C1REAL" },
      trigger_id: "1",
      response_url: "https://hooks.slack.com/b",
    });
    const pressed = world()(request(now, secrets.real, new URLSearchParams({ payload }).toString()));
    expect(JSON.parse(new URLSearchParams(pressed.body).get("payload") ?? "")).toMatchObject({
      user: { id: "U0123LEAD" },
      trigger_id: expect.stringMatching(/\.u0123lead$/),
      response_url: expect.stringMatching(/T0LAB\/\d+$/),
    });
    expect(world()(request(now, secrets.real, '{"team_id":"T1REAL"}')).body).toBe('{"team_id":"T0LAB"}');
  });
});
