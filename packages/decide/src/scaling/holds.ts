import { guard } from "@nightshift/model/guards";
import { rivalBefore } from "./rival.ts";
import type { Context } from "./verdict.ts";

/** Whether another scaler is why: it may stay for ever, and whoever was drained must not. */
export const rivalActs = ({ o }: Context): boolean =>
  o.observation.held === undefined && o.observation.rollback === undefined && (o.observation.rival !== undefined || rivalBefore(o));

/** Why nothing may be done at all at this look; undefined: it may. */
export function reasonToHold({ o, agreeing }: Context): string | undefined {
  const { held, rollback, rival } = o.observation;
  if (held !== undefined && guard("hold before scaling")) return `held: ${held}`;
  if (guard("scaler yields to a rollback", rollback !== undefined)) return `a rollback works on the service: ${rollback}`;
  if (guard("scaler yields to a rival", rival !== undefined)) return `another scaler acts on the service: ${rival}`;
  if (guard("scaler yields to a rival", rivalBefore(o))) return "another scaler acted on the service when last asked";
  if (guard("two looks agree before anything is done", agreeing < 2)) return "one more look that agrees is needed before anything is changed";
  return undefined;
}
