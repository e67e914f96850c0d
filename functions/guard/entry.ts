import { type DurableContext, withDurableExecution } from "@aws/durable-execution-sdk-js";
import type { DurableExecutionClient } from "@aws/durable-execution-sdk-js";
import type { GuardedService, GuardSettings } from "@nightshift/model";
import { durableCheckpoints, play } from "@nightshift/runtime";
import { guard } from "./automation.ts";
import type { GuardWorld } from "./settings.ts";
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
      const started = parseStarted(raw);
      const group = groups.find((one) => one.group === started.group);
      if (group === undefined) throw new Error(`group ${started.group} is not in nightshift.config.ts: deploy Nightshift again after changing the config.`);
      const settings = { ...group, siblings: siblingsOf(group, groups) };
      const { verdict, ending, outcome } = await play(plays, { event: started, settings, world: world(), checkpoints: durableCheckpoints(ctx) });
      return { verdict: verdict.kind === "leave" ? verdict.reason : verdict.kind, ending, outcome: outcome?.kind ?? null };
    },
    engine === undefined ? undefined : { durableExecutionClient: engine },
  );

/** Series are read for at most this many services of other groups: GetMetricData takes 500 queries a call. */
const MOST_SIBLINGS = 20;

/** Services of other groups that have traffic of their own. */
const siblingsOf = (group: GuardSettings, groups: readonly GuardSettings[]): readonly GuardedService[] =>
  groups.flatMap((one) => (one.group === group.group ? [] : one.services.filter((service) => service.traffic !== undefined))).slice(0, MOST_SIBLINGS);
