import { callsWith } from "@nightshift/aws/calls";
import { systemClock } from "@nightshift/aws/clock";
import { realConnections } from "@nightshift/aws/connect";
import type { Reach } from "@nightshift/aws/reach";
import { afterEach, beforeEach } from "vitest";
import { type Heard, type LoopbackAws, loopbackAws, type WireAnswer } from "./loopback-aws.ts";

export const ok = (body: unknown): WireAnswer => ({ status: 200, body: JSON.stringify(body) });
export const fault = (type: string, status = 400): WireAnswer => ({
  status,
  body: JSON.stringify({ __type: type, message: `${type} happened` }),
  headers: { "x-amzn-errortype": type },
});

/** An answer of the query protocol, which RDS and ElastiCache speak: the result's elements as XML. */
export const okXml = (action: string, result: string): WireAnswer => ({
  ...xml,
  status: 200,
  body: `<${action}Response xmlns="urn:local"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></${action}Response>`,
});
export const faultXml = (code: string, status = 400): WireAnswer => ({
  ...xml,
  status,
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${code} happened</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`,
});
const xml = { headers: { "content-type": "text/xml" } } as const;

/** Answers of S3. */
export const s3Xml = (body: string, headers: Readonly<Record<string, string>> = {}): WireAnswer => ({
  status: 200,
  body,
  headers: { "content-type": "application/xml", ...headers },
});
export const s3Fault = (code: string, status: number, headers: Readonly<Record<string, string>> = {}): WireAnswer => ({
  ...{ status, headers: { "content-type": "application/xml", ...headers } },
  body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code} happened</Message></Error>`,
});

/** Elements of one name each, in order. */
export const elements = (fields: Readonly<Record<string, string | number | boolean>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join("");

/** How each operation, by name or path, is answered. */
type Answers = Readonly<Record<string, (request: Heard) => WireAnswer>>;

/** A server for each test of a file that stands where the SDK looks for AWS. The environment is put back after each. */
export class LoopbackStage {
  answers: Answers = {};
  #aws: LoopbackAws | undefined;

  constructor() {
    const saved = { ...process.env };
    beforeEach(async () => {
      this.#aws = await loopbackAws((request) => {
        const [whole, path = ""] = [request.path, request.path.split("?")[0]];
        const answer = this.answers[operationOf(request)] ?? this.answers[whole] ?? this.answers[path];
        return answer === undefined ? fault("UnknownOperationException") : answer(request);
      });
      Object.assign(process.env, { AWS_ENDPOINT_URL: this.#aws.endpoint, AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" });
    });
    afterEach(async () => {
      await this.#aws?.close();
      for (const name of ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_ECS", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) {
        if (saved[name] === undefined) delete process.env[name];
        else process.env[name] = saved[name];
      }
    });
  }

  get heard(): readonly Heard[] {
    return this.#aws?.heard ?? [];
  }

  get endpoint(): string | undefined {
    return this.#aws?.endpoint;
  }

  /** What was asked: the operation, and its input; of the query protocol its parameters. */
  get requests(): readonly (readonly [string, unknown])[] {
    return this.heard.map((one) => [operationOf(one) || one.path, parametersOf(one) ?? one.body]);
  }
}

/** The operation that a request names; empty for REST, whose path says it. */
const operationOf = (request: Heard): string => request.target.split(".")[1] ?? formOf(request)?.get("Action") ?? "";

const formOf = ({ headers, body }: Heard): URLSearchParams | undefined =>
  String(headers["content-type"]).includes("form-urlencoded") ? new URLSearchParams(String(body)) : undefined;

/** What the query protocol carries beside the operation's name and version. */
function parametersOf(request: Heard): Readonly<Record<string, string>> | undefined {
  const form = formOf(request);
  return form && Object.fromEntries([...form].filter(([name]) => name !== "Action" && name !== "Version"));
}

/** The real SDK against that server, without pauses. */
export const reach = (): Reach => ({
  connections: realConnections({ region: "eu-central-1" }),
  clock: systemClock,
  calls: callsWith({ pause: async () => {}, random: () => 0 }),
});
