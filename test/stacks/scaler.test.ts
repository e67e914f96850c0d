import { beforeAll, describe, expect, test } from "vitest";
import { type PolicyStatement, sayStatement, statementsByRole } from "./readable.ts";
import { type Stage, synthChild } from "./synth-child.ts";

let dev: Stage;
beforeAll(async () => {
  dev = await synthChild("dev");
});

const everyStatement = (stage: Stage): readonly (PolicyStatement & { readonly role: string })[] =>
  Object.entries(statementsByRole(stage)).flatMap(([role, statements]) => statements.map((statement) => ({ role, ...statement })));

describe("how the scaler is deployed", () => {
  test("the scaler runs every minute inside the network of the config, and no other function does", () => {
    const placed = dev.of("aws:lambda/function:Function").filter(({ inputs }) => inputs.vpcConfig !== undefined);
    expect(placed.map(({ name }) => name)).toEqual(["ScalerFunction"]);
    expect(placed[0]?.inputs.vpcConfig).toEqual({
      securityGroupIds: ["sg-0a1b2c3d4e5f60718"],
      subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-0b1c2d3e4f5061728"],
    });
    expect(dev.get("aws:scheduler/schedule:Schedule", "ScalerScheduleSchedule")).toMatchObject({ scheduleExpression: "rate(1 minute)" });
  });

  test("a Celery backlog above 1,000 rings for each worker service, over the scaler's own figure, and an unknown depth changes nothing", () => {
    const backlogs = dev.of("aws:cloudwatch/metricAlarm:MetricAlarm").filter(({ inputs }) => String(inputs.name).endsWith("-backlog"));
    expect(backlogs.map(({ inputs }) => inputs)).toMatchObject([
      {
        name: "nightshift-dev-shop-worker-backlog",
        namespace: "Nightshift",
        metricName: "Waiting",
        dimensions: { Service: "shop-worker" },
        statistic: "Maximum",
        comparisonOperator: "GreaterThanThreshold",
        threshold: 1_000,
        period: 60,
        evaluationPeriods: 5,
        treatMissingData: "ignore",
      },
    ]);
  });
});

describe("what the scaler may do", () => {
  test("the scaler may change the count of the worker services named in the config and of no other", () => {
    const counts = everyStatement(dev).filter(
      ({ role, Effect, Action }) => role === "ScalerRole" && Effect === "Allow" && Action.includes("ecs:UpdateService"),
    );
    expect(counts.map(({ Resource }) => Resource)).toEqual([["arn:aws:ecs:eu-west-1:123456789012:service/shop-prod/shop-worker"]]);
    const inCluster = { test: "ArnEquals", variable: "ecs:cluster", values: ["arn:aws:ecs:eu-west-1:123456789012:cluster/shop-prod"] };
    expect(counts.map(({ Condition }) => Condition)).toEqual([[inCluster]]);
    const shells = everyStatement(dev).filter(({ role, Effect, Action }) => role === "ScalerRole" && Effect === "Deny" && Action.includes("ecs:UpdateService"));
    expect(shells.map(({ Condition }) => Condition?.[0]?.variable)).toEqual(["ecs:enable-execute-command"]);
  });

  test("nobody but the scaler and the guard, which lifts it, may protect a task, and only in clusters with workers", () => {
    const protecting = everyStatement(dev).filter(({ Effect, Action }) => Effect === "Allow" && Action.includes("ecs:UpdateTaskProtection"));
    expect(protecting.map(({ role }) => role).toSorted()).toEqual(["GuardHandlerRole", "ScalerRole"]);
    for (const { Resource, Condition } of protecting) {
      expect(Resource).toEqual(["arn:aws:ecs:eu-west-1:123456789012:task/shop-prod/*"]);
      expect(Condition?.[0]?.values).toEqual(["arn:aws:ecs:eu-west-1:123456789012:cluster/shop-prod"]);
    }
  });

  test("a broker's address is read by the scaler alone, from its parameter", () => {
    const reading = everyStatement(dev).filter(({ Effect, Resource }) => Effect === "Allow" && Resource.some((one) => one.includes("/brokers/")));
    expect(reading.map(sayStatement)).toEqual(["allow ssm:GetParameter on arn:aws:ssm:eu-west-1:123456789012:parameter/nightshift/dev/brokers/ShopBroker"]);
    expect(reading.map(({ role }) => role)).toEqual(["ScalerRole"]);
    expect(dev.get("aws:ssm/parameter:Parameter", "ShopBrokerParameter")).toMatchObject({ name: "/nightshift/dev/brokers/ShopBroker", type: "SecureString" });
  });

  test("network interfaces are made by Lambda with the scaler's role, never by its code, and by nobody else's", () => {
    const interfaces = everyStatement(dev).filter(({ Action }) => Action.includes("ec2:CreateNetworkInterface"));
    expect(interfaces.map(({ role, Effect, Resource }) => [role, Effect, Resource])).toEqual([
      ["ScalerRole", "Allow", ["arn:aws:ec2:eu-west-1:123456789012:*/*"]],
      ["ScalerRole", "Deny", ["*"]],
    ]);
    expect(interfaces[1]?.Condition).toEqual([
      { test: "ArnEquals", variable: "lambda:SourceFunctionArn", values: ["arn:aws:lambda:eu-west-1:123456789012:function:nightshift-dev-scaler"] },
    ]);
  });
});
