import { after, type EpochMs, epochMs, type Incident, type IncidentPolicy, type Ms, ms } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";

/** How quiet an incident's alarms are, while none of them rings. */
export interface Quiet {
  /** Since when none rings; not longer than it has been open again. */
  readonly since: EpochMs;
  /** How long they have to stay so. */
  readonly lasts: Ms;
  /** Alarms that rang and have no data now: a dead service answers nothing. Until when it waits for them. */
  readonly unknown: { readonly names: string; readonly since: EpochMs; readonly until: EpochMs } | undefined;
}

/** An alarm without data counts as clear after so many times the quiet that one with data needs: six for what is grave, two for the rest. */
const WITHOUT_DATA = { P1: 6, P2: 6, P3: 2, P4: 2 } as const;
/** Alarms named in a sentence. */
const MOST_NAMES = 3;

/** Undefined while an alarm rings, or where there is none. */
export function quietOf(incident: Incident, policy: IncidentPolicy): Quiet | undefined {
  const { clearSince, severity, entries } = incident;
  if (clearSince === undefined) return undefined;
  const again = entries.findLast(({ change }) => change?.what === "reopened")?.at ?? clearSince;
  const quietSince = (at: EpochMs): EpochMs => epochMs(Math.max(at, again));
  const lasts = policy.severities[severity].quietFor;
  const silent = withoutData(incident);
  if (silent.length === 0) return { since: quietSince(clearSince), lasts, unknown: undefined };
  const since = quietSince(epochMs(Math.max(...silent.map((one) => one.since))));
  const names = `${silent
    .slice(0, MOST_NAMES)
    .map(({ name }) => name.slice(0, 80))
    .join(", ")}${silent.length > MOST_NAMES ? ` and ${silent.length - MOST_NAMES} more` : ""}`;
  return { since: quietSince(clearSince), lasts, unknown: { names, since, until: after(since, ms(lasts * WITHOUT_DATA[severity])) } };
}

/** How long its alarms have to stay as they are, told from when the last of them changed. */
export function endsIn(incident: Incident, policy: IncidentPolicy): Ms {
  const quiet = quietOf(incident, policy);
  const { quietFor } = policy.severities[incident.severity];
  return quiet?.unknown === undefined ? quietFor : ms(Math.max(quietFor, quiet.unknown.until - quiet.unknown.since));
}

/** Its alarms that rang and say nothing now. */
export const withoutData = ({ alarms }: Pick<Incident, "alarms">): Incident["alarms"] =>
  alarms.filter(({ value }) => guard("no data is no end", value === "INSUFFICIENT_DATA"));
