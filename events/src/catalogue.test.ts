import { expect, test } from "vitest";
import { loadSamples, sampleFiles } from "../samples/load.ts";
import { describeShapes, samples } from "./catalogue.ts";
import { parseEventText, shapeTitles } from "./parse.ts";
import { patternOf } from "./patterns.ts";
import { sweep } from "./sweep.ts";

test("the index lists every sample that lies there, once", () => {
  expect(samples.map((s) => s.file).toSorted()).toEqual(sampleFiles().toSorted());
});

test("every shape has a sample, and every sample a shape", () => {
  expect([...new Set(samples.map((s) => s.shape))].toSorted()).toEqual(shapeTitles.map((s) => s.name).toSorted());
});

test.each(samples.map((s) => [s.file, s] as const))("%s says where its form comes from", (_, about) => {
  expect(about.address).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
  expect(about.read).toMatch(/^20\d\d-\d\d-\d\d$/);
  expect(["documented", "assumed"]).toContain(about.mark);
  expect(about.mark === "documented" || about.note !== undefined).toBe(true);
});

test("every sample is of our own account and region", () => {
  for (const { text, about } of loadSamples()) {
    expect(parseEventText(text), about.file).toMatchObject({ account: "123456789012", region: "eu-west-1" });
    expect(
      text.match(/\b\d{12}\b/g)?.every((n) => n === "123456789012"),
      about.file,
    ).toBe(true);
  }
});

test("no two samples have the same id, except those of one change", () => {
  const ids = loadSamples().map(({ text }) => parseEventText(text).id);
  expect(new Set(ids).size).toBe(ids.length);
});

test("each shape that a rule brings has a pattern, and a sample that it brings", () => {
  expect(Object.keys(patternOf).toSorted()).toEqual([...new Set(samples.filter((s) => s.delivered).map((s) => s.shape))].toSorted());
});

test("shapes are described with title, pattern, pages and samples", () => {
  const shapes = describeShapes();
  expect(shapes.map((s) => s.name)).toEqual([
    "cloudwatch-alarm",
    "ecs-deployment",
    "ecs-task",
    "ecs-service-action",
    "codedeploy",
    "rds-snapshot",
    "rds-instance",
    "rds-cluster",
    "rds-cluster-snapshot",
    "backup-restore",
    "schedule-rule",
    "scheduler-default",
    "nightshift-migration",
    "nightshift-deployment",
    "nightshift-mirror",
    "nightshift-mirror-asked",
    "nightshift-scaling-tick",
    "cloudwatch-alarm-action",
    "scheduler-input",
  ]);
  expect(shapes.filter((s) => s.mark === "assumed").map((s) => s.name)).toEqual(["rds-cluster", "rds-cluster-snapshot", "backup-restore", "scheduler-default"]);
  expect(shapes.find((s) => s.name === "codedeploy")).toMatchObject({
    title: "aws.codedeploy / CodeDeploy Deployment State-change Notification",
    pattern: { source: ["aws.codedeploy"], "detail-type": ["CodeDeploy Deployment State-change Notification"] },
    pages: [{ page: "AWS CodeDeploy events", read: "2026-11-21" }],
    samples: ["codedeploy-start.json", "codedeploy-failure.json"],
  });
});

test.each(loadSamples().map(({ about, text }) => [about.file, text] as const))(
  "%s with any one field deleted or retyped is refused by name or does no harm",
  (_, text) => {
    expect(sweep(text).violations).toEqual([]);
  },
);
