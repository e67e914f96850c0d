import type { AwsService } from "../kernel.ts";

/** An AWS call as its caller knows it: what was asked, and the answer or the error. */
export interface ApiCall {
  readonly service: AwsService;
  readonly operation: string;
  readonly input: unknown;
  readonly output?: unknown;
  readonly error?: Error;
}

/** Is told of calls once they have ended; it changes nothing. */
export type Tap = (call: ApiCall) => void;

/** Tells the tap, where there is one, how a call ended. A call whose caller died never ends. */
export function tapped<T>(tap: Tap | undefined, call: Pick<ApiCall, "service" | "operation" | "input">, answer: Promise<T>): Promise<T> {
  if (tap !== undefined)
    answer.then(
      (output) => tap({ ...call, output }),
      (error: unknown) => tap({ ...call, error: error instanceof Error ? error : new Error(String(error)) }),
    );
  return answer;
}
