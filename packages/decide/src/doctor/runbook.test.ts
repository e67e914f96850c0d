import { describe, expect, test } from "vitest";
import { checkRunbook, checks, runbookChecks } from "./index.ts";
import { imageName } from "./image.ts";
import { readRunbook } from "./runbook/text.ts";

const found = (text: string) => checkRunbook(text, "runbook.md").map(({ id, line }) => [id, line]);

const alarm = "aws cloudwatch put-metric-alarm --alarm-name x --namespace AWS/ApplicationELB";
const whole = "--comparison-operator GreaterThanThreshold --evaluation-periods 2 --threshold 10 --dimensions Name=LoadBalancer,Value=app/x/1";

describe("each check finds its own mistake, and leaves what is right", () => {
  const rows: readonly (readonly [string, string, string])[] = [
    [
      "D32",
      "aws elbv2 modify-target-group --target-group-arn $BLUE",
      "aws elbv2 modify-target-group --target-group-arn $BLUE --health-check-interval-seconds 10",
    ],
    ["D33", "aws ecs update-service --service api --desired-count 0", "aws ecs update-service --service api --desired-count 10"],
    [
      "D34",
      "docker push repo/api:latest\naws ecs update-service --service api --task-definition api:PREVIOUS",
      "docker push repo/api:v1\naws ecs update-service --service api --task-definition api:PREVIOUS",
    ],
    [
      "D35",
      "aws ecs update-service --service api --force-new-deployment",
      "aws ecs update-service --service api --task-definition $GOOD --force-new-deployment",
    ],
    ["D36", `${alarm} --metric-name 5XXError ${whole}`, `${alarm} --metric-name HTTPCode_Target_5XX_Count ${whole}`],
    [
      "D37",
      "Lambda: aws deploy create-deployment --deployment-config-name CodeDeployDefault.AllAtOnce",
      "Lambda: aws deploy create-deployment --deployment-config-name CodeDeployDefault.LambdaAllAtOnce",
    ],
    ["D38", "Clear caches (Redis FLUSHALL)", "redis-cli unlink cache:1"],
    ["D39", "alembic downgrade -1", "alembic upgrade head"],
    ["D40", "aws ecs deregister-task-definition --task-definition api:7", "aws ecs register-task-definition --cli-input-json file://t.json"],
    ["D41", `${alarm} --metric-name RequestCount --threshold 5`, `${alarm} --metric-name RequestCount ${whole}`],
    ["D42", "aws ecs update-service --service api --task-definition api-production:1", "aws ecs update-service --service api --task-definition $LAST_GOOD"],
    [
      "D43",
      "aws ecs update-service --service api --task-definition $LAST_GOOD --desired-count 2",
      "aws ecs update-service --service api --task-definition $LAST_GOOD",
    ],
    ["D45", "aws codedeploy stop-deployment --deployment-id d-1", "aws deploy stop-deployment --deployment-id d-1"],
    ["D44", "aws ecs wait services-stable --services api", "npx nightshift deploy wait api"],
  ];

  test.each(rows)("%s", (id, wrong, right) => {
    expect(found(wrong).map(([it]) => it)).toContain(id);
    expect(found(right)).toEqual([]);
  });

  test("no check goes without a row here", () => {
    expect(runbookChecks.map((check) => check.id).filter((id) => !rows.some(([other]) => other === id))).toEqual([]);
  });
});

test("findings stand in the order of the lines, with the file's name", () => {
  expect(checkRunbook("# Back out\n\n1. FLUSHALL\n2. alembic downgrade -1\n", "RUNBOOK.md").map(({ about, line, id }) => [about, line, id])).toEqual([
    ["RUNBOOK.md", 3, "D38"],
    ["RUNBOOK.md", 4, "D39"],
  ]);
});

test("a command over several lines is one command, and keeps its first line", () => {
  expect(found("text\naws ecs update-service \\\n  --service api \\\n  --desired-count 0\n")).toEqual([["D33", 2]]);
  expect(found("aws ecs update-service \\\n  --task-definition $GOOD \\\n  --force-new-deployment")).toEqual([]);
});

test("lines with carriage returns are read the same", () => {
  expect(readRunbook("a \\\r\n b\r\nc").lines).toEqual([
    { text: "a b", line: 1 },
    { text: "c", line: 3 },
  ]);
});

test("an alarm that lacks everything lists it", () => {
  expect(checkRunbook(`${alarm} --metric-name RequestCount`).map((finding) => finding.says)).toEqual([
    "the alarm lacks --comparison-operator, --evaluation-periods, --threshold, --dimensions: the call fails, and without dimensions it would see nothing",
  ]);
});

test("an empty runbook has no finding", () => {
  expect(checkRunbook("")).toEqual([]);
});

describe("ids", () => {
  test("run from D1 without gaps, each once", () => {
    expect(checks.map((check) => check.id)).toEqual(Array.from({ length: 46 }, (_, index) => `D${index + 1}`));
  });
});

test.each([
  ["nginx", { repository: "nginx", tag: "latest", digest: undefined }],
  ["localhost:5000/api", { repository: "localhost:5000/api", tag: "latest", digest: undefined }],
  ["localhost:5000/api:v1", { repository: "localhost:5000/api", tag: "v1", digest: undefined }],
  ["repo/api@sha256:abc", { repository: "repo/api", tag: undefined, digest: "sha256:abc" }],
  ["repo/api:v1@sha256:abc", { repository: "repo/api", tag: "v1", digest: "sha256:abc" }],
])("%s is taken apart", (image, parts) => {
  expect(imageName(image)).toEqual(parts);
});
