import { PublishCommand } from "@aws-sdk/client-sns";
import { type EpochMs, type Severity, utc } from "@nightshift/model";
import type { Pages } from "@nightshift/ports";
import type { Reach } from "./reach.ts";

// Sources: "Publish", https://docs.aws.amazon.com/sns/latest/api/API_Publish.html, 2026-11-21 (256 KiB a message with all its protocols;
// a text message holds 140 ASCII characters, beyond which it is sent, and paid for, in several parts).
const longestSubject = 99;
const longestText = 10_000;
const longestSms = 140;
/** What CloudWatch allows an alarm's reason (API_PutMetricAlarm and API_SetAlarmState, https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/, 2026-11-21: 1,023). */
const longestReason = 1_000;
/** And its description (the same pages: 1,024). */
const longestDescription = 1_000;
/** Of a text message, for what it is about, however long the incident's id: rather two parts than an id alone. */
const shortestSms = 60;

type Page = Parameters<Pages["page"]>[0];

/** The ARN of each severity's topic. */
export type PageTopics = Readonly<Record<Severity, string>>;

/**
 * Pages by SNS, one topic a severity; each kind of subscriber gets what it can use: phones one short line, e-mail the text, and
 * HTTPS the message of a CloudWatch alarm, which PagerDuty's and Opsgenie's CloudWatch integrations read. All pages of one
 * incident carry its id as the alarm's name, so that the last one, `OK`, closes what the first one opened there. Subjects begin
 * with the state because PagerDuty drops messages whose subject and state differ.
 * Sources: "message structure", https://docs.aws.amazon.com/sdk-for-kotlin/api/latest/sns/aws.sdk.kotlin.services.sns.model/-publish-request/message-structure.html;
 * "Pagerduty Cloudwatch integration", http://cetinich.net/content/2022/cloudwatch-pagerduty-sns/ (a measurement; PagerDuty does not document it);
 * "AWS CloudWatch", https://opsknight.com/docs/v1/integrations/cloud/aws-cloudwatch (the alarm's fields), 2026-11-21.
 */
export const pagesFrom = ({ connections, calls, clock }: Reach, topicOf: (severity: Severity) => string): Pages => ({
  async page(page) {
    const topic = topicOf(page.severity);
    const message = messageOf(page, topic, clock.now());
    await calls.change({ operation: "sns:Publish", on: topic }, async () =>
      (await connections.sns()).send(
        new PublishCommand({
          TopicArn: topic,
          Subject: asLine(`${stateOf(page)}: ${page.subject}`, longestSubject),
          MessageStructure: "json",
          Message: JSON.stringify(message),
          MessageAttributes: {
            "nightshift-key": { DataType: "String", StringValue: page.key },
            severity: { DataType: "String", StringValue: page.severity },
          },
        }),
      ),
    );
  },
});

const stateOf = ({ resolved }: Page): "OK" | "ALARM" => (resolved === true ? "OK" : "ALARM");

/** One text for each protocol; those that are not named get `default`. */
function messageOf(page: Page, topic: string, now: EpochMs): Readonly<Record<"default" | "sms" | "https", string>> {
  const text = upTo(page.text, longestText) || "(no text)";
  const { incident } = page;
  // The id last and whole: it is what a person answers with.
  const end = incident === undefined ? "" : ` ${incident}`;
  return {
    default: text,
    sms: `${asLine(page.subject, Math.max(shortestSms, longestSms - end.length))}${end}`,
    https: JSON.stringify(alarmOf(page, { topic, text, now })),
  };
}

/** The page in the words of a CloudWatch alarm's notification. */
function alarmOf(page: Page, { topic, text, now }: { readonly topic: string; readonly text: string; readonly now: EpochMs }) {
  const [, , , region = "", account = ""] = topic.split(":");
  const state = stateOf(page);
  return {
    AlarmName: page.incident ?? page.key,
    AlarmDescription: upTo(page.subject, longestDescription),
    AWSAccountId: account,
    NewStateValue: state,
    NewStateReason: upTo(text, longestReason),
    StateChangeTime: sayTime(now),
    Region: region,
    OldStateValue: state === "OK" ? "ALARM" : "OK",
    Trigger: {
      Namespace: "Nightshift",
      MetricName: "Incident",
      Dimensions: [{ name: "Severity", value: page.severity }],
      Statistic: "MAXIMUM",
      Period: 60,
      EvaluationPeriods: 1,
      ComparisonOperator: "GreaterThanThreshold",
      Threshold: 0,
    },
  };
}

/** `2026-11-21T09:00:00.000+0000`, as CloudWatch writes it. */
function sayTime(at: EpochMs): string {
  const { year, month, day, hour, minute, second } = utc(at);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}.${String(at % 1_000).padStart(3, "0")}+0000`;
}

/** The beginning of a text, whole lines where there are several: what matters most comes first in a page. */
function upTo(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const cut = text.slice(0, longest - 2);
  const line = cut.lastIndexOf("\n");
  return line > 0 ? `${cut.slice(0, line)}\n…` : `${cut.toWellFormed()}…`;
}

/** Subjects and text messages: printable ASCII, one line. */
const asLine = (line: string, longest: number): string =>
  line
    .replace(/→/g, "->")
    .replace(/[–—−·]/g, "-")
    .replace(/\s+/g, " ")
    .replace(/[^\x20-\x7e]/g, "?")
    .trim()
    .slice(0, longest)
    .trimEnd();
