/** A seeded number in [0, 1), as `Kernel.random` hands out. */
export type Random = () => number;

/** A number between `low` and `high`. */
export const between = (random: Random, low: number, high: number): number => low + (high - low) * random();

/** `length` hexadecimal digits. */
export function hex(random: Random, length: number): string {
  let digits = "";
  while (digits.length < length) digits += Math.floor(random() * 16).toString(16);
  return digits;
}

/** A stable 32-bit number for a text (FNV-1a, the public 32-bit parameters). */
export function hash32(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/** A stream of its own for a seed, cheap enough to be made per minute of history. */
export function streamOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4_294_967_296;
  };
}

/** Normal noise with mean 0 and deviation 1. */
export const gaussian = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** How many happened when `mean` are expected: exact below 30, by the normal approximation above. */
export function poisson(mean: number, random: Random): number {
  if (mean <= 0) return 0;
  if (mean >= 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * gaussian(random)));
  const limit = Math.exp(-mean);
  let product = random();
  let count = 0;
  while (product > limit && count < 1_000) {
    product *= random();
    count += 1;
  }
  return count;
}

/** How many of `count` went wrong when each does with chance `share`. */
export function binomial(count: number, share: number, random: Random): number {
  if (count <= 0 || share <= 0) return 0;
  if (share >= 1) return count;
  if (count > 40) {
    const mean = count * share;
    const drawn = mean < 15 ? poisson(mean, random) : Math.round(mean + Math.sqrt(mean * (1 - share)) * gaussian(random));
    return Math.min(count, Math.max(0, drawn));
  }
  let hits = 0;
  for (let i = 0; i < count; i += 1) if (random() < share) hits += 1;
  return hits;
}
