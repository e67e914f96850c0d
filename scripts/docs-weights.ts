/** What each dependency of the functions weighs alone, bundled and minified as SST does it: for docs/dependencies.md. */
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { root } from "./tool.ts";

/** The least that we use of each: a client with one command, or what the adapters import. */
const uses: Readonly<Record<string, string>> = {
  "@aws-sdk/client-ecs": "ECSClient, DescribeServicesCommand",
  "@aws-sdk/client-cloudwatch": "CloudWatchClient, GetMetricDataCommand",
  "@aws-sdk/client-elastic-load-balancing-v2": "ElasticLoadBalancingV2Client, DescribeTargetHealthCommand",
  "@aws-sdk/client-dynamodb": "DynamoDBClient",
  "@aws-sdk/lib-dynamodb": "DynamoDBDocumentClient, GetCommand",
  "@aws-sdk/client-cloudwatch-logs": "CloudWatchLogsClient, GetLogEventsCommand",
  "@aws-sdk/client-ecr": "ECRClient, DescribeImagesCommand",
  "@aws-sdk/client-s3": "S3Client, PutObjectCommand",
  "@aws-sdk/client-sns": "SNSClient, PublishCommand",
  "@aws-sdk/client-sqs": "SQSClient, SendMessageCommand",
  "@aws-sdk/client-lambda": "LambdaClient, InvokeCommand",
  "@aws-sdk/client-ssm": "SSMClient, GetParameterCommand",
  "@aws-sdk/client-application-auto-scaling": "ApplicationAutoScalingClient, DescribeScalableTargetsCommand",
  "@aws/durable-execution-sdk-js": "withDurableExecution",
  "@slack/web-api": "WebClient",
  ioredis: "Redis",
  amqplib: "connect",
  "zod/mini": "object, string, parse",
};

async function weigh(source: string): Promise<{ readonly kb: number; readonly gzipKb: number }> {
  const built = await build({
    stdin: { contents: source, resolveDir: root, loader: "ts" },
    bundle: true,
    format: "esm",
    target: "es2024",
    platform: "node",
    mainFields: ["module", "main"],
    keepNames: true,
    minify: true,
    write: false,
    logLevel: "silent",
    absWorkingDir: root,
  });
  const text = built.outputFiles.map((file) => file.text).join("");
  return { kb: Buffer.byteLength(text) / 1_000, gzipKb: gzipSync(text, { level: 9 }).length / 1_000 };
}

const entry = (packages: readonly string[]): string => packages.map((name) => `export { ${uses[name] ?? ""} } from "${name}";`).join("\n");

/** One row a package, and what it adds to a bundle that has the ECS client already. */
export async function packageWeightsMarkdown(): Promise<string> {
  const base = "@aws-sdk/client-ecs";
  const alone = await weigh(entry([base]));
  const rows: string[] = [];
  for (const name of Object.keys(uses)) {
    const { kb, gzipKb } = await weigh(entry([name]));
    const added = name === base ? "–" : `${((await weigh(entry([base, name]))).kb - alone.kb).toFixed(0)} kB`;
    rows.push(`| \`${name}\` | ${kb.toFixed(0)} kB | ${gzipKb.toFixed(0)} kB | ${added} |`);
  }
  return ["| package, with the least we use of it | minified | gzipped | beside the ECS client |", "|---|---:|---:|---:|", ...rows].join("\n");
}
