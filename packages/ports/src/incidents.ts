import type { Entry, EpochMs, GroupPointer, IncidentRecord, OnCallOverride, Opening, RungAlarm, Silence, SilencedAlarm, StoredPlan } from "@nightshift/model";

/** Incidents as they are stored: an immutable opening, entries that are added once a key, and alarms in shards. What they mean is folded by `decide/incidents`. */
export interface Incidents {
  /** Writes the opening once; a second call changes nothing. With `joined`, the id is only another name for that incident. */
  open(opening: Opening, joined?: string): Promise<void>;
  /** Adds an entry once a key. True when this very call added it: who adds `acked/1` has acknowledged. */
  say(id: string, entry: Entry): Promise<boolean>;
  /** The record; another name leads to the incident that stands. */
  find(id: string): Promise<IncidentRecord | undefined>;
  /** Newest first, at most `limit` (100), each once. A record that this release cannot read is passed over, and told to `unreadable`. */
  list(limit: number, more?: ListMore): Promise<readonly IncidentRecord[]>;
}

/** How a list goes on, and what it could not show. */
export interface ListMore {
  /** Only ids older than this one. */
  readonly before?: string;
  /** Told the id of every record that was passed over, and why. */
  readonly unreadable?: (id: string, because: string) => void;
}

/** How many shards the alarms of one incident are kept in: 5,000 alarms make rows of about 100 kB. */
export const ALARM_SHARDS = 8;

/** The alarms of an incident, in shards by name, each replaced whole under its version: a batch costs one write, or eight where an incident has over a thousand. */
export interface IncidentAlarms {
  read(id: string, shard: number): Promise<{ readonly version: number; readonly alarms: readonly RungAlarm[] }>;
  /** Only if the shard still has `version`; false when somebody was first. */
  replace(id: string, shard: number, version: number, alarms: readonly RungAlarm[]): Promise<boolean>;
}

/** Which incident a group's alarms go to. */
export interface Groups {
  find(group: string): Promise<GroupPointer | undefined>;
  /** Points to `next` if the row is still `previous`; false when somebody was first. */
  point(previous: GroupPointer | undefined, next: GroupPointer): Promise<boolean>;
  /** Groups that were opened lately, for a storm of the whole account: newest first, at most 100. */
  recent(since: EpochMs): Promise<readonly { readonly group: string; readonly incident: string; readonly at: EpochMs }[]>;
  noteOpened(group: string, incident: string, at: EpochMs): Promise<void>;
}

/** What wakes a war room before its time. */
export interface Wakes {
  /** The room of this incident waits with this callback since `at`. */
  wait(incident: string, callbackId: string, at: EpochMs): Promise<void>;
  waiting(incident: string): Promise<string | undefined>;
  /** When it began to wait last: the room's sign of life. Undefined: it never did. */
  lastWait(incident: string): Promise<EpochMs | undefined>;
}

/** Silences that people set; maintenance windows are in the config. */
export interface Silences {
  add(silence: Silence): Promise<void>;
  /** Takes effect at `at`; false when there is none of that id. */
  end(id: string, at: EpochMs): Promise<boolean>;
  /** Those that stand at `at`, newest first. */
  standing(at: EpochMs): Promise<readonly Silence[]>;
  /** Remembers what rang under a silence, the newest time a name. */
  keep(alarm: SilencedAlarm): Promise<void>;
  /** What was kept and not settled since; at most 1,000. */
  kept(): Promise<readonly SilencedAlarm[]>;
  /** It was looked at after its silence: it opened its incident, or was over. What rang anew meanwhile stays kept. */
  settle(name: string, at: EpochMs): Promise<void>;
}

/** Who takes over for whom. */
export interface OnCall {
  override(it: OnCallOverride): Promise<void>;
  /** Those that touch the time from `from` to `to`. */
  overrides(from: EpochMs, to: EpochMs): Promise<readonly OnCallOverride[]>;
}

/** Plans that people asked for. */
export interface Plans {
  /** Once per id. */
  keep(plan: StoredPlan): Promise<void>;
  find(id: string): Promise<StoredPlan | undefined>;
}

/** Proof of life: written by the dispatcher for every heartbeat event, read by the notifier. */
export interface Heartbeats {
  beat(at: EpochMs): Promise<void>;
  last(): Promise<{ readonly at: EpochMs; readonly slackAt: EpochMs | undefined } | undefined>;
  /** Slack answered at this time. */
  answered(at: EpochMs): Promise<void>;
}
