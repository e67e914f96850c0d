import { createHash, randomUUID } from "node:crypto";
import { CloudWatchClient, PutMetricAlarmCommand, PutMetricDataCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, CreateLogGroupCommand, CreateLogStreamCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { CreateClusterCommand, CreateServiceCommand, ECSClient, RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { CreateTargetGroupCommand, ElasticLoadBalancingV2Client, RegisterTargetsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreateBucketCommand, GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, DeleteMessageCommand, GetQueueAttributesCommand, type Message, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { digest, epochMs, minutes, serviceName, taskDefinitionArn } from "@nightshift/model";
import type { RedeployStage } from "./redeploy.contract.ts";
import type { ServicesStage } from "./services.contract.ts";
import type { TellingStage } from "./telling.contract.ts";
import type { WatchingStage } from "./watching.contract.ts";
import { reachOf } from "@nightshift/aws/world";
import { realConnections } from "@nightshift/aws/connect";
import { alarmsFrom } from "@nightshift/aws/cloudwatch-alarms";
import { metricsFrom } from "@nightshift/aws/cloudwatch-metrics";
import { imagesFrom } from "@nightshift/aws/ecr-images";
import { rollbacksFrom } from "@nightshift/aws/ecs-rollbacks";
import { servicesFrom } from "@nightshift/aws/ecs-services";
import { targetsFrom } from "@nightshift/aws/elbv2-targets";
import { logsFrom } from "@nightshift/aws/logs";
import { evidenceFrom } from "@nightshift/aws/s3-evidence";
import { pagesFrom } from "@nightshift/aws/sns-pages";
import { deadLettersFrom } from "@nightshift/aws/sqs-dead-letters";
import { taskDefinitionsFrom } from "@nightshift/aws/task-definitions";

const region = "eu-central-1";
const reach = () => reachOf({ connections: realConnections({ region }) });
/** Names nobody used before, so that the server need not be fresh. */
const fresh = (what: string) => `${what}-${randomUUID().slice(0, 8)}`;

/** A cluster with two services on the second of two revisions, made through the real client. */
export async function motoServices(): Promise<ServicesStage & RedeployStage> {
  const ecs = new ECSClient({ region });
  const [cluster, family] = [fresh("shop"), fresh("api")];
  await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
  const register = async (image: string) => {
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand({
        family,
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        cpu: "256",
        memory: "512",
        containerDefinitions: [{ name: "app", image, essential: true }],
      }),
    );
    return taskDefinitionArn(taskDefinition?.taskDefinitionArn ?? "");
  };
  const older = await register("shop/api:v1");
  const current = await register("shop/api:v2");
  for (const service of ["api", "worker"])
    await ecs.send(new CreateServiceCommand({ cluster, serviceName: service, taskDefinition: current, desiredCount: 2, launchType: "FARGATE" }));
  const here = reach();
  return {
    services: servicesFrom(here),
    taskDefinitions: taskDefinitionsFrom(here),
    rollbacks: rollbacksFrom(here),
    ref: { cluster, service: serviceName("api") },
    second: { cluster, service: serviceName("worker") },
    desired: 2,
    taskDefinition: current,
    current,
    older,
    container: "app",
  };
}

/** A target group, a series, an alarm, a log and an image. */
export async function motoWatching(): Promise<WatchingStage> {
  const here = reach();
  return {
    targets: targetsFrom(here),
    metrics: metricsFrom(here),
    alarms: alarmsFrom(here),
    logs: logsFrom(here),
    images: imagesFrom(here, region),
    targetGroup: await targetGroup(),
    series: await series(),
    alarm: await alarm(),
    stream: await stream(),
    image: await image(),
  };
}

async function targetGroup(): Promise<WatchingStage["targetGroup"]> {
  const elbv2 = new ElasticLoadBalancingV2Client({ region });
  const { TargetGroups } = await elbv2.send(
    new CreateTargetGroupCommand({ Name: fresh("api"), Protocol: "HTTP", Port: 80, TargetType: "ip", VpcId: await anyVpc() }),
  );
  const arn = TargetGroups?.[0]?.TargetGroupArn ?? "";
  const ids = ["10.0.1.17", "10.0.1.18"];
  await elbv2.send(new RegisterTargetsCommand({ TargetGroupArn: arn, Targets: ids.map((Id) => ({ Id, Port: 8080 })) }));
  return { arn, ids };
}

/** moto makes a default VPC; one query by hand spares an EC2 client. It reads the service from the credential's scope and checks no signature. */
async function anyVpc(): Promise<string> {
  const authorization = `AWS4-HMAC-SHA256 Credential=local/20261121/${region}/ec2/aws4_request, SignedHeaders=host, Signature=0`;
  const answer = await fetch(`${process.env["AWS_ENDPOINT_URL"]}/?Action=DescribeVpcs&Version=2016-11-15`, { headers: { authorization } });
  return /<vpcId>([^<]+)</.exec(await answer.text())?.[1] ?? "";
}

async function series(): Promise<WatchingStage["series"]> {
  const cloudwatch = new CloudWatchClient({ region });
  // A dimension of its own, because moto finds series by their dimensions and forgets the namespace.
  const [namespace, group, sums] = ["Contract", fresh("targetgroup/api"), [3, 5, 7]];
  const from = epochMs(Math.floor(Date.now() / 60_000) * 60_000 - minutes(10));
  const at = (i: number, second: number) => new Date(from + minutes(i) + second * 1_000);
  await cloudwatch.send(
    new PutMetricDataCommand({
      Namespace: namespace,
      MetricData: sums.flatMap((sum, i) =>
        [1, sum - 1].map((Value, n) => ({ MetricName: "RequestCount", Dimensions: [{ Name: "TargetGroup", Value: group }], Timestamp: at(i, 10 + n), Value })),
      ),
    }),
  );
  return { query: { id: "requests", namespace, metric: "RequestCount", dimensions: { TargetGroup: group }, statistic: "Sum", period: minutes(1) }, from, sums };
}

async function alarm(): Promise<WatchingStage["alarm"]> {
  const cloudwatch = new CloudWatchClient({ region });
  const name = fresh("api-5xx");
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: name,
      Namespace: "Contract",
      MetricName: "Errors",
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanThreshold",
    }),
  );
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName: name, StateValue: "ALARM", StateReason: "contract" }));
  return { name, value: "ALARM" };
}

async function stream(): Promise<WatchingStage["stream"]> {
  const logs = new CloudWatchLogsClient({ region });
  const [logGroupName, logStreamName] = [fresh("/ecs/api"), "api/app/0123456789abcdef"];
  const lines = ["starting", "listening on 8080", "KeyError: 'total'", "exit"];
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  await logs.send(
    new PutLogEventsCommand({ logGroupName, logStreamName, logEvents: lines.map((message, i) => ({ message, timestamp: Date.now() - 10_000 + i })) }),
  );
  return { group: logGroupName, stream: logStreamName, lines };
}

async function image(): Promise<WatchingStage["image"]> {
  const ecr = new ECRClient({ region });
  const name = fresh("shop/api");
  await ecr.send(new CreateRepositoryCommand({ repositoryName: name }));
  const imageManifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.docker.distribution.manifest.v2+json",
    config: { mediaType: "application/vnd.docker.container.image.v1+json", size: 1, digest: `sha256:${createHash("sha256").update(name).digest("hex")}` },
    layers: [],
  });
  const put = await ecr.send(new PutImageCommand({ repositoryName: name, imageManifest, imageTag: "v1" }));
  return { name: `123456789012.dkr.ecr.${region}.amazonaws.com/${name}:v1`, digest: digest(put.image?.imageId?.imageDigest ?? "") };
}

/** A bucket, a topic with a queue behind it, and a dead-letter queue. */
export async function motoTelling(): Promise<TellingStage> {
  const here = reach();
  const [s3, sns, sqs] = [new S3Client({ region, forcePathStyle: true }), new SNSClient({ region }), new SQSClient({ region })];
  const Bucket = fresh("evidence");
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } }));
  const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: fresh("page") }));
  const queue = async (name: string) => (await sqs.send(new CreateQueueCommand({ QueueName: fresh(name) }))).QueueUrl ?? "";
  const [pagedTo, deadTo] = [await queue("paged"), await queue("dead")];
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: pagedTo, AttributeNames: ["QueueArn"] }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: Attributes?.["QueueArn"] ?? "" }));
  return {
    evidence: evidenceFrom(here, Bucket),
    pages: pagesFrom(here, () => TopicArn),
    deadLetters: deadLettersFrom(here, deadTo),
    stored: async (Key) => (await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()) ?? "",
    paged: async () =>
      (await taken(sqs, pagedTo)).map(({ Body = "{}" }) => {
        const { Subject, Message: text } = JSON.parse(Body);
        return { subject: Subject, text };
      }),
    dead: async () =>
      (await taken(sqs, deadTo)).map((message) => ({ body: message.Body ?? "", error: message.MessageAttributes?.["error"]?.StringValue ?? "" })),
  };
}

async function taken(sqs: SQSClient, QueueUrl: string): Promise<readonly Message[]> {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }));
  for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return Messages;
}
