import { sayLength, seconds } from "@nightshift/model";
import { worstWait, LONGEST } from "./capacity.ts";
import type { Outlook } from "./outlook.ts";
import type { More } from "./scale-out.ts";
import { tuning } from "./tuning.ts";

/** Why workers are added: the wait that is to come, and what makes it. */
export function sayNeed(o: Outlook, { workers, keeps }: More): string {
  if (workers === 0) return "";
  const ahead = { horizon: o.starts.expectSeconds + o.promise / 2, added: 0, addedIn: 0 };
  const expected = worstWait(o.supply, o.arriving, ahead);
  // Where what is expected would be in time, it is for what chance may bring beside.
  const chance = expected <= tuning.outShare * o.promise;
  const worst = chance ? worstWait(o.supply, { ...o.arriving, scatter: tuning.outScatter }, ahead) : expected;
  const wait = worst >= LONGEST ? "without end" : sayLength(seconds(worst));
  const would = chance ? `tasks may wait ${wait} if more come or fewer end than expected` : `tasks would wait ${wait}`;
  const holds = `${Math.round(o.arriving.backlog)} tasks wait, ${o.arrivals.expected.toFixed(o.arrivals.expected < 10 ? 1 : 0)} a second come, ${saySeconds(o.serviceSeconds)} each`;
  return `${would}, ${sayLength(seconds(o.promise))} is promised: ${holds}${keeps ? "" : "; the promise cannot be kept with as many as may be"}`;
}

/** Why workers leave. */
export const sayIn = (o: Outlook, because: string, leaving: number): string =>
  `${because}: ${leaving} of ${o.fleet.running} ${leaving === 1 ? "leaves" : "leave"}`;

const saySeconds = (s: number): string => (s < 10 ? `${s.toFixed(1)} s` : `${Math.round(s)} s`);
