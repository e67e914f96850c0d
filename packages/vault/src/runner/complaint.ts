/** At most so much of a failure is told. */
const LONGEST = 600;

/** A failure in one line for the outcome, a log and a thread: its message, and never what looks like a password in a URL. */
export function complaintOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text
    .replaceAll(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi, "$1…@")
    .replaceAll(/\s+/g, " ")
    .trim()
    .slice(0, LONGEST);
}
