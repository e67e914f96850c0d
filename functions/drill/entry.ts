import { type DurableContext, type DurableExecutionClient, withDurableExecution } from "@aws/durable-execution-sdk-js";
import { type Budgets, type DatabaseSettings, epochMs } from "@nightshift/model";
import { durableCheckpoints, play } from "@nightshift/runtime";
import { parseBackupDue } from "@nightshift/runtime/backup-due";
import { tellLostBackup } from "@nightshift/runtime/backup-incidents";
import { drill } from "./automation.ts";
import type { DrillWorld } from "./settings.ts";
import { type RestoreFinished, validate } from "./validate.ts";

/** What a drill is connected to: AWS in production, the simulated account in the lab. */
export interface DrillConnections {
  readonly world: () => DrillWorld;
  readonly databases: readonly DatabaseSettings[];
  readonly budgets: Budgets;
  /** The lab's durable engine; absent in production, where the SDK talks to Lambda. */
  readonly engine?: DurableExecutionClient;
  /** In place of the real drill: the lab plays broken decisions, to show that its checkers see them. */
  readonly plays?: typeof drill;
}

/** The drill as a Lambda durable function: of a database at a minute, or of a restore test that AWS Backup finished. */
export const drillHandler = ({ world, databases, budgets, engine, plays = drill }: DrillConnections) =>
  withDurableExecution(
    async (raw: unknown, ctx: DurableContext) => {
      const on = { world: world(), checkpoints: durableCheckpoints(ctx) };
      const finished = parseFinished(raw);
      if (finished !== undefined) {
        const { ending, outcome } = await play(validate, { event: finished, settings: databases, ...on });
        return { verdict: "validate", ending, outcome: outcome?.kind ?? null };
      }
      const due = parseBackupDue(raw);
      const database = databases.find(({ name }) => name === due.of);
      if (database?.instance === undefined || database.drill === undefined)
        throw new Error(`nightshift.config.ts has no drill of ${due.of}: give it an instance and a drill, and deploy Nightshift again.`);
      const settings = { database, instance: database.instance, drill: database.drill, budgets };
      try {
        const { verdict, ending, outcome } = await play(plays, { event: due, settings, ...on });
        return { verdict: verdict.kind, ending, outcome: outcome?.kind ?? null };
      } catch (error) {
        await tellLostBackup(on, { due, what: "drill", automation: "drill", error });
        throw error;
      }
    },
    engine === undefined ? undefined : { durableExecutionClient: engine },
  );

/** The restore job that the dispatcher names; undefined: it is a drill of ours. */
function parseFinished(raw: unknown): RestoreFinished | undefined {
  if (typeof raw !== "object" || raw === null || !("job" in raw) || typeof raw.job !== "string" || !("at" in raw) || typeof raw.at !== "number")
    return undefined;
  return { job: raw.job, at: epochMs(raw.at) };
}
