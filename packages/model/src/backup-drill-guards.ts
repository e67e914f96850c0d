import type { Sentence } from "./backup-guards.ts";

/** The protective lines around drills and the instances they make, by their names: part of `guards`. */
export const backupDrillGuards = {
  "what changed is still bounded": ["A copy that lost rows is told from one that only went on living, also where nothing stood still.", 29],
  "a proof covers at least half": ["No copy is called proven of which more is open than was shown.", 29],
  "a run that takes too long ends itself": ["A run whose starter died does not live on for ever beside production.", 10],
  "an instance past its time is told": ["What we made and could not delete is told each day that it costs money.", 30, 32],
  "a drill that did not happen is told": ["A month without its drill is told, also if nothing ever started it.", 32],
} as const satisfies Readonly<Record<string, Sentence>>;
