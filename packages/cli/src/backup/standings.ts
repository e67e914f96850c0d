import { before, days, type EpochMs, type Ms } from "@nightshift/model";
import { openStore } from "@nightshift/vault/store/open";
import { type Asked, type Option, Refusal, textOf } from "../frame/command.ts";
import { nearest } from "../frame/nearest.ts";
import { ledgerOf, ledgerOptions } from "../place/account.ts";
import { configOption, resolvedConfig } from "../place/config.ts";
import { lengthOf } from "../place/length.ts";
import type { Place } from "../place/place.ts";
import { fromOption } from "./open.ts";
import { type Standing, standOf } from "./standing.ts";
import { rowsInStore } from "./store-rows.ts";
import { type Thing, thingsOf } from "./things.ts";

/** Options of the commands that say how backups stand. */
export const standingOptions = {
  from: { ...fromOption, says: "read this directory or s3://bucket/prefix alone, without a ledger (default: the ledger)" },
  rpo: { type: "text", value: "LENGTH", says: "with --from and no --config: what may be lost, such as 24h" },
  rto: { type: "text", value: "LENGTH", says: "with --from and no --config: how long a restore may take, such as 1h" },
  config: configOption,
  ...ledgerOptions,
} as const satisfies Readonly<Record<string, Option>>;

/** How everything that was asked for stands. */
export interface Standings {
  /** What was read: `the ledger`, or the store's place. */
  readonly read: string;
  readonly at: EpochMs;
  readonly standings: readonly Standing[];
}

/** Samples of so long are read: 10,000 is what the ledger tells at once, a month of one every five minutes. */
const SAMPLED = days(30);

/** Reads the ledger, or with `--from` a store alone, and works out how each thing stands. @throws {Refusal} for a name that nothing has. */
export async function readStandings(place: Place, asked: Asked): Promise<Standings> {
  return textOf(asked, "from") === undefined ? ofLedger(place, asked) : ofStore(place, asked, textOf(asked, "from") ?? "");
}

async function ofLedger(place: Place, asked: Asked): Promise<Standings> {
  if (textOf(asked, "rpo") !== undefined || textOf(asked, "rto") !== undefined)
    throw new Refusal("--rpo and --rto go with --from: with a ledger, targets are those of nightshift.config.ts.");
  const config = await resolvedConfig(place, textOf(asked, "config"));
  const things = named(thingsOf(config.backups), asked.words[0], config.file);
  const { world } = ledgerOf(place, asked, config.region);
  const at = world.clock.now();
  const told = new Map(
    await Promise.all(
      [...new Set(things.map(({ of }) => of))].map(async (of) => {
        const [rows, samples] = await Promise.all([world.backupBook.all(of), world.backupBook.samples(of, before(at, SAMPLED))]);
        return [of, { rows, samples }] as const;
      }),
    ),
  );
  const standings = things.map((thing) => standOf(thing, { ...(told.get(thing.of) ?? { rows: [], samples: [] }), at, storeAlone: false }));
  return { read: "the ledger", at, standings };
}

async function ofStore(place: Place, asked: Asked, from: string): Promise<Standings> {
  // Only a config that was named: the checkout's own example is about another shop.
  const file = textOf(asked, "config");
  const config = file === undefined ? undefined : await resolvedConfig(place, file);
  const store = openStore(from);
  const rows = await rowsInStore(store, asked.words[0]);
  const at = place.clock.now();
  const names = [...new Set([...rows.keys(), ...(config?.backups.databases ?? []).map(({ name }) => name)])].toSorted();
  const known = names.map((of): Thing => {
    const settings = config?.backups.databases.find(({ name }) => name === of);
    return { of, kind: "dump", nightly: settings?.nightly, rpo: settings?.rpo ?? targetOf(asked, "rpo"), rto: settings?.rto ?? targetOf(asked, "rto") };
  });
  if (known.length === 0)
    throw new Refusal(
      `There is no backup ${asked.words[0] === undefined ? "" : `of ${asked.words[0]} `}in ${store.place}. \`npx nightshift backup take --to ${from}\` makes one; \`backup list --from ${from}\` shows what there is.`,
      1,
    );
  const standings = named(known, asked.words[0], store.place).map((thing) =>
    standOf(thing, { rows: rows.get(thing.of) ?? [], samples: [], at, storeAlone: true }),
  );
  return { read: store.place, at, standings };
}

const targetOf = (asked: Asked, option: "rpo" | "rto"): Ms | undefined => {
  const said = textOf(asked, option);
  return said === undefined ? undefined : lengthOf(said, option);
};

function named(things: readonly Thing[], word: string | undefined, where: string): readonly Thing[] {
  if (things.length === 0)
    throw new Refusal(`${where} backs up nothing: give it databases, tables, caches or media. \`npx nightshift config check\` shows how.`);
  if (word === undefined) return things;
  const found = things.filter(({ of }) => of === word);
  if (found.length > 0) return found;
  const names = [...new Set(things.map(({ of }) => of))];
  const close = nearest(word, names);
  throw new Refusal(`${where} backs up no "${word}".${close === undefined ? "" : ` Did you mean "${close}"?`} There are ${names.join(", ")}.`);
}
