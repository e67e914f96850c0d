import type { Command, Incident } from "@nightshift/model";
import { openOnes } from "./incident.ts";
import { type On, type Ready, serviceNamed } from "./verb.ts";

/** The incidents whose threads get the line of what was done: the one that it was said in, and, of a hold, a freeze or a silence, those that are open in its scope. */
export function incidentsTold({ incident, groups }: Pick<On, "incident" | "groups">, command: Command, recent: readonly Incident[]): readonly Incident[] {
  const here = incident === undefined ? [] : [incident];
  if (!("scope" in command)) return here;
  const { scope } = command;
  // One service's incident is its whole group's: whoever works on it sees what is held beside it.
  const group = serviceNamed(groups, scope)?.settings.group;
  const inScope = openOnes(recent).filter((one) => scope === "all" || one.service === scope || one.group === scope || one.group === group);
  return [...here, ...inScope.filter((one) => one.id !== incident?.id)];
}

/** What a dry run promises to tell: the verb's own lines, else its line in each thread that gets it. */
export const tellsOf = ({ tells, line }: Pick<Ready, "tells" | "line">, there: readonly Incident[]): readonly string[] =>
  line === undefined || tells.length > 0 ? tells : there.map(({ id }) => `in the thread of ${id}: ${line}`);
