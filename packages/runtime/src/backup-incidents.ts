import { isOver } from "@nightshift/decide/incidents/transitions";
import { type BackupDue, type EpochMs, sayStamp } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import type { Checkpoints } from "./automation.ts";
import { readIncident } from "./incidents.ts";
import { type TellingWorld, tellIncident } from "./say.ts";

/** The trouble that a group of backups has now. */
export interface OpenTrouble {
  readonly id: string;
  readonly openedAt: EpochMs;
}

/** The incident that is open for this group; undefined: all is well there, as far as anybody said. */
export async function openTrouble(world: Pick<World, "incidents" | "groups">, group: string): Promise<OpenTrouble | undefined> {
  const pointer = await world.groups.find(group);
  if (pointer === undefined) return undefined;
  const incident = await readIncident(world, pointer.incident);
  if (incident === undefined || isOver(incident)) return undefined;
  return { id: incident.id, openedAt: incident.openedAt };
}

/** What incidents about the backups of one thing are grouped by; snapshots, drills, restores and retention have trouble of their own. */
export const troubleGroup = (of: string, what: "backups" | "snapshots" | "drills" | "restores" | "recovery" | "retention" = "backups"): string =>
  `${what}-${of}`;

/** Work on a backup that dies says so: nobody may believe that something was saved which was not. The failed execution rings the self-alarm as well. */
export const tellLostBackup = (
  { world, checkpoints }: { readonly world: TellingWorld; readonly checkpoints: Checkpoints },
  {
    due,
    what,
    automation,
    error,
  }: { readonly due: Pick<BackupDue, "of" | "scheduled">; readonly what: string; readonly automation: string; readonly error: unknown },
): Promise<void> =>
  checkpoints.once(`tell that the ${what} is lost`, async () => {
    const at = world.clock.now();
    const because = error instanceof Error ? error.message : String(error);
    const text = `The ${what} of ${due.of} ended with an error of Nightshift's own: ${because.slice(0, 500)}. Look at what it left: npx nightshift backup status ${due.of}`;
    await tellIncident(world, {
      header: {
        id: `INC-${sayStamp(due.scheduled)}-${due.of}-${what}-lost`,
        group: troubleGroup(due.of),
        service: due.of,
        severity: "P2",
        title: `the ${what} of ${due.of} ended with an error`,
        openedAt: at,
        by: `nightshift/${automation}`,
        standing: "needs-person",
      },
      lines: [{ key: `${what}-lost`, at, kind: "opened", text, announce: true }],
      automation,
      station: "lost",
    });
  });
