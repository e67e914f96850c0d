/** An EventBridge event pattern, in EventBridge's own words. */
export type EventPattern = Readonly<Record<string, unknown>>;

/** What deploys, triggers and bounds one function. Plain data: the stacks, the lab and the IAM table read the same file. */
export interface Manifest {
  /** The folder's name and the function's. */
  readonly name: string;
  /** `durable`: a Lambda durable function, started by the dispatcher under an execution name. `plain`: an ordinary one. */
  readonly kind: "durable" | "plain";
  /** One sentence for the IAM table and the docs. */
  readonly does: string;
  /** Events on the default bus that concern this automation; all of them reach the dispatcher's queue first (decision 15). */
  readonly events: readonly EventPattern[];
  /** What invokes a plain function. */
  readonly trigger?: /** `events`: everything on its way in. `outbox`: what is to be told, in order per channel (FIFO). `commands`: what people asked for in Slack. */
    | { readonly kind: "queue"; readonly queue: "events" | "outbox" | "commands"; readonly batch: number; readonly windowSeconds: number }
    /** A public address of its own; the function itself checks who asks. */
    | { readonly kind: "url" }
    | { readonly kind: "schedule"; readonly expression: string }
    | { readonly kind: "ledger-stream"; readonly keyPrefixes: readonly string[] };
  /** Ports it may use; types and IAM come from this list. */
  readonly uses: readonly string[];
  /** Length of one invocation. */
  readonly timeoutSeconds: number;
  /** Length of one durable execution; absent for plain functions. */
  readonly executionTimeoutMinutes?: number;
  readonly memoryMb: number;
}
