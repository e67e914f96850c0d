import { days, hours, type Ms, minutes, seconds } from "@nightshift/model";

/** The bounds of a durable execution. */
export interface EngineLimits {
  /** Operations in one execution. */
  readonly operations: number;
  /** Bytes of one step's or callback's payload. */
  readonly payloadBytes: number;
  /** Updates in one checkpoint. */
  readonly updatesPerCheckpoint: number;
  /** Length of one invocation, whatever the function's own timeout says. */
  readonly invocation: Ms;
  /** How long an ended execution keeps its name. */
  readonly retention: Ms;
  /** Crashes in a row after which the lab gives an execution up: our own choice, so that a poisoned one ends. */
  readonly crashesInARow: number;
  /** Operations handed over with an invocation; the rest is read page by page. */
  readonly page: number;
}

/**
 * AWS's bounds. Sources: the Lambda service model in `@aws-sdk/client-lambda` and the durable SDK 2.4.0's own constants
 * (read 2026-11-21); 3,000 operations: "Lambda quotas", https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html;
 * 15 minutes: "Configure Lambda function timeout", https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html.
 */
export const awsLimits: EngineLimits = {
  operations: 3_000,
  payloadBytes: 262_144,
  updatesPerCheckpoint: 250,
  invocation: minutes(15),
  retention: days(14),
  crashesInARow: 50,
  page: 1_000,
};

/** An execution without a timeout of its own ends after this: the lab's default. */
export const defaultExecutionTimeout: Ms = hours(24);

/** How long the lab waits before it invokes again after the n-th crash in a row. AWS does not publish its own (facts: not verified). */
export const backOff = (crashes: number): Ms => seconds(Math.min(60, 2 ** Math.min(crashes - 1, 6)));
