import {
  type AlarmMove,
  type Change,
  type Delivery,
  type Entry,
  type EpochMs,
  type Evidenced,
  epochMs,
  type IncidentPolicy,
  type IncidentRecord,
  type Severity,
} from "@nightshift/model";
import { mergeAlarms } from "./alarms.ts";
import { decideRoom, type Duty, type RoomFacts } from "./duties.ts";
import { roomLine } from "./duties-words.ts";
import { foldIncident } from "./fold.ts";
import { openedAt } from "./incident.fixture.ts";
import { policyFixture } from "./policy.fixture.ts";

/** So many seconds after the opening. */
export const at = (seconds: number): EpochMs => epochMs(openedAt + Math.round(seconds * 1_000));

/** Something that happens to the incident from outside, so many seconds after the opening. */
export type Happening = readonly [seconds: number, what: Entry | AlarmMove | Delivery];

/** A person's or an automation's word. */
export const word = (seconds: number, change: Change, over: Partial<Entry> = {}): Happening => [
  seconds,
  { key: `${change.what}/${seconds}`, at: at(seconds), kind: "changed", text: change.what, announce: true, actor: "slack/U0ANA ana", change, ...over },
];

/** An alarm's move; it arrives a second later than it happens. */
export const move = (seconds: number, name: string, value: AlarmMove["value"], severity: Severity = "P3"): Happening => [
  seconds + 1,
  { name, service: "shop-api", value, at: at(seconds), reason: `${name} says so`, severity, role: "symptom" },
];

/** A message of the notifier's that was sent. */
export const sent = (seconds: number, key: string): Happening => [
  seconds,
  { key, state: "sent", channel: "C0INC", thread: undefined, covers: [], ts: "1.1", shown: undefined, startedAt: at(seconds), tries: 1 },
];

/** One thing that a room did, so many seconds after the opening. */
export type Did = readonly [seconds: number, key: string];

/** How a room is played: what happens to it, and for how long. */
export interface Playing {
  readonly severity: Severity;
  readonly happens?: readonly Happening[];
  readonly policy?: IncidentPolicy;
  readonly until: number;
  readonly facts?: Partial<RoomFacts>;
  /** When the room begins to look; seconds. */
  readonly starts?: number;
}

/** A room as it would run: it looks when something happens and when the decision says so, does all that is due, and looks again. */
export function playRoom({ severity, happens = [], policy = policyFixture(), until, facts = {}, starts = 0 }: Playing): {
  readonly did: readonly Did[];
  readonly record: IncidentRecord;
} {
  const did: Did[] = [];
  let deliveries: readonly Delivery[] = [];
  let record: IncidentRecord = {
    opening: { id: "INC-1", group: "shop", service: "shop-api", severity, title: "5xx", openedAt, by: "alarms" },
    entries: [],
    alarms: [],
  };
  let now = at(starts);
  let taken = 0;
  const queue = happens.toSorted((a, b) => a[0] - b[0]);
  for (let looks = 0; looks < 5_000 && now <= at(until); looks++) {
    for (let next = queue[taken]; next !== undefined && at(next[0]) <= now; next = queue[++taken]) {
      const [, what] = next;
      if ("covers" in what) deliveries = [...deliveries, what];
      else if ("value" in what) record = { ...record, alarms: mergeAlarms(record.alarms, [what]) };
      else record = { ...record, entries: [...record.entries, what] };
    }
    const { due, next } = decideRoom(foldIncident(record), policy, { now, overrides: [], members: {}, deliveries, waitsForApproval: false, ...facts });
    for (const duty of due) {
      did.push([(now - openedAt) / 1_000, duty.key]);
      if (duty.kind === "show") deliveries = [...deliveries, fileRow(duty.evidence, now)];
      if (duty.kind === "furnish" && "invite" in duty.piece)
        record = {
          ...record,
          entries: [...record.entries, ...duty.piece.invite.map((one) => roomLine(now, { key: `invited/${one}`, kind: "changed", text: "invited" }))],
        };
      const proof = proofOf(duty, now);
      if (!record.entries.some(({ key }) => key === proof.key)) record = { ...record, entries: [...record.entries, proof] };
    }
    if (due.length > 0) continue;
    const happening = queue[taken];
    now = epochMs(Math.min(next ?? Number.POSITIVE_INFINITY, happening === undefined ? Number.POSITIVE_INFINITY : at(happening[0])));
  }
  return { did, record };
}

const fileRow = ({ stored }: Evidenced, now: EpochMs): Delivery => ({
  key: `file/${stored?.key ?? ""}`,
  state: "sent",
  channel: "C0INC",
  thread: "1.1",
  covers: [],
  ts: "F1",
  shown: undefined,
  startedAt: now,
  tries: 1,
});

function proofOf(duty: Duty, now: EpochMs): Entry {
  switch (duty.kind) {
    case "tell":
      return duty.entry;
    case "room":
      return roomLine(now, { key: "room", kind: "changed", text: "made", change: { what: "room", channel: "C0ROOM", name: "inc-1" } });
    case "call":
    case "show":
    case "furnish":
      return roomLine(now, { key: duty.key, kind: "paged", text: "called", announce: false });
    case "evidence":
      return roomLine(now, { key: duty.key, kind: "evidence", text: "collected", announce: false });
    case "post-mortem":
      return roomLine(now, { key: duty.key, kind: "changed", text: "written", change: { what: "post-mortem", location: "s3" } });
  }
}
