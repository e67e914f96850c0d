export const region = "eu-west-1";
export const account = "123456789012";

/** Inputs or attributes of one resource, as Pulumi passes them. */
export type Attributes = Readonly<Record<string, unknown>>;

const arns: Readonly<Record<string, (name: string) => string>> = {
  "aws:lambda/function:Function": (name) => `arn:aws:lambda:${region}:${account}:function:${name}`,
  "aws:sqs/queue:Queue": (name) => `arn:aws:sqs:${region}:${account}:${name}`,
  "aws:sns/topic:Topic": (name) => `arn:aws:sns:${region}:${account}:${name}`,
  "aws:dynamodb/table:Table": (name) => `arn:aws:dynamodb:${region}:${account}:table/${name}`,
  "aws:s3/bucket:Bucket": (name) => `arn:aws:s3:::${name}`,
  "aws:iam/role:Role": (name) => `arn:aws:iam::${account}:role/${name}`,
  "aws:iam/policy:Policy": (name) => `arn:aws:iam::${account}:policy/${name}`,
  "aws:ssm/parameter:Parameter": (name) => `arn:aws:ssm:${region}:${account}:parameter${name}`,
  "aws:cloudwatch/eventBus:EventBus": (name) => `arn:aws:events:${region}:${account}:event-bus/${name}`,
  "aws:cloudwatch/eventRule:EventRule": (name) => `arn:aws:events:${region}:${account}:rule/${name}`,
  "aws:lambda/functionUrl:FunctionUrl": (name) => `arn:aws:lambda:${region}:${account}:function:${name}`,
  "aws:ecs/cluster:Cluster": (name) => `arn:aws:ecs:${region}:${account}:cluster/${name}`,
  "aws:ecs/taskDefinition:TaskDefinition": (name) => `arn:aws:ecs:${region}:${account}:task-definition/${name}:1`,
  "aws:ecr/repository:Repository": (name) => `arn:aws:ecr:${region}:${account}:repository/${name}`,
  "aws:cloudwatch/logGroup:LogGroup": (name) => `arn:aws:logs:${region}:${account}:log-group:${name}`,
};

/** What the AWS provider would add to a resource's inputs once the resource stands. */
export function computed(type: string, logicalName: string, inputs: Attributes): Attributes {
  const given = inputs.name ?? inputs.bucket ?? inputs.family;
  const name = typeof given === "string" ? given : logicalName;
  const arn = arns[type]?.(name) ?? `arn:aws:mock:${region}:${account}:${type.split(":").at(-1)}/${name}`;
  return { name, arn, ...inputs, ...extra(type, logicalName, name, arn) };
}

function extra(type: string, logicalName: string, name: string, arn: string): Attributes {
  if (type === "aws:lambda/function:Function") return { qualifiedArn: `${arn}:1`, version: "1", invokeArn: `${arn}/invocations` };
  if (type === "aws:lambda/functionUrl:FunctionUrl") return { functionUrl: `https://door.lambda-url.${region}.on.aws/` };
  if (type === "aws:sqs/queue:Queue") return { url: `https://sqs.${region}.amazonaws.com/${account}/${name}` };
  if (type === "aws:dynamodb/table:Table") return { streamArn: `${arn}/stream/2026-01-01T00:00:00.000` };
  if (type === "aws:ecr/repository:Repository") return { repositoryUrl: `${account}.dkr.ecr.${region}.amazonaws.com/${name}` };
  if (type === "aws:s3/bucket:Bucket") return { bucket: name };
  if (type.startsWith("random:")) return { base64: Buffer.from(logicalName.padEnd(32, "x")).toString("base64"), hex: "00", result: logicalName };
  return {};
}

/** What the AWS provider would answer when it is asked something. */
export function answer(token: string, inputs: Attributes): Attributes {
  switch (token) {
    case "aws:index/getPartition:getPartition":
      return { partition: "aws", dnsSuffix: "amazonaws.com" };
    case "aws:index/getRegion:getRegion":
      return { name: region, region, id: region };
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId: account, arn: `arn:aws:iam::${account}:user/test`, userId: "X", id: account };
    case "aws:iam/getPolicyDocument:getPolicyDocument":
      return { ...inputs, json: JSON.stringify({ Version: "2012-10-17", Statement: listOf(inputs.statements).map(statement) }) };
    case "aws:ecs/getService:getService":
      return { ...inputs, taskDefinition: `arn:aws:ecs:${region}:${account}:task-definition/${String(inputs.serviceName)}:42` };
    case "aws:ecs/getTaskDefinition:getTaskDefinition":
      return { ...inputs, taskRoleArn: `arn:aws:iam::${account}:role/shop-task`, executionRoleArn: `arn:aws:iam::${account}:role/shop-execution` };
    case "aws:rds/getInstance:getInstance":
      return { ...inputs, dbSubnetGroup: "shop-databases", address: `${String(inputs.dbInstanceIdentifier)}.c1a2b3.${region}.rds.amazonaws.com` };
    default:
      return inputs;
  }
}

function statement(given: Attributes): Attributes {
  const { effect = "Allow", actions, resources, notResources, principals, conditions } = given;
  return {
    Effect: effect,
    Action: actions,
    ...(notResources === undefined ? { Resource: resources } : { NotResource: notResources }),
    ...(principals === undefined ? {} : { Principal: principals }),
    ...(conditions === undefined ? {} : { Condition: conditions }),
  };
}

/** Pulumi passes lists of plain objects; anything else is none. */
const listOf = (value: unknown): readonly Attributes[] => (Array.isArray(value) ? (value as Attributes[]) : []);
