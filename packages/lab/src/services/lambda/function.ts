import type { DurableExecutionClient } from "@aws/durable-execution-sdk-js";
import type { Ms } from "@nightshift/model";
import type { Invocation } from "../../time/scope.ts";

/** What a function's code is handed by Lambda as `context`, as far as ours and the durable SDK read it. */
export interface LambdaContext {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly awsRequestId: string;
  readonly memoryLimitInMB: string;
  getRemainingTimeInMillis(): number;
}

/** A function's code. */
export type LambdaHandler = (event: unknown, context: LambdaContext) => Promise<unknown>;

/** What the lab gives to the code that builds a handler. Every invocation builds its own: nothing survives from one to the next. */
export interface HandlerSetting {
  /** To be passed to `withDurableExecution` as `durableExecutionClient`. */
  readonly durable: DurableExecutionClient;
  readonly invocation: Invocation;
}

/** A function of the account. */
export interface LabFunction {
  readonly name: string;
  readonly kind: "durable" | "plain";
  readonly handler: (setting: HandlerSetting) => LambdaHandler;
  /** Length of one invocation. */
  readonly timeout: Ms;
  /** Length of one durable execution. */
  readonly executionTimeout?: Ms;
  readonly memoryMb?: number;
  /** The queue that gets events whose asynchronous invocations all failed. */
  readonly deadLetterQueue?: string;
}

/** How a plain invocation ended: what it returned, or why it did not. */
export type InvocationResult = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly because: string; readonly errorType: string };
