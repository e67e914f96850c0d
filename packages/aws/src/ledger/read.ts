import { PortError } from "@nightshift/ports";
import type { Row } from "./table.ts";

/** Reads one stored row field by field, and says which row and which attribute when one is not what it should be. */
export interface Fields {
  text(name: string): string;
  number(name: string): number;
  flag(name: string): boolean;
  oneOf<T extends string>(name: string, words: readonly T[]): T;
  textIfAny(name: string): string | undefined;
  numberIfAny(name: string): number | undefined;
  flagIfAny(name: string): boolean | undefined;
  /** Every element is an object. */
  list(name: string): readonly Fields[];
  texts(name: string): readonly string[];
  numbers(name: string): readonly number[];
  /** An object whose values are all texts. */
  textMap(name: string): Readonly<Record<string, string>>;
  object(name: string): Fields;
  /** The row itself, with whatever a newer release put there. */
  readonly raw: Row;
}

/** The fields of a row. @throws {PortError} `invalid`, naming partition key, sort key, attribute, expectation and finding. */
export const fieldsOf = (row: Row): Fields => fieldsAt(row, `pk=${String(row["pk"])} sk=${String(row["sk"])}`, "");

function fieldsAt(raw: Row, where: string, path: string): Fields {
  const wrong = (name: string, expected: string): PortError =>
    new PortError("invalid", "ledger:read", where, `attribute ${path}${name} holds ${sayFound(raw[name])} where ${expected} belongs; mend or delete this row`);
  const want = <T>(name: string, expected: string, is: (value: unknown) => value is T): T => {
    const value = raw[name];
    if (!is(value)) throw wrong(name, expected);
    return value;
  };
  const ifAny = <T>(name: string, expected: string, is: (value: unknown) => value is T): T | undefined =>
    raw[name] === undefined ? undefined : want(name, expected, is);
  return {
    raw,
    text: (name) => want(name, "a text", isText),
    number: (name) => want(name, "a number", isNumber),
    flag: (name) => want(name, "true or false", isFlag),
    oneOf: (name, words) => want(name, `one of ${words.join(", ")}`, isOneOf(words)),
    textIfAny: (name) => ifAny(name, "a text or nothing", isText),
    numberIfAny: (name) => ifAny(name, "a number or nothing", isNumber),
    flagIfAny: (name) => ifAny(name, "true, false or nothing", isFlag),
    list: (name) => want(name, "a list of objects", isListOf(isObject)).map((inner, index) => fieldsAt(inner, where, `${path}${name}[${index}].`)),
    texts: (name) => want(name, "a list of texts", isListOf(isText)),
    numbers: (name) => want(name, "a list of numbers", isListOf(isNumber)),
    textMap: (name) => want(name, "a map of texts", isTextMap),
    object: (name) => fieldsAt(want(name, "an object", isObject), where, `${path}${name}.`),
  };
}

const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isFlag = (value: unknown): value is boolean => typeof value === "boolean";
const isObject = (value: unknown): value is Row => typeof value === "object" && value !== null && !Array.isArray(value);
const isListOf =
  <T>(is: (value: unknown) => value is T) =>
  (value: unknown): value is readonly T[] =>
    Array.isArray(value) && value.every(is);
const isOneOf =
  <T extends string>(words: readonly T[]) =>
  (value: unknown): value is T =>
    words.some((word) => word === value);
const isTextMap = (value: unknown): value is Readonly<Record<string, string>> => isObject(value) && Object.values(value).every(isText);

const sayFound = (value: unknown): string => {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
};
