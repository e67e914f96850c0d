import { minutes, ms, type Ms } from "@nightshift/model";
import { copyOf } from "../../boundary/copy.ts";
import type { DurableEngine } from "../../engine/engine.ts";
import { defaultExecutionTimeout } from "../../engine/limits.ts";
import { AwsFault, type Kernel, type ServiceModule } from "../../kernel.ts";
import type { Invocation } from "../../time/scope.ts";
import type { Sandboxes } from "../../time/sandbox.ts";
import { type Fields, fields, maybeText, notModelled, payloadText, text } from "../input.ts";
import type { Sqs } from "../sqs/module.ts";
import type { HandlerSetting, InvocationResult, LabFunction, LambdaContext, LambdaHandler } from "./function.ts";

/** What the Lambda module is built with. */
export interface LambdaSettings {
  readonly kernel: Kernel;
  readonly sandboxes: Sandboxes;
  readonly engine: DurableEngine;
  readonly sqs: Sqs;
}

/** Waits before the two retries of an asynchronous invocation. Source: "Error handling for asynchronous invocations", https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html (2026-11-21). */
const asyncRetries: readonly Ms[] = [minutes(1), minutes(2)];

/** The version every function of the lab has published. */
export const PUBLISHED = "1";

/** Lambda: functions, synchronous and asynchronous invocations, durable executions and their callbacks. */
export class Lambda implements ServiceModule {
  readonly service = "lambda";
  readonly mutating = new Set(["Invoke", "SendDurableExecutionCallbackSuccess", "SendDurableExecutionCallbackFailure"]);
  readonly engine: DurableEngine;
  readonly #kernel: Kernel;
  readonly #sandboxes: Sandboxes;
  readonly #sqs: Sqs;
  readonly #functions = new Map<string, LabFunction>();
  #unnamed = 0;

  constructor(settings: LambdaSettings) {
    this.#kernel = settings.kernel;
    this.#sandboxes = settings.sandboxes;
    this.engine = settings.engine;
    this.#sqs = settings.sqs;
  }

  /** Deploys a function, or new code for it; executions in flight keep the code they started with. */
  register(definition: LabFunction): void {
    this.#functions.set(definition.name, definition);
  }

  handle(operation: string, input: unknown): unknown {
    const request = fields(input);
    switch (operation) {
      case "Invoke":
        return this.#invoke(request);
      case "SendDurableExecutionCallbackSuccess":
        this.engine.complete(text(request, "CallbackId"), { kind: "succeeded", result: payloadText(request["Result"]) });
        return {};
      case "SendDurableExecutionCallbackFailure":
        this.engine.complete(text(request, "CallbackId"), { kind: "failed", error: fields(request["Error"]) });
        return {};
      case "GetDurableExecution":
        return this.#describe(text(request, "DurableExecutionArn"));
      default:
        throw notModelled("lambda", operation);
    }
  }

  /** Runs a plain function once and says how it ended. */
  run(name: string, event: unknown): Promise<InvocationResult> {
    const definition = this.#function(name);
    return new Promise((resolve) => {
      this.#sandboxes.run({
        functionName: name,
        execution: undefined,
        timeout: definition.timeout,
        work: (invocation) => this.#code(definition, invocation)(copyOf(event), this.#context(definition, invocation)),
        ended: (outcome) => {
          const errorType = outcome.kind === "threw" && outcome.error instanceof Error ? outcome.error.name : "Runtime.ExitError";
          if (outcome.kind !== "answered") this.#kernel.record({ kind: "world", what: "invocation-failed", about: name, detail: { because: outcome.because } });
          resolve(outcome.kind === "answered" ? { ok: true, value: outcome.value } : { ok: false, because: outcome.because, errorType });
        },
      });
    });
  }

  /** Invokes as AWS's services do: now, and after a failure one and two minutes later; then the event goes to the dead-letter queue, if there is one. */
  invokeLater(name: string, event: unknown, attempt = 0): void {
    const definition = this.#function(name);
    void this.run(name, event).then((result) => {
      if (result.ok) return;
      const wait = asyncRetries[attempt];
      if (wait !== undefined) return this.#kernel.clock.in(wait, () => this.invokeLater(name, event, attempt + 1));
      this.#kernel.record({ kind: "world", what: "event-given-up", about: name, detail: { because: result.because, to: definition.deadLetterQueue } });
      if (definition.deadLetterQueue !== undefined) {
        this.#sqs
          .queue(definition.deadLetterQueue)
          .send(JSON.stringify(event), { attributes: { ErrorMessage: { DataType: "String", StringValue: result.because } } });
      }
    });
  }

  #invoke(request: Fields): unknown {
    const { name, qualifier } = readName(text(request, "FunctionName"), maybeText(request, "Qualifier"));
    const definition = this.#function(name);
    const payload = payloadText(request["Payload"]) ?? "{}";
    const event = parsed(payload);
    const later = request["InvocationType"] === "Event";
    if (definition.kind === "durable") return this.#startDurable(definition, { qualifier, payload, later, name: maybeText(request, "DurableExecutionName") });
    if (later) {
      this.invokeLater(name, event);
      return { StatusCode: 202 };
    }
    return this.run(name, event).then((result) => ({
      StatusCode: 200,
      ExecutedVersion: PUBLISHED,
      ...(result.ok
        ? { Payload: bytes(result.value) }
        : { FunctionError: "Unhandled", Payload: bytes({ errorType: result.errorType, errorMessage: result.because }) }),
    }));
  }

  // Source: "Invoking durable Lambda functions", https://docs.aws.amazon.com/lambda/latest/dg/durable-invoking.html (2026-11-21).
  #startDurable(
    definition: LabFunction,
    request: { readonly qualifier: string | undefined; readonly payload: string; readonly later: boolean; readonly name: string | undefined },
  ): object {
    if (request.qualifier === undefined) throw new AwsFault("InvalidParameterValueException", "You cannot invoke a durable function using an unqualified ARN.");
    if (!request.later) throw new AwsFault("InvalidParameterValueException", "The lab starts durable functions with InvocationType Event only");
    if (request.name !== undefined && !/^[A-Za-z0-9_-]{1,64}$/.test(request.name))
      throw new AwsFault("InvalidParameterValueException", `Invalid durable execution name: ${request.name}`);
    this.#unnamed += request.name === undefined ? 1 : 0;
    const execution = this.engine.start({
      functionName: definition.name,
      qualifier: request.qualifier,
      executionName: request.name ?? `unnamed-${this.#unnamed}`,
      input: request.payload,
      executionTimeout: definition.executionTimeout ?? defaultExecutionTimeout,
      invocationTimeout: definition.timeout,
      run: (event, invocation) => this.#code(definition, invocation)(event, this.#context(definition, invocation)),
    });
    return { StatusCode: 202, DurableExecutionArn: execution.arn };
  }

  #describe(arn: string): object {
    const execution = this.engine.find(arn);
    if (!execution) throw new AwsFault("ResourceNotFoundException", `No durable execution ${arn}`, 404);
    return {
      DurableExecutionArn: arn,
      DurableExecutionName: execution.start.executionName,
      Status: execution.status,
      StartTimestamp: new Date(execution.startedAt),
      ...(execution.endedAt === undefined ? {} : { EndTimestamp: new Date(execution.endedAt) }),
      ...(execution.result === undefined ? {} : { Result: execution.result }),
      ...(execution.error === undefined ? {} : { Error: execution.error }),
    };
  }

  #function(name: string): LabFunction {
    const definition = this.#functions.get(name);
    if (!definition) throw new AwsFault("ResourceNotFoundException", `Function not found: ${name}`, 404);
    return definition;
  }

  #code(definition: LabFunction, invocation: Invocation): LambdaHandler {
    const setting: HandlerSetting = { durable: this.engine.client(definition.name), invocation };
    return definition.handler(setting);
  }

  #context(definition: LabFunction, invocation: Invocation): LambdaContext {
    const { region, accountId, clock } = this.#kernel;
    return {
      functionName: definition.name,
      functionVersion: PUBLISHED,
      memoryLimitInMB: String(definition.memoryMb ?? 256),
      awsRequestId: `request-${invocation.id}`,
      invokedFunctionArn: `arn:aws:lambda:${region}:${accountId}:function:${definition.name}:${PUBLISHED}`,
      getRemainingTimeInMillis: () => ms(Math.max(0, invocation.deadline - clock.now())),
    };
  }
}

/** `name`, `name:qualifier`, or either at the end of an ARN. */
function readName(functionName: string, qualifier: string | undefined): { readonly name: string; readonly qualifier: string | undefined } {
  const short = functionName.startsWith("arn:") ? (functionName.split(":function:")[1] ?? functionName) : functionName;
  const [name = short, inName] = short.split(":");
  return { name, qualifier: qualifier ?? inName };
}

function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch (cause) {
    throw Object.assign(new AwsFault("InvalidRequestContentException", "Could not parse request body into json"), { cause });
  }
}

const bytes = (value: unknown): Uint8Array => new Uint8Array(Buffer.from(JSON.stringify(value ?? null)));
