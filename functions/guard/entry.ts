import { type DurableContext, withDurableExecution } from "@aws/durable-execution-sdk-js";
import type { DurableExecutionClient } from "@aws/durable-execution-sdk-js";
import type { DeploymentStarted, GuardedService, GuardSettings } from "@nightshift/model";
import { type Checkpoints, durableCheckpoints, play, tellIncident } from "@nightshift/runtime";
import { guard } from "./automation.ts";
import { playManual } from "./manual-play.ts";
import { parseManual } from "./manual-input.ts";
import type { GuardWorld } from "./settings.ts";
import { incidentId } from "./story.ts";
import { parseStarted } from "./started.ts";

/** What the guard is connected to: AWS in production, the simulated account in the lab. */
export interface GuardConnections {
  readonly world: () => GuardWorld;
  readonly groups: readonly GuardSettings[];
  /** The lab's durable engine; absent in production, where the SDK talks to Lambda. */
  readonly engine?: DurableExecutionClient;
  /** In place of the real guard: the lab plays broken decisions, to show that its checkers see them. */
  readonly plays?: typeof guard;
}

/** The guard as a Lambda durable function. Its input says which deployment; everything else is read again. */
export const guardHandler = ({ world, groups, engine, plays = guard }: GuardConnections) =>
  withDurableExecution(
    async (raw: unknown, ctx: DurableContext) => {
      const manually = parseManual(raw);
      if (manually !== undefined) return playManual(manually, { groups, world: world(), checkpoints: durableCheckpoints(ctx) });
      const started = parseStarted(raw);
      const group = groups.find((one) => one.group === started.group);
      if (group === undefined) throw new Error(`group ${started.group} is not in nightshift.config.ts: deploy Nightshift again after changing the config.`);
      const settings = { ...group, siblings: siblingsOf(group, groups) };
      const on = { world: world(), checkpoints: durableCheckpoints(ctx) };
      try {
        const { verdict, ending, outcome } = await play(plays, { event: started, settings, ...on });
        return { verdict: verdict.kind === "leave" ? verdict.reason : verdict.kind, ending, outcome: outcome?.kind ?? null };
      } catch (error) {
        await tellLost(started, { ...on, because: error instanceof Error ? error.message : String(error) });
        throw error;
      }
    },
    engine === undefined ? undefined : { durableExecutionClient: engine },
  );

/** A watch that dies says so in the thread: nobody may believe that a deployment is watched which is not. The failed execution rings the self-alarm as well. */
const tellLost = (started: DeploymentStarted, { world, checkpoints, because }: { world: GuardWorld; checkpoints: Checkpoints; because: string }) =>
  checkpoints.once("tell that the watch is lost", async () => {
    const at = world.clock.now();
    const id = `${incidentId(started)}-lost`;
    const title = `the deployment ${started.deployment} of ${started.service} is not watched any more`;
    const text = `The watch over this deployment ended with an error: ${because.slice(0, 500)}. Nothing is rolled back by itself; look at the deployment, or deploy again to be watched.`;
    await tellIncident(world, {
      header: { id, group: started.group, service: started.service, severity: "P2", title, openedAt: at, by: "nightshift/guard", standing: "needs-person" },
      lines: [{ key: "lost", at, kind: "opened", text, announce: true }],
      automation: "guard",
      station: "lost",
    });
  });

/** Series are read for at most this many services of other groups: GetMetricData takes 500 queries a call. */
const MOST_SIBLINGS = 20;

/** Services of other groups that have traffic of their own. */
const siblingsOf = (group: GuardSettings, groups: readonly GuardSettings[]): readonly GuardedService[] =>
  groups.flatMap((one) => (one.group === group.group ? [] : one.services.filter((service) => service.traffic !== undefined))).slice(0, MOST_SIBLINGS);
