import { beforeAll, describe, expect, test } from "vitest";
import { manifests } from "../../functions/index.ts";
import { type Stage, synthChild } from "./synth-child.ts";

let dev: Stage;
beforeAll(async () => {
  dev = await synthChild("dev");
});

describe("the watcher watched", () => {
  test("every function has an alarm for errors and throttles, and each alarm is told by SNS", () => {
    const alarms = dev.of("aws:cloudwatch/metricAlarm:MetricAlarm").map(({ inputs }) => inputs);
    const names = alarms.map(({ name }) => name);
    for (const { name } of manifests) expect(names).toEqual(expect.arrayContaining([`nightshift-dev-${name}-errors`, `nightshift-dev-${name}-throttles`]));
    const own = alarms.filter(({ name }) => !String(name).endsWith("-backlog"));
    for (const alarm of own) expect(alarm.alarmActions).toEqual(["arn:aws:sns:eu-west-1:123456789012:nightshift-dev-pages-p2"]);
  });

  test("dead letters, late events, a late notifier, a lost watch and a missing sweep ring too", () => {
    const names = dev.of("aws:cloudwatch/metricAlarm:MetricAlarm").map(({ inputs }) => inputs.name);
    expect(names).toEqual(
      expect.arrayContaining(
        [
          "dead-letters",
          "events-late",
          "outbox-late",
          "outbox-dead-letters",
          "commands-late",
          "relay-late",
          "guard-executions-failed",
          "guard-executions-timed-out",
          "war-room-executions-failed",
          "war-room-executions-timed-out",
          "sweep-missing",
          "scaler-missing",
          "heartbeat-missing",
        ].map((what) => `nightshift-dev-${what}`),
      ),
    );
  });
});
