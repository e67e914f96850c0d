import { guard } from "@nightshift/model/guards";
import { type FleetState, type ScalingObservation, type ScalingState, type ScalingVerdict, sayLength, since, type WorkerSettings } from "@nightshift/model";
import { tellUnknown } from "./attention.ts";
import { boundsOf } from "./bounds.ts";
import { unconfirmed, unreachable } from "./concerns.ts";
import { contradiction } from "./contradiction.ts";
import { understandReading } from "./demand.ts";
import { unknownFigures } from "./figures.ts";
import { countCrew } from "./fleet.ts";
import { isLeaving } from "./drain-book.ts";
import { reasonToHold, rivalReason } from "./holds.ts";
import { lookAhead } from "./outlook.ts";
import { judgeHelp } from "./saturation.ts";
import { stepIn } from "./step-in.ts";
import { stepOut } from "./step-out.ts";
import { proveLowering } from "./settle.ts";
import { standsStill } from "./unheard.ts";
import { type Context, type Draft, concludeLook, leaveAsItIs } from "./verdict.ts";

export { firstScalingState } from "./first-state.ts";

/**
 * How many workers a service should have, and who must not be stopped for it: out before the promise breaks, in only by workers
 * that were told to take no more work and were then seen empty, and nothing at all while what is seen cannot be trusted.
 */
export function decideScaling(observation: ScalingObservation, state: ScalingState, settings: WorkerSettings): ScalingVerdict {
  if (!observation.fleet.ok) return withoutFleet(observation, state, settings, observation.fleet.because);
  const fleet = observation.fleet.value;
  const understood = understandReading(observation.broker, settings.queues, observation.at);
  if (understood.kind === "unknown" && guard("unknown broker is left alone")) return withoutDemand({ observation, state, settings, fleet }, understood.because);
  const demand = understood.kind === "understood" ? understood.demand : NOTHING;
  const crew = countCrew(observation, fleet, state, settings);
  const odd = contradiction({ demand, heardBusy: crew.heardBusy, last: state.memory.samples.at(-1), memory: state.memory, settings, at: observation.at });
  if (odd !== undefined && guard("contradicted look is left alone")) return withoutDemand({ observation, state, settings, fleet }, odd);
  const still = standsStill({ observation, fleet, demand, memory: state.memory, settings });
  if (still !== undefined && guard("contradicted look is left alone"))
    return withoutDemand({ observation, state: { ...state, memory: { ...state.memory, more: still.more } }, settings, fleet, unheard: true }, still.because);

  const o = lookAhead({ observation, state, settings, fleet, demand, crew });
  const context: Context = { o, bounds: boundsOf(settings, observation.order, o.at), help: judgeHelp(o), agreeing: Math.min(2, state.memory.agreeing + 1) };
  const stays = reasonToHold(context);
  if (stays !== undefined) return concludeLook(stayAsItIs(context, stays), context);
  const settled = proveLowering(o);
  return concludeLook(stepOut(context, settled) ?? stepIn(context, settled), context);
}

/** Nothing is changed; beside a rival whoever was drained takes work again, for nobody will give them up. */
function stayAsItIs(context: Context, because: string): Draft {
  const { draining, lowering } = context.o.state;
  const back = because === rivalReason(context.o) ? draining.filter((row) => !isLeaving(row, context.o)) : [];
  const undrain = back.map(({ worker }) => worker);
  return {
    kind: back.length > 0 ? "undrain" : "hold",
    undrain,
    because: [because],
    draining: draining.filter((row) => !back.includes(row)),
    lowering,
    concerns: [],
  };
}

/** What an unknown broker would hold if its guard were switched off. */
const NOTHING = {
  waiting: 0,
  reserved: 0,
  running: 0,
  oldest: undefined,
  later: undefined,
  due: [],
  arrived: undefined,
  finished: undefined,
  epoch: "",
  doubt: undefined,
} as const;

interface Blind {
  readonly observation: ScalingObservation;
  readonly state: ScalingState;
  readonly settings: WorkerSettings;
  readonly fleet: FleetState;
  /** The broker answers, and nobody confirms what it says. */
  readonly unheard?: boolean;
}

function withoutFleet({ at }: ScalingObservation, state: ScalingState, settings: WorkerSettings, because: string): ScalingVerdict {
  return leaveAsItIs(state, undefined, {
    at,
    because: [`the service could not be read: ${because}`],
    concerns: state.attention,
    figures: unknownFigures(undefined, settings.startTime / 1_000, state.draining.length),
    memory: state.memory,
  });
}

function withoutDemand({ observation: { at }, state, settings, fleet, unheard }: Blind, because: string): ScalingVerdict {
  const unknownSince = state.memory.unknownSince ?? at;
  const concerns = state.attention.filter(({ kind }) => kind !== "broker-unreachable");
  const how = since(unknownSince, at) > 0 ? ` for ${sayLength(since(unknownSince, at))}` : "";
  return leaveAsItIs(state, fleet, {
    at,
    because: [because, `nothing is changed while what waits is not known${how}`],
    concerns: tellUnknown(unknownSince, at) ? [...concerns, unheard === true ? unconfirmed(because) : unreachable(because)] : concerns,
    figures: unknownFigures(fleet, settings.startTime / 1_000, state.draining.length),
    memory: { ...state.memory, unknownSince, agreeing: 0 },
  });
}
