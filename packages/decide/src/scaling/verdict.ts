import type { Draining, EpochMs, FleetState, Lowering, Ms, ScalingMemory, ScalingState, ScalingVerdict, SentChange } from "@nightshift/model";
import { seconds, since } from "@nightshift/model";
import { attentionNow, type Concern } from "./attention.ts";
import type { Bounds } from "./bounds.ts";
import { brokenAtMax, concernsOf } from "./concerns.ts";
import { figuresOf } from "./figures.ts";
import type { Outlook } from "./outlook.ts";
import { asksForRival, rivalBefore } from "./rival.ts";
import { beforeAdding, type Help } from "./saturation.ts";
import { isEmpty, isQuiet } from "./scale-in.ts";
import { tuning } from "./tuning.ts";
import { figuresSeen, isStillUnheard, unheardSince } from "./unheard.ts";

/** What a look came to, before figures, attention and memory are added. */
export interface Draft {
  readonly kind: ScalingVerdict["kind"];
  readonly desired?: number;
  readonly drain?: readonly Draining[];
  readonly undrain?: readonly string[];
  readonly protect?: readonly string[];
  readonly unprotect?: readonly string[];
  readonly because: readonly string[];
  /** Rows that remain, with the new ones. */
  readonly draining: readonly Draining[];
  readonly lowering: Lowering | undefined;
  readonly concerns: readonly Concern[];
  /** What to remember beside what every look remembers. */
  readonly more?: Readonly<Record<string, number | undefined>>;
}

/** What every verdict of this look shares. */
export interface Context {
  readonly o: Outlook;
  readonly bounds: Bounds;
  readonly help: Help;
  /** Fresh looks in a row that agree, this one included. */
  readonly agreeing: number;
}

/** Makes a verdict of a draft: figures, attention, the next look, and what to remember when all of it was done. */
export function concludeLook(draft: Draft, { o, bounds, help, agreeing }: Context): ScalingVerdict {
  const { at, fleet, state } = o;
  const desired = draft.desired ?? fleet.desired;
  const added = Math.max(0, desired - fleet.desired);
  const undrain = draft.undrain ?? [];
  const figures = figuresOf(o, { added, returned: undrain.length, draining: draft.draining.length });
  const brokenSince = brokenAtMax(o, bounds.upper, figures.worstNowSeconds ?? 0);
  const quietSince = isEmpty(o) ? (state.memory.quietSince ?? at) : undefined;
  const lasting = concernsOf(o, { bounds, saturatedSince: help.saturatedSince, brokenSince, worstSeconds: figures.worstNowSeconds ?? 0 });
  // A broker that is there one look and away the next is one story: it ends when two looks agree.
  const dark = agreeing < 2 || isStillUnheard({ ...o, memory: state.memory }) ? state.attention.filter(({ kind }) => kind === "broker-unreachable") : [];
  const attention = attentionNow(state.attention, [...lasting, ...draft.concerns, ...dark], at);
  const change: SentChange | undefined = desired === fleet.desired ? undefined : { at, from: fleet.desired, to: desired };
  const calm = draft.kind === "hold" && draft.draining.length === 0 && draft.lowering === undefined && fleet.desired === fleet.running;
  const memory: ScalingMemory = {
    epoch: o.epoch,
    samples: o.samples,
    busySeconds: Math.round(o.service.busySeconds),
    completions: o.service.completions,
    serviceSeconds: o.service.seconds === undefined ? undefined : Math.round(o.service.seconds * 1_000) / 1_000,
    startSeconds: o.starts.startSeconds,
    starting: added > 0 ? [...o.starts.starting, { at, workers: added }] : o.starts.starting,
    lastOut: added > 0 || undrain.length > 0 ? at : state.memory.lastOut,
    lastIn: desired < fleet.desired || (draft.drain ?? []).length > 0 ? at : state.memory.lastIn,
    quietSince,
    unknownSince: undefined,
    agreeing,
    added: added > 0 ? beforeAdding(o, help) : help.added,
    saturatedSince: help.saturatedSince,
    brokenSince,
    more: remember(o, { ...draft.more, burstAt: burstAt(o) }),
  };
  return {
    kind: draft.kind,
    desired,
    drain: draft.drain ?? [],
    undrain,
    protect: draft.protect ?? [],
    unprotect: draft.unprotect ?? [],
    because: draft.because,
    figures,
    next: calm && isQuiet(o, quietSince) ? quietLook(o) : BUSY,
    attention,
    state: {
      version: state.version + 1,
      at,
      draining: draft.draining,
      lowering: draft.lowering,
      changes: withChange(state.changes, change, at),
      attention,
      memory,
    },
  };
}

/** Looks while busy, and while quiet (decision 35). */
export const BUSY = seconds(15);
const QUIET = seconds(60);
const HALF = seconds(30);

/** A look a minute, but from zero workers no rarer than lets the promise be kept: a look, a start, and what the calls take. */
function quietLook({ crew, promise, starts, settings }: Outlook): Ms {
  if (crew.ready > 0) return QUIET;
  const left = promise - Math.max(starts.expectSeconds, settings.startTime / 1_000) - 5;
  return left >= 60 ? QUIET : left >= 30 ? HALF : BUSY;
}

/** Changes of the last hour, at most 60. */
function withChange(changes: ScalingState["changes"], change: SentChange | undefined, at: EpochMs): ScalingState["changes"] {
  const recent = changes.some((one) => since(one.at, at) >= HOUR) ? changes.filter((one) => since(one.at, at) < HOUR) : changes;
  return change === undefined ? recent : [...recent, change].slice(-60);
}

const HOUR = seconds(3_600);

/** Numbers of this look for the next: those given, and when what costs something was read last. An undefined one is forgotten. */
function remember(o: Outlook, given: Readonly<Record<string, number | undefined>> = {}): Readonly<Record<string, number>> {
  const before = o.state.memory.more;
  const more: Record<string, number> = {};
  const set = (name: string, value: number | undefined): void => {
    if (value !== undefined) more[name] = value;
  };
  set("heardAt", o.crew.heard === undefined ? before["heardAt"] : o.at);
  set("meteredAt", o.observation.cpu === undefined && o.observation.memory === undefined ? before["meteredAt"] : o.at);
  set("rival", o.observation.rival !== undefined || rivalBefore(o) ? 1 : undefined);
  set("rivalAt", o.observation.rival !== undefined || asksForRival(o.state.memory, o.at) ? o.at : before["rivalAt"]);
  set("later", o.demand.later);
  set("unheardSince", unheardSince({ ...o, memory: o.state.memory }));
  const seen = figuresSeen({ ...o, memory: o.state.memory });
  set("figures", seen.figures);
  set("stillSince", seen.stillSince);
  set("askedAt", before["askedAt"]);
  if (o.demand.oldest !== undefined) set("oldest", Math.round(o.demand.oldest));
  for (const name in given) set(name, given[name]);
  return more;
}

/** When tasks last waited as long as promised or longer; undefined: not lately. */
function burstAt(o: Outlook): number | undefined {
  if (o.arriving.past?.some(({ age }) => age >= 0.95 * o.promise) === true) return o.at;
  const before = o.state.memory.more["burstAt"];
  return before !== undefined && o.at - before < tuning.burstRememberedSeconds * 1_000 ? before : undefined;
}

/** A verdict that leaves everything as it is, of a look at which the queues or the fleet are not known. */
export function leaveAsItIs(state: ScalingState, fleet: FleetState | undefined, left: Left): ScalingVerdict {
  const attention = attentionNow(state.attention, left.concerns, left.at);
  return {
    kind: "hold",
    desired: fleet?.desired ?? 0,
    drain: [],
    undrain: [],
    protect: [],
    unprotect: [],
    because: left.because,
    figures: left.figures,
    next: BUSY,
    attention,
    state: { ...state, version: state.version + 1, at: left.at, attention, memory: left.memory },
  };
}

/** Why nothing is done, and what is remembered of it. */
export interface Left {
  readonly at: EpochMs;
  readonly because: readonly string[];
  readonly concerns: readonly Concern[];
  readonly figures: ScalingVerdict["figures"];
  readonly memory: ScalingMemory;
}
