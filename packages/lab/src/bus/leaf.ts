import { inCidr } from "./cidr.ts";

type Test = (wanted: unknown, found: unknown) => boolean;

/** Whether one alternative of a pattern's field matches what the event holds there; `undefined`: the event has no such field. */
export function matchesLeaf(wanted: unknown, found: unknown): boolean {
  const test = operatorOf(wanted);
  if (test?.name === "exists") return (test.operand === true) === isLeaf(found);
  if (Array.isArray(found)) return found.some((one) => matchesLeaf(wanted, one));
  if (found === undefined || (typeof found === "object" && found !== null)) return false;
  return test ? operator(test.name)(test.operand, found) : wanted === found;
}

const operators: Readonly<Record<string, Test>> = {
  prefix: (wanted, found) => ends(wanted, found, (text, part) => text.startsWith(part)),
  suffix: (wanted, found) => ends(wanted, found, (text, part) => text.endsWith(part)),
  "equals-ignore-case": (wanted, found) => listOf(wanted).some((one) => typeof one === "string" && typeof found === "string" && fold(one) === fold(found)),
  wildcard: (wanted, found) => listOf(wanted).some((one) => typeof one === "string" && typeof found === "string" && wildcard(one).test(found)),
  numeric,
  cidr: (wanted, found) => typeof wanted === "string" && typeof found === "string" && inCidr(wanted, found),
  "anything-but": anythingBut,
};

function operator(name: string): Test {
  const test = operators[name];
  if (!test) throw new Error(`EventBridge knows no operator ${name}.`);
  return test;
}

function operatorOf(wanted: unknown): { readonly name: string; readonly operand: unknown } | undefined {
  if (typeof wanted !== "object" || wanted === null) return undefined;
  const entries = Object.entries(wanted);
  const [first] = entries;
  if (!first || entries.length !== 1) throw new Error(`An operator in an event pattern is an object with one field, not ${JSON.stringify(wanted)}.`);
  return { name: first[0], operand: first[1] };
}

// `exists` looks at leaves only: an object is none, and neither is an array without elements.
const isLeaf = (found: unknown): boolean => found !== undefined && (Array.isArray(found) ? found.some(isLeaf) : typeof found !== "object" || found === null);

// `{ "anything-but": x }` where x is a value, a list of values, or one of prefix, suffix, equals-ignore-case, wildcard with a value or a list.
function anythingBut(wanted: unknown, found: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null) return found !== wanted;
  if (Array.isArray(wanted)) return !wanted.includes(found);
  const inner = operatorOf(wanted);
  if (!inner || !["prefix", "suffix", "equals-ignore-case", "wildcard"].includes(inner.name))
    throw new Error(`anything-but does not take ${JSON.stringify(wanted)}.`);
  return !listOf(inner.operand).some((one) => operator(inner.name)(one, found));
}

function ends(wanted: unknown, found: unknown, test: (text: string, part: string) => boolean): boolean {
  if (typeof found !== "string") return false;
  if (typeof wanted === "string") return test(found, wanted);
  const inner = operatorOf(wanted);
  return inner?.name === "equals-ignore-case" && typeof inner.operand === "string" && test(fold(found), fold(inner.operand));
}

function numeric(wanted: unknown, found: unknown): boolean {
  if (!Array.isArray(wanted) || wanted.length === 0 || wanted.length % 2 !== 0)
    throw new Error(`numeric takes pairs of a comparison and a number, not ${JSON.stringify(wanted)}.`);
  if (typeof found !== "number") return false;
  for (let i = 0; i < wanted.length; i += 2) if (!compare(found, wanted[i], Number(wanted[i + 1]))) return false;
  return true;
}

function compare(found: number, comparison: unknown, bound: number): boolean {
  switch (comparison) {
    case "=":
      return found === bound;
    case "<":
      return found < bound;
    case "<=":
      return found <= bound;
    case ">":
      return found > bound;
    case ">=":
      return found >= bound;
    default:
      throw new Error(`numeric knows no comparison ${String(comparison)}.`);
  }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
const fold = (text: string): string => text.toLowerCase();

// `*` stands for any run of characters; a backslash takes the meaning away from `*` and from itself.
function wildcard(pattern: string): RegExp {
  let source = "";
  for (let i = 0; i < pattern.length; i += 1) {
    const escaped = pattern[i] === "\\" && (pattern[i + 1] === "*" || pattern[i + 1] === "\\");
    if (escaped) i += 1;
    source += !escaped && pattern[i] === "*" ? "[^]*" : (pattern[i] ?? "").replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  }
  return new RegExp(`^${source}$`);
}
