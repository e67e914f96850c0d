import { epochMs } from "@nightshift/model";
import { expect, test } from "vitest";
import { sandwichOf, sayLacking, sidesToRead, type SideRead } from "./snapshot-manifests.ts";

const slice = { key: "shop/slices/x/before.json.zst", bytes: 43_000, sha256: "ab", at: epochMs(1) };
const read = (side: "before" | "after"): SideRead => ({ side, kind: "read", slice });
const missed = (side: "before" | "after"): SideRead => ({ side, kind: "missed", because: "it died" });

test.each([
  ["nightly", "nightly", ["before", "after"]],
  ["nightly", "before-deploy", []],
  ["nightly", "manual", []],
  ["nightly", "safety", []],
  ["always", "before-deploy", ["before", "after"]],
  ["always", "nightly", ["before", "after"]],
  ["never", "nightly", []],
] as const)("manifests: %s; a %s snapshot is read %j", (manifests, series, sides) => {
  expect(sidesToRead({ manifests, series, copied: false })).toEqual(sides);
});

test("nothing can be read before the moment of an automated snapshot that is copied", () => {
  expect(sidesToRead({ manifests: "nightly", series: "nightly", copied: true })).toEqual(["after"]);
  expect(sidesToRead({ manifests: "never", series: "nightly", copied: true })).toEqual([]);
});

test("what was read is kept, and what is missing is said with what it costs", () => {
  expect(sandwichOf([])).toBeUndefined();
  const whole = sandwichOf([read("before"), read("after")]);
  expect(whole).toEqual({ before: slice, after: slice });
  expect(sayLacking(whole ?? {})).toBeUndefined();
  const half = sandwichOf([missed("before"), read("after")]);
  expect(half).toEqual({ after: slice, lacks: "no manifest before it: it died" });
  expect(sayLacking(half ?? {})).toBe(
    "it stands, and proves less: no manifest before it: it died. A drill will hold it against an older dump and the manifest after it",
  );
  expect(sayLacking(sandwichOf([read("before"), missed("after")]) ?? {})).toBe(
    "it stands, and proves less: no manifest after it: it died. A drill will hold it against the manifest before it and the live database",
  );
});

test("a copy of an automated snapshot lacks nothing that it could have: there is nothing to tell each night", () => {
  expect(sayLacking(sandwichOf([read("after")]) ?? {})).toBeUndefined();
});
