import { sayingWhy } from "../backup/refusals.ts";
import type { Standing } from "../backup/standing.ts";
import { standingLines } from "../backup/standing-lines.ts";
import { readStandings, standingOptions } from "../backup/standings.ts";
import { type Command, isOn } from "../frame/command.ts";
import { answer, screenful } from "../frame/format.ts";
import type { Place } from "../place/place.ts";

/** How everything that is backed up stands: proof, loss, restore time, trend. */
export const backupStatus = (place: Place): Command => ({
  path: ["backup", "status"],
  group: "Read it",
  summary: "How your backups stand: the newest proof, what would be lost now, how long a restore takes, and the trend",
  more: [
    "Reads the ledger of the account, or with --from a directory or bucket alone: its records are enough, and no AWS account is asked.",
    "Lengths in the table are rounded up. An RTO is estimated from the newest measured restore at today's size; what of it is assumed, it says.",
  ],
  words: "[NAME]",
  maxWords: 1,
  options: { ...standingOptions, all: { type: "switch", says: "every line, however many" } },
  example: "npx nightshift backup status --from ./backups --rto 1h",
  exits: { 1: "something is not proven, a target is not kept, or the store cannot be read" },
  run: (asked) =>
    sayingWhy(async () => {
      const standings = await readStandings(place, asked);
      const lines = standingLines(standings, asked.io.columns);
      answer(
        asked,
        { read: standings.read, at: standings.at, things: standings.standings.map(jsonOf) },
        isOn(asked, "all") ? lines : screenful(lines, "NAME, or --all", 1),
      );
      return standings.standings.every(isWell) ? 0 : 1;
    }),
});

/** What is unknown is not well. What cannot be proven (a table's backup) is well where it exists. */
function isWell({ thing, newest, suspect, rpo, rto }: Standing): boolean {
  if (newest === undefined || suspect !== undefined) return false;
  if (thing.kind === "dump" && newest.state !== "verified") return false;
  const lost = rpo.target === undefined || (rpo.lost !== undefined && rpo.lost <= rpo.target);
  const restored = rto.target === undefined || (rto.estimate !== undefined && rto.estimate.total <= rto.target);
  return lost && restored;
}

/** Lengths in milliseconds; what is unknown is null. */
const jsonOf = (one: Standing) => ({
  ...one.thing,
  well: isWell(one),
  newest: one.newest ?? null,
  suspect: one.suspect ?? null,
  rpo: { lostMs: one.rpo.lost ?? null, targetMs: one.rpo.target ?? null, by: one.rpo.by, silentForMs: one.rpo.silentFor ?? null, kept: one.rpo.kept ?? null },
  rto: {
    estimateMs: one.rto.estimate?.total ?? null,
    parts: one.rto.estimate?.parts ?? [],
    measuredIn: one.rto.measuredIn ?? null,
    targetMs: one.rto.target ?? null,
  },
  forecast: one.forecast === undefined ? null : { bytesPerDay: one.forecast.growth, exceedsInMs: one.forecast.exceedsIn ?? null },
  nextNight: one.nextNight ?? null,
  stored: one.stored,
  nights: one.nights,
  history: one.history,
});
