import { type DurableContext, type DurableExecutionClient, withDurableExecution } from "@aws/durable-execution-sdk-js";
import type { DatabaseSettings } from "@nightshift/model";
import { durableCheckpoints, play } from "@nightshift/runtime";
import { tellLostBackup } from "@nightshift/runtime/backup-incidents";
import { restore } from "./automation.ts";
import { databaseIn, type RestoreAsked, type RestoreWorld } from "./settings.ts";

/** What a restore is connected to: AWS in production, the simulated account in the lab. */
export interface RestoreConnections {
  readonly world: () => RestoreWorld;
  readonly databases: readonly DatabaseSettings[];
  /** The lab's durable engine; absent in production, where the SDK talks to Lambda. */
  readonly engine?: DurableExecutionClient;
  /** In place of the real one: the lab plays broken decisions, to show that its checkers see them. */
  readonly plays?: typeof restore;
}

/** The restore as a Lambda durable function. Its input names the approved plan; everything else is read again. */
export const restoreHandler = ({ world, databases, engine, plays = restore }: RestoreConnections) =>
  withDurableExecution(
    async (raw: unknown, ctx: DurableContext) => {
      const asked = parseAsked(raw);
      const on = { world: world(), checkpoints: durableCheckpoints(ctx) };
      try {
        const { verdict, ending, outcome } = await play(plays, { event: asked, settings: databases, ...on });
        return { verdict: verdict.kind, ending, outcome: outcome?.kind ?? null };
      } catch (error) {
        const scheduled = await on.checkpoints.once("when it was lost", async () => on.world.clock.now());
        await tellLostBackup(on, { due: { of: databaseIn(asked.plan), scheduled }, what: "restore", automation: "restore", error });
        throw error;
      }
    },
    engine === undefined ? undefined : { durableExecutionClient: engine },
  );

/** @throws for an input that names no plan: whoever started it must be told. */
function parseAsked(raw: unknown): RestoreAsked {
  if (typeof raw !== "object" || raw === null || !("plan" in raw) || typeof raw.plan !== "string" || raw.plan === "")
    throw new Error(`a restore is started with {"plan": "R-…"}, got ${JSON.stringify(raw)?.slice(0, 200)}`);
  return { plan: raw.plan };
}
