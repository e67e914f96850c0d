/// <reference path="../.sst/platform/config.d.ts" />
import type { Severity } from "@nightshift/model";
import { here, logical, named } from "./names.ts";

/** The topic of each severity. */
export type PageTopics = Readonly<Record<Severity, sst.aws.SnsTopic>>;

/**
 * The way to people that does not depend on Slack: a topic a severity, so that PagerDuty, Opsgenie, phones and mailboxes are
 * subscribed to what they are for (I5). Alarms of the watcher itself go to P2's.
 * Not encrypted with the key that AWS manages for SNS: CloudWatch alarms cannot publish to such a topic
 * (re:Post knowledge centre, "CloudWatch alarm SNS encrypted topic", read 2026-11-21).
 */
export const pages = (): PageTopics => ({ P1: topicOf("P1"), P2: topicOf("P2"), P3: topicOf("P3"), P4: topicOf("P4") });

function topicOf(severity: Severity): sst.aws.SnsTopic {
  const name = `pages-${severity.toLowerCase()}`;
  const topic = new sst.aws.SnsTopic(logical(name), { transform: { topic: { name: named(name), displayName: `Nightshift ${severity}` } } });
  const { account } = here();
  const policy = aws.iam.getPolicyDocumentOutput({
    statements: [
      {
        sid: "AlarmsOfThisAccount",
        actions: ["sns:Publish"],
        resources: [topic.arn],
        principals: [{ type: "Service", identifiers: ["cloudwatch.amazonaws.com"] }],
        conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [account] }],
      },
    ],
  });
  new aws.sns.TopicPolicy(`${logical(name)}Policy`, { arn: topic.arn, policy: policy.json });
  return topic;
}
