import { planPruning } from "@nightshift/decide/retention/fold";
import { planRetention } from "@nightshift/decide/retention/plan-retention";
import { hoursOn, NIGHT, NOW, night, nights, usual } from "@nightshift/decide/retention/retention.fixture";
import {
  type BackupRecord,
  backupId,
  days,
  epochMs,
  ms,
  type ResticPolicy,
  type RetentionCandidate,
  type RetentionFacts,
  type RetentionPolicy,
  type ShelvedMoment,
} from "@nightshift/model";
import type { GuardName } from "@nightshift/model/guards";
import type { GuardCase } from "./case.ts";

interface Asked {
  readonly policy?: RetentionPolicy;
  readonly facts?: Partial<RetentionFacts>;
}

const goes = (given: readonly RetentionCandidate[], { policy = usual, facts }: Asked = {}): readonly string[] =>
  planRetention(policy, given, { now: NOW, ...facts }).removed.map(({ id }) => id);
const only = (off: GuardName, promise: string, kept: GuardCase["kept"]): GuardCase => ({ off: [off], promise, kept });
/** Two hundred days old and in no class: it goes unless something stops it. */
const old = (over: Partial<RetentionCandidate> = {}): readonly RetentionCandidate[] => [...nights(4), night(200, over)];
const stays = (over: Partial<RetentionCandidate>, asked: Asked = {}): boolean => !goes(old(over), asked).includes("night-200");

/** A backup of so many days ago as the store proves it, and its row. */
const lies = (ago: number): ShelvedMoment => {
  const at = epochMs(NIGHT - days(ago));
  return { id: backupId(`shop-${ago}-nightly`), of: "shop", contentsOf: at, scheduled: at, verified: true, suspect: false };
};
const row = (ago: number, over: Partial<BackupRecord>): BackupRecord => {
  const { id, contentsOf, scheduled } = lies(ago);
  return { id, of: "shop", kind: "dump", series: "nightly", state: "verified", proof: "none", scheduled, contentsOf, times: {}, version: 1, ...over };
};
const pointed = (shelved: readonly ShelvedMoment[], rows: readonly BackupRecord[]): readonly string[] =>
  planPruning(rows, { shelved, now: NOW, storeClock: NOW }, usual).pointers.map(({ id }) => id);

const monthly = { ...usual, daily: ms(0), weekly: ms(0), atLeast: 1 };
const tagged: ResticPolicy = { kind: "restic", periods: {}, withinPeriods: {}, tags: [["keep"]], oldest: true, atLeast: 0 };

/** Promises about which backups go. */
export const retentionGuards: readonly GuardCase[] = [
  only("only verified backups count", "a newer backup that nobody compared pushes no verified one out", () => {
    const unproven = Array.from({ length: 3 }, (_, n) => night(0, { id: backupId(`u${n}`), state: "uploaded", at: hoursOn(-n), scheduled: hoursOn(-n) }));
    return !goes([...unproven, night(200), night(201), night(202)]).includes("night-202");
  }),
  only("age is counted from the newest verified", "a year of failed nights removes nothing", () => {
    const facts = { now: epochMs(NOW + days(365)) };
    return goes(nights(7), { facts }).length === 0;
  }),
  only(
    "newest verified backups stay",
    "the newest stays where only the first of the month is kept",
    () => !goes(nights(10), { policy: monthly }).includes("night-0"),
  ),
  only("never the last verified backup", "tags that no backup has remove nothing", () => goes(nights(4), { policy: tagged }).length === 0),
  only("nothing goes before something is verified", "two weeks without a proof remove nothing", () => goes(nights(14, { state: "failed" })).length === 0),
  only("unproven backups wait for a proven one", "what was taken after the last proof stays", () => {
    return !goes([night(0, { state: "uploaded" }), ...nights(5).slice(1)]).includes("night-0");
  }),
  only("neither witness is believed alone", "a proof that the ledger contradicts stands for no day, also when somebody accepted that", () => {
    return !pointed([lies(0)], [row(0, { state: "failed", acknowledgedBy: "ana" })]).includes("shop-0-nightly");
  }),
  only("a disputed backup stays", "a backup that the ledger does not know is not removed", () =>
    stays({ state: "uploaded", disputed: "it knows nothing of it" }),
  ),
  only("no pruning while many are disputed", "three backups that the ledger does not know stop pruning", () => {
    const unknown = [10, 11, 12].map((ago) => night(ago, { state: "uploaded", disputed: "it knows nothing of it" }));
    return !goes([...old(), ...unknown]).includes("night-200");
  }),
  only("a disputed backup goes beside enough proven ones", "what the ledger calls failed, accepted or not, stays beside two that are proven", () => {
    const accepted = night(9, { state: "failed", disputed: "it calls it failed", acknowledged: true });
    return !goes([...nights(2), accepted]).includes("night-9");
  }),
  only("an empty policy removes nothing", "a policy of no length removes nothing", () => {
    return goes(nights(9), { policy: { ...monthly, monthly: ms(0) } }).length === 0;
  }),
  only("no pruning while clocks differ", "a clock that is two minutes off removes nothing", () => stays({}, { facts: { storeClock: epochMs(NOW + 120_000) } })),
  only("no pruning while a backup is ahead", "a backup of tomorrow stops pruning", () => {
    const tomorrow = night(0, { id: backupId("tomorrow"), at: epochMs(NIGHT + days(1)), scheduled: epochMs(NIGHT + days(1)) });
    return !goes([tomorrow, ...old()]).includes("night-200");
  }),
  only("no pruning while a backup is suspect", "a suspect backup stops pruning", () => {
    return !goes([night(0, { id: backupId("odd"), state: "suspect" }), ...old()]).includes("night-200");
  }),
  only("a backup of another time is doubted", "a backup a week off its schedule is not removed", () => stays({ scheduled: epochMs(NIGHT - days(207)) })),
  only("a backup that is told twice is doubted", "a backup told in two ways is not removed", () => {
    return !goes([...old(), night(200, { state: "failed" })]).includes("night-200");
  }),
  only("locked backup stays", "what is locked is not removed", () => stays({ lockedUntil: epochMs(NOW + 60_000) })),
  only("pinned backup stays", "what is pinned is not removed", () => stays({ pinnedUntil: epochMs(NOW + 60_000) })),
  only("newest copy elsewhere stays", "the only copy in the second region is not removed", () => stays({ copies: ["us-west-2"] })),
  only(
    "removals are bounded",
    "one run removes two at the most",
    () => goes([...nights(4), night(200), night(201), night(202)], { facts: { atMost: 2 } }).length === 2,
  ),
];
