import { type Delivery, epochMs, type Incident } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { freshBudget, UPDATES, updateAt, updatesOf } from "./budget.ts";
import { paceAt } from "./pace.ts";
import type { PlaceName } from "./rows.ts";
import type { Situation, Step } from "./step.ts";

/** The part of what a header shows that nobody should wait to see. */
export const stateShown = ({ state, severity, acked }: Pick<Incident, "state" | "severity" | "acked">): string => `${state} ${severity} ${acked?.by ?? ""}|`;
/** What a header shows, for comparing: its state, and a fingerprint of the rest. */
export const shownAs = (incident: Pick<Incident, "state" | "severity" | "acked">, fingerprint: string): string => `${stateShown(incident)}${fingerprint}`;

const state = (shown: string): string => shown.slice(0, shown.indexOf("|"));

/** The newest state in the header: only ever the newest, within the workspace's budget and a reader's pace. */
export function updateStep(at: Situation, place: PlaceName, header: Delivery): Step {
  const shown = at.shown[place];
  if (guard("header is refreshed once", header.shown === shown)) return { do: "nothing" };
  const { incident, now, budgets } = at;
  const urgent = header.shown === undefined || state(header.shown) !== state(shown);
  const free = updateAt(budgets.get(UPDATES) ?? freshBudget(UPDATES), incident.severity, now);
  const paced = paceAt(budgets.get(updatesOf(incident.id))?.spent ?? [], now, urgent);
  const until = epochMs(Math.max(free, paced));
  return until > now ? { do: "wait", until, because: "headers change at a measured pace" } : { do: "update", place, row: header, shown };
}
