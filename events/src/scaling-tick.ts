import { anyResources, baseOf, envelope, type EventBase } from "./envelope.ts";
import { count } from "./fields.ts";
import { ecsServiceName } from "./nightshift.ts";
import { scalingTickHeader } from "./patterns.ts";
import { defineShape } from "./shape.ts";
import { epochMs, type ScalingTick } from "@nightshift/model";
import * as z from "zod/mini";

/** The scaler asked itself to look at a busy service again. */
export interface ScalingTickDue extends EventBase {
  readonly kind: "scaling-tick";
  readonly tick: ScalingTick;
}

/** `due` is in milliseconds since 1970, as in our own ledger. */
const detail = z.object({ service: ecsServiceName, due: count });

/** `Nightshift Scaling Tick`, sent to the events queue with a delay (decision 35); our own words in EventBridge's envelope. */
export const scalingTickShape = defineShape(
  { name: "nightshift-scaling-tick", title: "nightshift / Nightshift Scaling Tick", schema: envelope(scalingTickHeader, anyResources, detail) },
  (sent): ScalingTickDue => ({ kind: "scaling-tick", ...baseOf(sent), tick: { service: sent.detail.service, due: epochMs(sent.detail.due) } }),
);
