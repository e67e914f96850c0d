import { gateSnapshot } from "@nightshift/decide/backups/gate-snapshot";
import { backupIdOf, cloudName, minuteOf } from "@nightshift/decide/backups/names";
import { type BackupDue, type BackupId, type BackupSettings, type DatabaseSettings, type EpochMs, type Ms, sayLength, seconds, since } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import { keyOfDue, startOnce } from "@nightshift/runtime/backup-due";
import { Refusal } from "../frame/command.ts";

/** How often RDS and the ledger are looked at. */
const EVERY = seconds(10);

/** What saving before a deployment needs. */
export interface Saving {
  readonly world: Pick<World, "clock" | "databases" | "backupBook" | "starter">;
  readonly pause: (length: Ms) => Promise<void>;
  readonly progress: (line: string | undefined) => void;
  /** Who asked. */
  readonly by: string;
  readonly atMost: Ms;
}

/** What became of one database's snapshot. */
export interface Saved {
  readonly of: string;
  readonly id: BackupId;
  /** What RDS calls it. */
  readonly snapshot: string;
  /** The moment its contents are of; undefined: RDS does not say. */
  readonly contentsOf: EpochMs | undefined;
  /** Why there is none; undefined: it is available. */
  readonly failed: string | undefined;
}

/** The databases that are saved before a deployment: the one that was named, or all that have snapshots. @throws {Refusal} where nothing would be taken. */
export function savedBefore({ databases }: BackupSettings, named: string | undefined): readonly DatabaseSettings[] {
  const able = databases.filter(({ instance, snapshots }) => instance !== undefined && snapshots !== undefined);
  const chosen = named === undefined ? able : able.filter(({ name }) => name === named);
  const known = able.length === 0 ? "no database has both" : `those that have are ${able.map(({ name }) => name).join(", ")}`;
  if (chosen.length === 0)
    throw new Refusal(
      `No snapshot can be taken${named === undefined ? "" : ` of "${named}"`}: it takes a database with an instance and snapshots in nightshift.config.ts, and ${known}.`,
    );
  const shadow = chosen.find(({ mode }) => mode === "shadow");
  if (shadow !== undefined) throw new Refusal(`${shadow.name} is in shadow mode: Nightshift takes no snapshot there. Set its mode to ask or auto.`);
  return chosen;
}

/** Has a snapshot taken, and waits until RDS says `available`. The same minute again finds the first one's. */
export async function saveBefore(saving: Saving, of: string): Promise<Saved> {
  const { world, by, atMost } = saving;
  const began = world.clock.now();
  const due: BackupDue = { of, scheduled: minuteOf(began), series: "before-deploy", by };
  const id = backupIdOf({ of, scheduled: due.scheduled, series: due.series, kind: "rds-snapshot" });
  const snapshot = cloudName("snapshot", id);
  await startOnce(world, "snapshot", { key: keyOfDue("snapshot", due), input: due });
  for (;;) {
    const found = await world.databases.snapshot(snapshot);
    const row = await world.backupBook.find(of, id);
    const waited = since(began, world.clock.now());
    const gate = gateSnapshot({ status: found?.status, row, waited, atMost });
    const ended = { of, id, snapshot, contentsOf: found?.contentsOf };
    if (gate.kind === "go") return { ...ended, failed: undefined };
    if (gate.kind === "stop") return { ...ended, failed: gate.because };
    saving.progress(`snapshot of ${of}: ${gate.stands} · ${sayLength(waited)} of ${sayLength(atMost)}`);
    await saving.pause(EVERY);
  }
}
