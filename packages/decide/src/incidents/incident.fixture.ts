import { epochMs, type Incident } from "@nightshift/model";

/** 2026-03-16T03:12:00Z. */
export const openedAt = epochMs(1_773_630_720_000);
/** A moment after the opening. */
export const later = (seconds: number) => epochMs(openedAt + seconds * 1_000);

/** An open P2 of the shop without alarms, entries or people. Tests and fixtures only; the real one is folded from its record. */
export const incidentFixture = (over: Partial<Incident> = {}): Incident => ({
  id: "INC-260316-0312-shop-api-7f3a",
  group: "shop",
  service: "shop-api",
  severity: "P2",
  title: "5xx 12.4 % (> 5 %)",
  openedAt,
  by: "alarms",
  state: "open",
  needsPerson: false,
  working: [],
  announcedAt: undefined,
  acked: undefined,
  firstAckAt: undefined,
  mitigatedAt: undefined,
  resolvedAt: undefined,
  resolvedBy: undefined,
  closedAt: undefined,
  mergedInto: undefined,
  absorbed: [],
  roles: {},
  alarms: [],
  firing: 0,
  inhibited: 0,
  flapping: [],
  clearSince: undefined,
  suspect: undefined,
  pages: [],
  room: undefined,
  fields: {},
  evidence: [],
  postMortem: undefined,
  turns: { acked: 0, unacked: 0, resolved: 0, reopened: 0, severity: 0 },
  entries: [],
  ...over,
});
