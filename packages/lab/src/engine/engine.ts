import type {
  CheckpointDurableExecutionRequest,
  CheckpointDurableExecutionResponse,
  DurableExecutionClient,
  GetDurableExecutionStateRequest,
  GetDurableExecutionStateResponse,
  OperationUpdate,
  WireOperation,
} from "@aws/durable-execution-sdk-js";
import { epochMs } from "@nightshift/model";
import { copyOf } from "../boundary/copy.ts";
import type { EffectBoundary } from "../boundary/effects.ts";
import { type Tap, tapped } from "../boundary/tap.ts";
import { AwsFault, type Kernel } from "../kernel.ts";
import { currentScope } from "../time/scope.ts";
import { completeCallback, type CallbackOutcome } from "./callbacks.ts";
import { type Execution, fingerprint, replayed, type Start } from "./execution.ts";
import { awsLimits, type EngineLimits } from "./limits.ts";
import { applyUpdate, begin, checkUpdate, invalid } from "./operations.ts";
import type { Runner } from "./runner.ts";

/** What the engine is built with. */
export interface EngineSettings {
  readonly kernel: Kernel;
  readonly boundary: EffectBoundary;
  readonly runner: Runner;
  readonly limits?: Partial<EngineLimits>;
  readonly tap?: Tap | undefined;
}

/**
 * Lambda's durable execution service under the lab's clock: keeps the operations, hands out checkpoint tokens, wakes
 * executions, invokes again after a crash. Behaviour as AWS's local runner shows it (durable SDK testing 1.1.4), and
 * "Durable functions", https://docs.aws.amazon.com/lambda/latest/dg/durable-functions.html (2026-11-21).
 */
export class DurableEngine {
  readonly limits: EngineLimits;
  readonly #kernel: Kernel;
  readonly #boundary: EffectBoundary;
  readonly #runner: Runner;
  readonly #byArn = new Map<string, Execution>();
  readonly #byName = new Map<string, Execution>();
  readonly #tap: Tap | undefined;
  #maxOperations = 0;

  constructor(settings: EngineSettings) {
    this.limits = { ...awsLimits, ...settings.limits };
    this.#kernel = settings.kernel;
    this.#boundary = settings.boundary;
    this.#runner = settings.runner;
    this.#tap = settings.tap;
  }

  /** Every execution, oldest first. */
  get executions(): readonly Execution[] {
    return [...this.#byArn.values()];
  }

  /** The most operations any execution has held: invariant 39 bounds it. */
  get maxOperations(): number {
    return this.#maxOperations;
  }

  find(arn: string): Execution | undefined {
    return this.#byArn.get(arn);
  }

  /** What `withDurableExecution` is given as `durableExecutionClient`; both calls pass the effect boundary. */
  client(caller: string): DurableExecutionClient {
    const effect = <T>(operation: string, input: unknown, apply: () => T): Promise<T> =>
      this.#boundary.effect({ service: "lambda", operation, input, caller, mutating: false }, apply);
    const told = <T>(operation: string, input: unknown, answer: Promise<T>): Promise<T> => tapped(this.#tap, { service: "lambda", operation, input }, answer);
    return {
      checkpoint: (request) =>
        told(
          "CheckpointDurableExecution",
          request,
          effect("CheckpointDurableExecution", { Updates: (request.Updates ?? []).map(summary) }, () => this.checkpoint(request)),
        ),
      getExecutionState: (request) =>
        told(
          "GetDurableExecutionState",
          request,
          effect("GetDurableExecutionState", { Marker: request.Marker }, () => this.state(request)),
        ),
    };
  }

  /**
   * Starts an execution, or returns the one that has this name and this input.
   * Source: "Idempotency", https://docs.aws.amazon.com/lambda/latest/dg/durable-execution-idempotency.html (2026-11-21).
   * @throws AwsFault DurableExecutionAlreadyStartedException when the name is taken by another input.
   */
  start(start: Start): Execution {
    const key = `${start.functionName} ${start.executionName}`;
    const known = this.#byName.get(key);
    const now = this.#kernel.clock.now();
    const kept = known && (known.endedAt === undefined || now - known.endedAt < this.limits.retention);
    if (known && kept) {
      if (known.start.input === start.input) return known;
      throw new AwsFault("DurableExecutionAlreadyStartedException", `Execution ${start.executionName} was started with another payload`, 409);
    }
    const execution = this.#runner.open(start, this.#byArn.size + 1);
    this.#byName.set(key, execution);
    this.#byArn.set(execution.arn, execution);
    this.#runner.invoke(execution);
    return execution;
  }

  /** One checkpoint: all of its updates, or none. */
  checkpoint(request: CheckpointDurableExecutionRequest): CheckpointDurableExecutionResponse {
    const execution = this.#authorised(request);
    const updates = request.Updates ?? [];
    if (updates.length > this.limits.updatesPerCheckpoint) throw invalid(`A checkpoint takes at most ${this.limits.updatesPerCheckpoint} updates`);
    this.#checkAll(execution, updates);
    execution.checkpoints += 1;
    for (const update of updates) this.#apply(execution, update);
    this.#maxOperations = Math.max(this.#maxOperations, execution.operations.size);
    execution.token = this.#runner.nextToken(execution);
    return { CheckpointToken: execution.token, NewExecutionState: { Operations: this.#untold(execution) } };
  }

  /** The operations from `Marker` on. */
  state(request: GetDurableExecutionStateRequest): GetDurableExecutionStateResponse {
    const execution = this.#authorised(request);
    const from = Number(request.Marker ?? 0);
    const size = Math.min(request.MaxItems ?? this.limits.page, this.limits.page);
    const all = replayed(execution);
    const page = all.slice(from, from + size).map((operation) => structuredClone(operation));
    return from + size < all.length ? { Operations: page, NextMarker: String(from + size) } : { Operations: page };
  }

  /** Completes a callback. @throws AwsFault when it is unknown or closed. */
  complete(callbackId: string, outcome: CallbackOutcome): void {
    const { execution, operation } = completeCallback({ executions: this.#byArn, now: this.#kernel.clock.now() }, callbackId, outcome);
    this.#runner.changed(execution, operation);
  }

  #authorised(request: { readonly DurableExecutionArn: string | undefined; readonly CheckpointToken: string | undefined }): Execution {
    const execution = this.#byArn.get(request.DurableExecutionArn ?? "");
    if (!execution) throw new AwsFault("ResourceNotFoundException", `No durable execution ${request.DurableExecutionArn}`, 404);
    // A sandbox that was given up may still run; its token is the old one, so nothing it says is kept.
    const mine = execution.active?.invocation === currentScope()?.invocation || currentScope()?.invocation === undefined;
    if (execution.status !== "RUNNING" || execution.token !== request.CheckpointToken || !mine) throw invalid("Invalid Checkpoint Token");
    return execution;
  }

  #checkAll(execution: Execution, updates: readonly OperationUpdate[]): void {
    const fresh = new Set<string>();
    for (const update of updates) {
      const known = update.Type === "EXECUTION" ? undefined : execution.operations.get(update.Id ?? "");
      checkUpdate(update, known, this.limits);
      if (!known && update.Type !== "EXECUTION") fresh.add(update.Id ?? "");
    }
    if (execution.operations.size + fresh.size > this.limits.operations) {
      throw invalid(`The execution has reached the limit of ${this.limits.operations} operations`);
    }
  }

  #apply(execution: Execution, update: OperationUpdate): void {
    const now = new Date(this.#kernel.clock.now());
    if (update.Type === "EXECUTION") {
      this.#runner.end(execution, update.Action === "FAIL" ? { Status: "FAILED", Error: update.Error } : { Status: "SUCCEEDED", Result: update.Payload });
      return;
    }
    const id = update.Id ?? "";
    const operation = execution.operations.get(id) ?? begin(update, now);
    execution.operations.set(id, operation);
    if (update.Type === "CALLBACK") operation.CallbackDetails = { CallbackId: Buffer.from(JSON.stringify([execution.arn, id])).toString("base64") };
    const alarm = applyUpdate(operation, update, now);
    if (!alarm) return;
    this.#kernel.clock.in(alarm.after, () => {
      if (execution.status !== "RUNNING") return;
      const before = fingerprint(operation);
      alarm.ring(operation, new Date(epochMs(this.#kernel.clock.now())));
      if (fingerprint(operation) !== before) this.#runner.changed(execution, operation);
    });
  }

  #untold(execution: Execution): WireOperation[] {
    const told = execution.active?.told;
    const news: WireOperation[] = [];
    for (const [id, operation] of execution.operations) {
      const mark = fingerprint(operation);
      if (told?.get(id) === mark) continue;
      told?.set(id, mark);
      // What this invocation has now seen must not wake it again when it suspends.
      execution.changed.delete(id);
      news.push(copyOf(operation));
    }
    return news;
  }
}

const summary = (update: OperationUpdate): object => ({ Name: update.Name, Type: update.Type, Action: update.Action });
