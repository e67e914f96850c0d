import { describe, expect, it } from "vitest";
import { EnvironmentError, readEnvironment } from "./environment.ts";

const given = {
  AWS_REGION: "eu-central-1",
  STAGE: "production",
  LEDGER_TABLE: "nightshift-ledger",
  AUDIT_TABLE: "nightshift-audit",
  EVIDENCE_BUCKET: "nightshift-evidence",
  PAGE_TOPIC_ARN: "arn:aws:sns:eu-central-1:123456789012:page",
  PAGE_P1_TOPIC_ARN: "arn:aws:sns:eu-central-1:123456789012:page-p1",
  PAGE_P2_TOPIC_ARN: "arn:aws:sns:eu-central-1:123456789012:page-p2",
  PAGE_P3_TOPIC_ARN: "arn:aws:sns:eu-central-1:123456789012:page-p3",
  PAGE_P4_TOPIC_ARN: "arn:aws:sns:eu-central-1:123456789012:page-p4",
  OUTBOX_QUEUE_URL: "https://sqs.eu-central-1.amazonaws.com/123456789012/outbox.fifo",
  COMMANDS_QUEUE_URL: "https://sqs.eu-central-1.amazonaws.com/123456789012/commands",
  WAR_ROOM_FUNCTION_ARN: "arn:aws:lambda:eu-central-1:123456789012:function:war-room:7",
  SLACK_SIGNING_PARAMETER: "/nightshift/production/slack-signing",
  SLACK_TEAM: "T0123ABCD",
  SLACK_APP: "A0123ABCD",
  COMMAND_NAMES: "{}",
  EVENTS_QUEUE_URL: "https://sqs.eu-central-1.amazonaws.com/123456789012/events",
  SCALER_FUNCTION_ARN: "arn:aws:lambda:eu-central-1:123456789012:function:scaler",
  BROKER_PARAMETERS: "/nightshift/production/",
  DEAD_LETTER_QUEUE_URL: "https://sqs.eu-central-1.amazonaws.com/123456789012/dead",
  GUARD_FUNCTION_ARN: "arn:aws:lambda:eu-central-1:123456789012:function:guard:7",
  SLACK_TOKEN_PARAMETER: "/nightshift/production/slack",
  BACKUP_BUCKET: "nightshift-backups",
  RUNNER_CLUSTER: "nightshift",
  RUNNER_TASK_DEFINITIONS:
    '{"shop":"arn:aws:ecs:eu-central-1:123456789012:task-definition/nightshift-shop:3","carts":"arn:aws:ecs:eu-central-1:123456789012:task-definition/nightshift-carts:12"}',
  RUNNER_RESTORE_DEFINITIONS: "{}",
  RUNNER_SUBNETS: "subnet-0a,subnet-0b",
  RUNNER_SECURITY_GROUPS: "sg-0a",
  RUNNER_PUBLIC_ADDRESS: "DISABLED",
};

describe("the environment of a function", () => {
  it("is read when it is as the stacks set it", () => {
    expect(readEnvironment(["AWS_REGION", "LEDGER_TABLE"], given)).toEqual(given);
  });

  it("what a function does not need may be absent", () => {
    expect(readEnvironment(["AWS_REGION"], { AWS_REGION: "us-gov-west-1" })).toEqual({ AWS_REGION: "us-gov-west-1" });
  });

  it("every problem is told at once, and no value is shown", () => {
    const read = () =>
      readEnvironment(["AWS_REGION", "LEDGER_TABLE"], { LEDGER_TABLE: "a b", GUARD_FUNCTION_ARN: "arn:aws:lambda:eu-central-1:123456789012:function:guard" });
    expect(read).toThrow(EnvironmentError);
    try {
      read();
    } catch (error) {
      expect(error instanceof EnvironmentError && error.problems).toEqual([
        "AWS_REGION is not set (a region such as eu-central-1)",
        "LEDGER_TABLE is not a DynamoDB table name",
        "GUARD_FUNCTION_ARN is not a function ARN with version or alias: durable functions are invoked by one",
      ]);
    }
  });

  it("the outbox keeps an order, so its queue is a FIFO queue", () => {
    const url = "https://sqs.eu-central-1.amazonaws.com/123456789012/outbox";
    expect(() => readEnvironment(["OUTBOX_QUEUE_URL"], { OUTBOX_QUEUE_URL: url })).toThrow("OUTBOX_QUEUE_URL is not the URL of an SQS FIFO queue");
    expect(readEnvironment(["OUTBOX_QUEUE_URL"], { OUTBOX_QUEUE_URL: `${url}.fifo` })).toEqual({ OUTBOX_QUEUE_URL: `${url}.fifo` });
  });

  it.each(["nightshift/production/", "/nightshift/production", "/", "/nightshift//"])("%s is no beginning of parameter names", (beginning) => {
    expect(() => readEnvironment(["BROKER_PARAMETERS"], { BROKER_PARAMETERS: beginning })).toThrow(
      "BROKER_PARAMETERS is not the beginning of SSM parameter names, with a slash at both ends",
    );
  });

  it("the scaler is a plain function: its ARN needs no version, and may have one", () => {
    const arn = "arn:aws:lambda:eu-central-1:123456789012:function:nightshift-scaler";
    for (const one of [arn, `${arn}:7`]) expect(readEnvironment(["SCALER_FUNCTION_ARN"], { SCALER_FUNCTION_ARN: one }).SCALER_FUNCTION_ARN).toBe(one);
  });

  it.each(["", "{}", '{"shop":"arn:aws:ecs:eu-central-1:123456789012:task-definition/nightshift-shop:3"}'])(
    "%j may name the runners' task definitions",
    (definitions) => {
      expect(readEnvironment([], { RUNNER_TASK_DEFINITIONS: definitions }).RUNNER_TASK_DEFINITIONS).toBe(definitions === "" ? undefined : definitions);
    },
  );

  it.each([
    '{"shop":"nightshift-shop"}',
    '{"shop":"arn:aws:ecs:eu-central-1:123456789012:task-definition/nightshift-shop:3",}',
    '{"shop":"arn:aws:ecs:eu-central-1:123456789012:task-definition/nightshift-shop"}',
    "shop",
  ])("%s names no runners' task definitions", (definitions) => {
    expect(() => readEnvironment([], { RUNNER_TASK_DEFINITIONS: definitions })).toThrow("RUNNER_TASK_DEFINITIONS is not ARNs of task definitions");
  });

  it("an empty variable is not set", () => {
    expect(() => readEnvironment(["STAGE"], { STAGE: "" })).toThrow("STAGE is not set");
  });
});
