import { writeFile } from "node:fs/promises";
import path from "node:path";
import { sayingWhy } from "../backup/refusals.ts";
import { reportPage } from "../backup/report-page.ts";
import { readStandings, standingOptions } from "../backup/standings.ts";
import { type Command, Refusal, textOf } from "../frame/command.ts";
import { answer } from "../frame/format.ts";
import type { Place } from "../place/place.ts";

/** The same as `backup status` as a page with charts, for people who do not use a terminal, and for auditors. */
export const backupReport = (place: Place): Command => ({
  path: ["backup", "report"],
  group: "Read it",
  summary: "The same as a page with charts: loss and restore time against their targets, sizes, nights, what is kept",
  more: ["Writes one HTML file that needs nothing else: no script, no network. It holds names, times and sizes, and never a row of a database."],
  words: "[NAME]",
  maxWords: 1,
  options: { out: { type: "text", value: "FILE", says: "where to write it", default: "backup-report.html" }, ...standingOptions },
  example: "npx nightshift backup report --from ./backups --rpo 24h --rto 1h",
  exits: { 1: "the store cannot be read, or the file cannot be written" },
  run: (asked) =>
    sayingWhy(async () => {
      const standings = await readStandings(place, asked);
      const file = textOf(asked, "out") ?? "backup-report.html";
      const page = await reportPage(standings);
      try {
        await writeFile(path.resolve(place.directory, file), page);
      } catch (error) {
        throw new Refusal(`${file} could not be written: ${error instanceof Error ? error.message : String(error)}. Name another with --out.`, 1);
      }
      answer(asked, { file, bytes: Buffer.byteLength(page), things: standings.standings.length }, [
        `${file}: ${standings.standings.length === 1 ? "one thing" : `${standings.standings.length} things`}, ${Math.ceil(Buffer.byteLength(page) / 1_000)} kB. Open it in any browser.`,
      ]);
      return 0;
    }),
});
