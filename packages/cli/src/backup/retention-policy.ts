import { readFile } from "node:fs/promises";
import path from "node:path";
import { problemOf } from "@nightshift/decide/retention/policy-problem";
import { type CalendarLength, days, type DocumentsPolicy, type Ms, ms, type ResticPeriod, type ResticPolicy, type RetentionPolicy } from "@nightshift/model";
import { Refusal } from "../frame/command.ts";
import { nearest } from "../frame/nearest.ts";

/** What the documents ask for: 7, 30 and 90 days. */
const documents: DocumentsPolicy = { kind: "documents", daily: days(7), weekly: days(30), monthly: days(90), safety: days(7), atLeast: 3 };

const NEXT = "Write documents, documents:daily=7d,weekly=30d,monthly=90d, restic:last=3,daily=7,within=1y5m or the path of a JSON file with these words.";

/** One word of a policy and its value, and where it was read. */
interface Word {
  readonly where: string;
  readonly name: string;
  readonly value: string;
}

/** Reads a policy: `documents`, `restic:daily=7,within=2d`, or a JSON file. @throws {Refusal} that names the place, what was expected, what it got. */
export async function readPolicy(given: string, directory: string): Promise<RetentionPolicy> {
  const [, kind, rest] = /^(documents|restic)(?::(.*))?$/.exec(given.trim()) ?? [];
  if (given.trim() === "" || (kind === undefined && /^(documents|restic)(:|$)/i.test(given.trim())))
    throw new Refusal(`--policy: expected a policy in small letters or a file, got ${given.trim() === "" ? "nothing" : `"${given}"`}. ${NEXT}`);
  const { kind: named, words } = kind === undefined ? await fromFile(given, directory) : { kind, words: fromSpec(rest ?? "") };
  const twice = words.find((word, n) => word.name !== "tag" && words.findIndex(({ name }) => name === word.name) < n);
  if (twice !== undefined) throw new Refusal(`${twice.where}: ${twice.name}: expected once, got it twice. ${NEXT}`);
  const policy = named === "documents" ? documentsOf(words) : resticOf(words);
  const problem = problemOf(policy);
  if (problem !== undefined) throw new Refusal(`--policy "${given}": ${problem}.`);
  return policy;
}

const fromSpec = (spec: string): readonly Word[] =>
  spec
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => {
      const [name = "", ...value] = part.split("=");
      return { where: "--policy", name: name.trim(), value: value.join("=").trim() };
    });

async function fromFile(file: string, directory: string): Promise<{ readonly kind: string; readonly words: readonly Word[] }> {
  const text = await readFile(path.resolve(directory, file), "utf8").catch((error: unknown) => {
    throw new Refusal(`--policy "${file}": expected a policy or a readable file, got ${error instanceof Error ? error.message : String(error)}. ${NEXT}`);
  });
  const { policy, ...rest } = objectIn(text, file);
  if (policy !== "documents" && policy !== "restic")
    throw new Refusal(`${file}: policy: expected "documents" or "restic", got ${JSON.stringify(policy) ?? "nothing"}. ${NEXT}`);
  const words = Object.entries(rest).flatMap(([name, value]) => {
    const values = Array.isArray(value) && (name === "tag" || name === "tags") ? value : [value];
    return values.map((one: unknown) => ({ where: file, name: name === "tags" ? "tag" : name, value: Array.isArray(one) ? one.join("+") : String(one) }));
  });
  return { kind: policy, words };
}

function objectIn(text: string, file: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    // An object of JSON has nothing but names and values.
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new Refusal(`${file}: expected JSON, got ${error instanceof Error ? error.message : String(error)}. ${NEXT}`);
  }
  throw new Refusal(`${file}: expected an object such as {"policy":"documents","daily":"7d"}. ${NEXT}`);
}

function documentsOf(words: readonly Word[]): DocumentsPolicy {
  const policy: { -readonly [name in keyof DocumentsPolicy]: DocumentsPolicy[name] } = { ...documents };
  for (const word of words) {
    const { name } = word;
    if (name === "daily" || name === "weekly" || name === "monthly" || name === "safety") policy[name] = lengthOf(word);
    else if (name === "at-least") policy.atLeast = countOf(word, 1);
    else throw unknown(word, ["daily", "weekly", "monthly", "safety", "at-least"]);
  }
  return policy;
}

const periods: readonly ResticPeriod[] = ["hourly", "daily", "weekly", "monthly", "yearly"];

function resticOf(words: readonly Word[]): ResticPolicy {
  const policy = {
    kind: "restic" as const,
    periods: {} as Partial<Record<ResticPeriod, number>>, // Filled below.
    withinPeriods: {} as Partial<Record<ResticPeriod, CalendarLength>>, // Filled below.
    tags: [] as (readonly string[])[],
    oldest: true,
    atLeast: 0,
  };
  let alone: Pick<ResticPolicy, "last" | "within"> = {};
  for (const word of words) {
    const period = periods.find((one) => word.name === one || word.name === `within-${one}`);
    if (period !== undefined && word.name === period) policy.periods[period] = allOr(word);
    else if (period !== undefined) policy.withinPeriods[period] = calendarOf(word);
    else if (word.name === "last") alone = { ...alone, last: allOr(word) };
    else if (word.name === "within") alone = { ...alone, within: calendarOf(word) };
    else if (word.name === "tag") policy.tags.push(word.value.split("+"));
    else if (word.name === "oldest") policy.oldest = yesOr(word);
    else if (word.name === "at-least") policy.atLeast = countOf(word, 0);
    else throw unknown(word, ["last", ...periods, "within", ...periods.map((one) => `within-${one}`), "tag", "oldest", "at-least"]);
  }
  return { ...policy, ...alone };
}

function countOf(word: Word, least: number, or = ""): number {
  if (!/^\d{1,6}$/.test(word.value) || Number(word.value) < least) throw wrong(word, `a whole number from ${least} on${or}`);
  return Number(word.value);
}

const allOr = (word: Word): number => (["-1", "all", "unlimited"].includes(word.value) ? -1 : countOf(word, 0, ", or -1 for all"));

function yesOr(word: Word): boolean {
  if (["yes", "true"].includes(word.value)) return true;
  if (["no", "false"].includes(word.value)) return false;
  throw wrong(word, "yes or no");
}

function lengthOf(word: Word): Ms {
  const [, count, unit] = /^(\d{1,6})(h|d)?$/.exec(word.value) ?? [];
  if (count === undefined || (unit === undefined && Number(count) !== 0)) throw wrong(word, "hours or days, such as 36h or 7d; 0 for a class that is not kept");
  return unit === "h" ? ms(Number(count) * 3_600_000) : days(Number(count));
}

function calendarOf(word: Word): CalendarLength {
  if (!/^(?:\d{1,5}[ymdh])+$/.test(word.value)) throw wrong(word, "years, months, days and hours, such as 1y5m7d2h");
  const part = (unit: string): number => Number(new RegExp(`(\\d+)${unit}`).exec(word.value)?.[1] ?? 0);
  return { years: part("y"), months: part("m"), days: part("d"), hours: part("h") };
}

const wrong = ({ where, name, value }: Word, expected: string): Refusal =>
  new Refusal(`${where}: ${name}: expected ${expected}, got ${value === "" ? "nothing" : `"${value}"`}. ${NEXT}`);

function unknown({ where, name }: Word, names: readonly string[]): Refusal {
  const close = nearest(name, names);
  return new Refusal(`${where}: ${name}: expected one of ${names.join(", ")}.${close === undefined ? "" : ` Did you mean ${close}?`} ${NEXT}`);
}
