/** Every point between two steps at which a run may be killed, in the order in which it passes them; what stands in the store and on the machine at each. */
export const boundaries = {
  "take: begun": "Nothing was done.",
  "take: leftovers swept": "What dead runs left is gone.",
  "take: snapshot held": "The source holds an exported snapshot and locks for us.",
  "take: dump and description under way": "Parts of the archive may be on their way; no object exists.",
  "take: archive stored": "Every segment exists, and nothing refers to them.",
  "take: contents stored": "The database's manifest, the schema and the roles exist.",
  "take: before the commit record": "All but manifest.json exists.",
  "take: after the commit record": "The backup is committed and not proven.",
  "verify: begun": "The commit record was read.",
  "verify: scratch server runs": "A throw-away server runs.",
  "verify: archive downloaded": "The archive lies in the scratch directory, unless it is streamed.",
  "verify: restored": "The scratch server holds the copy.",
  "verify: compared": "The copy was compared with what was recorded.",
  "verify: verifier tested": "The verifier was shown damaged copies.",
  "verify: before the proof": "All but proof.json exists.",
  "verify: after the proof": "The backup is proven; the scratch server still runs.",
  "verify: scratch removed": "Nothing is left on the machine.",
  "restore: safety copy taken": "The database that is to be replaced was backed up.",
  "restore: database made": "The new database exists and is empty.",
  "restore: restored": "The new database holds the backup.",
  "restore: compared": "The new database was compared with what was recorded.",
  "end: before the outcome": "All was done; outcome.json is missing.",
  "end: after the outcome": "The run has said how it ended.",
} as const satisfies Readonly<Record<string, string>>;

/** The name of one of them. */
export type Boundary = keyof typeof boundaries;

/** Called at each boundary that a run passes; tests end the process in it. */
export type AtBoundary = (name: Boundary) => void | Promise<void>;
