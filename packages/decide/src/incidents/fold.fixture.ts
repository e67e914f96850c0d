import { type AlarmMove, type Change, type Entry, epochMs, type Incident, type IncidentRecord, type Opening } from "@nightshift/model";
import { mergeAlarms } from "./alarms.ts";
import { foldIncident } from "./fold.ts";

/** 2026-03-14T03:00:00Z. Tests only. */
export const START = 1_773_457_200_000;
/** So many seconds after it. */
export const second = (n: number) => epochMs(START + n * 1_000);

export const opening = (over: Partial<Opening> = {}): Opening => ({
  id: "INC-260314-0300-shop",
  group: "shop",
  service: "shop-api",
  severity: "P3",
  title: "shop-api/5xx rings",
  openedAt: second(0),
  by: "alarms",
  ...over,
});

/** An entry that makes this change, so many seconds after the start. */
export const changed = (key: string, at: number, change: Change): Entry => ({ key, at: second(at), kind: "changed", text: key, announce: true, change });

/** An alarm's move, so many seconds after the start. */
export const move = (name: string, value: AlarmMove["value"], at: number, over: Partial<AlarmMove> = {}): AlarmMove => ({
  name,
  service: "shop-api",
  value,
  at: second(at),
  reason: `${name} is ${value}`,
  severity: "P3",
  role: "symptom",
  ...over,
});

export const record = (entries: readonly Entry[] = [], moves: readonly AlarmMove[] = [], over: Partial<Opening> = {}): IncidentRecord => ({
  opening: opening(over),
  entries,
  alarms: mergeAlarms([], moves),
});

export const incident = (entries: readonly Entry[] = [], moves: readonly AlarmMove[] = [], over: Partial<Opening> = {}): Incident =>
  foldIncident(record(entries, moves, over));
