import type { ProofSettings } from "@nightshift/vault/runner/job";
import { unfit } from "@nightshift/vault/runner/names";
import { type Asked, type Option, Refusal, textOf, textsOf } from "../frame/command.ts";
import { nearest } from "../frame/nearest.ts";
import { configOption, resolvedConfig } from "../place/config.ts";
import type { Place } from "../place/place.ts";

/** Options that say which database's backups are meant, and what else must hold of them. */
export const settingsOptions = {
  database: { type: "text", value: "NAME", says: "a database of the config: its name, gates, assertions and extensions" },
  name: { type: "text", value: "NAME", says: "how its backups are called, without a config (default: the database's own name)" },
  "without-extension": { type: "texts", value: "NAME", says: "an extension that the scratch server need not have" },
  config: configOption,
} as const satisfies Readonly<Record<string, Option>>;

/** Which backups are meant, and what the config says of them. @throws {Refusal} when the config has no such database, or nothing names one. */
export async function meantBy(place: Place, asked: Asked, own: string | undefined): Promise<{ readonly of: string; readonly settings: ProofSettings }> {
  const more = textsOf(asked, "without-extension");
  const named = textOf(asked, "database");
  if (named === undefined) {
    const of = textOf(asked, "name") ?? own;
    if (of === undefined) throw new Refusal("Which database's backups? Say --name NAME, or --database NAME for one of your config.");
    return { of: fit(of), settings: { withoutExtensions: more } };
  }
  const { backups, file } = await resolvedConfig(place, textOf(asked, "config"));
  const found = backups.databases.find(({ name }) => name === named);
  if (found !== undefined) {
    const { gates, assertions, withoutExtensions, proveEvery } = found;
    return { of: fit(named), settings: { gates, assertions, proveEvery, withoutExtensions: [...withoutExtensions, ...more] } };
  }
  const names = backups.databases.map(({ name }) => name);
  const close = nearest(named, names);
  throw new Refusal(
    `${file} has no database "${named}"${close === undefined ? "" : `; did you mean "${close}"?`} ${names.length === 0 ? "It names none under databases." : `There are ${names.join(", ")}.`}`,
  );
}

function fit(of: string): string {
  const because = unfit(of);
  if (because !== undefined) throw new Refusal(`${because}. Say --name NAME.`);
  return of;
}
