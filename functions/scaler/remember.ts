import { worthKeeping } from "@nightshift/decide/scaling/worth-keeping";
import { after, type Draining, ms, minutes, type ScalingState, type ScalingUpkeep, type ScalingVerdict } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import type { Story } from "@nightshift/runtime";
import { askAnew, type Asking, questionEnded } from "./ask.ts";
import type { ScalerReceipt } from "./carry-out.ts";
import type { ScalerFacts, ToLeave, ToScale } from "./decide-look.ts";
import { noticesAfter } from "./notices.ts";
import { dueRecord, keepDecision } from "./record.ts";
import type { LookDue, ScalerRun, ScalerWorld } from "./settings.ts";
import { isTold } from "./told.ts";

/** Everything a look can have come to. */
export type ScalerStory = Story<LookDue, ScalerFacts, ToScale, ToLeave, ScalerReceipt, { readonly kind: ScalerReceipt["kind"] }>;

/** Writes the row for the next look; then, if nobody else was first, what others read: figures, the decision, a question. Then asks for the looks until the minute's next. */
export async function rememberLook(story: ScalerStory, run: ScalerRun): Promise<void> {
  const { facts, verdict } = story;
  if (story.ending === "acted" && story.receipt.kind === "overtaken") return;
  const { worker, observation } = facts;
  // What was done is on record already, with what it was decided from.
  const recorded = story.ending === "acted" ? undefined : dueRecord(verdict.verdict, facts);
  const asking = askAnew(story);
  const next = { ...stateAfter(story), version: versionAfter(story), at: observation.at, upkeep: upkeepAfter(story, { recorded, asking }) };
  if (changes(story, next) && !(await run.step("remember for the next look", (world) => world.scalingBook.replace(worker.service, next)))) return;
  if (recorded !== undefined) await run.step("record the decision", (world) => keepDecision(world, verdict.verdict, facts));
  if (asking !== undefined) await run.step("ask for a word", (world) => world.approvals.ask(asking.approval));
  if (isTold(verdict.verdict.next, { minute: facts.minute, at: observation.at }))
    await run.step("publish the figures", (world) => publish(world, verdict.verdict, facts));
  for (const wait of waits(verdict.verdict, facts)) {
    const tick = { service: worker.service, due: after(observation.at, wait) };
    await run.step(`ask for a look in ${wait / 1_000} s`, (world) => world.ticks.later(tick, wait));
  }
}

/** Whether the row says anything new: a quiet service is not written at every look. */
const changes = ({ facts, ending }: ScalerStory, next: ScalingState): boolean =>
  ending !== "left" || worthKeeping(facts.from, next, facts.observation.at) || JSON.stringify(next.upkeep) !== JSON.stringify(facts.from.upkeep ?? {});

/** A busy service is looked at between the minutes, too (decision 35); the minute's look asks for all of them, so that a lost one breaks no chain. */
function waits({ next }: ScalingVerdict, { minute }: ScalerFacts) {
  if (!minute) return [];
  const all = [];
  for (let wait = Number(next); wait < minutes(1); wait += next) all.push(ms(wait));
  return all;
}

/** Losing figures loses nothing: the next look publishes again. */
async function publish(world: ScalerWorld, { figures }: ScalingVerdict, { worker, observation: { at, fleet } }: ScalerFacts): Promise<void> {
  try {
    await world.gauges.publish(worker.service, at, { ...figures, desired: fleet.ok ? fleet.value.desired : undefined });
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
  }
}

/** Where the version goes on: an acting look wrote one before its first effect. */
const versionAfter = (story: ScalerStory): number => story.facts.from.version + (story.ending === "acted" ? 2 : 1);

/** What the decision remembers: of what was done, or of the same look without acting. */
function stateAfter(story: ScalerStory): ScalingState {
  const { verdict } = story;
  if (verdict.kind === "leave") return verdict.verdict.state;
  if (story.ending !== "acted" || story.receipt.kind === "overtaken") return verdict.otherwise;
  const { undrained, count, bound } = story.receipt;
  const sent = count === undefined || count.kind === "done" || count.kind === "unknown";
  const state = sent ? verdict.verdict.state : verdict.otherwise;
  return {
    ...state,
    lowering: state.lowering ?? boundAfter(story, bound),
    draining: drainingAfter(state.draining, verdict.verdict, { from: story.facts.from, undrained }),
  };
}

/** Tasks that nobody could free stand in the row as a scale-in that was not sent: the next look frees them, and so does a rollback. */
function boundAfter({ facts: { observation } }: ScalerStory, tasks: readonly string[]): ScalingState["lowering"] {
  const { at, fleet } = observation;
  if (tasks.length === 0 || !fleet.ok) return undefined;
  return { at, from: fleet.value.desired, to: fleet.value.desired, victims: [], protectedTasks: tasks };
}

/** Who is drained now: whoever was told so, and whoever did not say that they take work again. Nobody is forgotten. */
function drainingAfter(
  draining: readonly Draining[],
  verdict: ScalingVerdict,
  { from, undrained }: { readonly from: ScalingState; readonly undrained: readonly string[] },
): readonly Draining[] {
  const unheard = from.draining.filter(({ worker }) => verdict.undrain.includes(worker));
  const known = new Map([...unheard, ...verdict.drain, ...draining].map((one) => [one.worker, one]));
  for (const name of undrained) known.delete(name);
  return [...known.values()];
}

function upkeepAfter(
  story: ScalerStory,
  { recorded, asking }: { readonly recorded: ScalingUpkeep["recorded"]; readonly asking: Asking | undefined },
): ScalingUpkeep {
  const { asked, ...upkeep } = story.facts.upkeep;
  const told = noticesAfter(story);
  // A word is used up by what was done under it.
  const used = story.ending === "acted" && (story.verdict.verdict.kind === "out" || story.verdict.verdict.kind === "drain");
  const open = asking?.asked ?? (used || questionEnded(story) !== undefined ? undefined : asked);
  return { ...upkeep, told, ...(recorded === undefined ? {} : { recorded }), ...(open === undefined ? {} : { asked: open }) };
}
