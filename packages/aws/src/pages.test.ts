import { describe, expect, it } from "vitest";
import { allPages, inGroups, type Page } from "./pages.ts";
import { need, refuseFailures } from "./partial.ts";

const call = { operation: "ecs:ListTasks", on: "shop/api" };
const pages = (all: Readonly<Record<string, Page<string>>>) => async (token: string | undefined) => all[token ?? "first"] ?? { items: [], next: undefined };

describe("a list in pages", () => {
  it("is read to its end", async () => {
    expect(await allPages(call, 2, pages({ first: { items: ["a"], next: "2" }, 2: { items: ["b", "c"], next: undefined } }))).toEqual(["a", "b", "c"]);
  });

  it("one page longer than the limit is an error and not a shortened list", async () => {
    const three = pages({ first: { items: ["a"], next: "2" }, 2: { items: ["b"], next: "3" }, 3: { items: ["c"], next: undefined } });
    await expect(allPages(call, 2, three)).rejects.toMatchObject({ kind: "unsupported" });
    expect(await allPages(call, 3, three)).toEqual(["a", "b", "c"]);
  });

  it("whose token comes back is an error and not a loop", async () => {
    await expect(allPages(call, 9, pages({ first: { items: [], next: "2" }, 2: { items: [], next: "2" } }))).rejects.toMatchObject({ kind: "unsupported" });
  });

  it("an empty token ends the list", async () => {
    expect(await allPages(call, 1, async () => ({ items: [1], next: "" }))).toEqual([1]);
  });
});

it("groups hold at most their size", () => {
  expect(inGroups([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(inGroups([], 2)).toEqual([]);
});

describe("failures beside results", () => {
  it("none is fine", () => {
    expect(() => refuseFailures(call, undefined)).not.toThrow();
    expect(() => refuseFailures(call, [])).not.toThrow();
  });

  it("a missing thing is not found, and named", () => {
    expect(() => refuseFailures(call, [{ arn: "arn:x", reason: "MISSING" }])).toThrow(
      expect.objectContaining({ kind: "not-found", message: "ecs:ListTasks on shop/api: partial answer: arn:x MISSING" }),
    );
  });

  it("any other reason, or none, is not absence", () => {
    expect(() => refuseFailures(call, [{ arn: "arn:x", reason: "ACCESS" }])).toThrow(expect.objectContaining({ kind: "unavailable" }));
    expect(() => refuseFailures(call, [{ arn: "arn:x", reason: "MISSING" }, {}])).toThrow(expect.objectContaining({ kind: "unavailable" }));
  });

  it("a field that is not there is named and never guessed", () => {
    expect(() => need(call, "taskDefinition", undefined)).toThrow("the answer has no taskDefinition");
    expect(need(call, "desiredCount", 0)).toBe(0);
  });
});
