/**
 * Compares a value, as the AWS SDK for JavaScript takes and gives it, with its shape in AWS's own description of the service.
 * The description's traits: "Constraint traits", https://smithy.io/2.0/spec/constraint-traits.html (read 2026-11-21).
 */

/** A member of a structure, a list or a map. */
interface Member {
  readonly shape: string;
  readonly idempotencyToken?: boolean;
}

/** A shape of a service description, as far as it is compared here. */
interface Shape {
  readonly type: string;
  readonly members?: Readonly<Record<string, Member>>;
  readonly required?: readonly string[];
  readonly member?: Member;
  readonly key?: Member;
  readonly value?: Member;
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly union?: boolean;
  readonly document?: boolean;
  readonly payload?: string;
}

/** What a service can be asked, and in which shapes: botocore's `service-2.json`. */
export interface ServiceModel {
  readonly operations: Readonly<
    Record<
      string,
      { readonly input?: { readonly shape: string }; readonly output?: { readonly shape: string }; readonly errors?: readonly { readonly shape: string }[] }
    >
  >;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** Something in a value that the description does not allow. */
export interface Violation {
  /** `DescribeServices.services[].serviceName`: places in lists are left out, so that a thousand equal items are one violation. */
  readonly path: string;
  readonly expected: string;
  readonly got: string;
}

/** How a description is read. */
export interface Reading {
  readonly model: ServiceModel;
  /** `request`: idempotency tokens may be absent (the SDK adds them). `answer`: a streamed body is an object. `event`: moments are ISO 8601 text. */
  readonly as: "request" | "answer" | "event";
  /** Shapes that stand for something else at this level of the SDK: says what was expected instead, or undefined when the value is fine. */
  readonly instead?: Readonly<Record<string, (value: unknown) => string | undefined>>;
}

/** Everything in `value` that the shape does not allow. */
export function violations(reading: Reading, shapeName: string, value: unknown, path: string): readonly Violation[] {
  const shape = reading.model.shapes[shapeName];
  if (shape === undefined) return [wrong(path, "a described shape", shapeName)];
  const instead = reading.instead?.[shapeName];
  if (instead !== undefined) return expecting(path, instead(value), value);
  if (shape.document === true) return [];
  switch (shape.type) {
    case "structure":
      return structure(reading, shape, value, path);
    case "list":
      if (!Array.isArray(value)) return [wrong(path, "a list", value)];
      return [...between(shape, value.length, path, "items"), ...value.flatMap((item) => violations(reading, shape.member?.shape ?? "", item, `${path}[]`))];
    case "map":
      return map(reading, shape, value, path);
    case "string":
      return string(shape, value, path);
    case "blob":
      return value instanceof Uint8Array ? between(shape, value.byteLength, path, "bytes") : [wrong(path, "bytes", value)];
    case "timestamp":
      return isMoment(reading, value) ? [] : [wrong(path, reading.as === "event" ? "a moment as text" : "a Date", value)];
    case "boolean":
      return typeof value === "boolean" ? [] : [wrong(path, "true or false", value)];
    default:
      return number(shape, value, path);
  }
}

function structure(reading: Reading, shape: Shape, value: unknown, path: string): readonly Violation[] {
  if (!isRecord(value)) return [wrong(path, "a structure", value)];
  const members = shape.members ?? {};
  const given = Object.entries(value).filter(([name, inner]) => inner !== undefined && name !== "$metadata");
  const missing = (shape.required ?? []).filter((name) => value[name] === undefined && !(reading.as === "request" && members[name]?.idempotencyToken === true));
  return [
    ...missing.map((name) => wrong(`${path}.${name}`, "a required member", undefined)),
    ...(shape.union === true && given.length !== 1 ? [wrong(path, "one member of the union", `${given.length} members`)] : []),
    ...given.flatMap(([name, inner]) => {
      const member = members[name];
      const at = `${path}.${name}`;
      if (member === undefined) return [wrong(at, "no such member", inner)];
      return name === shape.payload && isBody(reading, inner) ? [] : violations(reading, member.shape, inner, at);
    }),
  ];
}

/** The SDK takes a payload as text too, and gives a stream with ways to read it. */
const isBody = (reading: Reading, value: unknown): boolean =>
  (reading.as === "request" && typeof value === "string") || (reading.as === "answer" && isRecord(value) && "transformToString" in value);

function map(reading: Reading, shape: Shape, value: unknown, path: string): readonly Violation[] {
  if (!isRecord(value)) return [wrong(path, "a map", value)];
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return [
    ...between(shape, entries.length, path, "entries"),
    ...entries.flatMap(([key, inner]) => [
      ...violations(reading, shape.key?.shape ?? "", key, `${path} key`),
      ...violations(reading, shape.value?.shape ?? "", inner, `${path}{}`),
    ]),
  ];
}

function string(shape: Shape, value: unknown, path: string): readonly Violation[] {
  if (typeof value !== "string") return [wrong(path, "text", value)];
  if (shape.enum !== undefined && !shape.enum.includes(value)) return [wrong(path, `one of ${shape.enum.join(", ")}`, value)];
  const pattern = shape.pattern === undefined ? undefined : compiled(shape.pattern);
  return [...between(shape, value.length, path, "characters"), ...(pattern?.test(value) === false ? [wrong(path, `text like ${shape.pattern}`, value)] : [])];
}

/** The whole value must match, as AWS's API reference means its patterns. Those that JavaScript cannot read are not compared. */
function compiled(pattern: string): RegExp | undefined {
  for (const flags of ["u", ""])
    try {
      return new RegExp(`^(?:${pattern})$`, flags);
    } catch {
      // Java's dialect: the next flags, or no comparison.
    }
  return undefined;
}

const whole = new Set(["integer", "long", "short", "byte"]);
const fractional = new Set(["float", "double"]);

function number(shape: Shape, value: unknown, path: string): readonly Violation[] {
  if (!whole.has(shape.type) && !fractional.has(shape.type)) return [wrong(path, "a type known here", shape.type)];
  if (typeof value !== "number" || !Number.isFinite(value)) return [wrong(path, "a number", value)];
  if (whole.has(shape.type) && !Number.isInteger(value)) return [wrong(path, "a whole number", value)];
  return between(shape, value, path, "");
}

/** Both bounds are allowed values. */
function between({ min, max }: Shape, size: number, path: string, of: string): readonly Violation[] {
  const got = `${size} ${of}`.trim();
  if (min !== undefined && size < min) return [wrong(path, `at least ${min} ${of}`.trim(), got)];
  return max !== undefined && size > max ? [wrong(path, `at most ${max} ${of}`.trim(), got)] : [];
}

const isMoment = (reading: Reading, value: unknown): boolean =>
  reading.as === "event" ? typeof value === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) : value instanceof Date && !Number.isNaN(value.getTime());

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date) && !(value instanceof Uint8Array);

const expecting = (path: string, expected: string | undefined, value: unknown): readonly Violation[] =>
  expected === undefined ? [] : [wrong(path, expected, value)];

// Long values tell no more than their beginning.
const shown = 80;
const wrong = (path: string, expected: string, value: unknown): Violation => ({
  path,
  expected,
  got: (JSON.stringify(value) ?? String(value)).slice(0, shown),
});
