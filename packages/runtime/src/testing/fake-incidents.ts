import type { Entry, EpochMs, GroupPointer, IncidentRecord, Opening, RungAlarm, Silence, SilencedAlarm } from "@nightshift/model";
import { epochMs } from "@nightshift/model";
import { PortError, type World } from "@nightshift/ports";

/** The ports an incident lives in. */
export type IncidentPorts = Pick<World, "incidents" | "incidentAlarms" | "groups" | "wakes" | "silences" | "heartbeats" | "starter">;

/** What can be made to fail once. */
export type Failing = "open" | "say" | "alarms" | "point" | "noted" | "start" | "wake";

/** Incidents and what leads to them, kept in memory, with the ledger's promises: opened once, said once, replaced only as read. */
export interface FakeIncidents extends IncidentPorts {
  readonly openings: Map<string, { readonly opening: Opening; readonly joined: string | undefined }>;
  readonly said: Map<string, Map<string, Entry>>;
  readonly pointers: Map<string, GroupPointer>;
  readonly opened: { readonly group: string; readonly incident: string; readonly at: EpochMs }[];
  readonly shards: Map<string, { readonly version: number; readonly alarms: readonly RungAlarm[] }>;
  readonly callbacks: Map<string, string>;
  /** Since when each room waits. */
  readonly waits: Map<string, EpochMs>;
  /** `war-room INC-…`, oldest first. */
  readonly starts: string[];
  readonly woken: string[];
  readonly silenced: Silence[];
  /** What rang under a silence, by name. */
  readonly muted: Map<string, SilencedAlarm>;
  readonly beats: EpochMs[];
  /** Writes by port, counted. */
  readonly writes: Record<"open" | "say" | "alarms" | "point" | "noted", number>;
  /** The next calls of this name throw once each: what a crash at that line leaves behind is left. */
  readonly failOnce: Set<Failing>;
}

/** Everything the ports keep, empty. */
export function fakeIncidents(): FakeIncidents {
  const kept = {
    openings: new Map(),
    said: new Map(),
    pointers: new Map(),
    shards: new Map(),
    opened: [],
    callbacks: new Map(),
    waits: new Map(),
    starts: [],
    woken: [],
    silenced: [],
    muted: new Map(),
    beats: [],
    writes: { open: 0, say: 0, alarms: 0, point: 0, noted: 0 },
    failOnce: new Set<Failing>(),
  } satisfies Kept;
  return { ...kept, ...records(kept), ...leading(kept), ...around(kept) };
}

type Kept = Omit<FakeIncidents, keyof IncidentPorts>;

function losing({ failOnce }: Kept, name: Failing): void {
  if (failOnce.delete(name)) throw new PortError("unavailable", `fake:${name}`, name, "it was lost");
}

/** The records: openings, entries, alarms. */
function records(kept: Kept): Pick<IncidentPorts, "incidents" | "incidentAlarms"> {
  const find = (id: string): IncidentRecord | undefined => {
    const row = kept.openings.get(id);
    if (row === undefined) return undefined;
    if (row.joined !== undefined) return find(row.joined);
    const alarms = [...kept.shards].filter(([key]) => key.startsWith(`${id}/`)).flatMap(([, shard]) => shard.alarms);
    return { opening: row.opening, entries: [...(kept.said.get(id)?.values() ?? [])], alarms };
  };
  const incidents: IncidentPorts["incidents"] = {
    open: async (opening, joined) => {
      losing(kept, "open");
      kept.writes.open++;
      if (!kept.openings.has(opening.id)) kept.openings.set(opening.id, { opening, joined });
    },
    say: async (id, entry) => {
      losing(kept, "say");
      kept.writes.say++;
      const entries = kept.said.get(id) ?? new Map<string, Entry>();
      kept.said.set(id, entries);
      if (entries.has(entry.key)) return false;
      entries.set(entry.key, entry);
      return true;
    },
    find: async (id) => find(id),
    list: async (limit, { before } = {}) => {
      const ids = [...kept.openings].filter(([, row]) => row.joined === undefined).map(([id]) => id);
      const found = ids
        .filter((id) => before === undefined || id < before)
        .toSorted()
        .toReversed()
        .slice(0, limit);
      return found.map(find).filter((one) => one !== undefined);
    },
  };
  const incidentAlarms: IncidentPorts["incidentAlarms"] = {
    read: async (id, shard) => kept.shards.get(`${id}/${shard}`) ?? { version: 0, alarms: [] },
    replace: async (id, shard, version, alarms) => {
      losing(kept, "alarms");
      if ((kept.shards.get(`${id}/${shard}`)?.version ?? 0) !== version) return false;
      kept.writes.alarms++;
      kept.shards.set(`${id}/${shard}`, { version: version + 1, alarms });
      return true;
    },
  };
  return { incidents, incidentAlarms };
}

/** What leads to an incident and to its room. */
function leading(kept: Kept): Pick<IncidentPorts, "groups" | "wakes" | "starter"> {
  return {
    groups: {
      find: async (group) => kept.pointers.get(group),
      point: async (previous, next) => {
        losing(kept, "point");
        if (kept.pointers.get(next.group)?.version !== previous?.version) return false;
        kept.writes.point++;
        kept.pointers.set(next.group, next);
        return true;
      },
      recent: async (since) => kept.opened.filter((one) => one.at >= since).toReversed(),
      noteOpened: async (group, incident, at) => {
        losing(kept, "noted");
        kept.writes.noted++;
        kept.opened.push({ group, incident, at });
      },
    },
    wakes: {
      wait: async (incident, callback, at) => {
        kept.callbacks.set(incident, callback);
        kept.waits.set(incident, at);
      },
      waiting: async (incident) => kept.callbacks.get(incident),
      lastWait: async (incident) => kept.waits.get(incident),
    },
    starter: {
      start: async (automation, name) => {
        losing(kept, "start");
        kept.starts.push(`${automation} ${name}`);
      },
      wake: async (callback) => {
        losing(kept, "wake");
        kept.woken.push(callback);
      },
    },
  };
}

/** Silences and proof of life. */
function around(kept: Kept): Pick<IncidentPorts, "silences" | "heartbeats"> {
  return {
    silences: {
      add: async (silence) => void kept.silenced.push(silence),
      end: async (id) => kept.silenced.some((one) => one.id === id),
      standing: async (at) => kept.silenced.filter((one) => one.from <= at && at < one.until),
      keep: async (alarm) => {
        const known = kept.muted.get(alarm.name);
        if (known === undefined || known.at < alarm.at) kept.muted.set(alarm.name, alarm);
      },
      kept: async () => [...kept.muted.values()],
      settle: async (name, at) => void (kept.muted.get(name)?.at === at && kept.muted.delete(name)),
    },
    heartbeats: {
      beat: async (at) => void kept.beats.push(at),
      last: async () => {
        const at = kept.beats.at(-1);
        return at === undefined ? undefined : { at, slackAt: undefined };
      },
      answered: async () => {},
    },
  };
}

/** 2026-03-14T03:00:00Z and so many seconds. */
export const atSecond = (n: number): EpochMs => epochMs(1_773_457_200_000 + n * 1_000);
