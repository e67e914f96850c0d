/** FNV-1a, six letters or digits: an id that is the same for the same request. It tells apart and protects nothing. */
export function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(36).padStart(7, "0").slice(-6);
}
