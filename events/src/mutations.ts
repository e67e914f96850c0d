/** One event with one field deleted or given a wrong type. */
export interface Mutation {
  readonly path: readonly (string | number)[];
  /** `deleted`, or what stands there instead: `null`, `a number`… */
  readonly how: string;
  readonly event: unknown;
}

const replacements: readonly { readonly how: string; readonly value: unknown; readonly sameAs: (v: unknown) => boolean }[] = [
  { how: "null", value: null, sameAs: (v) => v === null },
  { how: "a boolean", value: true, sameAs: (v) => typeof v === "boolean" },
  { how: "a number", value: 7, sameAs: (v) => typeof v === "number" },
  { how: "a string", value: "nightshift", sameAs: (v) => typeof v === "string" },
  { how: "an empty list", value: [], sameAs: (v) => Array.isArray(v) },
  { how: "an empty object", value: {}, sameAs: (v) => typeof v === "object" && v !== null && !Array.isArray(v) },
];

/**
 * Every event that differs from `sample` in one field, at any depth: deleted, and replaced by each JSON type it does not have (decision 29).
 * The sample itself is not touched.
 */
export function* mutationsOf(sample: unknown): Generator<Mutation> {
  for (const path of pathsOf(sample, [])) {
    yield { path, how: "deleted", event: edited(sample, path, undefined) };
    for (const { how, value, sameAs } of replacements) {
      if (!sameAs(valueAt(sample, path))) yield { path, how, event: edited(sample, path, { value }) };
    }
  }
}

function* pathsOf(value: unknown, path: readonly (string | number)[]): Generator<readonly (string | number)[]> {
  if (path.length > 0) yield path;
  if (Array.isArray(value)) for (const [i, one] of value.entries()) yield* pathsOf(one, [...path, i]);
  else if (typeof value === "object" && value !== null) for (const [key, one] of Object.entries(value)) yield* pathsOf(one, [...path, key]);
}

const valueAt = (value: unknown, [key, ...rest]: readonly (string | number)[]): unknown => (key === undefined ? value : valueAt(childOf(value, key), rest));
const childOf = (value: unknown, key: string | number): unknown =>
  typeof value === "object" && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined;

/** A copy of `value` in which the place at `path` holds something else, or is gone. */
function edited(value: unknown, [key, ...rest]: readonly (string | number)[], put: { readonly value: unknown } | undefined): unknown {
  if (key === undefined) return put?.value;
  const gone = rest.length === 0 && put === undefined;
  if (Array.isArray(value)) return gone ? value.filter((_, i) => i !== key) : value.map((one, i) => (i === key ? edited(one, rest, put) : one));
  const fields = Object.entries(value ?? {});
  return Object.fromEntries(gone ? fields.filter(([name]) => name !== key) : fields.map(([name, one]) => [name, name === key ? edited(one, rest, put) : one]));
}
