import { backupId, sayStamp } from "@nightshift/model";
import { sayEstimate } from "@nightshift/vault/runner/estimate";
import { restoreBackup } from "@nightshift/vault/runner/restore";
import { asRun } from "@nightshift/vault/runner/run";
import { endLines } from "../backup/lines.ts";
import { addressOf, fromOption, inWorld, machineOptions, storeOf } from "../backup/open.ts";
import { noDatabase, sayingWhy } from "../backup/refusals.ts";
import { meantBy, settingsOptions } from "../backup/settings.ts";
import { ownerOf } from "../backup/shelf.ts";
import { type Command, isOn } from "../frame/command.ts";
import { answer } from "../frame/format.ts";
import type { Place } from "../place/place.ts";

/** Restores a backup into a database that did not exist, compares it, and prints the steps to switch over. */
export const backupRestore = (place: Place): Command => ({
  path: ["backup", "restore"],
  group: "Run it",
  summary: "Restore a backup into a new database, compare it, and print the steps to switch over",
  more: [
    "Never writes into a database that exists: where --into names one, it is backed up first (a safety copy in the same store), and the restore goes beside it.",
    "Says before it starts how long it will take: from what was measured when the backup was proven.",
  ],
  words: "ID",
  minWords: 1,
  maxWords: 1,
  options: {
    from: fromOption,
    into: { type: "text", value: "URL|env:NAME", says: "postgres://USER@HOST:PORT/NAME: the new database, or one that it shall replace later" },
    "without-safety": { type: "switch", says: "no safety copy of a database that exists: it is not touched either way" },
    ...settingsOptions,
    ...machineOptions,
  },
  example: "npx nightshift backup restore shop-260314-0200-nightly --from ./backups --into env:DATABASE_URL",
  exits: { 1: "it failed, or what was restored is not equal", 3: "no database was named, or PostgreSQL's programs are missing" },
  run: (asked) =>
    sayingWhy(async () => {
      const id = backupId(asked.words[0] ?? "");
      const into = addressOf(place, asked, "into");
      if (into === undefined) throw noDatabase("backup restore (--into)");
      const end = await inWorld(place, asked, {
        store: storeOf(place, asked, "from"),
        work: async (world) => {
          const { of, settings } = await meantBy(place, asked, await ownerOf(world.store, id));
          const run = `${id}-restore-${sayStamp(place.clock.now())}`;
          const say = (line: string): void => (isOn(asked, "json") ? asked.io.err(JSON.stringify({ plan: line })) : asked.io.out(line));
          return asRun(world, { of, run, backup: id }, (report) =>
            restoreBackup(
              world,
              {
                of,
                id,
                run,
                into,
                withoutExtensions: settings.withoutExtensions ?? [],
                withoutSafety: isOn(asked, "without-safety"),
                onPlan: (plan) => {
                  if (!plan.proven)
                    say(
                      `${id} ${plan.doubt === undefined ? "was never proven" : `is not proven (${plan.doubt})`}: it may not restore. \`npx nightshift backup list\` shows which are.`,
                    );
                  if (plan.safety !== undefined) say(`First ${plan.safety} is taken of the database that exists; it is not touched.`);
                  say(`Restoring into ${plan.into}, ${sayEstimate(plan.estimate)}.`);
                },
              },
              report,
            ),
          );
        },
      });
      answer(asked, { id, ...end }, endLines(id, end));
      return end.state === "restored" ? 0 : 1;
    }),
});
