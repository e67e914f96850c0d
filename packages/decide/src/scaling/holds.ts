import { guard } from "@nightshift/model/guards";
import { rivalBefore } from "./rival.ts";
import type { Context } from "./verdict.ts";

/** Why nothing may be done at all at this look; undefined: it may. */
export function reasonToHold({ o, agreeing }: Context): string | undefined {
  const { held, rollback } = o.observation;
  if (held !== undefined && guard("hold before scaling")) return `held: ${held}`;
  if (guard("scaler yields to a rollback", rollback !== undefined)) return `a rollback works on the service: ${rollback}`;
  const another = rivalReason(o);
  if (another !== undefined) return another;
  if (guard("two looks agree before anything is done", agreeing < 2)) return "one more look that agrees is needed before anything is changed";
  return undefined;
}

/** Why another scaler keeps us away; undefined: none does. It may do so for ever, and whoever was drained must not wait for that. */
export function rivalReason(o: Context["o"]): string | undefined {
  const { rival } = o.observation;
  if (guard("scaler yields to a rival", rival !== undefined)) return `another scaler acts on the service: ${rival}`;
  return guard("scaler yields to a rival", rivalBefore(o)) ? "another scaler acted on the service when last asked" : undefined;
}
