import { type DurableContext, type DurableExecutionClient, withDurableExecution } from "@aws/durable-execution-sdk-js";
import { durableCheckpoints, play } from "@nightshift/runtime";
import { parseBackupDue } from "@nightshift/runtime/backup-due";
import { tellLostBackup } from "@nightshift/runtime/backup-incidents";
import { snapshot } from "./automation.ts";
import { type SnapshotConfig, type SnapshotWorld, subjectOf } from "./settings.ts";

/** What a snapshot is connected to: AWS in production, the simulated account in the lab. */
export interface SnapshotConnections extends SnapshotConfig {
  readonly world: () => SnapshotWorld;
  /** The lab's durable engine; absent in production, where the SDK talks to Lambda. */
  readonly engine?: DurableExecutionClient;
  /** In place of the real one: the lab plays broken decisions, to show that its checkers see them. */
  readonly plays?: typeof snapshot;
}

/** The snapshot as a Lambda durable function. Its input says what and which minute; everything else is read again. */
export const snapshotHandler = ({ world, engine, plays = snapshot, ...config }: SnapshotConnections) =>
  withDurableExecution(
    async (raw: unknown, ctx: DurableContext) => {
      const due = parseBackupDue(raw);
      const settings = subjectOf(config, due.of);
      if (settings === undefined) throw new Error(`nightshift.config.ts saves no ${due.of}: deploy Nightshift again after changing the config.`);
      const on = { world: world(), checkpoints: durableCheckpoints(ctx) };
      try {
        const { verdict, ending, outcome } = await play(plays, { event: due, settings, ...on });
        return { verdict: verdict.kind, ending, outcome: outcome?.kind ?? null };
      } catch (error) {
        await tellLostBackup(on, { due, what: "snapshot", automation: "snapshot", error });
        throw error;
      }
    },
    engine === undefined ? undefined : { durableExecutionClient: engine },
  );
