import { digest, epochMs, type MetricQuery, minutes, taskDefinitionArn } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { alarmsFrom } from "./cloudwatch-alarms.ts";
import { metricsFrom } from "./cloudwatch-metrics.ts";
import { imagesFrom } from "./ecr-images.ts";
import { targetsFrom } from "./elbv2-targets.ts";
import { logsFrom } from "./logs.ts";
import { secretsFrom } from "./ssm-secrets.ts";
import { taskDefinitionsFrom } from "./task-definitions.ts";
import { answering, awsError } from "./testing/answering.ts";
import { definitionSample, digestOf } from "./testing/ecs-samples.ts";

const query = (id: string): MetricQuery => ({
  id,
  namespace: "AWS/ApplicationELB",
  metric: "RequestCount",
  dimensions: { TargetGroup: "targetgroup/api/1" },
  statistic: "Sum",
  period: minutes(1),
});
const [from, to] = [epochMs(0), epochMs(600_000)];

describe("metrics", () => {
  it("come in the order asked, oldest point first, with CloudWatch's word on completeness", async () => {
    const { reach, sent } = answering({
      GetMetricData: () => ({
        MetricDataResults: [
          { Id: "b", StatusCode: "PartialData", Timestamps: [], Values: [] },
          { Id: "a", StatusCode: "Complete", Timestamps: [new Date(120_000), new Date(60_000)], Values: [2, 1] },
        ],
      }),
    });
    expect(await metricsFrom(reach).read([query("a"), query("b"), query("c")], from, to)).toEqual([
      {
        id: "a",
        points: [
          { at: 60_000, value: 1 },
          { at: 120_000, value: 2 },
        ],
        complete: true,
      },
      { id: "b", points: [], complete: false },
      { id: "c", points: [], complete: false },
    ]);
    expect(sent[0]?.input).toMatchObject({
      ScanBy: "TimestampAscending",
      MetricDataQueries: [
        {
          Id: "a",
          ReturnData: true,
          MetricStat: {
            Period: 60,
            Stat: "Sum",
            Metric: { Namespace: "AWS/ApplicationELB", MetricName: "RequestCount", Dimensions: [{ Name: "TargetGroup", Value: "targetgroup/api/1" }] },
          },
        },
        {},
        {},
      ],
    });
  });

  it("pages are joined, and only the last page's word counts", async () => {
    const page = (StatusCode: string, at: number) => ({ Id: "a", StatusCode, Timestamps: [new Date(at)], Values: [at] });
    const { reach } = answering({
      GetMetricData: ({ NextToken }: { NextToken?: string }) =>
        NextToken === undefined ? { MetricDataResults: [page("PartialData", 1)], NextToken: "2" } : { MetricDataResults: [page("Complete", 2)] },
    });
    expect(await metricsFrom(reach).read([query("a")], from, to)).toEqual([
      {
        id: "a",
        points: [
          { at: 1, value: 1 },
          { at: 2, value: 2 },
        ],
        complete: true,
      },
    ]);
  });

  it("501 series take two calls, 500 take one", async () => {
    const { reach, sent } = answering({ GetMetricData: () => ({ MetricDataResults: [] }) });
    const metrics = metricsFrom(reach);
    await metrics.read(
      Array.from({ length: 500 }, (_, i) => query(`m${i}`)),
      from,
      to,
    );
    expect(sent.length).toBe(1);
    await metrics.read(
      Array.from({ length: 501 }, (_, i) => query(`m${i}`)),
      from,
      to,
    );
    expect(sent.length).toBe(3);
  });

  it("a forbidden series is an error and not an empty one", async () => {
    const { reach } = answering({ GetMetricData: () => ({ MetricDataResults: [{ Id: "a", StatusCode: "Forbidden" }] }) });
    await expect(metricsFrom(reach).read([query("a")], from, to)).rejects.toMatchObject({ kind: "denied" });
  });
});

describe("alarms", () => {
  it("metric and composite ones are told in the order asked; an unknown name is left out", async () => {
    const { reach, sent } = answering({
      DescribeAlarms: () => ({
        MetricAlarms: [
          { AlarmName: "api-5xx", StateValue: "OK", StateReason: "fine", StateUpdatedTimestamp: new Date(9_000), StateTransitionedTimestamp: new Date(5_000) },
        ],
        CompositeAlarms: [{ AlarmName: "api", StateValue: "ALARM", StateUpdatedTimestamp: new Date(7_000) }],
      }),
    });
    expect(await alarmsFrom(reach).describe(["api", "gone", "api-5xx"])).toEqual([
      { name: "api", value: "ALARM", since: 7_000, reason: "" },
      { name: "api-5xx", value: "OK", since: 5_000, reason: "fine" },
    ]);
    expect(sent).toEqual([
      { operation: "DescribeAlarms", input: { AlarmNames: ["api", "gone", "api-5xx"], AlarmTypes: ["MetricAlarm", "CompositeAlarm"], MaxRecords: 100 } },
    ]);
  });

  it("no names, no call", async () => {
    const { reach, sent } = answering({});
    expect(await alarmsFrom(reach).describe([])).toEqual([]);
    expect(sent).toEqual([]);
  });
});

describe("targets", () => {
  it.each([
    ["healthy", "healthy"],
    ["unhealthy.draining", "draining"],
    ["invented-later", "unavailable"],
    [undefined, "unavailable"],
  ])("state %s is %s", async (State, state) => {
    const { reach } = answering({
      DescribeTargetHealth: () => ({
        TargetHealthDescriptions: [{ Target: { Id: "10.0.1.17", Port: 8080 }, TargetHealth: { State, Reason: "Target.ResponseCodeMismatch" } }],
      }),
    });
    expect(await targetsFrom(reach).health("arn:tg")).toEqual([{ group: "arn:tg", id: "10.0.1.17", state, reason: "Target.ResponseCodeMismatch" }]);
  });

  it("an empty group has none; a group that is gone is not found", async () => {
    expect(await targetsFrom(answering({ DescribeTargetHealth: () => ({}) }).reach).health("arn:tg")).toEqual([]);
    const gone = answering({
      DescribeTargetHealth: () => {
        throw awsError("TargetGroupNotFoundException");
      },
    });
    await expect(targetsFrom(gone.reach).health("arn:tg")).rejects.toMatchObject({ kind: "not-found" });
  });
});

describe("logs", () => {
  it("the last lines come oldest first, redacted, even when a page on the way is empty", async () => {
    const pages = [
      { events: [{ message: "three\n" }], nextBackwardToken: "b1" },
      { events: [], nextBackwardToken: "b2" },
      { events: [{ message: "one" }, { message: "two password=hunter2" }], nextBackwardToken: "b3" },
    ];
    const { reach, sent } = answering({ GetLogEvents: () => pages.shift() });
    expect(await logsFrom(reach).tail("/ecs/api", "api/app/1", 3)).toEqual(["one", "two password=[secret]", "three"]);
    expect(sent[0]?.input).toEqual({ logGroupName: "/ecs/api", logStreamName: "api/app/1", startFromHead: false, limit: 3 });
    expect(sent[2]?.input).toMatchObject({ nextToken: "b2", limit: 2 });
  });

  it("a short log ends where its token repeats, and a page limit ends the rest", async () => {
    const { reach, sent } = answering({ GetLogEvents: () => ({ events: [], nextBackwardToken: "same" }) });
    expect(await logsFrom(reach).tail("/ecs/api", "s", 10)).toEqual([]);
    expect(sent.length).toBe(2);
    let n = 0;
    const endless = answering({ GetLogEvents: () => ({ events: [], nextBackwardToken: `b${n++}` }) });
    await logsFrom(endless.reach).tail("/ecs/api", "s", 10);
    expect(endless.sent.length).toBe(5);
  });
});

describe("images", () => {
  const image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/api:v42";
  const bytes = digest(digestOf("a"));
  const asked = (answer: () => unknown) => imagesFrom(answering({ DescribeImages: answer }).reach, "eu-central-1");
  const fail = (name: string) => () => {
    throw awsError(name);
  };

  it("are there when ECR names the digest", async () => {
    expect(await asked(() => ({ imageDetails: [{ imageDigest: digestOf("a") }] })).exists(image, bytes)).toBe(true);
  });
  it("are gone with the image or its repository", async () => {
    expect(await asked(fail("ImageNotFoundException")).exists(image, bytes)).toBe(false);
    expect(await asked(fail("RepositoryNotFoundException")).exists(image, bytes)).toBe(false);
  });
  it("are unknown in another registry, another region and an account that does not let us look", async () => {
    const images = asked(fail("AccessDeniedException"));
    expect(await images.exists(image, bytes)).toBeUndefined();
    expect(await images.exists("ghcr.io/shop/api:v42", bytes)).toBeUndefined();
    expect(await images.exists("123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/api:v42", bytes)).toBeUndefined();
  });
  it.each([
    ["ServerException", 500, "unavailable"],
    ["ThrottlingException", 400, "throttled"],
  ])("an ECR that answers %s is an error and not absence", async (name, status, kind) => {
    await expect(
      asked(() => {
        throw awsError(name, status);
      }).exists(image, bytes),
    ).rejects.toMatchObject({ name: "PortError", kind });
  });
});

describe("task definitions", () => {
  const pinned = [{ name: "app", image: `shop/api@${digestOf("a")}` }];
  // printf 'app A 1' | sha256sum, cut after 12.
  const plain = { A: "47fc795046ee", B: "bae7db19bfe5" };
  it.each([
    ["ACTIVE and by tag", definitionSample(), { active: true, pinned: false, environment: plain }],
    ["INACTIVE and by digest", definitionSample({ status: "INACTIVE", containerDefinitions: pinned }), { active: false, pinned: true, environment: {} }],
    [
      "half by digest",
      definitionSample({ containerDefinitions: [...pinned, { name: "web", image: "nginx:1" }] }),
      { active: true, pinned: false, environment: {} },
    ],
    ["without containers", definitionSample({ containerDefinitions: [] }), { active: true, pinned: false, environment: {} }],
  ])("%s", async (_, definition, facts) => {
    const { reach } = answering({ DescribeTaskDefinition: () => ({ taskDefinition: definition }) });
    expect(await taskDefinitionsFrom(reach).describe(taskDefinitionArn("api:42"))).toEqual({
      arn: "arn:aws:ecs:eu-central-1:123456789012:task-definition/api:42",
      ...facts,
    });
  });
});

describe("a task definition that ECS cannot describe", () => {
  const answered = (message: string) =>
    taskDefinitionsFrom(
      answering({
        DescribeTaskDefinition: () => {
          throw awsError("ClientException", 400, { message });
        },
      }).reach,
    ).describe(taskDefinitionArn("api:42"));

  it("is not found: it was deleted or never was", async () => {
    await expect(answered("Unable to describe task definition.")).rejects.toMatchObject({ kind: "not-found", on: "api:42" });
  });
  it("for another reason is a wrong question", async () => {
    await expect(answered("Invalid revision number.")).rejects.toMatchObject({ kind: "invalid" });
  });
});

describe("secrets", () => {
  it("are read once in five minutes, and again after", async () => {
    const { reach, sent, advance } = answering({ GetParameter: () => ({ Parameter: { Value: "xoxb-1" } }) });
    const secrets = secretsFrom(reach);
    const start = reach.clock.now();
    expect(await secrets.read("/slack")).toBe("xoxb-1");
    advance(epochMs(start + 299_999));
    await secrets.read("/slack");
    expect(sent.length).toBe(1);
    advance(epochMs(start + 300_000));
    await secrets.read("/slack");
    expect(sent).toEqual([
      { operation: "GetParameter", input: { Name: "/slack", WithDecryption: true } },
      { operation: "GetParameter", input: { Name: "/slack", WithDecryption: true } },
    ]);
  });

  it("that could not be read are asked for again", async () => {
    let denied = true;
    const { reach } = answering({
      GetParameter: () => {
        if (denied) throw awsError("AccessDeniedException");
        return { Parameter: { Value: "v" } };
      },
    });
    const secrets = secretsFrom(reach);
    await expect(secrets.read("/slack")).rejects.toMatchObject({ kind: "denied" });
    denied = false;
    expect(await secrets.read("/slack")).toBe("v");
  });
});
