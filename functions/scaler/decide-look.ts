import { decideScaling } from "@nightshift/decide/scaling/decide-scaling";
import { stateWithoutEffects } from "@nightshift/decide/scaling/worth-keeping";
import {
  type Approval,
  type ControlState,
  minutes,
  type ScalingObservation,
  type ScalingState,
  type ScalingUpkeep,
  type ScalingVerdict,
  since,
  type WorkerSettings,
} from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { isEffect, type Seen } from "./effects.ts";
import type { ScalerSettings } from "./settings.ts";

/** All that one look knows. */
export interface ScalerFacts extends ScalerSettings, Seen {
  readonly observation: ScalingObservation;
  /** The minute's own look. */
  readonly minute: boolean;
  /** What the last look left. */
  readonly from: ScalingState;
  /** What this look leaves of it for the next. */
  readonly upkeep: ScalingUpkeep;
  /** The word on the plan that was asked about last. */
  readonly approval: Approval | undefined;
  /** Who holds what; read only when something would be done. */
  readonly control: ControlState | undefined;
}

/** Something is to be done. `told`: not without a person's word, or never, by the mode. */
export interface ToScale {
  readonly kind: "scale";
  readonly because: readonly string[];
  readonly consent: "given" | "told";
  /** What is remembered if nothing of it was done: a memory must not believe in changes that were never sent. */
  readonly otherwise: ScalingState;
  readonly verdict: ScalingVerdict;
}

/** Nothing is to be done now. */
export interface ToLeave {
  readonly kind: "leave";
  readonly because: readonly string[];
  readonly verdict: ScalingVerdict;
}

/** What this look comes to, and whether it may be carried out. Pure. */
export function decideLook(facts: ScalerFacts): ToScale | ToLeave {
  const { observation, from, worker } = facts;
  if (worker.mode === "shadow" && holdsWorkers(from)) return giveBack(facts, worker);
  const verdict = decideScaling(observation, from, within(facts, worker));
  const { because } = verdict;
  if (!isEffect(verdict, facts)) return { kind: "leave", because, verdict };
  return { kind: "scale", because, consent: consentTo(verdict, facts, worker), verdict, otherwise: stateWithoutEffects(from, verdict) };
}

/** What gives workers back and what ends a scale-in that was consented to needs no further word; a person's order of a number is one, another upper bound is none. */
function consentTo(verdict: ScalingVerdict, facts: ScalerFacts, worker: WorkerSettings): ToScale["consent"] {
  if (guard("shadow only tells", worker.mode === "shadow")) return "told";
  if (worker.mode === "auto" || facts.observation.order?.workers !== undefined) return "given";
  if (verdict.kind !== "out" && verdict.kind !== "drain") return "given";
  return guard("no scaling without the word that is asked for", approvedAsk(facts)?.way !== verdict.kind) ? "told" : "given";
}

/** The plan that was asked about, if it was approved in time and that word still counts. */
function approvedAsk({ upkeep: { asked }, approval, observation }: ScalerFacts): ScalingUpkeep["asked"] {
  if (asked === undefined || approval === undefined || approval.plan !== asked.plan || approval.state !== "approved") return undefined;
  return guard("approval expires", observation.at >= approval.expiresAt) ? undefined : asked;
}

/** What was approved is not exceeded: the count that the person saw bounds the decision. */
function within(facts: ScalerFacts, worker: WorkerSettings): WorkerSettings {
  const approved = approvedAsk(facts);
  if (worker.mode !== "ask" || approved === undefined || facts.observation.order?.workers !== undefined) return worker;
  return approved.way === "out"
    ? { ...worker, max: Math.min(worker.max, Math.max(approved.to, worker.min)) }
    : { ...worker, min: Math.max(worker.min, Math.min(approved.to, worker.max)) };
}

const holdsWorkers = ({ draining, lowering }: ScalingState): boolean => draining.length > 0 || (lowering?.protectedTasks.length ?? 0) > 0;

/** The mode went to shadow in the middle of a scale-in: whoever was drained takes work again, and nobody stays protected. */
function giveBack(facts: ScalerFacts, worker: WorkerSettings): ToScale | ToLeave {
  const { from, observation } = facts;
  const { fleet } = observation;
  const verdict = decideScaling({ ...observation, held: "shadow mode" }, from, worker);
  const stopping = whoStops(facts);
  const [left, back] = [from.draining.filter(({ task }) => stopping.includes(task)), from.draining.filter(({ task }) => !stopping.includes(task))];
  if (stopping.length > 0 && back.length === 0) return { kind: "leave", because: ["shadow mode: the drained workers are stopping"], verdict };
  const because = ["shadow mode: workers that were drained take work again"];
  const lowering = stopping.length > 0 ? from.lowering : undefined;
  const given: ScalingVerdict = {
    ...verdict,
    kind: "undrain",
    desired: fleet.ok ? fleet.value.desired : verdict.desired,
    drain: [],
    undrain: back.map((one) => one.worker),
    protect: [],
    unprotect: lowering === undefined ? (from.lowering?.protectedTasks ?? []) : [],
    because,
    state: { ...verdict.state, draining: left, lowering },
  };
  return { kind: "scale", because, consent: "given", verdict: given, otherwise: stateWithoutEffects(from, given) };
}

/** Those whom ECS was told to stop and has not yet: they take no work, and the others stay protected until they are gone. */
function whoStops({ from: { lowering }, observation: { at, fleet } }: ScalerFacts): readonly string[] {
  if (lowering === undefined || since(lowering.at, at) > STOPS_WITHIN) return [];
  const tasks = fleet.ok ? (fleet.value.followed ?? fleet.value.tasks) : undefined;
  return lowering.victims.filter((arn) => tasks === undefined || tasks.some((task) => task.arn === arn));
}

/** Longer than a drained worker takes to stop. */
const STOPS_WITHIN = minutes(3);
