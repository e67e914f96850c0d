/** Numbers from 0 to below 1, the same for the same seed (mulberry32, Tommy Ettinger 2017: 32 bits of state). */
export function chanceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What can happen to bytes on their way. */
const damages = ["bit flipped", "cut off", "block zeroed", "byte lost", "byte added", "blocks swapped"] as const;
/** Kind of a damage. */
export type Damage = (typeof damages)[number];

/** A damaged copy of some bytes, and what was done. Of ten, five are single bits, the hardest to see. Never the same bytes. */
export function damage(whole: Buffer, chance: () => number): { readonly kind: Damage; readonly bytes: Buffer } {
  const kind = damages[Math.max(0, Math.floor(chance() * 10) - 4)] ?? "bit flipped";
  const at = Math.floor(chance() * whole.length);
  const bytes = apply(kind, whole, { at, bit: Math.floor(chance() * 8) });
  // Zeroes among zeroes, or a block swapped with its like, are no damage.
  return bytes.equals(whole) ? { kind: "bit flipped", bytes: apply("bit flipped", whole, { at, bit: 0 }) } : { kind, bytes };
}

const BLOCK = 512;

function apply(kind: Damage, whole: Buffer, { at, bit }: { readonly at: number; readonly bit: number }): Buffer {
  const bytes = Buffer.from(whole);
  switch (kind) {
    case "bit flipped":
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
      return bytes;
    case "cut off":
      return bytes.subarray(0, at);
    case "block zeroed":
      return bytes.fill(0, at, Math.min(whole.length, at + BLOCK));
    case "byte lost":
      return Buffer.concat([whole.subarray(0, at), whole.subarray(at + 1)]);
    case "byte added":
      return Buffer.concat([whole.subarray(0, at), Buffer.from([bit]), whole.subarray(at)]);
    case "blocks swapped": {
      const first = Math.max(0, Math.min(at, whole.length - 2 * BLOCK));
      whole.copy(bytes, first, first + BLOCK, first + 2 * BLOCK);
      whole.copy(bytes, first + BLOCK, first, first + BLOCK);
      return bytes;
    }
  }
}
