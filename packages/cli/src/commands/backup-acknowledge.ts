import { backupId, type BackupRecord } from "@nightshift/model";
import { writeRow } from "@nightshift/runtime/backup-rows";
import { sayingWhy } from "../backup/refusals.ts";
import { type Asked, type Command, Refusal, textOf } from "../frame/command.ts";
import { answer } from "../frame/format.ts";
import { nearest } from "../frame/nearest.ts";
import { type AccountWithLedger, ledgerOf, ledgerOptions } from "../place/account.ts";
import type { Place } from "../place/place.ts";
import { actorOf, actorOption } from "./actor.ts";

/** Says that a suspect backup is what it should be, so that pruning goes on. */
export const backupAcknowledge = (place: Place): Command => ({
  path: ["backup", "acknowledge"],
  group: "Run it",
  summary: "Say that a suspect backup is what it should be: pruning goes on",
  more: [
    "A backup is suspect when it equals a source whose contents look wrong: a table lost rows, or nothing new came. While one is, nothing is pruned.",
    "It still does not count as proven; the next night is compared as ever. Writes the backup's row and the audit.",
  ],
  words: "NAME ID",
  minWords: 2,
  maxWords: 2,
  options: { because: { type: "text", value: "TEXT", says: "what you looked at, and why it is well; needed" }, ...actorOption, ...ledgerOptions },
  example: 'npx nightshift backup acknowledge shop shop-261121-0200-nightly --because "we archived the orders of 2019"',
  exits: { 1: "it is not suspect, or AWS refused or did not answer" },
  run: (asked) => sayingWhy(() => acknowledge(place, asked)),
});

async function acknowledge(place: Place, asked: Asked): Promise<number> {
  const [of = "", word = ""] = asked.words;
  const because = textOf(asked, "because")?.trim() ?? "";
  if (because === "")
    throw new Refusal('backup acknowledge: say --because "…": what was looked at, and why the backup is what it should be. Nothing was changed.');
  const { world } = ledgerOf(place, asked);
  const id = backupId(word);
  const row = await world.backupBook.find(of, id);
  if (row === undefined) throw await unknown({ world }, of, word);
  if (row.acknowledgedBy !== undefined) return said(asked, { row, by: row.acknowledgedBy, result: "acknowledged-before" });
  refuseOther(row);
  const by = actorOf(place, asked);
  const at = world.clock.now();
  // The record first: what was changed without one could never be explained.
  await world.audit.append({
    chain: "control",
    key: `acknowledged/${id}/${by}/${at}`,
    at,
    kind: "command",
    actor: by,
    body: { does: "acknowledge backup", of, backup: id, suspectBecause: row.because ?? null, because },
  });
  const stands = await writeRow(world, { of, id }, (found) =>
    found === undefined || found.state !== "suspect" || found.acknowledgedBy !== undefined ? undefined : { ...found, acknowledgedBy: by },
  );
  if (stands?.acknowledgedBy === undefined)
    throw new Refusal(`${id} changed meanwhile: it is ${stands?.state ?? "gone"} now, and nothing was acknowledged.`, 1);
  return said(asked, { row: stands, by: stands.acknowledgedBy, result: stands.acknowledgedBy === by ? "acknowledged" : "acknowledged-before" });
}

function refuseOther({ id, state }: BackupRecord): void {
  if (state === "suspect") return;
  const why = state === "verified" ? "it is proven, and nothing waits for it" : `it is ${state}; only a suspect one can be acknowledged`;
  throw new Refusal(`${id} is not suspect: ${why}. Nothing was changed.`, 1);
}

function said(
  asked: Asked,
  { row, by, result }: { readonly row: BackupRecord; readonly by: string; readonly result: "acknowledged" | "acknowledged-before" },
): number {
  answer(
    asked,
    { id: row.id, of: row.of, by, result },
    result === "acknowledged"
      ? [
          `Acknowledged: ${row.id}, by ${by}. It was suspect: ${row.because ?? "its contents looked wrong"}.`,
          "Pruning goes on at its next run. The backup still does not count as proven.",
        ]
      : [`${row.id} was acknowledged by ${by} already; nothing was changed.`],
  );
  return 0;
}

async function unknown({ world }: Pick<AccountWithLedger, "world">, of: string, word: string): Promise<Refusal> {
  const rows = await world.backupBook.all(of);
  const suspects = rows.filter(({ state, acknowledgedBy }) => state === "suspect" && acknowledgedBy === undefined).map(({ id }) => id);
  const close = nearest(
    word,
    rows.map(({ id }) => id),
  );
  const rest = suspects.length === 0 ? `No backup of ${of} is suspect.` : `Suspect: ${suspects.join(", ")}.`;
  return new Refusal(`${of} has no backup "${word}" in the ledger${close === undefined ? "." : `; did you mean "${close}"?`} ${rest} Nothing was changed.`);
}
