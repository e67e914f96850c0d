import { backupId, sayStamp } from "@nightshift/model";
import { asRun } from "@nightshift/vault/runner/run";
import { verifyBackup } from "@nightshift/vault/runner/verify";
import { endLines } from "../backup/lines.ts";
import { fromOption, inWorld, machineOptions, storeOf } from "../backup/open.ts";
import { sayingWhy } from "../backup/refusals.ts";
import { meantBy, settingsOptions } from "../backup/settings.ts";
import { ownerOf } from "../backup/shelf.ts";
import { type Command, isOn } from "../frame/command.ts";
import { answer } from "../frame/format.ts";
import type { Place } from "../place/place.ts";

/** Proves a backup that was taken: reads it back, restores it on a throw-away server, compares everything, and tests the verifier itself. */
export const backupVerify = (place: Place): Command => ({
  path: ["backup", "verify"],
  group: "Run it",
  summary: "Prove a backup: read it back, restore it on a throw-away server, compare every row",
  more: [
    "One that is proven already is read back whole and held against every digest; --again restores it once more.",
    "Afterwards it damages the copy on purpose (a row, a sequence, a bit) and must see each damage. Only then proof.json is written beside the backup.",
    "Needs no access to the source. Needs PostgreSQL's server programs of the backup's major version (Debian: postgresql-15) and room for the database under --scratch.",
  ],
  words: "ID",
  minWords: 1,
  maxWords: 1,
  options: {
    from: fromOption,
    again: { type: "switch", says: "restore and compare it once more, also if it is proven already" },
    ...settingsOptions,
    ...machineOptions,
  },
  example: "npx nightshift backup verify shop-260314-0200-nightly --from s3://backups/nightshift",
  exits: { 1: "it is damaged or not equal, or its contents look wrong", 3: "PostgreSQL's programs are missing" },
  run: (asked) =>
    sayingWhy(async () => {
      const id = backupId(asked.words[0] ?? "");
      const end = await inWorld(place, asked, {
        store: storeOf(place, asked, "from"),
        work: async (world) => {
          const { of, settings } = await meantBy(place, asked, await ownerOf(world.store, id));
          const run = `${id}-verify-${sayStamp(place.clock.now())}`;
          return asRun(world, { of, run, backup: id }, (report) => verifyBackup(world, { of, id, run, settings, again: isOn(asked, "again") }, report));
        },
      });
      answer(asked, { id, ...end }, endLines(id, end));
      return end.state === "verified" ? 0 : 1;
    }),
});
