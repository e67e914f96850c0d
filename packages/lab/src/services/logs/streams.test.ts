import type { FilterLogEventsResponse, GetLogEventsResponse } from "@aws-sdk/client-cloudwatch-logs";
import { seconds } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { TestKernel } from "../../world/testKernel.ts";
import { LogStreams } from "./streams.ts";

describe("log streams", () => {
  const filled = () => {
    const kernel = new TestKernel();
    const logs = new LogStreams(kernel);
    for (const line of ["one", "ERROR two", "three", "ERROR four"]) {
      logs.write({ group: "/ecs/api", stream: "ecs/api/1" }, line);
      kernel.pass(seconds(1));
    }
    return { kernel, logs };
  };
  // The answers' types are the operations' own.
  const get = (logs: LogStreams, more: object) =>
    logs.handle("GetLogEvents", { logGroupName: "/ecs/api", logStreamName: "ecs/api/1", ...more }) as GetLogEventsResponse;
  const filter = (logs: LogStreams, more: object) => logs.handle("FilterLogEvents", { logGroupName: "/ecs/api", ...more }) as FilterLogEventsResponse;

  it("answer the newest lines first by page, oldest first within it, and nothing more at the end", () => {
    const { logs } = filled();
    const page = get(logs, { limit: 2 });
    expect(page.events?.map((one) => one.message)).toEqual(["three", "ERROR four"]);
    expect(get(logs, { limit: 2, startFromHead: true }).events?.map((one) => one.message)).toEqual(["one", "ERROR two"]);
    expect(get(logs, { nextToken: page.nextForwardToken }).events).toEqual([]);
  });

  it("filter by terms and time, page by page", () => {
    const { logs } = filled();
    const first = filter(logs, { filterPattern: "ERROR", limit: 1 });
    expect(first.events?.map((one) => one.message)).toEqual(["ERROR two"]);
    expect(filter(logs, { filterPattern: "ERROR", limit: 1, nextToken: first.nextToken }).events?.map((one) => one.message)).toEqual(["ERROR four"]);
    expect(filter(logs, { startTime: Date.UTC(2026, 10, 18, 12, 0, 2) }).events?.map((one) => one.message)).toEqual(["three", "ERROR four"]);
    expect(() => filter(logs, { filterPattern: "{ $.level = error }" })).toThrow(expect.objectContaining({ name: "InvalidParameterException" }));
  });

  it("refuse what does not exist", () => {
    const { logs } = filled();
    expect(() => get(logs, { logStreamName: "none" })).toThrow(expect.objectContaining({ name: "ResourceNotFoundException" }));
    expect(() => filter(logs, { logGroupName: "none" })).toThrow(expect.objectContaining({ name: "ResourceNotFoundException" }));
  });
});
