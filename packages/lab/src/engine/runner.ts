import type { WireOperation } from "@aws/durable-execution-sdk-js";
import { ms } from "@nightshift/model";
import type { Kernel } from "../kernel.ts";
import type { VirtualClock } from "../time/clock.ts";
import type { Sandboxes } from "../time/sandbox.ts";
import type { Invocation } from "../time/scope.ts";
import { ended, type Execution, fingerprint, replayed, type Start } from "./execution.ts";
import { awsLimits, backOff, type EngineLimits } from "./limits.ts";

/** What a durable handler answers, as the SDK's wrapper gives it to Lambda. */
interface Answer {
  readonly Status: "SUCCEEDED" | "FAILED" | "PENDING";
  readonly Result?: string | undefined;
  readonly Error?: Execution["error"];
}

/** Invokes executions: the first time, after waits, after answers, after crashes. */
export class Runner {
  readonly #kernel: Kernel;
  readonly #clock: VirtualClock;
  readonly #sandboxes: Sandboxes;
  readonly #limits: EngineLimits;

  constructor(kernel: Kernel, clock: VirtualClock, sandboxes: Sandboxes, limits: Partial<EngineLimits> = {}) {
    this.#kernel = kernel;
    this.#clock = clock;
    this.#sandboxes = sandboxes;
    this.#limits = { ...awsLimits, ...limits };
  }

  /** A new execution with its first operation, and its own deadline. */
  open(start: Start, number: number): Execution {
    const { region, accountId } = this.#kernel;
    const arn = `arn:aws:lambda:${region}:${accountId}:function:${start.functionName}:${start.qualifier}/durable-execution/${start.executionName}/${String(number).padStart(8, "0")}`;
    const rootId = `execution-${number}`;
    const root: WireOperation = {
      Id: rootId,
      Type: "EXECUTION",
      Status: "STARTED",
      StartTimestamp: new Date(this.#clock.now()),
      ExecutionDetails: { InputPayload: start.input },
    };
    const execution: Execution = {
      arn,
      start,
      rootId,
      startedAt: this.#clock.now(),
      operations: new Map([[rootId, root]]),
      status: "RUNNING",
      endedAt: undefined,
      result: undefined,
      error: undefined,
      token: "",
      active: undefined,
      invocations: 0,
      checkpoints: 0,
      crashesInARow: 0,
      changed: new Set(),
    };
    this.#clock.in(start.executionTimeout, () => this.#timeOut(execution));
    return execution;
  }

  /**
   * The next checkpoint token; no other is accepted after it. Base64, as Lambda's own are.
   * Source: "CheckpointDurableExecution", https://docs.aws.amazon.com/lambda/latest/api/API_CheckpointDurableExecution.html (2026-11-21).
   */
  nextToken(execution: Execution): string {
    return Buffer.from(`${execution.start.executionName}-${execution.invocations}-${execution.checkpoints}`).toString("base64");
  }

  /** Runs the function once more, with everything that is known. */
  invoke(execution: Execution): void {
    if (execution.status !== "RUNNING" || execution.active) return;
    execution.invocations += 1;
    execution.token = this.nextToken(execution);
    const updated = [...execution.changed];
    execution.changed.clear();
    const operations = replayed(execution);
    const page = operations.slice(0, this.#limits.page);
    const event = {
      DurableExecutionArn: execution.arn,
      CheckpointToken: execution.token,
      UpdatedOperationIds: updated,
      InitialExecutionState: {
        // Through JSON, as an event reaches a function: moments become strings.
        Operations: JSON.parse(JSON.stringify(page)),
        NextMarker: operations.length > page.length ? String(page.length) : undefined,
      },
    };
    const told = new Map([...execution.operations].map(([id, operation]) => [id, fingerprint(operation)]));
    const { functionName, executionName, invocationTimeout } = execution.start;
    const timeout = ms(Math.min(invocationTimeout, this.#limits.invocation));
    this.#sandboxes.run({
      functionName,
      execution: executionName,
      timeout,
      started: (invocation: Invocation) => {
        execution.active = { invocation, told };
      },
      work: (invocation) => execution.start.run(event, invocation),
      ended: (outcome) => {
        execution.active = undefined;
        if (execution.status !== "RUNNING") return;
        const answer = outcome.kind === "answered" ? readAnswer(outcome.value) : undefined;
        if (answer) this.#answered(execution, answer);
        else this.#crashed(execution, outcome.kind === "answered" ? "the handler's answer is not a durable one" : outcome.because);
      },
    });
  }

  /** An operation changed from outside: tell the next invocation, and start it if none runs. */
  changed(execution: Execution, operation: WireOperation): void {
    execution.changed.add(operation.Id ?? "");
    this.invoke(execution);
  }

  /** Ends an execution with its answer. */
  end(execution: Execution, answer: Answer): void {
    execution.status = answer.Status === "SUCCEEDED" ? "SUCCEEDED" : "FAILED";
    execution.result = answer.Result === "" ? undefined : answer.Result;
    execution.error = answer.Error;
    this.#close(execution);
  }

  #answered(execution: Execution, answer: Answer): void {
    execution.crashesInARow = 0;
    if (answer.Status !== "PENDING") this.end(execution, answer);
    else if (execution.changed.size > 0) this.invoke(execution);
    else if (![...execution.operations.values()].some(canWake)) {
      this.end(execution, {
        Status: "FAILED",
        Error: { ErrorType: "InvalidParameterValueException", ErrorMessage: "Cannot return PENDING status with no pending operations." },
      });
    }
  }

  #crashed(execution: Execution, because: string): void {
    execution.crashesInARow += 1;
    this.#kernel.record({
      kind: "world",
      what: "invocation-crashed",
      about: execution.start.executionName,
      detail: { because, inARow: execution.crashesInARow },
    });
    if (execution.crashesInARow >= this.#limits.crashesInARow) {
      this.end(execution, { Status: "FAILED", Error: { ErrorType: "TooManyCrashes", ErrorMessage: because } });
      return;
    }
    this.#clock.in(backOff(execution.crashesInARow), () => this.invoke(execution));
  }

  #timeOut(execution: Execution): void {
    if (execution.status !== "RUNNING") return;
    execution.status = "TIMED_OUT";
    execution.error = { ErrorType: "ExecutionTimeout", ErrorMessage: "The execution ran longer than its timeout" };
    execution.active?.invocation.kill("execution timed out");
    this.#close(execution);
  }

  #close(execution: Execution): void {
    execution.endedAt = this.#clock.now();
    const root = execution.operations.get(execution.rootId);
    if (root) {
      root.Status = execution.status === "RUNNING" ? "STARTED" : execution.status;
      root.EndTimestamp = new Date(execution.endedAt);
    }
    this.#kernel.record({
      kind: "world",
      what: "execution-ended",
      about: execution.start.executionName,
      detail: {
        function: execution.start.functionName,
        status: execution.status,
        operations: execution.operations.size,
        invocations: execution.invocations,
        error: execution.error?.ErrorMessage,
      },
    });
  }
}

const canWake = (operation: WireOperation): boolean =>
  !ended(operation) &&
  (operation.Type === "WAIT" ||
    operation.Type === "CALLBACK" ||
    (operation.Type === "STEP" && (operation.Status === "PENDING" || operation.Status === "READY")));

function readAnswer(value: unknown): Answer | undefined {
  if (typeof value !== "object" || value === null || !("Status" in value)) return undefined;
  const { Status: status } = value;
  if (status !== "SUCCEEDED" && status !== "FAILED" && status !== "PENDING") return undefined;
  return value as Answer; // The SDK's own type; its status was just checked.
}
