import { type EpochMs, epochMs, type Ms } from "@nightshift/model";
import { callsWith } from "../calls.ts";
import type { Connections } from "../connect.ts";
import type { Reach } from "../reach.ts";

/** What was sent: AWS's name of the operation and its input. */
export interface Sent {
  readonly operation: string;
  readonly input: unknown;
}

/** An account for tests that answers each operation by a function; an operation without one fails loudly. */
export interface Answering {
  readonly reach: Reach;
  readonly sent: readonly Sent[];
  /** How long our own backoff waited, call by call. */
  readonly waited: readonly Ms[];
  /** Moves the clock. */
  advance(to: EpochMs): void;
}

/** `answers` by operation; each is called with the command's input and may throw. */
export function answering(answers: Readonly<Record<string, (input: never) => unknown>>): Answering {
  const sent: Sent[] = [];
  const waited: Ms[] = [];
  let now = epochMs(Date.UTC(2026, 10, 21, 9, 0, 0));
  const send = async (command: { readonly constructor: { readonly name: string }; readonly input: never }): Promise<unknown> => {
    const operation = command.constructor.name.replace(/Command$/, "");
    sent.push({ operation, input: command.input });
    const answer = answers[operation];
    if (answer === undefined) throw new Error(`the test answers no ${operation}`);
    return answer(command.input);
  };
  const client = async () => ({ send });
  // One `send` stands for all clients, whose overloads no single function can have.
  const connections = {
    ecs: client,
    autoscaling: client,
    elbv2: client,
    cloudwatch: client,
    logs: client,
    ecr: client,
    s3: client,
    sns: client,
    sqs: client,
    lambda: client,
    ssm: client,
    dynamodb: client,
    tables: client,
    rds: client,
    elasticache: client,
    backup: client,
  } as unknown as Connections;
  const pause = async (length: Ms) => void waited.push(length);
  return {
    reach: { connections, clock: { now: () => now }, calls: callsWith({ pause, random: () => 0.5 }) },
    sent,
    waited,
    advance: (to) => {
      now = to;
    },
  };
}

/** An error as the SDK throws it. */
export function awsError(name: string, status = 400, extra: Readonly<Record<string, unknown>> = {}): Error {
  return Object.assign(new Error(`${name} happened`), {
    name,
    $fault: status >= 500 ? "server" : "client",
    $metadata: { httpStatusCode: status, requestId: "r-1" },
    ...extra,
  });
}
