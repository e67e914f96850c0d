/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number & { readonly unit: "epoch-ms" };
/** A length of time in milliseconds. Never negative. */
export type Ms = number & { readonly unit: "ms" };

/** Marks a number of milliseconds since the epoch as a moment. */
export const epochMs = (n: number): EpochMs => n as EpochMs;
/** A length in milliseconds. */
export const ms = (n: number): Ms => n as Ms;
/** A length in seconds. */
export const seconds = (n: number): Ms => ms(n * 1_000);
/** A length in minutes. */
export const minutes = (n: number): Ms => seconds(n * 60);
/** A length in hours. */
export const hours = (n: number): Ms => minutes(n * 60);
/** A length in days of exactly 24 hours. */
export const days = (n: number): Ms => hours(n * 24);

/** How long ago `then` was at `now`; zero when `then` lies in the future (clocks differ). */
export const since = (then: EpochMs, now: EpochMs): Ms => ms(Math.max(0, now - then));
/** The moment `length` after `then`. */
export const after = (then: EpochMs, length: Ms): EpochMs => epochMs(then + length);
/** The moment `length` before `then`. */
export const before = (then: EpochMs, length: Ms): EpochMs => epochMs(then - length);

/** A length as people say it: `45 s`, `3 m 27 s`, `2 h 5 m`, `11 days`. */
export function sayLength(length: Ms): string {
  const total = Math.round(length / 1_000);
  if (total < 60) return `${total} s`;
  if (total < 3_600) return total % 60 === 0 ? `${total / 60} m` : `${Math.floor(total / 60)} m ${total % 60} s`;
  if (total < 172_800) {
    const left = Math.floor((total % 3_600) / 60);
    return left === 0 ? `${Math.floor(total / 3_600)} h` : `${Math.floor(total / 3_600)} h ${left} m`;
  }
  return `${Math.floor(total / 86_400)} days`;
}
