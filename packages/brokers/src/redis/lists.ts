import type { RedisLink } from "../connections.ts";
import { readList } from "./bodies.ts";
import { listsBudget, spread } from "./budget.ts";
import type { Entry } from "./entry.ts";

/** One priority step of one queue, as its list stands. */
export interface PriorityList {
  readonly queue: string;
  readonly step: number;
  readonly key: string;
  readonly length: number;
}

/** What a look into a list found. */
export interface ListLook extends PriorityList {
  /** Messages looked at, the oldest first. */
  readonly seen: readonly Entry[];
  /** Whether `seen` is all there is. */
  readonly whole: boolean;
}

// Places far from both ends are slow to reach; what is served next is what matters.
const reach = 10_000;
const listsAtMost = 20;

/**
 * Looks at some messages of each list: whether they wait for their time (with no worker there, such tasks lie in the list,
 * and none of them needs a worker yet), and when the oldest was published.
 */
export async function lookIntoLists(link: RedisLink, lists: readonly PriorityList[]): Promise<readonly ListLook[]> {
  const filled = lists.filter((one) => one.length > 0).slice(0, listsAtMost);
  const share = Math.floor(listsBudget.bodies / Math.max(1, filled.length));
  const bytes = Math.floor(listsBudget.bytes / Math.max(1, filled.length));
  const looks: ListLook[] = [];
  for (const list of filled) {
    const places = spread(Math.min(list.length, reach), share).map((place) => -1 - place);
    const entries = await readList(link, list.key, places, { bodies: share, bytes });
    const seen = entries.filter((one) => one !== undefined);
    looks.push({ ...list, seen, whole: seen.length >= list.length });
  }
  return looks;
}
