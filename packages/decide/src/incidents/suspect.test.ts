import { type ChangeNote, ecsDeploymentId, minutes, serviceName, type WatchRecord } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { second } from "./fold.fixture.ts";
import { sameChange, suspectOf } from "./suspect.ts";

const note = (at: number, over: Partial<ChangeNote> = {}): ChangeNote => ({ service: serviceName("api"), kind: "deployment", at: second(at), ...over });
const watch = (at: number): WatchRecord => ({
  group: "shop",
  key: "guard/shop/ecs-svc/1",
  members: { api: ecsDeploymentId("ecs-svc/1") },
  openedAt: second(at),
  state: "watching",
  ours: [],
  tailUntil: second(90_000),
  verdict: undefined,
});
const found = (notes: readonly ChangeNote[], watches: readonly WatchRecord[] = []) => suspectOf({ notes, watches }, second(0), minutes(30));

describe("the change that is suspected", () => {
  test.each<[string, ReturnType<typeof found>, ReturnType<typeof found>]>([
    ["none is known", found([]), undefined],
    ["one exactly 30 minutes before", found([note(-1_800)]), { what: "deployment of api", at: second(-1_800) }],
    ["one a second earlier", found([note(-1_801)]), undefined],
    ["one at that moment", found([note(0)]), { what: "deployment of api", at: second(0) }],
    ["one after it", found([note(1)]), undefined],
    ["the newest of two", found([note(-60, { kind: "migration", schemaHead: "0042" }), note(-300)]), { what: "migration of api to 0042", at: second(-60) }],
    [
      "a deployment that ECS told of, with the commit that CI told of a moment before",
      found([note(-90, { commit: "c0ffee", pullRequest: "#12" })], [watch(-60)]),
      { what: "deployment of api", at: second(-60), commit: "c0ffee", pullRequest: "#12" },
    ],
    ["a deployment long after the note", found([note(-1_000, { commit: "c0ffee" })], [watch(-60)]), { what: "deployment of api", at: second(-60) }],
  ])("%s", (_, suspect, expected) => {
    expect(suspect).toEqual(expected);
  });
});

test.each([
  [
    "the same commit in two services",
    { what: "deployment of api", at: second(1), commit: "c0ffee" },
    { what: "deployment of worker", at: second(9), commit: "c0ffee" },
    true,
  ],
  ["another commit", { what: "deployment of api", at: second(1), commit: "c0ffee" }, { what: "deployment of api", at: second(1), commit: "beef" }, false],
  ["the same deployment without a commit", { what: "deployment of api", at: second(1) }, { what: "deployment of api", at: second(1) }, true],
  ["another deployment without a commit", { what: "deployment of api", at: second(1) }, { what: "deployment of api", at: second(2) }, false],
  ["no change", undefined, undefined, false],
])("one change behind two incidents: %s", (_, a, b, same) => {
  expect(sameChange(a, b)).toBe(same);
});
