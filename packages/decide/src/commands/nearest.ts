/** How many words a correction offers at most. */
const OFFERED = 3;
/** A slip is two edits at most; more would be guessing. */
const SLIP = 2;

/** Words within two edits of what was typed (one for words of up to three letters), nearest first, at most three. Case does not count. */
export function nearestWords(typed: string, words: readonly string[]): readonly string[] {
  const meant = typed.toLowerCase();
  const close = words.flatMap((word) => {
    const allowed = Math.min(meant.length, word.length) <= 3 ? 1 : SLIP;
    if (Math.abs(word.length - meant.length) > allowed) return [];
    const distance = edits(meant, word.toLowerCase());
    return distance <= allowed ? [{ word, distance }] : [];
  });
  return [...new Set(close.toSorted((a, b) => a.distance - b.distance || (a.word < b.word ? -1 : 1)).map(({ word }) => word))].slice(0, OFFERED);
}

/** Insertions, deletions, replacements and swaps of neighbours (`hodl`), one row at a time. */
function edits(a: string, b: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change, swapped));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
