import { ms, sayLength, sayStamp } from "@nightshift/model";
import { asRun } from "@nightshift/vault/runner/run";
import { verifyBackup } from "@nightshift/vault/runner/verify";
import { endLines } from "../backup/lines.ts";
import { fromOption, inWorld, machineOptions, storeOf } from "../backup/open.ts";
import { sayingWhy } from "../backup/refusals.ts";
import { meantBy, settingsOptions } from "../backup/settings.ts";
import { newestProven } from "../backup/shelf.ts";
import { type Command, textOf } from "../frame/command.ts";
import { answer, sayMoment } from "../frame/format.ts";
import type { Place } from "../place/place.ts";

/** Plays the bad day: the newest proven backup is downloaded, restored and compared here, and each part is timed. */
export const backupDrill = (place: Place): Command => ({
  path: ["backup", "drill"],
  group: "Run it",
  summary: "Restore the newest proven backup on a throw-away server and time each part: your RTO",
  more: [
    "Touches no database of yours. The time until a new instance is there, and the switch-over, are not in it: `/ops backup drill` measures those in the account.",
  ],
  options: { from: fromOption, ...settingsOptions, ...machineOptions },
  example: "npx nightshift backup drill --from ./backups --name shop",
  exits: { 1: "it is damaged or not equal, or nothing is proven", 3: "PostgreSQL's programs are missing" },
  run: (asked) =>
    sayingWhy(async () => {
      const { newest, end, length } = await inWorld(place, asked, {
        store: storeOf(place, asked, "from"),
        work: async (world) => {
          const chosen = await newestProven(world.store, textOf(asked, "database") ?? textOf(asked, "name"));
          const { of, settings } = await meantBy(place, asked, chosen.of);
          const began = place.clock.now();
          const run = `${chosen.id}-drill-${sayStamp(began)}`;
          const ended = await asRun(world, { of, run, backup: chosen.id }, (report) =>
            verifyBackup(world, { of, id: chosen.id, run, settings, again: true }, report),
          );
          return { newest: chosen, end: ended, length: ms(place.clock.now() - began) };
        },
      });
      const { download, restore, compare } = end.times;
      const parts = Object.entries({ download, restore, "compare and test": compare }).flatMap(([what, part]) =>
        part === undefined ? [] : [`${what} ${sayLength(part)}`],
      );
      const contents = newest.contentsOf === undefined ? "" : ` · contents of ${sayMoment(newest.contentsOf)} UTC`;
      answer(asked, { id: newest.id, totalMs: length, ...end }, [
        ...endLines(newest.id, end),
        `  measured: ${sayLength(length)} in all (${parts.join(", ")})${contents}`,
      ]);
      return end.state === "verified" ? 0 : 1;
    }),
});
