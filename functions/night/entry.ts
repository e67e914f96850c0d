import { type DurableContext, type DurableExecutionClient, withDurableExecution } from "@aws/durable-execution-sdk-js";
import type { DatabaseSettings } from "@nightshift/model";
import { durableCheckpoints, play } from "@nightshift/runtime";
import { parseBackupDue } from "@nightshift/runtime/backup-due";
import { tellLostBackup } from "@nightshift/runtime/backup-incidents";
import { night } from "./automation.ts";
import type { NightWorld } from "./settings.ts";

/** What a night is connected to: AWS in production, the simulated account in the lab. */
export interface NightConnections {
  readonly world: () => NightWorld;
  readonly databases: readonly DatabaseSettings[];
  /** Where a good night's line is posted; undefined: no Slack. */
  readonly channel: string | undefined;
  /** The lab's durable engine; absent in production, where the SDK talks to Lambda. */
  readonly engine?: DurableExecutionClient;
  /** In place of the real night: the lab plays broken decisions, to show that its checkers see them. */
  readonly plays?: typeof night;
}

/** The night as a Lambda durable function. Its input says which database and which minute; everything else is read again. */
export const nightHandler = ({ world, databases, channel, engine, plays = night }: NightConnections) =>
  withDurableExecution(
    async (raw: unknown, ctx: DurableContext) => {
      const due = parseBackupDue(raw);
      const database = databases.find(({ name }) => name === due.of);
      if (database === undefined) throw new Error(`database ${due.of} is not in nightshift.config.ts: deploy Nightshift again after changing the config.`);
      const on = { world: world(), checkpoints: durableCheckpoints(ctx) };
      try {
        const { verdict, ending, outcome } = await play(plays, { event: due, settings: { database, channel }, ...on });
        return { verdict: verdict.kind, ending, outcome: outcome?.kind ?? null };
      } catch (error) {
        await tellLostBackup(on, { due, what: "backup", automation: "night", error });
        throw error;
      }
    },
    engine === undefined ? undefined : { durableExecutionClient: engine },
  );
