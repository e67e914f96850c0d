import { describe, expect, it } from "vitest";
import { pagesFrom } from "./sns-pages.ts";
import { answering } from "./testing/answering.ts";

const topicOf = (severity: string) => `arn:aws:sns:eu-central-1:123456789012:pages-${severity.toLowerCase()}`;
const paged = async (page: Partial<Parameters<ReturnType<typeof pagesFrom>["page"]>[0]>) => {
  const { reach, sent } = answering({ Publish: () => ({ MessageId: "1" }) });
  await pagesFrom(reach, topicOf).page({
    severity: "P1",
    subject: "[shop-api] P1 5xx 41 %",
    text: "It burns.",
    key: "INC-1/page/1",
    incident: "INC-1",
    ...page,
  });
  const input = sent[0]?.input as { readonly Message: string; readonly Subject: string }; // what PublishCommand was given
  // The adapter has just written both.
  const message = JSON.parse(input.Message) as Readonly<Record<string, string>>;
  return { input, message, alarm: JSON.parse(message["https"] ?? "") as Readonly<Record<string, unknown>> };
};

describe("a page", () => {
  it("goes to the topic of its severity, with the key and the severity beside it", async () => {
    expect((await paged({})).input).toMatchObject({
      TopicArn: "arn:aws:sns:eu-central-1:123456789012:pages-p1",
      Subject: "ALARM: [shop-api] P1 5xx 41 %",
      MessageStructure: "json",
      MessageAttributes: {
        "nightshift-key": { DataType: "String", StringValue: "INC-1/page/1" },
        severity: { DataType: "String", StringValue: "P1" },
      },
    });
    expect((await paged({ severity: "P3" })).input).toMatchObject({ TopicArn: "arn:aws:sns:eu-central-1:123456789012:pages-p3" });
  });

  it("is a CloudWatch alarm to HTTPS subscribers, named after the incident", async () => {
    expect((await paged({})).alarm).toEqual({
      AlarmName: "INC-1",
      AlarmDescription: "[shop-api] P1 5xx 41 %",
      AWSAccountId: "123456789012",
      NewStateValue: "ALARM",
      NewStateReason: "It burns.",
      StateChangeTime: "2026-11-21T09:00:00.000+0000",
      Region: "eu-central-1",
      OldStateValue: "OK",
      Trigger: {
        Namespace: "Nightshift",
        MetricName: "Incident",
        Dimensions: [{ name: "Severity", value: "P1" }],
        Statistic: "MAXIMUM",
        Period: 60,
        EvaluationPeriods: 1,
        ComparisonOperator: "GreaterThanThreshold",
        Threshold: 0,
      },
    });
  });

  it("that it is over closes the same alarm, and its subject says the same state", async () => {
    const { alarm, input } = await paged({ resolved: true });
    expect(alarm).toMatchObject({ AlarmName: "INC-1", NewStateValue: "OK", OldStateValue: "ALARM" });
    expect(input.Subject).toBe("OK: [shop-api] P1 5xx 41 %");
  });

  it("about no incident is named by its key", async () => {
    expect((await paged({ key: "heartbeat/slack/1", incident: undefined } as never)).alarm).toMatchObject({ AlarmName: "heartbeat/slack/1" });
  });

  it("fits one text message, with the incident's id whole at its end", async () => {
    expect((await paged({})).message["sms"]).toBe("[shop-api] P1 5xx 41 % INC-1");
    const long = (await paged({ subject: `api:43 → 42\n${"é".repeat(300)}`, incident: "INC-260316-0312-shop-api-7f3a" })).message["sms"] ?? "";
    expect(long).toMatch(/^api:43 -> 42 \?{30}.* INC-260316-0312-shop-api-7f3a$/);
    expect(long).toHaveLength(140);
    expect((await paged({ subject: "[shop-api] [P1] open · 5xx − 41 %" })).message["sms"]).toBe("[shop-api] [P1] open - 5xx - 41 % INC-1");
  });

  it("that is too long for a pager ends after a whole line, and begins as it did", async () => {
    const lines = Array.from({ length: 400 }, (_, n) => `03:00:00  line ${399 - n} of the incident`);
    const { message, alarm } = await paged({ text: ["Nobody answered for 5 m.", ...lines].join("\n") });
    expect(String(alarm["NewStateReason"])).toMatch(/^Nobody answered for 5 m\.\n03:00:00 {2}line 399 of the incident\n(.*of the incident\n)+…$/);
    expect(String(alarm["NewStateReason"]).length).toBeLessThanOrEqual(1_000);
    expect(message["default"]).toMatch(/^Nobody answered for 5 m\.\n(.*of the incident\n)+…$/);
    const exact = `${"x".repeat(500)}\n${"y".repeat(499)}`;
    expect((await paged({ text: exact })).alarm["NewStateReason"]).toBe(exact);
    expect((await paged({ text: `${exact}z` })).alarm["NewStateReason"]).toBe(`${"x".repeat(500)}\n…`);
  });

  it("says what it is about in a text message even where the incident's id is very long", async () => {
    const incident = `INC-260316-0312-${"s".repeat(200)}-7f3a`;
    expect((await paged({ subject: `[shop-api] [P1] open ${"x".repeat(200)}`, incident })).message["sms"]).toBe(
      `[shop-api] [P1] open ${"x".repeat(39)} ${incident}`,
    );
  });

  it("keeps within what SNS takes, however long or odd the text", async () => {
    const { input, alarm, message } = await paged({ subject: "x".repeat(500), text: "\u0001é".repeat(200_000) });
    expect(input.Subject).toHaveLength(99);
    expect(new TextEncoder().encode(input.Message).length).toBeLessThan(262_144);
    expect(message["default"]).toHaveLength(9_999);
    expect(alarm["NewStateReason"]).toHaveLength(999);
    expect(alarm["AlarmDescription"]).toBe("x".repeat(500));
    expect((await paged({ subject: "x".repeat(1_001) })).alarm["AlarmDescription"]).toBe(`${"x".repeat(998)}…`);
    expect((await paged({ text: "" })).message["default"]).toBe("(no text)");
  });
});
