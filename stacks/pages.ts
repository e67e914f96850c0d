/// <reference path="../.sst/platform/config.d.ts" />
import { here, named } from "./names.ts";

/**
 * The way to people that does not depend on Slack: pages of the notifier, and the alarms of the watcher itself.
 * Not encrypted with the key that AWS manages for SNS: CloudWatch alarms cannot publish to such a topic
 * (re:Post knowledge centre, "CloudWatch alarm SNS encrypted topic", read 2026-11-21).
 */
export function pages() {
  const topic = new sst.aws.SnsTopic("Pages", { transform: { topic: { name: named("pages"), displayName: "Nightshift" } } });
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
  new aws.sns.TopicPolicy("PagesPolicy", { arn: topic.arn, policy: policy.json });
  return topic;
}
