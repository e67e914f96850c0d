import type { Evidenced, GuardedService, GuardSettings, Incident } from "@nightshift/model";
import { PortError, type World } from "@nightshift/ports";
import { chartOf } from "./chart.ts";
import { recentDeployments } from "./deployments.ts";
import { runDiagnosis } from "./diagnosis.ts";
import { logExcerpt, stoppedTasks } from "./tasks.ts";

/** What gathering evidence reads, and where it keeps it. */
export type EvidenceWorld = Pick<
  World,
  "clock" | "services" | "taskDefinitions" | "metrics" | "logs" | "charts" | "evidence" | "revisions" | "signals" | "scalingBook"
>;

/** One piece under way. */
export interface Gathering {
  readonly world: EvidenceWorld;
  readonly incident: Incident;
  readonly service: GuardedService;
}

/** Which time it is: `opened`, after the first notice, or `resolved`, to compare. */
export type Occasion = "opened" | "resolved";

/**
 * What a person would look up first, looked up: the chart, the last deployments and what they changed, the runbook's
 * questions, why tasks stopped, and the last lines of their logs. What cannot be read is said in its place; nothing here
 * can hold an incident up.
 */
export async function gatherEvidence(
  world: EvidenceWorld,
  incident: Incident,
  settings: { readonly groups: readonly GuardSettings[]; readonly occasion: Occasion },
): Promise<readonly Evidenced[]> {
  const service = serviceOf(incident, settings.groups);
  if (service === undefined) return [];
  const gathering = { world, incident, service };
  const pieces: readonly (readonly [Evidenced["kind"], () => Promise<Evidenced | undefined>])[] =
    settings.occasion === "resolved"
      ? [["chart", () => chartOf(gathering, "resolved")]]
      : [
          ["chart", () => chartOf(gathering, "opened")],
          ["deployments", () => recentDeployments(gathering)],
          ["diagnosis", () => runDiagnosis(gathering)],
          ["stopped-tasks", () => stoppedTasks(gathering)],
          ["logs", () => logExcerpt(gathering)],
        ];
  const found = await Promise.all(pieces.map(([kind, gather]) => orWhyNot(kind, gather)));
  return found.filter((one) => one !== undefined);
}

/** The incident's own service, else the first that rang and is ours. */
const serviceOf = (incident: Incident, groups: readonly GuardSettings[]): GuardedService | undefined => {
  const all = groups.flatMap((group) => group.services);
  return [incident.service, ...incident.alarms.map((alarm) => alarm.service)]
    .map((name) => all.find((one) => one.name === name))
    .find((one) => one !== undefined);
};

async function orWhyNot(kind: Evidenced["kind"], gather: () => Promise<Evidenced | undefined>): Promise<Evidenced | undefined> {
  try {
    return await gather();
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    return { kind, lines: [`${kind}: could not be read: ${error.message}`] };
  }
}
