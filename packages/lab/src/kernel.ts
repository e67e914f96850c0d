import type { EpochMs, Ms } from "@nightshift/model";

/** The AWS services the lab models; a call to any other fails loudly. */
export type AwsService =
  | "ecs"
  | "application-autoscaling"
  | "elbv2"
  | "cloudwatch"
  | "logs"
  | "ecr"
  | "dynamodb"
  | "s3"
  | "sns"
  | "sqs"
  | "lambda"
  | "ssm"
  | "rds"
  | "elasticache"
  | "backup";

/** Virtual time: moves only when nothing else is left to do at the present moment. */
export interface LabClock {
  now(): EpochMs;
  /** Runs `happening` when the clock reaches `now + after`; happenings of one moment run in the order they were asked for. */
  in(after: Ms, happening: () => void): void;
  /** Runs `happening` every `period`, first after one period, until the lab ends. */
  every(period: Ms, happening: () => void): void;
}

/** What every part of the simulated account is built with. */
export interface Kernel {
  readonly clock: LabClock;
  /** A seeded number in [0, 1); each part asks for its own stream by name so that parts do not disturb each other. */
  random(stream: string): () => number;
  readonly region: string;
  readonly accountId: string;
  /** How old an eventually consistent answer of this operation (`ecs:DescribeServices`) is right now; absent or 0: fresh. */
  staleBy?(operation: string): Ms;
  /** Appends a line to the account's history: what happened, for checkers and for the demo. */
  record(happening: Happening): void;
  /** Publishes an AWS event to the default bus (source, detail-type, resources, detail); the kernel adds id, time, region, account. */
  emit(event: { readonly source: string; readonly detailType: string; readonly resources: readonly string[]; readonly detail: unknown }): void;
}

/** One line of the account's history. `call`s are made by Nightshift or a person; `world` lines are what the account did by itself. `invocation` numbers the function's run that called. */
export type Happening =
  | {
      readonly kind: "call";
      readonly caller: string;
      readonly service: AwsService | "slack" | "broker";
      readonly operation: string;
      readonly input: unknown;
      readonly result: "ok" | string;
      readonly mutating: boolean;
      readonly invocation?: number;
    }
  | { readonly kind: "world"; readonly what: string; readonly about: string; readonly detail: Readonly<Record<string, unknown>> };

/** A recorded happening, with its moment and number. */
export type Recorded = Happening & { readonly at: EpochMs; readonly n: number };

/** One AWS service of the simulated account. */
export interface ServiceModule {
  readonly service: AwsService;
  /** `operation` is AWS's name (`DescribeServices`; for the document client `Get`, `Put`, `Update`, `Query`…). Throws `AwsFault`. `region` is named where the caller's client is of another region than the account's own. */
  handle(operation: string, input: unknown, caller: string, region?: string): unknown;
  /** Operations that change the account. */
  readonly mutating: ReadonlySet<string>;
}

/** An error shaped as the AWS SDK throws it. */
export class AwsFault extends Error {
  readonly $fault: "client" | "server";
  readonly $metadata: { readonly httpStatusCode: number };
  readonly $retryable?: { readonly throttling: boolean };
  constructor(name: string, message: string, status = 400) {
    super(message);
    this.name = name;
    this.$fault = status >= 500 ? "server" : "client";
    this.$metadata = { httpStatusCode: status };
    if (/Throttl|TooManyRequests|RequestLimit/.test(name)) this.$retryable = { throttling: true };
  }
}
