import { type Draining, type EpochMs, type ScalingState, type ScalingVerdict, seconds, since } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { PortError } from "@nightshift/ports";
import { changeCount, type CountChange } from "./change-count.ts";
import type { ScalerFacts, ToScale } from "./decide-look.ts";
import { toldAgain } from "./effects.ts";
import { keepDecision } from "./record.ts";
import type { ScalerRun, ScalerSettings, ScalerWorld } from "./settings.ts";

/** What one look's effects came to. `overtaken`: another look was first, and nothing was done. */
export type ScalerReceipt =
  | { readonly kind: "overtaken" }
  | {
      readonly kind: "sent";
      /** The row as it was written before the first effect. */
      readonly intended: ScalingState;
      /** Drained workers that take work again, as far as they said so. */
      readonly undrained: readonly string[];
      /** What became of the count and the protections; undefined: neither was to be changed. */
      readonly count: CountChange["outcome"];
      /** Tasks that may be protected still, though nothing was lowered for them. */
      readonly bound: CountChange["bound"];
      /** What went wrong with workers, in words. */
      readonly doubts: readonly string[];
    };

/**
 * Does what was decided, in the order that a crash at any line keeps safe. First the row: who is drained and whom we protect is known
 * before it is so, and of two looks one gets on. Then workers, then the count, which falls only under the protection of all others.
 */
export async function carryOut(run: ScalerRun, { verdict }: ToScale, facts: ScalerFacts): Promise<ScalerReceipt> {
  const { worker, observation } = facts;
  const intended = intentOf(verdict, facts);
  if (!(await run.step("remember what is about to be done", (world) => world.scalingBook.replace(worker.service, intended)))) return { kind: "overtaken" };
  await run.step("record the decision", (world) => keepDecision(world, verdict, facts));

  const tell = teller(run, facts, intended.version);
  const undrained: string[] = [];
  const doubts: string[] = [];
  // Whom ECS was to stop counts again before it works again; a count that falls, falls last.
  const { fleet } = observation;
  const rises = fleet.ok && verdict.desired > fleet.value.desired;
  const risen = rises ? await changeCount(run, verdict, facts) : undefined;
  const stays = ({ task }: Draining): boolean => risen !== undefined && risen.outcome?.kind !== "done" && facts.from.lowering?.victims.includes(task) === true;
  for (const one of facts.from.draining.filter((row) => verdict.undrain.includes(row.worker) && !stays(row))) {
    const failed = await tell(one, "work again");
    if (failed === undefined) undrained.push(one.worker);
    else doubts.push(failed);
  }
  for (const one of [...verdict.drain, ...toldAgain(verdict, facts)]) {
    const failed = await tell(one, "no more work");
    if (failed !== undefined) doubts.push(failed);
  }
  const { outcome: count, bound } = risen ?? (await changeCount(run, verdict, facts));
  return { kind: "sent", intended, undrained, doubts, count, bound };
}

/** The row before the first effect: whatever is about to be drained, protected or changed counts as if it were. The decision's memory stays what it was. */
const intentOf = (verdict: ScalingVerdict, { from, observation, upkeep }: ScalerFacts): ScalingState => ({
  ...from,
  version: from.version + 1,
  at: observation.at,
  draining: [...from.draining, ...verdict.drain.filter((one) => from.draining.every(({ worker }) => worker !== one.worker))],
  lowering: verdict.state.lowering ?? from.lowering,
  changes: verdict.state.changes,
  upkeep: { ...upkeep, acting: true },
});

type Takes = "work again" | "no more work";

/** Workers that do not answer make a look long; the next one may have begun by then, and told them otherwise. */
const LONG = seconds(1);
/** So many silent workers, each waited for a second, are all that a look of a minute has time for beside its other calls. */
const SILENT_AT_MOST = 16;

/**
 * Tells one worker after the other; undefined: it said ok. Who does not answer is told again by the next look, and so is everybody
 * else once the broker is away, for waiting for it once is enough, once many were silent, or once a later look wrote the row: its word is the last.
 */
function teller(run: ScalerRun, { worker }: ScalerSettings, version: number): (one: Draining, takes: Takes) => Promise<string | undefined> {
  let away: string | undefined;
  let began: EpochMs | undefined;
  let silent = 0;
  const isOvertaken = async ({ clock, scalingBook }: ScalerWorld): Promise<boolean> => {
    began ??= clock.now();
    if (since(began, clock.now()) < LONG) return false;
    return guard("scaling state is as it was read", (await scalingBook.read(worker.service)).state?.version !== version);
  };
  return ({ worker: name, queues }, takes) =>
    run.step(`tell ${name} to take ${takes}`, async (world) => {
      const { workers } = world;
      if (away === undefined && (await isOvertaken(world))) away = "a later look acts by now";
      if (away !== undefined) return `${name} was not told to take ${takes}: ${away}`;
      try {
        const ok =
          takes === "no more work" ? await workers.stopConsuming(worker.broker, name, queues) : await workers.startConsuming(worker.broker, name, queues);
        if (ok) return undefined;
        silent += 1;
        if (silent >= SILENT_AT_MOST) away = `${silent} workers did not answer`;
        return `${name} did not say that it takes ${takes}`;
      } catch (error) {
        if (!(error instanceof PortError)) throw error;
        if (error.kind === "timeout") away = error.message;
        return `${name} could not be told to take ${takes}: ${error.message}`;
      }
    });
}
