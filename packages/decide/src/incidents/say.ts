import type { Incident, IncidentState } from "@nightshift/model";

/** What a state is called in a header. */
const states: Readonly<Record<IncidentState, string>> = {
  open: "open",
  acked: "acknowledged",
  mitigating: "being mitigated",
  monitoring: "being watched",
  resolved: "resolved",
  closed: "closed",
  merged: "merged",
};

/** One line that stands for an incident wherever there is room for one only: `● [shop-api] P2 resolved · 5xx 12.4 %`. */
export const sayIncident = (incident: Pick<Incident, "service" | "severity" | "state" | "needsPerson" | "title">): string =>
  `● [${incident.service}] ${incident.severity} ${sayState(incident)} · ${incident.title}`;

/** The state in words; a person who is needed is said before it. */
export const sayState = ({ state, needsPerson }: Pick<Incident, "state" | "needsPerson">): string =>
  needsPerson && state !== "resolved" && state !== "closed" && state !== "merged" ? "a person is needed" : states[state];
