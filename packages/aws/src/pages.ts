import { PortError } from "@nightshift/ports";
import type { Call } from "./calls.ts";

/** One page of a list and where the next one begins. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/**
 * Reads pages until there is none left. More than `atMost` pages, or a token that comes back, is an error and never a
 * shortened list: what is cut off would look like absence.
 * @throws {PortError} `unsupported` — the question must be narrowed; a retry does not help.
 */
export async function allPages<T>(call: Call, atMost: number, read: (token: string | undefined) => Promise<Page<T>>): Promise<readonly T[]> {
  const items: T[] = [];
  let token: string | undefined;
  for (let page = 0; page < atMost; page += 1) {
    const { items: more, next } = await read(token);
    items.push(...more);
    if (next === undefined || next === "") return items;
    if (next === token) throw new PortError("unsupported", call.operation, call.on, "the list does not end: the same page token came twice");
    token = next;
  }
  throw new PortError("unsupported", call.operation, call.on, `more than ${atMost} pages; nothing is read from a list cut short`);
}

/** The items in groups of at most `size`. */
export function inGroups<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const groups: T[][] = [];
  for (let from = 0; from < items.length; from += size) groups.push(items.slice(from, from + size));
  return groups;
}
