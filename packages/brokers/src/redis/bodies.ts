import { PortError } from "@nightshift/ports";
import type { RedisLink } from "../connections.ts";
import { type Budget, bytesAScript, scriptsAtMost, tailBytes } from "./budget.ts";
import { type Entry, readEntry } from "./entry.ts";

// Reads and nothing else: the end of each message that ARGV names, until it has touched so many bytes.
const endsOf = (read: "HGET" | "LINDEX"): string =>
  `local out, touched = {}, 0
for i = 3, #ARGV do
  local body = redis.call('${read}', KEYS[1], ARGV[i]) or ''
  out[#out + 1] = string.sub(body, -tonumber(ARGV[1]))
  touched = touched + #body
  if touched > tonumber(ARGV[2]) then break end
end
return out`;

/** Reads messages of `unacked` by their tags: whole where they are small, else their ends by a script, else as many whole ones as the budget holds. */
export async function readHash(
  link: RedisLink,
  key: string,
  tags: readonly { readonly tag: string; readonly bytes: number }[],
  budget: Budget,
): Promise<readonly (Entry | undefined)[]> {
  const wanted = tags.slice(0, budget.bodies);
  if (total(wanted) <= budget.bytes) return understood(await fetchWhole(link, key, wanted));
  const ends = await runScripts(link, { read: "HGET", key, places: wanted.map((one) => one.tag), budget });
  if (ends !== undefined) return understood(ends);
  const fitting = wanted.slice(0, countFitting(wanted, budget.bytes));
  return understood(await fetchWhole(link, key, fitting));
}

/** Reads messages of a list by their places, -1 being the oldest. Without scripts: one by one, until the budget is spent. */
export async function readList(link: RedisLink, key: string, places: readonly number[], budget: Budget): Promise<readonly (Entry | undefined)[]> {
  const ends = await runScripts(link, { read: "LINDEX", key, places: places.slice(0, budget.bodies), budget });
  if (ends !== undefined) return understood(ends);
  const texts: string[] = [];
  let spent = 0;
  for (const place of places.slice(0, budget.bodies)) {
    // Nobody tells the length of a list's element, so one may overshoot; the next is then not read.
    if (spent > budget.bytes / 4) break;
    const text = String((await link.call("LINDEX", key, place)) ?? "");
    spent += Buffer.byteLength(text);
    texts.push(text);
  }
  return understood(texts);
}

/** One that is gone or not in Celery's format is undefined. */
const understood = (texts: readonly string[]): readonly (Entry | undefined)[] => texts.map((text) => (text === "" ? undefined : readEntry(text)));

const bytesACall = 1_000_000;
const tagsACall = 50;

async function fetchWhole(link: RedisLink, key: string, tags: readonly { readonly tag: string; readonly bytes: number }[]): Promise<readonly string[]> {
  const texts: string[] = [];
  // Every round takes at least one, so there are no more rounds than tags.
  for (let from = 0; from < tags.length; ) {
    const some = tags.slice(from, from + tagsACall);
    const few = some.slice(0, Math.max(1, countFitting(some, bytesACall)));
    texts.push(...textsOf(await link.call("HMGET", key, ...few.map((one) => one.tag))));
    from += few.length;
  }
  return texts;
}

interface Reading {
  readonly read: "HGET" | "LINDEX";
  readonly key: string;
  readonly places: readonly (string | number)[];
  readonly budget: Budget;
}

/** Undefined: scripts are refused here. */
async function runScripts(link: RedisLink, { read, key, places, budget }: Reading): Promise<readonly string[] | undefined> {
  const bytesEach = Math.min(tailBytes, Math.floor(budget.bytes / Math.max(1, places.length)));
  const texts: string[] = [];
  try {
    for (let script = 0; script < scriptsAtMost && texts.length < places.length; script += 1) {
      const ends = textsOf(await link.call("EVAL", endsOf(read), 1, key, bytesEach, bytesAScript, ...places.slice(texts.length)));
      if (ends.length === 0) break;
      texts.push(...ends);
    }
    return texts;
  } catch (error) {
    if (error instanceof PortError && (error.kind === "denied" || error.kind === "unsupported" || error.kind === "invalid")) return undefined;
    throw error;
  }
}

const textsOf = (reply: unknown): readonly string[] => (Array.isArray(reply) ? reply.map((one: unknown) => (typeof one === "string" ? one : "")) : []);

const total = (tags: readonly { readonly bytes: number }[]): number => tags.reduce((sum, one) => sum + one.bytes, 0);

function countFitting(tags: readonly { readonly bytes: number }[], bytes: number): number {
  let sum = 0;
  const over = tags.findIndex((one) => {
    sum += one.bytes;
    return sum > bytes;
  });
  return over === -1 ? tags.length : over;
}
