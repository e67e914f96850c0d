import { readFile } from "node:fs/promises";
import path from "node:path";
import type { DatabaseSettings, Finding } from "@nightshift/model";
import { complaintOf } from "@nightshift/vault/runner/complaint";
import { checkRestoreConfig } from "@nightshift/decide/backups/restore-doctor";
import { type Looked, lookAtDatabase, lookAtRds, lookAtRestoreRole } from "../backup/examine.ts";
import { addressOf, databaseOptions, machineOptions } from "../backup/open.ts";
import { noDatabase, sayingWhy } from "../backup/refusals.ts";
import { findInRunbook } from "../backup/runbook-findings.ts";
import { type Asked, type Command, isOn, Refusal, textOf, textsOf } from "../frame/command.ts";
import { answer, screenfulOf, wrap } from "../frame/format.ts";
import { accountOf, accountOptions } from "../place/account.ts";
import { configOption, resolvedConfig } from "../place/config.ts";
import type { Place } from "../place/place.ts";

/** What would make a backup fail, lie, or not restore. */
export const backupDoctor = (place: Place): Command => ({
  path: ["backup", "doctor"],
  group: "Set it up",
  summary: "Find what would make a backup fail, or not restore: rights, policies, extensions, RDS, runbooks",
  more: [
    "--url reads catalogs of a database and no rows; --database NAME also asks RDS about the instance that the config names; --runbook FILE reads a text, and alone needs neither.",
  ],
  options: {
    ...databaseOptions,
    "restore-url": { type: "text", value: "URL|env:NAME", says: "the same database, as the role that restores: whether it can" },
    database: { type: "text", value: "NAME", says: "a database of the config: its RDS instance, quota and extensions" },
    runbook: { type: "texts", value: "FILE", says: "a team's runbook or backup script to read for steps that lose backups" },
    all: { type: "switch", says: "every finding, however many" },
    config: configOption,
    bin: machineOptions.bin,
    ...accountOptions,
  },
  example: "npx nightshift backup doctor --url env:DATABASE_URL --runbook scripts/backup.sh",
  exits: { 1: "something is dangerous", 3: "neither a database nor a runbook was named" },
  run: (asked) =>
    sayingWhy(async () => {
      const looked = await look(place, asked);
      const findings = looked.flatMap((each) => each.findings);
      const unseen = looked.flatMap((each) => each.unseen);
      answer(asked, { findings, unseen }, lines(asked, findings, unseen));
      return findings.some(({ severity }) => severity === "danger") ? 1 : 0;
    }),
});

async function look(place: Place, asked: Asked): Promise<readonly Looked[]> {
  const looked: Looked[] = [];
  for (const file of textsOf(asked, "runbook")) looked.push({ findings: findInRunbook(await textOfFile(place, file), file), unseen: [] });
  const named = textOf(asked, "database");
  const config = named === undefined ? undefined : await resolvedConfig(place, textOf(asked, "config"));
  const settings = config?.backups.databases.find(({ name }) => name === named);
  if (config !== undefined && settings === undefined)
    throw new Refusal(`${config.file} has no database "${named}". There are ${config.backups.databases.map(({ name }) => name).join(", ") || "none"}.`);
  const address = addressOf(place, asked);
  if (address === undefined && settings === undefined && looked.length === 0 && textOf(asked, "restore-url") === undefined) throw noDatabase("backup doctor");
  if (address !== undefined) looked.push(await atDatabase(place, asked, { address, settings }));
  else if (settings !== undefined) looked.push({ findings: [], unseen: ["the database itself: no URL was given (--url)"] });
  const restoring = addressOf(place, asked, "restore-url");
  if (restoring !== undefined) looked.push(await lookAtRestoreRole(restoring, settings?.withoutExtensions ?? []));
  if (settings !== undefined) looked.push({ findings: checkRestoreConfig(settings), unseen: sayUnseen(settings, restoring !== undefined) });
  if (settings !== undefined) looked.push(await lookAtRds(accountOf(place, asked, config?.region), settings));
  return looked;
}

const sayUnseen = ({ restoreUrl }: DatabaseSettings, seen: boolean): readonly string[] =>
  restoreUrl === undefined || seen ? [] : ["the role that restores: no URL of it was given (--restore-url)"];

const atDatabase = (
  place: Place,
  asked: Asked,
  { address, settings }: { readonly address: Parameters<typeof lookAtDatabase>[0]["address"]; readonly settings: DatabaseSettings | undefined },
): Promise<Looked> =>
  lookAtDatabase({ address, withoutExtensions: settings?.withoutExtensions ?? [], bin: textOf(asked, "bin"), path: place.environment["PATH"] ?? "" });

async function textOfFile(place: Place, file: string): Promise<string> {
  try {
    return await readFile(path.resolve(place.directory, file), "utf8");
  } catch (error) {
    throw new Refusal(`${file}: the runbook could not be read: ${complaintOf(error)}. Give the path of a text file.`);
  }
}

const marks = { danger: "✗", warning: "!", note: "·" } as const;
const order = ["danger", "warning", "note"] as const;

function lines(asked: Asked, findings: readonly Finding[], unseen: readonly string[]): readonly string[] {
  const width = Math.max(60, Math.min(asked.io.columns, 140));
  const sorted = findings.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  const blocks = [
    ...sorted.map(({ id, about, line, severity, says, remedy }) => [
      ...wrap(`${id} ${about}${line === undefined ? "" : `:${line}`}: ${says}`, width, { first: `${marks[severity]} `, rest: "  " }),
      ...wrap(remedy, width, { first: "  → ", rest: "    " }),
    ]),
    ...unseen.map((what) => [...wrap(`not seen: ${what}`, width, { first: "? ", rest: "  " })]),
  ];
  const count = (severity: Finding["severity"]): number => findings.filter((finding) => finding.severity === severity).length;
  const end = `${count("danger")} dangerous (✗), ${count("warning")} to mend (!), ${count("note")} to know (·), ${unseen.length} not seen (?).`;
  return [...(isOn(asked, "all") ? blocks.flat() : screenfulOf(blocks, "--all shows every one", 1)), end];
}
