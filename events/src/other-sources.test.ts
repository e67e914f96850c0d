import { expect, test } from "vitest";
import { sampleText } from "../samples/load.ts";
import { parseEvent, parseEventText } from "./parse.ts";

const read = (name: string) => parseEventText(sampleText(name));
const withDetail = (name: string, detail: object): unknown => {
  const event = JSON.parse(sampleText(name));
  return { ...event, detail: { ...event.detail, ...detail } };
};

test("a CodeDeploy notification names application, group, deployment and state", () => {
  expect(read("codedeploy-failure")).toMatchObject({
    kind: "codedeploy-changed",
    application: "shop",
    deploymentGroup: "shop-api",
    deployment: "d-7KQ2M4X9C",
    state: "FAILURE",
  });
  expect(() => parseEvent(withDetail("codedeploy-failure", { state: "Failed" }))).toThrow(
    'detail.state: expected "START" or "SUCCESS" or "FAILURE" or "STOP" or "READY", got the string "Failed"',
  );
});

test("a snapshot keeps the name RDS gives it", () => {
  expect(read("rds-snapshot-manual")).toMatchObject({
    kind: "snapshot-changed",
    snapshot: "shop-before-43",
    eventId: "RDS-EVENT-0042",
    categories: ["creation"],
    message: "Manual snapshot created",
    happenedAt: 1_795_228_273_882,
  });
  expect(read("rds-snapshot-automated")).toMatchObject({ snapshot: "rds:shop-prod-2026-11-21-03-00", eventId: "RDS-EVENT-0091" });
});

test("the older form without an event id is read", () => {
  expect(read("rds-snapshot-deleted")).toMatchObject({ eventId: undefined, message: "Deleted manual snapshot" });
});

test("an instance is named without the prefix that AWS's example puts before it", () => {
  expect(read("rds-instance-failover")).toMatchObject({
    kind: "instance-changed",
    instance: "shop-prod",
    arn: "arn:aws:rds:eu-west-1:123456789012:db:shop-prod",
  });
  expect(parseEvent(withDetail("rds-instance-failover", { SourceIdentifier: "rds:shop-prod" }))).toMatchObject({ instance: "shop-prod" });
});

test("a snapshot event that calls itself an instance's is refused", () => {
  expect(() => parseEvent(withDetail("rds-snapshot-manual", { SourceType: "DB_INSTANCE" }))).toThrow(
    'detail.SourceType: expected "SNAPSHOT", got the string "DB_INSTANCE"',
  );
});

test("a cluster and its snapshots are told apart", () => {
  expect(read("rds-cluster-failover")).toMatchObject({ kind: "cluster-changed", what: "cluster", name: "shop-aurora", eventId: "RDS-EVENT-0071" });
  expect(read("rds-cluster-snapshot")).toMatchObject({ kind: "cluster-changed", what: "snapshot", name: "shop-aurora-before-43", categories: ["backup"] });
});

test("a restore that AWS Backup finished names its job and what it made; what it made may be left out", () => {
  expect(read("backup-restore-test")).toMatchObject({
    kind: "restore-finished",
    job: "7D21A6C4-1F0B-4E55-9A38-0C9E5B7D1A42",
    status: "COMPLETED",
    created: "arn:aws:rds:eu-west-1:123456789012:db:awsbackup-restore-test-5f1c",
  });
  expect(parseEvent(withDetail("backup-restore-test", { createdResourceArn: undefined }))).toMatchObject({ created: undefined });
});

test("a rule with a schedule and both forms of EventBridge Scheduler are one kind of event", () => {
  expect(read("schedule-rule")).toMatchObject({ kind: "schedule-fired", schedule: "nightshift-sweep", at: 1_795_230_000_000, attempt: undefined });
  expect(read("scheduler-default")).toMatchObject({ kind: "schedule-fired", schedule: "nightshift-sweep", attempt: undefined });
  expect(read("scheduler-input")).toMatchObject({
    kind: "schedule-fired",
    schedule: "sweep",
    at: 1_795_230_000_000,
    attempt: 1,
    account: "123456789012",
    region: "eu-west-1",
  });
});

test("a second attempt of a schedule is the same piece of work", () => {
  const first = JSON.parse(sampleText("scheduler-input"));
  const second = { ...first, executionId: "another", attemptNumber: "2" };
  expect(parseEvent(second)).toMatchObject({ id: parseEvent(first).id, attempt: 2 });
});

test("a keyword that Scheduler did not replace is refused", () => {
  expect(() => parseEvent({ ...JSON.parse(sampleText("scheduler-input")), scheduledTime: "<aws.scheduler.scheduled-time>" })).toThrow(
    "scheduledTime: expected a time with its zone",
  );
});

test("a migration note says what the database now needs", () => {
  expect(read("nightshift-migration")).toMatchObject({
    kind: "change-noted",
    service: "shop-api",
    note: {
      service: "shop-api",
      kind: "migration",
      at: 1_795_226_980_000,
      schemaHead: "0043_orders_currency",
      commit: "8f2d1c7",
      pullRequest: "#512",
      reversible: false,
    },
  });
});

test("a deployment note has only what was said", () => {
  const { commit, service } = { commit: "8f2d1c7", service: "shop-api" };
  const event = parseEvent({ ...JSON.parse(sampleText("nightshift-deployment")), detail: { commit, service } });
  expect(event.kind === "change-noted" && event.note).toEqual({ service: "shop-api", kind: "deployment", at: 1_795_226_980_000, commit: "8f2d1c7" });
});

test("a word of 200 characters in a note is read, one of 201 is not", () => {
  expect(parseEvent(withDetail("nightshift-deployment", { commit: "c".repeat(200) })).kind).toBe("change-noted");
  expect(() => parseEvent(withDetail("nightshift-deployment", { commit: "c".repeat(201) }))).toThrow(
    "detail.commit: expected a string of at most 200 characters",
  );
});

test.each(["", "shop api", "a/b", "x".repeat(256)])("a note about the service %j is refused", (service) => {
  expect(() => parseEvent(withDetail("nightshift-migration", { service }))).toThrow("detail.service: expected the name of an ECS service");
});
