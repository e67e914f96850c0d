import { type Budgets, epochMs, type EpochMs, type WorkerSettings } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { atOnce, plainCheckpoints, play } from "@nightshift/runtime";
import { scaler } from "./automation.ts";
import { readDue } from "./due.ts";
import type { ScalerWorld } from "./settings.ts";
import { isCalm, isTold } from "./told.ts";

/** What the scaler works with. */
export interface Scaling {
  readonly world: ScalerWorld;
  readonly workers: readonly WorkerSettings[];
  readonly budgets: Budgets;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
  /** In place of the real scaler: the lab plays broken decisions, to show that its checkers see them. */
  readonly plays?: typeof scaler;
}

/** Services that are looked at together: a probe waits for its broker most of the time, and 64 services must be done within the function's minute. */
const AT_ONCE = 16;

/**
 * Looks at every worker service, or at the one that a tick names. What fails at one service keeps no other from being
 * looked at, and is thrown at the end.
 */
export async function scale(raw: unknown, { world, workers, budgets, log, plays = scaler }: Scaling): Promise<void> {
  const due = readDue(raw);
  const asked = due === undefined ? workers : workers.filter((one) => one.service === due.service);
  if (due !== undefined && asked.length === 0) log({ service: due.service, did: "ignored: it is no worker service of nightshift.config.ts" });
  const looked = await atOnce(asked, AT_ONCE, (worker) => lookAt(world, { worker, budgets }, { due: due?.due, plays }));
  const failed: unknown[] = [];
  for (const [n, result] of looked.entries()) {
    if (result.status === "rejected") failed.push(result.reason);
    const said = result.status === "fulfilled" ? result.value : { failed: String(result.reason) };
    if (said !== undefined) log({ service: asked[n]?.service, ...said });
  }
  if (failed.length > 0) throw failed.length === 1 ? failed[0] : new AggregateError(failed, failed.map(String).join("; "));
}

/** One look, and what its line in the log says; undefined: nothing that the last line did not. */
async function lookAt(
  world: ScalerWorld,
  settings: { readonly worker: WorkerSettings; readonly budgets: Budgets },
  { due, plays }: { readonly due: EpochMs | undefined; readonly plays: typeof scaler },
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { service } = settings.worker;
  const { state, order } = await world.scalingBook.read(service);
  // A look that began after this one was due has seen all that it would see: a message that came twice, or late, is dropped.
  if (due !== undefined && guard("late look is dropped", state !== undefined && due <= state.at)) return { did: "dropped: a later look was made" };
  // Two machines' clocks differ a little; time never runs backwards for one service.
  const at = epochMs(Math.max(world.clock.now(), state?.at ?? 0));
  const { verdict, ending } = await play(plays, {
    event: { service, at, minute: due === undefined, state, order },
    settings,
    world,
    checkpoints: plainCheckpoints(),
  });
  const { next } = verdict.verdict;
  if (ending === "left" && isCalm(next) && !isTold(next, { minute: due === undefined, at })) return undefined;
  return { did: ending, decided: verdict.verdict.kind, desired: verdict.verdict.desired, because: verdict.because.slice(0, 3) };
}
