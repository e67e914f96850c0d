import type { Ms } from "@nightshift/model";
import { AwsFault } from "../kernel.ts";

/** What may go wrong at one boundary. A new kind is a member here and an entry in {@link faultActions}. */
export type Fault =
  | { readonly kind: "none" }
  /** The sandbox dies before the call leaves. */
  | { readonly kind: "crash-before" }
  /** The call is carried out, then the sandbox dies without having seen the answer. */
  | { readonly kind: "crash-after" }
  /** Refused for its rate; nothing happened. */
  | { readonly kind: "throttle" }
  /** The service answers 503; nothing happened. */
  | { readonly kind: "unavailable" }
  /** The call is carried out, but its answer is lost. */
  | { readonly kind: "timeout-after" }
  /** Everything goes well, later. */
  | { readonly kind: "slow"; readonly by: Ms };

/** A fault's name. */
export type FaultKind = Fault["kind"];

/** What a fault does: before the call, and after it. `die` ends the running invocation. */
export interface FaultAction {
  readonly before?: (die: (why: string) => void, boundary: Boundary) => void;
  readonly after?: (die: (why: string) => void, boundary: Boundary) => void;
}

/** One place where our code meets the outside: an AWS call, a Slack call or a durable checkpoint. */
export interface Boundary {
  /** Counted from 0 in the order the boundaries are met. */
  readonly n: number;
  /** `ecs:UpdateService`, `slack:chat.postMessage`, `lambda:CheckpointDurableExecution`. */
  readonly name: string;
  /** Who calls: a function's name, or a person's. */
  readonly caller: string;
  /** The number of the invocation that calls; undefined for calls from outside any function. */
  readonly invocation: number | undefined;
  readonly mutating: boolean;
}

/** Decides, at each boundary, what goes wrong there. */
export type FaultPlan = (boundary: Boundary) => Fault;

/** What each kind does. An error thrown here is what the caller's `await` throws. */
export const faultActions: { readonly [K in FaultKind]: FaultAction } = {
  none: {},
  slow: {},
  "crash-before": { before: (die, at) => die(`crash before ${at.name}`) },
  "crash-after": { after: (die, at) => die(`crash after ${at.name}`) },
  throttle: {
    before: (_die, at) => {
      throw throttled(at.name);
    },
  },
  unavailable: {
    before: (_die, at) => {
      throw new AwsFault("ServiceUnavailableException", `${at.name}: the service is unavailable.`, 503);
    },
  },
  "timeout-after": {
    after: (_die, at) => {
      throw answerLost(at.name);
    },
  },
};

/**
 * How each service names its refusal for a rate; the SDK's retry classification knows them all. Only Lambda's has the
 * status 429, and the durable SDK tells a passing refusal of a checkpoint from a lasting one by just that.
 * Sources: "Retry behavior", https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html;
 * "CheckpointDurableExecution", https://docs.aws.amazon.com/lambda/latest/api/API_CheckpointDurableExecution.html;
 * "Error responses", https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (2026-11-21).
 */
export function throttled(name: string): AwsFault {
  const [service] = name.split(":");
  if (service === "lambda") return new AwsFault("TooManyRequestsException", `Rate exceeded (${name})`, 429);
  if (service === "s3") return new AwsFault("SlowDown", "Please reduce your request rate.", 503);
  if (service === "elbv2") return new AwsFault("Throttling", `Rate exceeded (${name})`, 400);
  return new AwsFault("ThrottlingException", `Rate exceeded (${name})`, 400);
}

/** The SDK's HTTP handler names a lost answer `TimeoutError` and gives it no HTTP status (seen in @smithy/node-http-handler, read 2026-11-21). */
function answerLost(name: string): Error {
  const error = new Error(`${name}: the socket closed before an answer came`);
  error.name = "TimeoutError";
  return error;
}

/** Nothing goes wrong. */
export const noFaults: FaultPlan = () => ({ kind: "none" });

/** One fault, at the boundary with this number. */
export const faultAt =
  (n: number, fault: Fault): FaultPlan =>
  (at) =>
    at.n === n ? fault : { kind: "none" };

/** One fault wherever `where` holds, at most `times` times. */
export function faultWhere(where: (boundary: Boundary) => boolean, fault: Fault, times = Number.POSITIVE_INFINITY): FaultPlan {
  let left = times;
  return (at) => {
    if (left <= 0 || !where(at)) return { kind: "none" };
    left -= 1;
    return fault;
  };
}

/** At every boundary inside an invocation, one of `kinds` with probability `share`, until `atMost` faults were given. */
export function randomFaults(random: () => number, faults: { readonly share: number; readonly kinds: readonly Fault[]; readonly atMost: number }): FaultPlan {
  let left = faults.atMost;
  return (at) => {
    if (at.invocation === undefined || left <= 0 || random() >= faults.share) return { kind: "none" };
    left -= 1;
    return faults.kinds[Math.floor(random() * faults.kinds.length)] ?? { kind: "none" };
  };
}

/** The first plan that has something to say at a boundary, says it. */
export const firstOf =
  (...plans: readonly FaultPlan[]): FaultPlan =>
  (at) => {
    for (const plan of plans) {
      const fault = plan(at);
      if (fault.kind !== "none") return fault;
    }
    return { kind: "none" };
  };
