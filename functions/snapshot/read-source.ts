import type { SideRead } from "@nightshift/decide/backups/snapshot-manifests";
import type { BackupId, SliceSide } from "@nightshift/model";
import { settleRun } from "@nightshift/runtime/settle-run";
import type { SnapshotRun } from "./settings.ts";

/** One session reads about 190 MB/s (facts/backups.md 3.2): this is for some two terabytes. A snapshot waits no longer for its first manifest. */
const HOURS = 3;

/** Which snapshot's source is read. */
export interface SourceRead {
  readonly of: string;
  /** The snapshot. */
  readonly id: BackupId;
}

/**
 * Has the runner read the live database whole, beside the snapshot, and waits for it. Whatever goes wrong is handed back as words: a manifest that
 * is missing makes a snapshot prove less, and never keeps it from being taken.
 */
export async function readSource(run: SnapshotRun, side: SliceSide, { of, id }: SourceRead): Promise<SideRead> {
  const name = `${id}-${side}`;
  const missed = (because: string): SideRead => ({ side, kind: "missed", because });
  const started = await run.mutate<string>({
    name: `start reading ${of} ${side} ${id}`,
    service: of,
    intent: { run: name },
    epoch: undefined,
    look: async () => ({ kind: "go" }),
    call: async ({ runners }) => (await runners.start({ run: name, of, do: "manifest", backup: id, side, diskGiB: 20 })).task,
  });
  if (started.kind !== "done") return missed(started.because);
  const task = started.value;
  const { stands } = await run.watch(`wait for the manifest ${side}`, settleRun({ of, run: name, task, hours: HOURS }));
  switch (stands.kind) {
    case "ended":
      return stands.end.slice === undefined ? missed(stands.end.because ?? "the run stored none") : { side, kind: "read", slice: stands.end.slice };
    case "died":
      return missed(stands.because);
    case "going":
      await run.mutate<"stopped">({
        name: `stop the run ${name}`,
        service: of,
        intent: { task },
        epoch: undefined,
        look: async ({ runners }) => ((await runners.look(task)).state === "stopped" ? { kind: "already", value: "stopped" } : { kind: "go" }),
        call: async ({ runners }) => {
          await runners.stop(task, `reading took longer than ${HOURS} hours`);
          return "stopped";
        },
      });
      return missed(`it was not read within ${HOURS} hours`);
  }
}
