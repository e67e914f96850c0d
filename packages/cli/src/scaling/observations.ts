import type { ScalingDecision, ScalingObservation, ScalingState } from "@nightshift/model";
import { Refusal } from "../frame/command.ts";

/** One line of a file of observations: what was seen, and where it was recorded what it was decided from and what was decided. */
export interface ObservedLine {
  readonly line: number;
  readonly service: string;
  readonly observation: ScalingObservation;
  /** Undefined: the state that the line before of the same service left. */
  readonly from: ScalingState | undefined;
  readonly verdict: ScalingDecision["verdict"] | undefined;
}

/** What stands at a path: one of JSON's kinds, or a list of them. */
type Shape = "string" | "number" | "boolean" | "object" | "list";
interface Expected {
  readonly path: string;
  readonly shape: Shape;
  /** A path that need not be there. */
  readonly optional?: true;
}

const needs = (shape: Shape, ...paths: readonly string[]): readonly Expected[] => paths.map((path) => ({ path, shape }));
const may = (shape: Shape, ...paths: readonly string[]): readonly Expected[] => paths.map((path) => ({ path, shape, optional: true }));

const always: readonly Expected[] = [
  ...needs("string", "service"),
  ...needs("object", "observation", "observation.broker", "observation.fleet"),
  ...needs("number", "observation.at", "observation.broker.at"),
  ...needs("string", "observation.broker.kind", "observation.broker.broker"),
  ...needs("boolean", "observation.fleet.ok"),
  ...may("list", "observation.drained"),
  ...may("object", "from", "verdict", "observation.cpu", "observation.memory", "observation.order"),
  ...may("string", "observation.held", "observation.rollback", "observation.rival"),
];
const figures = (path: string) => ["waiting", "reserved", "running", "dueLater", "oldest", "arrived", "finished"].map((name) => `${path}.${name}`);
const figureParts = (path: string): readonly Expected[] => [
  ...needs("number", `${path}.value`, `${path}.at`, `${path}.confidence`),
  ...needs("string", `${path}.how`),
];
const worker = (path: string): readonly Expected[] => [
  ...needs("string", `${path}.name`),
  ...needs("number", `${path}.at`, `${path}.active`),
  ...may("number", `${path}.reserved`, `${path}.scheduled`, `${path}.processed`, `${path}.slots`),
  ...may("string", `${path}.ip`),
  ...may("list", `${path}.queues`),
];

/**
 * Reads a file of observations, one JSON object a line as `scale explain SERVICE --observations` prints them; empty lines are
 * passed over. What the decision reads is checked, so that a slip in a file written by hand is named and not decided upon.
 * @throws {Refusal} `FILE:LINE: expected …, got …`.
 */
export function readObservations(text: string, file: string): readonly ObservedLine[] {
  return text.split("\n").flatMap((written, index) => {
    if (written.trim() === "") return [];
    const line = index + 1;
    const value = parsed(written, `${file}:${line}`);
    const flaw = flawOf(value);
    if (flaw !== undefined) throw new Refusal(`${file}:${line}: ${flaw}. ${NEXT}`);
    // Everything the decision reads was just checked.
    const { service, observation, from, verdict } = value as Omit<ObservedLine, "line">;
    return [{ line, service, observation, from, verdict }];
  });
}

const NEXT = "Mend the line, or take it out; `npx nightshift scale explain SERVICE --observations` prints lines as they are expected.";

function parsed(written: string, where: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    throw new Refusal(`${where}: expected one JSON object, got ${written.trim().slice(0, 40)}${written.trim().length > 40 ? "…" : ""}. ${NEXT}`);
  }
}

/** The first thing that is not as expected, in one phrase; undefined: none. */
function flawOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return `expected an object, got ${say(value)}`;
  for (const check of always) {
    const flaw = mismatch(value, check);
    if (flaw !== undefined) return flaw;
  }
  for (const check of details(value)) {
    const flaw = mismatch(value, check);
    if (flaw !== undefined) return flaw;
  }
  const kind = at(value, "observation.broker.kind");
  if (kind !== "seen" && kind !== "unknown") return `expected "seen" or "unknown" at observation.broker.kind, got ${say(kind)}`;
  return undefined;
}

/** What is expected depends on what is there. */
function details(value: unknown): readonly Expected[] {
  const list = (path: string): readonly string[] => {
    const items = at(value, path);
    return Array.isArray(items) ? items.map((_, index) => `${path}.${index}`) : [];
  };
  const present = (path: string): boolean => at(value, path) !== undefined;
  const queues = list("observation.broker.queues");
  return [
    ...(at(value, "observation.broker.kind") === "seen"
      ? [
          ...needs("list", "observation.broker.queues", "observation.broker.doubts"),
          ...may("list", "observation.broker.workers"),
          ...may("object", "observation.broker.counters"),
        ]
      : needs("string", "observation.broker.because")),
    ...(present("observation.broker.counters")
      ? [...needs("string", "observation.broker.counters.epoch"), ...needs("number", "observation.broker.counters.at")]
      : []),
    ...queues.flatMap((queue) => [
      ...needs("string", `${queue}.queue`),
      ...needs("list", `${queue}.due`, `${queue}.byPriority`),
      ...may("object", ...figures(queue)),
    ]),
    ...queues.flatMap((queue) => figures(queue).filter(present).flatMap(figureParts)),
    ...queues.flatMap((queue) => list(`${queue}.due`).flatMap((due) => needs("number", `${due}.at`, `${due}.tasks`))),
    ...[...list("observation.broker.workers"), ...list("observation.drained")].flatMap(worker),
    ...(at(value, "observation.fleet.ok") === true
      ? [
          ...needs("object", "observation.fleet.value"),
          ...needs("number", ...["at", "desired", "running", "pending"].map((name) => `observation.fleet.value.${name}`)),
          ...may("list", "observation.fleet.value.tasks"),
          ...may("string", "observation.fleet.value.deploying"),
        ]
      : needs("string", "observation.fleet.because")),
    ...(present("from")
      ? [
          ...needs("number", "from.version", "from.at"),
          ...needs("list", "from.draining", "from.changes", "from.attention", "from.memory.samples", "from.memory.startSeconds", "from.memory.starting"),
          ...needs("object", "from.memory", "from.memory.more"),
          ...needs("number", "from.memory.busySeconds", "from.memory.completions", "from.memory.agreeing"),
          ...needs("string", "from.memory.epoch"),
        ]
      : []),
    ...(present("verdict")
      ? [...needs("string", "verdict.kind"), ...needs("number", "verdict.desired"), ...needs("list", "verdict.because", "verdict.drain", "verdict.undrain")]
      : []),
  ];
}

function mismatch(value: unknown, { path, shape, optional }: Expected): string | undefined {
  const found = at(value, path);
  if (found === undefined && optional) return undefined;
  return isShape(found, shape) ? undefined : `expected ${article[shape]} at ${path}, got ${say(found)}`;
}

const article: Readonly<Record<Shape, string>> = {
  string: "a text",
  number: "a number from 0 on",
  boolean: "true or false",
  object: "an object",
  list: "a list",
};

function isShape(value: unknown, shape: Shape): boolean {
  switch (shape) {
    case "list":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "number":
      return typeof value === "number" && Number.isFinite(value) && value >= 0;
    case "string":
    case "boolean":
      return typeof value === shape;
  }
}

/** What stands at a dotted path of something that was JSON. */
const at = (value: unknown, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>((holder, key) => (typeof holder === "object" && holder !== null ? (holder as Readonly<Record<string, unknown>>)[key] : undefined), value); // any key of parsed JSON may be read

const say = (value: unknown): string => {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
};
