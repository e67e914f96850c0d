import { sayBytes, sayMany } from "@nightshift/decide/backups/say";
import { sayLength, since } from "@nightshift/model";
import { openStore } from "@nightshift/vault/store/open";
import { fromOption, storeOf } from "../backup/open.ts";
import { sayingWhy } from "../backup/refusals.ts";
import { type ListedBackup, listBackups } from "../backup/shelf.ts";
import { type Command, Refusal, textOf } from "../frame/command.ts";
import { answer, sayMoment, screenful, table } from "../frame/format.ts";
import type { Place } from "../place/place.ts";

/** What lies in a store: each backup, and whether it is proven. */
export const backupList = (place: Place): Command => ({
  path: ["backup", "list"],
  group: "Read it",
  summary: "Backups in a directory or bucket, and which of them are proven",
  more: [
    "Reads the records that lie beside the backups, holds each against its digest, and looks whether every object is there at its length.",
    "Asks no database and no account table, and reads no archive: `backup verify ID` does.",
  ],
  options: { from: fromOption, name: { type: "text", value: "NAME", says: "of one database only" } },
  example: "npx nightshift backup list --from s3://backups/nightshift",
  exits: { 1: "the store cannot be read, a record in it is damaged, an object is missing, or a proof failed" },
  run: (asked) =>
    sayingWhy(async () => {
      const store = openStore(storeOf(place, asked, "from"));
      const listed = await listBackups(store, textOf(asked, "name"));
      if (listed.length === 0) {
        const name = textOf(asked, "name");
        throw new Refusal(
          `There is no backup ${name === undefined ? "" : `of ${name} `}in ${store.place}: name the place that \`backup take --to\` was given, not a folder within it.`,
          1,
        );
      }
      const now = place.clock.now();
      const newest = listed.filter(({ state }) => state === "proven").toSorted((a, b) => (b.contentsOf ?? 0) - (a.contentsOf ?? 0))[0];
      const end =
        newest?.contentsOf === undefined
          ? `${listed.length} in ${store.place}; none is proven.`
          : `${listed.length} in ${store.place}; the newest proven one is ${sayLength(since(newest.contentsOf, now))} old.`;
      const rows = listed.toReversed().map(row);
      answer(
        asked,
        listed,
        rows.length === 0 ? [end] : [...screenful(table(["backup", "state", "contents of (UTC)", "stored", "holds"], rows), "--json", 1), end],
      );
      return listed.some(({ state }) => state === "damaged" || state === "refused") ? 1 : 0;
    }),
});

const row = ({ id, state, contentsOf, bytes, tables, rows, because }: ListedBackup): readonly string[] => [
  id,
  state,
  contentsOf === undefined ? "–" : sayMoment(contentsOf),
  bytes === undefined ? "–" : sayBytes(bytes),
  because ?? (tables === undefined || rows === undefined ? "–" : `${sayMany(tables, "table")}, ${sayMany(rows, "row")}`),
];
