import { sayStamp } from "@nightshift/model";
import { idFor } from "@nightshift/vault/runner/names";
import { carryOut } from "@nightshift/vault/runner/work";
import { endLines } from "../backup/lines.ts";
import { addressOf, databaseOptions, inWorld, machineOptions, saidOpenly, storeOf } from "../backup/open.ts";
import { noDatabase, sayingWhy } from "../backup/refusals.ts";
import { meantBy, settingsOptions } from "../backup/settings.ts";
import { type Command, isOn } from "../frame/command.ts";
import { answer } from "../frame/format.ts";
import type { Place } from "../place/place.ts";

/** Takes a backup of a PostgreSQL database into a directory or a bucket; with `--prove` it is read back, restored and compared at once. */
export const backupTake = (place: Place): Command => ({
  path: ["backup", "take"],
  group: "Run it",
  summary: "Back up a PostgreSQL database; --prove restores and compares it at once",
  more: [
    "Dump and description come from one snapshot, so that a database in use can be compared row by row. A migration that would have to wait for it goes first.",
    "Needs pg_dump of the server's own major version; --prove needs its server programs too (Debian: postgresql-15). Within one minute the same backup is taken once.",
  ],
  options: {
    ...databaseOptions,
    to: { type: "text", value: "PLACE", says: "where backups lie: a directory, or s3://bucket/prefix (default NIGHTSHIFT_STORE)" },
    prove: { type: "switch", says: "read it back from there, restore it on a throw-away server, and compare" },
    ...settingsOptions,
    ...machineOptions,
  },
  example: "npx nightshift backup take --url env:DATABASE_URL --to ./backups --prove",
  exits: {
    1: "it failed, is not equal, its contents look wrong, or another run takes the same backup just now",
    3: "no database was named, or PostgreSQL's programs are missing",
  },
  run: (asked) =>
    sayingWhy(async () => {
      const source = addressOf(place, asked);
      if (source === undefined) throw noDatabase("backup take");
      const { of, settings } = await meantBy(place, asked, source.database);
      const at = place.clock.now();
      const { id, scheduled } = idFor(of, "manual", at);
      const job = {
        // Two that begin in the same minute are two runs.
        run: `${id}-${sayStamp(at)}-${process.pid}`,
        of,
        do: isOn(asked, "prove") ? "night" : "take",
        backup: id,
        scheduled,
        series: "manual",
        diskGiB: 0,
      } as const;
      const end = await inWorld(place, asked, { store: storeOf(place, asked, "to"), work: (world) => carryOut(world, { job, source, settings }) });
      const warned = saidOpenly(asked) ? ["  note: the password in this command stands in your shell's history now: use env:NAME or PGPASSWORD"] : [];
      answer(asked, { id, ...end }, [...endLines(id, end), ...warned]);
      return end.state === "verified" || end.state === "uploaded" ? 0 : 1;
    }),
});
