import type { BackupRecord, BackupTimes } from "@nightshift/model";
import { rowsOf, writeRow } from "@nightshift/runtime/backup-rows";
import type { DrillOutcome, DrillRun, DrillStory } from "./settings.ts";

/** Writes what was measured into the book; a snapshot that was restored and compared is proven from now on. */
export async function rememberDrill(story: DrillStory, run: DrillRun): Promise<void> {
  if (story.ending !== "acted") return;
  const { outcome, verdict, event } = story;
  await run.step("write down what was measured", async (world) => {
    const at = world.clock.now();
    // Nothing is left of the instance: the row holds its times, and counts as no backup.
    await writeRow(world, { of: event.of, id: verdict.id }, (row) =>
      row === undefined
        ? {
            id: verdict.id,
            of: event.of,
            kind: "rds-snapshot",
            series: "manual",
            state: "pruned",
            scheduled: event.scheduled,
            finished: at,
            ...(verdict.contentsOf === undefined ? {} : { contentsOf: verdict.contentsOf }),
            ...measuredIn(outcome),
            ...(outcome.kind === "proven" ? {} : { because: outcome.because.join("; ") }),
          }
        : undefined,
    );
    if (outcome.kind !== "proven" || !("snapshot" in verdict.from)) return;
    const restored = verdict.from.snapshot;
    const own = (await rowsOf(world, event.of, "rds-snapshot")).find((row) => row.where?.endsWith(`:${restored}`) === true);
    if (own !== undefined)
      await writeRow(world, { of: event.of, id: own.id }, (row) =>
        row === undefined || row.state === "verified" ? undefined : { ...row, state: "verified", proof: "restored-and-compared", verifiedAt: at },
      );
  });
}

const measuredIn = ({ available, end, kind }: DrillOutcome): Pick<BackupRecord, "proof" | "times" | "tables" | "rows" | "sourceBytes" | "differences"> => {
  const { restore, compare } = end?.times ?? {};
  const times: BackupTimes = {
    ...(available === undefined ? {} : { available }),
    ...(restore === undefined ? {} : { restore }),
    ...(compare === undefined ? {} : { compare }),
  };
  return {
    proof: kind === "proven" ? "restored-and-compared" : available === undefined ? "none" : "restored",
    times,
    ...(end?.tables === undefined ? {} : { tables: end.tables }),
    ...(end?.rows === undefined ? {} : { rows: end.proven?.rows ?? end.rows }),
    ...(end?.sourceBytes === undefined ? {} : { sourceBytes: end.sourceBytes }),
    ...(end === undefined ? {} : { differences: end.differences.length }),
  };
};
