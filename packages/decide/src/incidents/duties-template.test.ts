import { expect, test } from "vitest";
import { playRoom, word } from "./duties.fixture.ts";

const end = (seconds: number, turn: number) => word(seconds, { what: "resolved", how: "person" }, { key: `resolved/${turn}` });
const templates = (happens: Parameters<typeof playRoom>[0]["happens"]) => {
  const { did, record } = playRoom({ severity: "P3", happens: happens ?? [], until: 1_200 });
  return {
    did: did.filter(([, key]) => key.startsWith("template/")),
    texts: record.entries.filter(({ key }) => key.startsWith("template/")).map(({ text }) => text),
  };
};

test("the template is shown once at each end, with all nine rows", () => {
  const { did, texts } = templates([end(300, 1), word(400, { what: "reopened" }, { key: "reopened/1" }), end(600, 2)]);
  expect(did).toEqual([
    [300, "template/1"],
    [600, "template/2"],
  ]);
  expect(texts[0]?.split("\n").map((line) => line.split(":")[0])).toEqual([
    "[shop-api] [P3] 5xx",
    "Severity",
    "Start Time",
    "End Time",
    "Duration",
    "Symptoms",
    "Root Cause",
    "Impact",
    "Resolution",
    "Prevention",
  ]);
});

test("it is not shown while the incident runs", () => {
  expect(templates([word(300, { what: "mitigating" })]).did).toEqual([]);
});

test("a row is one line of at most 400 characters", () => {
  const { texts } = templates([word(100, { what: "field", field: "impact", text: `${"x".repeat(300)}\n${"y".repeat(300)}` }), end(300, 1)]);
  const row = texts[0]?.split("\n").find((line) => line.startsWith("Impact"));
  expect(row).toHaveLength(400);
  expect(row?.endsWith("y…")).toBe(true);
  expect(texts[0]?.split("\n")).toHaveLength(10);
});
