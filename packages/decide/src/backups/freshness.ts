import {
  type BackupId,
  type BackupRecord,
  type BackupState,
  days,
  type EpochMs,
  epochMs,
  hours,
  type Ms,
  ms,
  sayClock,
  sayDate,
  sayLength,
  type Severity,
  since,
  type TimeOfDay,
} from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { sayNewestProven } from "./say.ts";

/** What the hourly look at one thing knows (B4). */
export interface FreshFacts {
  readonly of: string;
  readonly at: EpochMs;
  readonly nightly: TimeOfDay;
  /** How long after its hour a night is late. */
  readonly lateAfter: Ms;
  /** Rows of this kind, oldest first; undefined: they could not be read, and why stands in `unread`. */
  readonly rows: readonly BackupRecord[] | undefined;
  readonly unread?: string;
  /** A backup counts from this state on: a dump that is proven each night must be verified. */
  readonly counts: readonly BackupState[];
  /** What lies in the store, by id; undefined: it is not in our store, or nobody looked. */
  readonly stored: readonly { readonly id: BackupId; readonly verified: boolean }[] | undefined;
  /** Since when somebody has been looking: what was due before is nobody's fault. */
  readonly lookingSince: EpochMs | undefined;
  readonly heldBecause: string | undefined;
}

/** What is wrong with the newest backup. */
export interface Staleness {
  readonly kind: "late" | "none proven" | "missing" | "unread" | "suspect" | "no drill";
  readonly severity: Severity;
  readonly says: string;
  /** When the night that it is about was due: the same trouble has the same. */
  readonly since: EpochMs;
}

/** Whether the newest backup is there, whole, proven and fresh; empty: it is. */
export function judgeFreshness(facts: FreshFacts): readonly Staleness[] {
  const { of, at, rows, unread } = facts;
  const due = newestDue(facts);
  if (rows === undefined) {
    if (!guard("no word is not good news")) return [];
    return [{ kind: "unread", severity: "P3", since: due, says: `nobody knows how the backups of ${of} stand: ${unread ?? "they could not be read"}` }];
  }
  const suspect = rows.findLast((row) => row.state === "suspect" && row.acknowledgedBy === undefined);
  const missing = missingOf(facts, due);
  return [
    ...lateness(facts, { rows, due }),
    ...(missing !== undefined && guard("a proven backup that is gone is told") ? [missing] : []),
    ...(suspect === undefined || since(suspect.scheduled, at) > days(7) || !guard("a suspect backup is told")
      ? []
      : [{ kind: "suspect" as const, severity: "P3" as const, since: suspect.scheduled, says: saySuspect(suspect) }]),
  ];
}

const saySuspect = ({ id, of, because }: BackupRecord): string =>
  `${id} is suspect: ${because ?? "its contents look wrong"}. Nothing is deleted by retention until somebody looked and said /ops backup accept ${of}.`;

/** The newest night that should have come to its end by now: its hour, whether or not anything ever fired. */
function newestDue({ at, nightly, lateAfter }: Pick<FreshFacts, "at" | "nightly" | "lateAfter">): EpochMs {
  const latest = at - lateAfter;
  const midnight = latest - (((latest % DAY) + DAY) % DAY);
  const today = midnight + hours(nightly.hour) + ms(nightly.minute * 60_000);
  return epochMs(today <= latest ? today : today - DAY);
}
const DAY = days(1);

/** The night did not come to its end in time; after a day and two such lengths it is graver (decision 50). */
function lateness(
  { of, at, counts, lateAfter, lookingSince, heldBecause }: FreshFacts,
  { rows, due }: { rows: readonly BackupRecord[]; due: EpochMs },
): readonly Staleness[] {
  if (lookingSince === undefined || lookingSince > due) return [];
  // A backup that somebody asked for later in the day is as good as the night's own.
  const good = rows.findLast((row) => counts.includes(row.state) && (row.scheduled >= due || (row.contentsOf !== undefined && row.contentsOf >= due)));
  if (good !== undefined || !guard("late night is told")) return [];
  const newest = rows.findLast((row) => counts.includes(row.state) && row.contentsOf !== undefined);
  const backstop = DAY + 2 * lateAfter;
  const grave = newest?.contentsOf === undefined ? since(lookingSince, at) > backstop : since(newest.contentsOf, at) > backstop;
  const own = rows.findLast((row) => row.scheduled >= due);
  const what =
    own === undefined
      ? "nothing was started"
      : own.state === "running"
        ? "it still runs"
        : `it ${own.state === "failed" ? "failed" : `is ${own.state}`}${own.because === undefined ? "" : `: ${own.because}`}`;
  const because = saySentence(heldBecause);
  return [
    {
      kind: grave ? "none proven" : "late",
      severity: grave ? "P2" : "P3",
      since: due,
      says: `the backup of ${of} that was due on ${sayDate(due)} at ${sayClock(due)} UTC is not there ${sayLength(since(due, at))} later: ${what}.${because} ${sayNewestProven(rows, at)}`,
    },
  ];
}

const saySentence = (text: string | undefined): string => (text === undefined ? "" : ` ${text}.`);

/** What the ledger calls proven must lie in the store, whole. */
function missingOf({ of, rows, stored }: FreshFacts, due: EpochMs): Staleness | undefined {
  const newest = rows?.findLast((row) => row.state === "verified" && row.kind === "dump");
  if (stored === undefined || newest === undefined) return undefined;
  const found = stored.find(({ id }) => id === newest.id);
  if (found?.verified === true) return undefined;
  const what = found === undefined ? "is not in the store" : "lies in the store without a proof that fits it";
  return { kind: "missing", severity: "P2", since: due, says: `${newest.id}, the newest proven backup of ${of}, ${what}. Take one now: /ops backup now ${of}` };
}
