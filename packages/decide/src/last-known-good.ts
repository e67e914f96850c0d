import type { AlarmState, ChangeNote, EpochMs, GoodTuple, GuardedService, IdentityKey, RevisionRecord, ServiceName, ServiceRevision } from "@nightshift/model";
import { days, hours, sayLength, shortRevision, since } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { schemaFits } from "./schema.ts";

/** GOOD is forgotten after this long: images, schemas and partners have moved on (`facts/rollback.md` 4). */
const GOOD_FOR = days(30);
/** Never further back than this many other identities. */
const FURTHEST_BACK = 3;
/** A revision that ran this long without an alarm before we came is taken as good (bootstrap). */
const PROVEN_BY_AGE = hours(24);

/** What the choice of a way back is made from. */
export interface ToChoose {
  readonly service: GuardedService;
  /** Newest first seen first. */
  readonly known: readonly RevisionRecord[];
  /** Newest first. */
  readonly tuples: readonly GoodTuple[];
  readonly current: IdentityKey;
  readonly migrations: readonly ChangeNote[];
  readonly at: EpochMs;
}

/** The revision to go back to, by evidence and not by order; or why there is none. */
export interface Choice {
  readonly record: RevisionRecord | undefined;
  readonly because: string;
  /** True: from a set of the whole group; see `Candidate.together`. */
  readonly together?: boolean;
}

/**
 * The last known good: in a group the newest set that was good together, for a lone service its newest GOOD revision other
 * than the current one, schema-compatible before incompatible. A revision that merely served is offered last, for the one
 * case where ECS itself returns to it (see `plan.ts`). A group member whose set names what runs already gets that back: it does not move.
 */
export function chooseCandidate(input: ToChoose): Choice {
  const { service, known, current, migrations, at } = input;
  const together = fromTuples(input);
  if (together !== undefined) return together;
  const near = others(known, current).slice(0, FURTHEST_BACK);
  const good = near.filter((row) => isGood(row, at));
  const judged = known.find((row) => row.identity.key === current)?.labels;
  const fits = (row: RevisionRecord) => schemaFits(row, migrations, { policy: service.schema, judged });
  const best = good.find((row) => fits(row).fits) ?? good[0];
  if (best !== undefined) return { record: best, because: `${sayGood(best, at)}, ${fits(best).because}` };
  const previous = near[0];
  if (previous?.grade === "served" || (previous?.grade === "good" && !isGood(previous, at))) {
    return {
      record: { ...previous, grade: "served" },
      because: `${shortRevision(previous.identity.taskDefinition)} served before, but is not known to be good (${sayServed(previous, at)}): only ECS itself may return to it`,
    };
  }
  return { record: undefined, because: whyNone(known, near, current) };
}

/** The group's newest good set, as far as this service is concerned. Undefined: there is no set of more than one service. */
function fromTuples({ service, known, tuples, current, at }: ToChoose): Choice | undefined {
  const sets = tuples.filter((tuple) => Object.keys(tuple.members).length > 1);
  if (sets.length === 0) return undefined;
  const near = new Set(
    others(known, current)
      .slice(0, FURTHEST_BACK)
      .map((row) => row.identity.key),
  );
  for (const set of sets) {
    const key = set.members[service.name];
    const row = known.find((one) => one.identity.key === key);
    if (row === undefined || !isGood(row, at)) continue;
    if (row.identity.key === current)
      return { record: row, because: `${shortRevision(row.identity.taskDefinition)} is what was good together with the rest of the group, and runs already` };
    if (near.has(row.identity.key)) return { record: row, together: true, because: `${sayGood(row, at)}, together with the rest of the group` };
  }
  return { record: undefined, because: `no set of revisions of this group is known to be good together any more (${sets.length} remembered)` };
}

/** Other identities, newest first seen first, each once. */
function others(known: readonly RevisionRecord[], current: IdentityKey): readonly RevisionRecord[] {
  const seen = new Set<IdentityKey>([current]);
  return [...known].sort((a, b) => b.firstSeen - a.firstSeen).filter((row) => !seen.has(row.identity.key) && seen.add(row.identity.key));
}

/** GOOD, and not so long ago that it is forgotten. */
export const isGood = (row: RevisionRecord, at: EpochMs): boolean => row.grade === "good" && !guard("good is forgotten", since(row.gradedAt, at) > GOOD_FOR);

const sayGood = (row: RevisionRecord, at: EpochMs): string => {
  const from = row.provisional ? row.firstSeen : row.gradedAt;
  return `${shortRevision(row.identity.taskDefinition)} ${row.provisional ? "is taken as good, running" : "is good since"} ${sayLength(since(from, at))}`;
};
const sayServed = (row: RevisionRecord, at: EpochMs): string => (row.gradedAt + GOOD_FOR < at ? "its grade is older than 30 days" : "it never passed a watch");

function whyNone(known: readonly RevisionRecord[], near: readonly RevisionRecord[], current: IdentityKey): string {
  if (near.length === 0) return "no earlier revision of this service is known: this is the first one";
  const grades = near.map((row) => `${shortRevision(row.identity.taskDefinition)} ${row.grade}`).join(", ");
  const older = others(known, current).length - near.length;
  return `none of the ${near.length} revisions before it is known to be good (${grades})${older > 0 ? `; ${older} older ones are too far back` : ""}`;
}

/** How the replaced revision enters the ledger at the first watch: GOOD for now when it ran a day without an alarm, else merely served. */
export function bootstrapRecord({
  service,
  revision,
  alarmsAtStart,
  at,
}: {
  service: ServiceName;
  revision: ServiceRevision;
  alarmsAtStart: readonly AlarmState[];
  at: EpochMs;
}): RevisionRecord {
  const age = since(revision.createdAt, at);
  const ringing = alarmsAtStart.filter((alarm) => alarm.value === "ALARM");
  const good = age >= PROVEN_BY_AGE && !guard("ringing alarm at bootstrap", ringing.length > 0);
  const because = good
    ? `ran ${sayLength(age)} without an alarm before the first watch`
    : ringing.length > 0
      ? `alarm ${ringing[0]?.name} rang at the first watch`
      : `ran only ${sayLength(age)} before the first watch`;
  return {
    service,
    identity: revision.identity,
    grade: good ? "good" : "served",
    gradedAt: at,
    because,
    firstSeen: revision.createdAt,
    labels: revision.labels,
    provisional: good,
    pinned: undefined,
  };
}
