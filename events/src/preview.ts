const longest = 80;

/**
 * What came, in at most 80 characters of its own, for an error that people read in chat and logs.
 * Objects and arrays are only counted; text loses whatever looks like a key, a token, a password or a mail address.
 */
export function previewOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : `an array of ${value.length}`;
  switch (typeof value) {
    case "string":
      return value === "" ? "an empty string" : `the string ${JSON.stringify(shortText(value))}`;
    case "number":
      return `the number ${value}`;
    case "boolean":
      return `the boolean ${value}`;
    case "object": {
      const fields = Object.keys(value).length;
      return fields === 0 ? "an empty object" : `an object of ${fields} ${fields === 1 ? "field" : "fields"}`;
    }
    default:
      return `a ${typeof value}`;
  }
}

/** Foreign text made safe to repeat: redacted, without control or direction characters, at most 80 characters. */
export function shortText(text: string): string {
  // Cut first, so that a megabyte is never searched; a little more than is shown, so that a secret at the edge is still seen whole.
  const near = text.slice(0, longest * 2).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]/gu, "?");
  const safe = redacted(near);
  return safe.length > longest || text.length > longest * 2 ? `${safe.slice(0, longest - 1)}…` : safe;
}

function redacted(text: string): string {
  return (
    text
      .replace(/[^\s@"']+@[^\s@"']+\.[^\s@"']+/g, "[mail]")
      .replace(/(pass\w*|secret\w*|token\w*|api[-_]?key|authorization|credential\w*)(["']?\s*[:=]\s*["']?)(?:bearer |basic )?[^\s"',;&]+/gi, "$1$2[redacted]")
      .replace(/xox[a-z]-[\w-]+/gi, "[redacted]")
      // A run of 20 or more without a space or hyphen that mixes digits and letters is a key more often than a word.
      .replace(/(?=[\w+/=]*\d)(?=[\w+/=]*[A-Za-z])[\w+/=]{20,}/g, "[redacted]")
  );
}
