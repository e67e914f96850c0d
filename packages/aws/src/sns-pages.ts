import { PublishCommand } from "@aws-sdk/client-sns";
import type { Pages } from "@nightshift/ports";
import type { Reach } from "./reach.ts";

// Source: "Publish", https://docs.aws.amazon.com/sns/latest/api/API_Publish.html, 2026-11-21.
const longestSubject = 100;
const longestText = 200_000;

/** Pages by SNS. The key goes along as an attribute, and as the deduplication id where the topic is FIFO. */
export const pagesFrom = ({ connections, calls }: Reach, topic: string): Pages => ({
  async page(subject, text, key) {
    await calls.change({ operation: "sns:Publish", on: topic }, async () =>
      (await connections.sns()).send(
        new PublishCommand({
          TopicArn: topic,
          Subject: asSubject(subject),
          Message: text.slice(0, longestText) || "(no text)",
          MessageAttributes: { "nightshift-key": { DataType: "String", StringValue: key } },
          ...(topic.endsWith(".fifo") ? { MessageDeduplicationId: key.slice(0, 128), MessageGroupId: "nightshift" } : {}),
        }),
      ),
    );
  },
});

/** SNS takes printable ASCII, one line, fewer than 100 characters, starting with a letter, digit or punctuation. */
const asSubject = (subject: string): string =>
  subject
    .replace(/→/g, "->")
    .replace(/[–—−]/g, "-")
    .replace(/\s+/g, " ")
    .replace(/[^\x20-\x7e]/g, "?")
    .trim()
    .slice(0, longestSubject - 1) || "Nightshift";
