import type * as z from "zod/mini";
import { type Setting, settings } from "./kinds.ts";
import { sections } from "./sections/index.ts";
import { lengthAsCode } from "./units.ts";

/** One line of the reference page. */
export interface Described extends Setting {
  readonly path: string;
  /** As it is written in a config; undefined: required, or absent when optional. */
  readonly default: string | undefined;
  readonly required: boolean;
}

interface Walk {
  readonly schema: z.core.$ZodType;
  readonly path: string;
  readonly required: boolean;
  readonly fallback: unknown;
}

/** Fields of listed defaults that hold a length of time. */
const lengths: readonly string[] = ["within", "after"];

/** A value as it is written in a config. */
function asCode(value: unknown, unit: string): string {
  if (unit === "length" && typeof value === "number") return lengthAsCode(value);
  if (unit === "percent" && typeof value === "number") return `percent(${value})`;
  if (Array.isArray(value)) return `[${value.map((item) => asCode(item, "")).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(([key, inner]) => `${key}: ${asCode(inner, lengths.includes(key) ? "length" : "")}`);
    return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
  }
  return JSON.stringify(value);
}

/** How a trigger of a list is told from its siblings: by the builder's kind. */
function kindOf(option: z.core.$ZodType): string | undefined {
  const { def } = option._zod as z.core.$ZodObject["_zod"]; // options of our unions are objects; anything else has no shape below
  const literal = def.shape?.["kind"]?._zod.def as z.core.$ZodLiteralDef<string> | undefined; // `kind` is always a literal in our unions
  return literal?.values[0];
}

/** A field of the schema's kind-specific definition; the classes of zod/mini share `_zod.def`, typed per class. */
function walk({ schema, path, required, fallback }: Walk): readonly Described[] {
  const setting = settings.get(schema as z.ZodMiniType); // only leaves are registered
  if (setting !== undefined) return [{ ...setting, path, default: fallback === undefined ? undefined : asCode(fallback, setting.unit), required }];
  const { def } = (schema as z.core.$ZodTypes)._zod; // narrowed by def.type below
  switch (def.type) {
    case "optional":
      return walk({ schema: def.innerType, path, required: false, fallback });
    case "default":
      return withDefault(walk({ schema: def.innerType, path, required: false, fallback: def.defaultValue }), path, def.defaultValue);
    case "prefault":
      return walk({ schema: def.innerType, path, required: false, fallback: undefined });
    case "object":
      return Object.entries(def.shape)
        .filter(([key]) => key !== "kind")
        .flatMap(([key, inner]) => walk({ schema: inner, path: `${path}.${key}`, required: true, fallback: fieldOf(fallback, key) }));
    case "record":
      return walk({ schema: def.valueType, path: `${path}.<name>`, required, fallback: undefined });
    case "array":
      return walk({ schema: def.element, path: `${path}[]`, required, fallback: undefined });
    case "union":
      return def.options.flatMap((option) =>
        walk({
          schema: option,
          path: def.options.length > 1 && kindOf(option) !== undefined ? `${path} ${kindOf(option)}` : path,
          required,
          fallback: undefined,
        }),
      );
    default:
      return [];
  }
}

const fieldOf = (holder: unknown, key: string): unknown =>
  typeof holder === "object" && holder !== null ? (holder as Record<string, unknown>)[key] : undefined; // reading any key of an object is safe

/** A list or table that has a default of its own says so once, on its own line. */
function withDefault(lines: readonly Described[], path: string, value: unknown): readonly Described[] {
  const empty = Array.isArray(value) ? value.length === 0 : typeof value === "object" && value !== null && Object.keys(value).length === 0;
  if (!Array.isArray(value) || empty) return lines;
  return [{ path, says: "A list; each line below is one field.", unit: "list", default: asCode(value, ""), required: false }, ...lines];
}

/** Every setting there is, in the order of the page, from the schema itself. */
export function describeConfig(): readonly { readonly key: string; readonly title: string; readonly says: string; readonly settings: readonly Described[] }[] {
  return Object.entries(sections).map(([key, { title, says, schema }]) => ({
    key,
    title,
    says,
    settings: walk({ schema, path: key, required: true, fallback: undefined }),
  }));
}
