import type { EpochMs } from "@nightshift/model";
import { type Credentials, signCall } from "./sign.ts";

/** Sends one request and gives back what came, whatever its status. @throws when nothing came in time. */
export type Post = (request: {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}) => Promise<{ readonly status: number; readonly text: string }>;

/** The AWS account and region that calls go to. */
export interface Reach {
  readonly post: Post;
  readonly region: string;
  readonly credentials: () => Credentials;
  readonly now: () => EpochMs;
  /** Instead of AWS: a machine that plays it. */
  readonly endpoint: string | undefined;
}

/** AWS said no, or something else than yes. */
export class AwsRefusal extends Error {
  override readonly name = "AwsRefusal";
  /** `ConditionalCheckFailedException`, or the HTTP status where AWS gave no name. */
  readonly code: string;
  constructor(operation: string, code: string) {
    super(`${operation} was not done: AWS answered ${code}. Nothing was tried again; see the code in AWS's reference.`);
    this.code = code;
  }
}

/** JSON services of AWS, by what they are called in requests. Sources, read 2026-11-21: "Making query API requests using AWS JSON protocol in Amazon SQS", https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html; "DynamoDB low-level API", https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html; "Making API requests to Systems Manager", https://docs.aws.amazon.com/systems-manager/latest/APIReference/Welcome.html. */
const services = {
  sqs: { target: "AmazonSQS", type: "application/x-amz-json-1.0" },
  dynamodb: { target: "DynamoDB_20120810", type: "application/x-amz-json-1.0" },
  ssm: { target: "AmazonSSM", type: "application/x-amz-json-1.1" },
} as const;

/** One call, once: a repetition would come too late for Slack's three seconds. @throws {AwsRefusal} with AWS's own code. */
export async function callAws(reach: Reach, service: keyof typeof services, operation: string, input: Readonly<Record<string, unknown>>): Promise<unknown> {
  const { target, type } = services[service];
  const url = new URL(reach.endpoint ?? `https://${service}.${reach.region}.amazonaws.com${reach.region.startsWith("cn-") ? ".cn" : ""}`);
  const body = JSON.stringify(input);
  const headers = { "content-type": type, "x-amz-target": `${target}.${operation}` };
  const signed = signCall({ method: "POST", host: url.host, headers, body, service, region: reach.region }, reach.credentials(), reach.now());
  const { status, text } = await reach.post({ url: `${url.origin}/`, headers: signed, body });
  const answer = readJson(text);
  if (status !== 200) throw new AwsRefusal(`${target}.${operation}`, codeOf(answer) ?? `HTTP ${status}`);
  return answer;
}

/** `com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException`: the name is the last part. */
function codeOf(answer: unknown): string | undefined {
  const type = typeof answer === "object" && answer !== null && "__type" in answer ? answer.__type : undefined;
  return typeof type === "string" ? type.slice(type.lastIndexOf("#") + 1) : undefined;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's page, or nothing: the status says enough.
    return undefined;
  }
}
