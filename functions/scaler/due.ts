import { scalingTickHeader } from "@nightshift/events/patterns";
import { epochMs, type ScalingTick } from "@nightshift/model";

/**
 * Reads what the function was invoked with: a tick for one service, in the event's envelope, or, for whatever the schedule sends, the
 * minute's look at all of them. @throws {Error} for a tick that names its service or its moment wrongly.
 */
export function readDue(raw: unknown): ScalingTick | undefined {
  if (field(raw, "detail-type") !== scalingTickHeader.detailType) return undefined;
  const detail = field(raw, "detail");
  const service = field(detail, "service");
  const due = field(detail, "due");
  if (typeof service !== "string" || service === "") throw wrong("service: expected text", service === "" ? "nothing" : typeof service);
  if (typeof due !== "number" || !Number.isFinite(due)) throw wrong("due: expected milliseconds since 1970", typeof due);
  return { service, due: epochMs(due) };
}

const field = (of: unknown, name: string): unknown => (typeof of === "object" && of !== null ? Object.getOwnPropertyDescriptor(of, name)?.value : undefined);

const wrong = (expected: string, got: string): Error =>
  new Error(`scaler: ${expected}, got ${got}. The dispatcher sends it; do not invoke the scaler by hand.`);
