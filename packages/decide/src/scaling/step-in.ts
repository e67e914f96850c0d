import { guard } from "@nightshift/model/guards";
import { type Draining, minutes, since } from "@nightshift/model";
import { allowedCount, changesAreUsedUp } from "./bounds.ts";
import { drainStuck } from "./concerns.ts";
import { allTasksThere, isLeaving, othersThan, readDrains } from "./drain-book.ts";
import type { Outlook } from "./outlook.ts";
import { sayIn } from "./say.ts";
import { mayBeNone, suffices } from "./scale-in.ts";
import { orderedWorkers } from "./step-out.ts";
import { clearLowering, type Cleared, type Settled } from "./settle.ts";
import { findSurplus, type Surplus } from "./surplus.ts";
import { tuning } from "./tuning.ts";
import { allAreOurs, chooseVictims } from "./victims.ts";
import type { Context, Draft } from "./verdict.ts";

/** Takes the next step of a scale-in: gives up who was found empty, tells who can be spared to take no more work, or leaves all as it is. */
export function stepIn(context: Context, settled: Settled): Draft {
  const { o } = context;
  const { rows, empty, stuck, again } = readDrains(o);
  const after = clearLowering(o, rows, settled);
  const deploying = guard("no scale-in while deploying", o.fleet.deploying !== undefined);
  // Whom ECS is about to stop takes no more work, whatever else happens.
  const stopping = ({ task }: Draining): boolean => guard("only empty workers are given up", after.lowering?.victims.includes(task) === true);
  const back = deploying ? [...after.draining, ...again].filter((row) => !stopping(row)) : foreign(after.draining, o);
  const undrain = [...new Set([...stuck, ...back].map(({ worker }) => worker).concat(after.undrain))];
  const staying = after.draining.filter(({ worker }) => !undrain.includes(worker));
  const wanted = undrain.length === 0 && staying.length > 0 ? neededBack(context, staying) : [];
  if (wanted.length > 0) {
    const because = ["more work came while workers were leaving"];
    const left = staying.filter(({ worker }) => !wanted.includes(worker));
    return { kind: "undrain", undrain: wanted, unprotect: after.unprotect, because, draining: left, lowering: after.lowering, concerns: after.concerns };
  }
  if (undrain.length > 0) {
    const because = [
      stuck.length > 0
        ? `${stuck.length} drained workers took longer than the settings allow`
        : deploying
          ? `a deployment runs: ${o.fleet.deploying}`
          : "drained workers take work again",
    ];
    const concerns =
      stuck.length > 0
        ? [
            ...after.concerns,
            drainStuck(
              stuck.map(({ worker }) => worker),
              o.settings.drainAtMost,
            ),
          ]
        : after.concerns;
    const desired = o.fleet.desired + after.back;
    return { kind: "undrain", desired, undrain, unprotect: after.unprotect, because, draining: staying, lowering: after.lowering, concerns };
  }
  if (again.length > 0) {
    const because = ["drained workers began anew and take work: they are told again"];
    return {
      kind: "drain",
      drain: again,
      because,
      unprotect: after.unprotect,
      draining: [...staying, ...again],
      lowering: after.lowering,
      concerns: after.concerns,
    };
  }
  return lowerOrDrain(context, { after, staying, empty, blocked: reasonToKeep(o) });
}

interface Progress {
  readonly after: Cleared;
  readonly staying: readonly Draining[];
  readonly empty: readonly Draining[];
  readonly blocked: string | undefined;
}

function lowerOrDrain(context: Context, { after, staying, empty, blocked }: Progress): Draft {
  const { o } = context;
  const rest = { desired: o.fleet.desired + after.back, unprotect: after.unprotect, draining: staying, lowering: after.lowering, concerns: after.concerns };
  const idle: Draft = { kind: after.unprotect.length > 0 || after.done ? "settle" : "hold", ...rest, because: after.because };
  const say = (why: string, more: Draft["more"] = {}): Draft => ({ ...idle, because: idle.kind === "settle" ? [...idle.because, why] : [why], more });
  if (blocked !== undefined) return say(blocked);
  if (staying.length > 0) {
    // Those that are being unprotected now may still be protected when the count falls: ECS would then find nobody to stop, and stop anybody later.
    const lowered = after.lowering === undefined && !after.done ? lowerBy(o, staying, empty) : undefined;
    if (typeof lowered === "object") return { ...rest, ...lowered };
    if (lowered !== undefined) return say(lowered, { emptySoon: 1 });
  }
  const surplus = findSurplus(context);
  if (surplus.workers === 0) return say(surplus.because, surplus.more);
  if (after.lowering !== undefined) return say("the last scale-in is not proven yet", surplus.more);
  return o.settings.control === "celery" ? drainSome(o, surplus, { staying, say, rest }) : lowerWithoutDrain(context, surplus, { say, rest });
}

/** Why nobody may be told to leave or given up at this look. */
function reasonToKeep(o: Outlook): string | undefined {
  if (guard("no scale-in while deploying", o.fleet.deploying !== undefined)) return `a deployment runs: ${o.fleet.deploying}`;
  if (guard("doubted look takes nobody away", o.demand.doubt !== undefined)) return `nobody is taken away: ${o.demand.doubt}`;
  const before = o.state.memory.more["oldest"];
  const now = o.demand.oldest;
  if (guard("no scale-in while the queue ages", now !== undefined && before !== undefined && now > AGED && now > before + 1))
    return `nobody is taken away while the oldest task waits longer and longer (${Math.round(now ?? 0)} s)`;
  return undefined;
}

/** Younger than this a queue's head is just passing, in seconds. */
const AGED = 5;

type Rest = Pick<Draft, "unprotect" | "draining" | "lowering" | "concerns">;
type Say = (why: string, more?: Draft["more"]) => Draft;

/** Lowers the count by those found empty, with all others protected; a text says why not yet. */
function lowerBy(o: Outlook, staying: readonly Draining[], empty: readonly Draining[]): Draft | string | undefined {
  const tasks = allTasksThere(o.fleet);
  if (empty.length === 0) return undefined;
  if (tasks === undefined) return "a drained worker is empty; its task is looked up next";
  const working = staying.length - empty.length;
  const first = Math.min(...empty.map(({ emptyAt }) => emptyAt ?? o.at));
  if (working > 0 && o.at - first < tuning.waitForOthersSeconds * 1_000) return "a drained worker is empty; the others get one more look";
  const oldestStart = o.starts.starting[0];
  if (oldestStart !== undefined && since(oldestStart.at, o.at) < minutes(5)) return "a worker is starting; ECS might stop it instead of the drained one";
  if (changesAreUsedUp(o.state, o.settings, { at: o.at, way: "in" })) return "this hour's changes are used up";
  const known = empty.filter(({ task }) => tasks.includes(task));
  const lower = Math.max(0, o.settings.min);
  const most = Math.min(known.length, Math.max(0, o.fleet.desired - lower), o.settings.maxStep);
  if (most === 0) return "no more may be given up";
  const victims = known.slice(0, most);
  const protect = othersThan(victims, tasks);
  const to = o.fleet.desired - victims.length;
  return {
    kind: "in",
    desired: to,
    protect,
    because: [`${victims.length} drained ${victims.length === 1 ? "worker is" : "workers are"} empty; the other ${protect.length} are protected meanwhile`],
    draining: staying,
    lowering: { at: o.at, from: o.fleet.desired, to, victims: victims.map(({ task }) => task), protectedTasks: protect },
    concerns: [],
  };
}

/** So many drain at once at most: each is a row that is remembered, and a request to a worker. */
const MOST_DRAINING = 40;

function drainSome(
  o: Outlook,
  surplus: Surplus,
  { staying, say, rest }: { readonly staying: readonly Draining[]; readonly say: Say; readonly rest: Rest },
): Draft {
  const room = Math.min(o.settings.maxStep, MOST_DRAINING) - staying.length;
  if (room <= 0) return say("as many drain as may at once", surplus.more);
  if (o.crew.heard === undefined || (o.fleet.tasks === undefined && !allAreOurs(o)))
    return say(`${surplus.because}; who can be spared is read next`, { ...surplus.more, wantsTasks: 1 });
  const victims = chooseVictims(o, Math.min(room, surplus.workers));
  if (victims.length === 0) return say(`${surplus.because}, but no worker was heard that can be told to leave`, surplus.more);
  return {
    ...rest,
    kind: "drain",
    drain: victims,
    because: [sayIn(o, surplus.because, victims.length)],
    draining: [...staying, ...victims],
    more: { emptySoon: 1 },
  };
}

/** Without remote control: all at once when nothing is in flight anywhere, or, when tasks protect themselves while they work, as many as are idle (decision 44). */
function lowerWithoutDrain({ o, bounds }: Context, surplus: Surplus, { say, rest }: { readonly say: Say; readonly rest: Rest }): Draft {
  const { settings, fleet } = o;
  if (changesAreUsedUp(o.state, settings, { at: o.at, way: "in" })) return say("this hour's changes are used up", surplus.more);
  const { quietSince } = o.state.memory;
  const still =
    o.demand.running !== undefined && o.busy + o.demand.waiting + o.demand.reserved === 0 && quietSince !== undefined && o.at - quietSince >= 15_000;
  if (settings.control === "none" && guard("only empty workers are given up", !still))
    return say("workers without remote control are only given up when nothing is in flight at two looks", surplus.more);
  const spare = settings.control === "none" ? surplus.workers : Math.min(surplus.workers, Math.max(0, fleet.running - Math.ceil(o.busy + o.demand.reserved)));
  if (spare === 0) return say("every worker may be working", surplus.more);
  const to = Math.min(fleet.desired, allowedCount(fleet.desired - spare, fleet.desired, { bounds, settings }));
  return { ...rest, kind: to < fleet.desired ? "in" : "hold", desired: to, because: [sayIn(o, surplus.because, fleet.desired - to)] };
}

/** Drained workers that none of the service's tasks belongs to: they are somebody else's and take work again. */
const foreign = (rows: readonly Draining[], o: Outlook): readonly Draining[] => (o.fleet.tasks === undefined ? [] : rows.filter(({ task }) => task === ""));

/** Drained workers without whom the rest would not do any more: giving up who is needed in a minute costs a start. */
function neededBack(context: Context, staying: readonly Draining[]): readonly string[] {
  const { o } = context;
  if (orderedWorkers(context) !== undefined || mayBeNone(o)) return [];
  const leaving = staying.filter((row) => !isLeaving(row, o));
  let back = 0;
  while (back < leaving.length && !suffices(o, o.crew.ready + back)) back += 1;
  return leaving.slice(leaving.length - back).map(({ worker }) => worker);
}
