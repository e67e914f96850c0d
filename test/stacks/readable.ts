import type { Attributes } from "./provider.ts";
import type { Stage } from "./synth-child.ts";

/** One IAM statement as a policy document has it. */
export interface PolicyStatement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  /** Absent where all but a few are meant. */
  readonly Resource: readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: readonly { readonly test: string; readonly variable: string; readonly values: readonly string[] }[];
}

/** The statements of every role, by the role's logical name. */
export function statementsByRole(stage: Stage): Readonly<Record<string, readonly PolicyStatement[]>> {
  return Object.fromEntries(
    stage.of("aws:iam/role:Role").map(({ name, inputs }) => {
      // SST writes one inline policy, whose document is JSON text.
      const inline = (inputs.inlinePolicies ?? []) as readonly { readonly policy: string }[];
      return [name, inline.flatMap(({ policy }) => documentOf(policy))];
    }),
  );
}

/** The statements of a policy document given as text. */
export function documentOf(policy: unknown): readonly PolicyStatement[] {
  // The mocks made it, in test/stacks/provider.ts.
  return (JSON.parse(String(policy)) as { readonly Statement: readonly PolicyStatement[] }).Statement;
}

/** The document as IAM is given it: one value without a list, conditions by their operator, no white space. */
export function asIamKeepsIt(statements: readonly PolicyStatement[]): string {
  const few = (values: readonly string[]): string | readonly string[] => (values.length === 1 ? String(values[0]) : values);
  const Statement = statements.map(({ Effect, Action, Resource, NotResource = [], Condition = [] }) => {
    const conditions = new Map<string, Record<string, unknown>>();
    for (const { test, variable, values } of Condition) conditions.set(test, { ...conditions.get(test), [variable]: few(values) });
    const on = NotResource.length > 0 ? { NotResource: few(NotResource) } : { Resource: few(Resource) };
    return { Effect, Action: few(Action), ...on, ...(Condition.length === 0 ? {} : { Condition: Object.fromEntries(conditions) }) };
  });
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

/** `allow ecs:UpdateService on … if …`: a statement on few lines, so that a changed snapshot can be read. */
export function sayStatement({ Effect, Action, Resource, NotResource = [], Condition = [] }: PolicyStatement): string {
  const when = Condition.map(({ test, variable, values }) => ` if ${variable} ${test} ${values.join(", ")}`).join("");
  return `${Effect.toLowerCase()} ${Action.join(", ")} on ${NotResource.length > 0 ? `all but ${NotResource.join(", ")}` : Resource.join(", ")}${when}`;
}

const pick = (inputs: Attributes, ...names: readonly string[]): Attributes =>
  Object.fromEntries(names.flatMap((name) => (inputs[name] === undefined ? [] : [[name, inputs[name]]])));

/** What a reviewer wants to see of a stage, without what SST adds by itself. */
export function readable(stage: Stage): Attributes {
  const list = (type: string, ...names: readonly string[]) => Object.fromEntries(stage.of(type).map(({ name, inputs }) => [name, pick(inputs, ...names)]));
  return {
    eventPatterns: Object.fromEntries(
      stage
        .of("aws:cloudwatch/eventRule:EventRule")
        .filter(({ inputs }) => inputs.eventPattern !== undefined)
        .map(({ name, inputs }) => [name, { bus: inputs.eventBusName ?? "default", pattern: JSON.parse(String(inputs.eventPattern)) }]),
    ),
    eventTargets: list("aws:cloudwatch/eventTarget:EventTarget", "arn", "deadLetterConfig", "retryPolicy"),
    scheduledRules: Object.fromEntries(
      stage
        .of("aws:cloudwatch/eventRule:EventRule")
        .filter(({ inputs }) => inputs.scheduleExpression !== undefined)
        .map(({ name, inputs }) => [name, pick(inputs, "name", "scheduleExpression")]),
    ),
    aliases: list("aws:lambda/alias:Alias", "name", "functionName", "functionVersion"),
    recursion: list("aws:lambda/functionRecursionConfig:FunctionRecursionConfig", "functionName", "recursiveLoop"),
    urls: list("aws:lambda/functionUrl:FunctionUrl", "functionName", "authorizationType", "cors", "invokeMode"),
    urlPermissions: list("aws:lambda/permission:Permission", "action", "function", "principal", "functionUrlAuthType", "invokedViaFunctionUrl", "sourceArn"),
    topics: list("aws:sns/topic:Topic", "name", "displayName"),
    schedules: Object.fromEntries(
      stage
        .of("aws:scheduler/schedule:Schedule")
        .map(({ name, inputs }) => [name, pick(inputs, "scheduleExpression", "scheduleExpressionTimezone", "flexibleTimeWindow", "state", "target")]),
    ),
    functions: Object.fromEntries(
      stage.of("aws:lambda/function:Function").map(({ name, inputs }) => [
        name,
        {
          ...pick(
            inputs,
            "name",
            "runtime",
            "architectures",
            "timeout",
            "memorySize",
            "reservedConcurrentExecutions",
            "publish",
            "durableConfig",
            "loggingConfig",
          ),
          environment: ourEnvironment(inputs),
        },
      ]),
    ),
    eventSources: list(
      "aws:lambda/eventSourceMapping:EventSourceMapping",
      "eventSourceArn",
      "functionName",
      "batchSize",
      "maximumBatchingWindowInSeconds",
      "functionResponseTypes",
      "filterCriteria",
      "scalingConfig",
      "startingPosition",
      "bisectBatchOnFunctionError",
      "maximumRetryAttempts",
      "maximumRecordAgeInSeconds",
      "destinationConfig",
    ),
    roles: Object.fromEntries(Object.entries(statementsByRole(stage)).map(([role, statements]) => [role, statements.map(sayStatement)])),
    boundaries: Object.fromEntries(stage.of("aws:iam/policy:Policy").map(({ name, inputs }) => [name, documentOf(inputs.policy).map(sayStatement)])),
    queues: list(
      "aws:sqs/queue:Queue",
      "name",
      "visibilityTimeoutSeconds",
      "messageRetentionSeconds",
      "redrivePolicy",
      "fifoQueue",
      "contentBasedDeduplication",
    ),
    resourcePolicies: Object.fromEntries(
      ["aws:sqs/queuePolicy:QueuePolicy", "aws:sns/topicPolicy:TopicPolicy", "aws:cloudwatch/eventBusPolicy:EventBusPolicy"].flatMap((type) =>
        stage.of(type).map(({ name, inputs }) => [name, documentOf(inputs.policy).map(sayStatement)]),
      ),
    ),
    tables: list("aws:dynamodb/table:Table", "hashKey", "rangeKey", "billingMode", "streamViewType", "pointInTimeRecovery", "deletionProtectionEnabled", "ttl"),
    evidence: {
      ...list("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "rules"),
      ...list("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"),
      ...list("aws:s3/bucketVersioning:BucketVersioning", "versioningConfiguration"),
    },
    parameters: list("aws:ssm/parameter:Parameter", "name", "type"),
    logGroups: list("aws:cloudwatch/logGroup:LogGroup", "name", "retentionInDays"),
    alarms: Object.fromEntries(stage.of("aws:cloudwatch/metricAlarm:MetricAlarm").map(({ inputs }) => [String(inputs.name), sayAlarm(inputs)])),
    runners: Object.fromEntries(
      stage.of("aws:ecs/taskDefinition:TaskDefinition").map(({ name, inputs }) => [
        name,
        {
          ...pick(inputs, "family", "cpu", "memory", "networkMode", "runtimePlatform", "taskRoleArn", "executionRoleArn"),
          containers: JSON.parse(String(inputs.containerDefinitions)),
        },
      ]),
    ),
    locks: list("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", "bucket", "rule"),
    kept: stage.resources
      .filter(({ retained }) => retained)
      .map(({ name }) => name)
      .toSorted(),
  };
}

/** Without the key and the names that SST gives every function. */
function ourEnvironment(inputs: Attributes): Attributes {
  const { variables } = (inputs.environment ?? { variables: {} }) as { readonly variables: Attributes }; // Lambda's shape
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith("SST_")));
}

function sayAlarm({ metricName, dimensions, statistic, comparisonOperator, threshold, evaluationPeriods, period, treatMissingData }: Attributes): string {
  return `${String(statistic)} ${String(metricName)} ${JSON.stringify(dimensions)} ${String(comparisonOperator)} ${String(threshold)}, ${String(evaluationPeriods)} × ${String(period)} s, missing: ${String(treatMissingData)}`;
}
