import type { Path } from "./names.ts";
import { malformed } from "./tokens.ts";
import { isList, isMap, type Item, type Value } from "./values.ts";

/** What stands at a path; undefined when nothing does. */
export function valueAt(item: Item | undefined, path: Path): Value | undefined {
  let value: Value | undefined = item;
  for (const step of path) {
    if (typeof step === "number") value = isList(value) ? value[step] : undefined;
    else value = isMap(value) && Object.hasOwn(value, step) ? value[step] : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}

/** Puts a value at a path of an item that may be changed. A list grows by one at most. @throws AwsFault when the parent is missing. */
export function putAt(item: Item, path: Path, value: Value): void {
  const [parent, last] = parentOf(item, path);
  if (typeof last === "number" && Array.isArray(parent)) parent[Math.min(last, parent.length)] = value;
  else if (typeof last === "string" && parent !== undefined && !Array.isArray(parent)) parent[last] = value;
  else throw malformed("The document path provided in the update expression is invalid for update");
}

/** Takes away what stands at a path; nothing when it is not there. */
export function removeAt(item: Item, path: Path): void {
  const [parent, last] = parentOf(item, path);
  if (typeof last === "number" && Array.isArray(parent)) parent.splice(last, 1);
  else if (typeof last === "string" && parent !== undefined && !Array.isArray(parent)) delete parent[last];
}

/** Whether one path lies in the other, or is the other. */
export const overlaps = (a: Path, b: Path): boolean => a.slice(0, b.length).every((step, i) => step === b[i]);

type Container = Item | Value[] | undefined;

function parentOf(item: Item, path: Path): readonly [Container, string | number | undefined] {
  let container: Item | Value[] = item;
  for (const step of path.slice(0, -1)) {
    const inner: Value | undefined = valueAt({ container }, ["container", step]);
    if (!isList(inner) && !isMap(inner)) return [undefined, path.at(-1)];
    // What is frozen is shared with the item as it was: only what lies on the way is made anew.
    const own: Item | Value[] = isList(inner) ? [...inner] : { ...inner };
    if (Array.isArray(container)) container[Number(step)] = own;
    else container[step] = own;
    container = own;
  }
  return [container, path.at(-1)];
}
