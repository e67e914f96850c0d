import { describe, expect, it } from "vitest";
import { problems, type ServiceModel } from "./service-models.ts";

const model: ServiceModel = {
  operations: {},
  shapes: {
    Request: {
      type: "structure",
      required: ["service"],
      members: {
        service: { shape: "Text" },
        count: { shape: "Number" },
        state: { shape: "State" },
        names: { shape: "Names" },
        at: { shape: "Moment" },
        tags: { shape: "Tags" },
      },
    },
    Text: { type: "string" },
    Number: { type: "integer" },
    State: { type: "string", enum: ["ON", "OFF"] },
    Names: { type: "list", member: { shape: "Text" }, max: 2 },
    Moment: { type: "timestamp" },
    Tags: { type: "map", value: { shape: "Text" } },
  },
};

describe("a value by its shape", () => {
  it("is fine with what the service knows", () => {
    expect(
      problems(model, "Request", { service: "api", count: 0, state: "ON", names: ["a", "b"], at: new Date(0), tags: { a: "b" }, $metadata: {} }, "r"),
    ).toEqual([]);
  });

  it.each([
    [{}, "r.service: required"],
    [{ service: "api", desiredCount: 1 }, "r.desiredCount: the service has no such member"],
    [{ service: 1 }, "r.service: expected text"],
    [{ service: "api", count: "1" }, "r.count: expected a number"],
    [{ service: "api", state: "BROKEN" }, "r.state: BROKEN is not one of ON, OFF"],
    [{ service: "api", names: ["a", "b", "c"] }, "r.names: more than 2 items"],
    [{ service: "api", names: ["a", 2] }, "r.names[1]: expected text"],
    [{ service: "api", at: 0 }, "r.at: expected a Date"],
    [{ service: "api", tags: { a: 1 } }, "r.tags.a: expected text"],
  ])("%j: %s", (value, problem) => {
    expect(problems(model, "Request", value, "r")).toEqual([problem]);
  });
});
