import { backupId, type BackupSeries, type BackupState, type EpochMs, epochMs, type RetentionCandidate } from "@nightshift/model";
import { Refusal } from "../frame/command.ts";

const NEXT =
  'Write {"id":"shop-260314-0200-nightly","at":"2026-03-14T02:00:03Z","state":"verified"}, as `restic snapshots --json` or a script of yours prints it.';

/**
 * Reads a list of backups: a JSON array, or an object with `backups`. `unsaid` is the state of one that says none; undefined: it must say one.
 * @throws {Refusal} that names the place, what was expected and what it got.
 */
export function readBackups(text: string, unsaid: BackupState | undefined): readonly RetentionCandidate[] {
  const where = "standard input";
  const list = listIn(text, where);
  const seen = new Map<string, number>();
  return list.map((value, index) => {
    const place = `${where}: backups[${index}]`;
    // An object of JSON has nothing but names and values.
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(place, "an object", value);
    const candidate = candidateOf(value as Readonly<Record<string, unknown>>, place, unsaid);
    const first = seen.get(candidate.id);
    if (first !== undefined) throw wrong(`${place}.id`, `a text that no other backup has (backups[${first}] has it)`, candidate.id);
    seen.set(candidate.id, index);
    return candidate;
  });
}

/** Reads a moment: `2026-03-14`, `2026-03-14T02:00:00Z`, with an offset, or milliseconds since 1970; UTC unless it says otherwise. Undefined: it is none. */
export function momentOf(value: unknown): EpochMs | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? epochMs(Math.floor(value)) : undefined;
  const [, date, clock = "T00:00:00", zone = "Z"] =
    typeof value === "string" ? (/^(\d{4}-\d\d-\d\d)([T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?\s?(Z|[+-]\d\d:\d\d|UTC)?$/.exec(value.trim()) ?? []) : [];
  if (date === undefined) return undefined;
  const midnight = Date.parse(`${date}T00:00:00Z`);
  // 30 February is no day, whatever a parser makes of it.
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== date) return undefined;
  const at = Date.parse(`${date}${clock.replace(" ", "T")}${zone === "UTC" ? "Z" : zone}`);
  return Number.isNaN(at) ? undefined : epochMs(at);
}

function listIn(text: string, where: string): readonly unknown[] {
  if (text.trim() === "") throw new Refusal(`${where}: expected a JSON list of backups, got nothing. ${NEXT}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Refusal(`${where}: expected JSON, got ${error instanceof Error ? error.message : String(error)}. ${NEXT}`);
  }
  const list = typeof value === "object" && value !== null && "backups" in value ? value.backups : value;
  if (!Array.isArray(list)) throw wrong(`${where}: backups`, "a list", list);
  return list;
}

const states: readonly BackupState[] = ["running", "uploaded", "verified", "suspect", "failed", "pruned"];
const series: readonly BackupSeries[] = ["nightly", "safety", "before-deploy", "manual"];

function candidateOf(given: Readonly<Record<string, unknown>>, place: string, unsaid: BackupState | undefined): RetentionCandidate {
  const moment = (name: string): EpochMs | undefined => {
    const value = given[name];
    if (value === undefined || value === null) return undefined;
    return momentOf(value) ?? fail(`${place}.${name}`, "a moment such as 2026-03-14T02:00:03Z, or milliseconds since 1970", value);
  };
  const one = <T extends string>(name: string, choices: readonly T[], otherwise: T | undefined): T => {
    const value = given[name] ?? otherwise;
    return choices.find((choice) => choice === value) ?? fail(`${place}.${name}`, `one of ${choices.join(", ")}`, value);
  };
  const texts = (name: string): readonly string[] | undefined => {
    const value = given[name];
    if (value === undefined || value === null) return undefined;
    return Array.isArray(value) && value.every((text) => typeof text === "string") ? value : fail(`${place}.${name}`, "a list of texts", value);
  };
  const id = given["id"];
  if (typeof id !== "string" || id === "") throw wrong(`${place}.id`, "a text that no other backup has", id);
  const at = moment("at") ?? moment("contentsOf") ?? moment("time") ?? fail(`${place}.at`, "the moment its contents are of", undefined);
  return {
    id: backupId(id),
    at,
    scheduled: moment("scheduled") ?? at,
    state: one("state", states, given["verified"] === true ? "verified" : unsaid),
    series: one("series", series, "nightly"),
    ...present("tags", texts("tags")),
    ...present("copies", texts("copies")),
    ...present("lockedUntil", moment("lockedUntil")),
    ...present("pinnedUntil", moment("pinnedUntil")),
    ...(given["acknowledged"] === true ? { acknowledged: true } : {}),
  };
}

const present = <N extends string, T>(name: N, value: T | undefined): { readonly [name in N]?: T } =>
  // One name and its value, as the type says.
  value === undefined ? {} : ({ [name]: value } as { readonly [name in N]: T });

const wrong = (place: string, expected: string, got: unknown): Refusal =>
  new Refusal(`${place}: expected ${expected}, got ${got === undefined ? "nothing" : JSON.stringify(got).slice(0, 60)}. ${NEXT}`);

function fail(place: string, expected: string, got: unknown): never {
  throw wrong(place, expected, got);
}
