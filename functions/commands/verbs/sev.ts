import { severityEntry } from "@nightshift/decide/incidents/transitions";
import { changeOf } from "../change.ts";
import { consequencesOf } from "../ladder.ts";
import type { Carry } from "../verb.ts";

/** Raises or lowers the severity; a person may do both. Its dry run says what follows. */
export const sev: Carry<"sev"> = async ({ severity }, on) => {
  const change = changeOf(on, (incident, doing) => severityEntry(incident, severity, doing));
  if (change.kind !== "ready" || !on.flags.dryRun) return change;
  return { ...change, tells: [...change.tells, "while nobody acknowledges:", ...(await consequencesOf(on, severity))] };
};
