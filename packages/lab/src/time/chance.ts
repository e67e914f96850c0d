/**
 * A small seeded generator of numbers in [0, 1): the published mulberry32 recurrence, chosen because 32 bits of state
 * are plenty for a lab and every platform computes the same sequence.
 */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Chance by name: each name has its own sequence under one seed, so that a new consumer does not disturb the others. */
export function seededStreams(seed: number): (name: string) => () => number {
  const streams = new Map<string, () => number>();
  return (name) => {
    const known = streams.get(name);
    if (known) return known;
    const fresh = seededNumbers((seed ^ hashName(name)) >>> 0);
    streams.set(name, fresh);
    return fresh;
  };
}

/** `length` hexadecimal digits from a stream: ids that look like AWS's and repeat with the seed. */
export function hexDigits(random: () => number, length: number): string {
  let digits = "";
  while (digits.length < length) digits += Math.floor(random() * 16).toString(16);
  return digits;
}

/** An id in the form of a UUID, from a stream. */
export function seededUuid(random: () => number): string {
  const h = hexDigits(random, 32);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-8${h.slice(17, 20)}-${h.slice(20)}`;
}

// FNV-1a over UTF-16 units: any spread of names over seeds will do, it only has to be the same tomorrow.
function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i += 1) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
