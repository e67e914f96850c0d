import { availableParallelism, tmpdir } from "node:os";
import { setTimeout } from "node:timers/promises";
import { minutes } from "@nightshift/model";
import { openStore } from "@nightshift/vault/store/open";
import { AddressError, type DatabaseAddress, readAddress } from "@nightshift/vault/runner/address";
import type { RunnerWorld } from "@nightshift/vault/runner/world";
import { type Asked, type Option, Refusal, textOf } from "../frame/command.ts";
import { version } from "../frame/version.ts";
import type { Place } from "../place/place.ts";
import { showProgress } from "./progress.ts";

/** Where the address of a database is looked for when nothing is said. */
const URL_VARIABLE = "NIGHTSHIFT_DATABASE_URL";

/** Options of the commands that talk to a database. */
export const databaseOptions = {
  url: {
    type: "text",
    value: "URL|env:NAME",
    says: `the database, postgres://USER@HOST:PORT/NAME; its password from PGPASSWORD, or the whole URL from a variable (default env:${URL_VARIABLE})`,
  },
} as const satisfies Readonly<Record<string, Option>>;

/** Options of the commands that restore somewhere. */
export const machineOptions = {
  bin: { type: "text", value: "DIR", says: "PostgreSQL's programs, where they lie in no usual place" },
  scratch: { type: "text", value: "DIR", says: "where throw-away servers live (default: the system's directory for temporary files)" },
} as const satisfies Readonly<Record<string, Option>>;

/** The option for a store that is read. */
export const fromOption = {
  type: "text",
  value: "PLACE",
  says: "where the backups lie: a directory, or s3://bucket/prefix (default NIGHTSHIFT_STORE)",
} as const satisfies Option;

/** The database that was named, with its password; undefined: none was. @throws {Refusal} when it cannot be used, without repeating it. */
export function addressOf(place: Place, asked: Asked, option = "url"): DatabaseAddress | undefined {
  const word = textOf(asked, option) ?? (option === "url" && (place.environment[URL_VARIABLE] ?? "") !== "" ? `env:${URL_VARIABLE}` : undefined);
  if (word === undefined) return undefined;
  const variable = word.startsWith("env:") ? word.slice("env:".length) : undefined;
  const url = variable === undefined ? word : place.environment[variable];
  if (url === undefined || url === "") throw new Refusal(`--${option} names the variable ${variable}, which is not set here.`);
  try {
    return readAddress(url, place.environment);
  } catch (error) {
    if (error instanceof AddressError) throw new Refusal(error.message);
    throw error;
  }
}

/** Whether a password stood in the command itself, hence in the shell's history. */
export const saidOpenly = (asked: Asked, option = "url"): boolean => /^postgres(ql)?:\/\/[^/@]*:[^/@]+@/i.test(textOf(asked, option) ?? "");

/** Where backups lie. @throws {Refusal} when nothing was said. */
export function storeOf(place: Place, asked: Asked, option: "to" | "from"): string {
  const said = textOf(asked, option) ?? place.environment["NIGHTSHIFT_STORE"];
  if (said === undefined || said === "")
    throw new Refusal(`Where do the backups lie? Say --${option} DIR or --${option} s3://bucket/prefix, or set NIGHTSHIFT_STORE.`);
  return said;
}

/** Runs work in a world of this machine; Ctrl-C and a polite kill end it in order: nothing stays half done. */
export async function inWorld<T>(
  place: Place,
  asked: Asked,
  { store, work }: { readonly store: string; readonly work: (world: RunnerWorld) => Promise<T> },
): Promise<T> {
  const stop = new AbortController();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const asks = (signal: string): void => stop.abort(new Refusal(`Stopped (${signal}); nothing is left half done.`, 130));
  for (const signal of signals) process.once(signal, asks);
  try {
    return await work({
      store: openStore(store),
      clock: place.clock.now,
      pause: async (length, signal) => void (await setTimeout(length, undefined, { signal })),
      machine: {
        path: place.environment["PATH"] ?? "",
        bin: textOf(asked, "bin"),
        scratch: textOf(asked, "scratch") ?? tmpdir(),
        memoryBytes: process.availableMemory(),
        cores: availableParallelism(),
        node: process.version,
        nightshift: version(),
      },
      tell: showProgress(asked.io, place.clock.now),
      boundary: () => undefined,
      signal: stop.signal,
      deadAfter: minutes(2),
    });
  } finally {
    asked.io.progress(undefined);
    for (const signal of signals) process.off(signal, asks);
  }
}
