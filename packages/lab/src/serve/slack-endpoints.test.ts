import { epochMs } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { isSlacks, looksSigned, signatureOf } from "../../../../functions/ingress/verify.ts";
import type { SlackHttpRequest } from "./door.ts";
import { inLabTime } from "./slack-endpoints.ts";

const now = epochMs(Date.parse("2026-11-21T15:00:00Z"));
const labNow = epochMs(Date.parse("2026-03-16T03:12:00Z"));
const secrets = { real: "the app's own secret", lab: "the lab's secret" };
const body = "command=%2Fops&text=status";

const request = (at: number, secret: string): SlackHttpRequest => {
  const timestamp = String(at / 1_000);
  return {
    path: "/slack/commands",
    headers: { "x-slack-request-timestamp": timestamp, "x-slack-signature": signatureOf(secret, timestamp, Buffer.from(body)), "content-type": "x" },
    body,
  };
};

/** Whether the lab's ingress would believe it. */
function believed({ headers, body: sent }: SlackHttpRequest): boolean {
  const signed = { body: Buffer.from(sent), timestamp: headers["x-slack-request-timestamp"], signature: headers["x-slack-signature"] };
  return looksSigned(signed, labNow) && isSlacks(signed, [secrets.lab]);
}

describe("a real request on its way into the lab's hour", () => {
  test.each([
    ["signed now", 0, true],
    ["five minutes old", -300_000, true],
    ["five minutes and a second old", -301_000, false],
    ["five minutes ahead", 300_000, true],
    ["five minutes and a second ahead", 301_000, false],
  ])("%s", (_, off, good) => {
    expect(believed(inLabTime(request(now + off, secrets.real), { secrets, now, labNow }))).toBe(good);
  });

  test("what others signed goes on as it came", () => {
    const forged = request(now, "a guess");
    expect(inLabTime(forged, { secrets, now, labNow })).toBe(forged);
  });

  test("the lab's secret does not make a request a real one", () => {
    expect(believed(inLabTime(request(now, secrets.lab), { secrets, now, labNow }))).toBe(false);
  });

  test("neither body nor other headers change", () => {
    const { headers, ...rest } = inLabTime(request(now, secrets.real), { secrets, now, labNow });
    expect(rest).toEqual({ path: "/slack/commands", body });
    expect(headers["content-type"]).toBe("x");
  });
});
