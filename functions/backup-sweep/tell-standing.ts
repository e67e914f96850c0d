import { expiredDrills } from "@nightshift/decide/backups/decide-drill";
import { heldBecause } from "@nightshift/decide/control";
import { before, days, type EpochMs, hours, sayDate, sayLength, sayStamp, tags } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { tellIncident } from "@nightshift/runtime";
import { openTrouble } from "@nightshift/runtime/backup-incidents";
import type { SweepWorld } from "./automation.ts";

/** The sweep has had four turns by then: what stands now stands in spite of it. */
const LATE = hours(1);
/** A restore is people's, and never swept: after so long somebody is asked whether it is still wanted. */
const RESTORE_WANTED = days(7);
const GROUP = "drill-instances";

interface Standing {
  readonly instance: string;
  readonly says: string;
}

/** Tells of instances of ours that cost money past their time, and tells again each day; the incident ends when none is left. */
export async function tellStanding(world: SweepWorld): Promise<void> {
  const at = world.clock.now();
  const found = await world.databases.disposable();
  const hold = heldBecause(await world.control.read(), ["backup-drill"], at);
  const why = hold === undefined ? "it could not be deleted: look at its deletion protection and its events" : `nothing is deleted inside a hold: ${hold}`;
  const drills = found.flatMap((one): readonly Standing[] => {
    if (expiredDrills([one], before(at, LATE)).length === 0) return [];
    const { instance, tags: own } = one;
    const stands = `${instance} should be gone since ${own[tags.expires] ?? "long ago"}, stands, and costs money: ${why}`;
    return [{ instance, says: `${stands}. Delete it by hand: aws rds delete-db-instance --db-instance-identifier ${instance} --skip-final-snapshot` }];
  });
  const restores = found.flatMap(({ instance, status }): readonly Standing[] => {
    // `nightshift-restore-shop-261121-0926` says when it was asked for; whoever took it over gave it a name of their own.
    const [, asked] = /^nightshift-restore-.*-(\d{6}-\d{4})$/.exec(instance) ?? [];
    if (status === "deleting" || asked === undefined || asked > sayStamp(before(at, RESTORE_WANTED))) return [];
    const still = `${instance} was restored for somebody and still carries Nightshift's name ${sayLength(RESTORE_WANTED)} later`;
    return [{ instance, says: `${still}: rename it if it is in use, delete it if it is not. Nightshift never does` }];
  });
  await tell(world, [...drills, ...restores], at);
}

async function tell(world: SweepWorld, standing: readonly Standing[], at: EpochMs): Promise<void> {
  const trouble = await openTrouble(world, GROUP);
  const [first] = standing;
  const about = { group: GROUP, service: "backup-drill", by: "nightshift/backup-sweep" };
  if (first === undefined) {
    if (trouble === undefined) return;
    const title = "no instance of Nightshift's stands past its time any more";
    await tellIncident(world, {
      header: { ...about, id: trouble.id, severity: "P4", title, openedAt: trouble.openedAt, standing: "resolved", titled: false },
      lines: [{ key: `gone/${sayStamp(at)}`, at, kind: "resolved", text: `✓ ${title}.`, announce: true }],
      automation: "backup-sweep",
      station: `gone/${sayStamp(at)}`,
    });
    return;
  }
  if (!guard("an instance past its time is told")) return;
  const today = sayDate(at);
  await tellIncident(world, {
    header: {
      ...about,
      id: trouble?.id ?? `INC-${sayStamp(at)}-drill-instances`,
      severity: "P3",
      title: first.says.slice(0, 200),
      openedAt: trouble?.openedAt ?? at,
      standing: "needs-person",
    },
    // The day is its key: told once a day as long as it stands.
    lines: standing.map(({ instance, says }) => ({ key: `${instance}/${today}`, at, kind: "seen", text: `✗ ${says}.`, announce: true })),
    automation: "backup-sweep",
    station: `standing/${today}/${standing.map(({ instance }) => instance).join("+")}`,
  });
}
