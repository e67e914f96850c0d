import { type Attention, type EpochMs, type ScaleOrder, type ScalingDecision, type ScalingFigures, sayLength, seconds, since } from "@nightshift/model";
import { sayMoment, wrap } from "../frame/format.ts";
import { sayCount } from "./reading-lines.ts";

/** A decision as a person reads it: what was done, why, and from which figures. */
export function decisionLines({ at, observation, verdict }: ScalingDecision, width: number): readonly string[] {
  const fleet = observation.fleet.ok ? observation.fleet.value : undefined;
  const did = sayVerdict(verdict.kind, fleet?.desired, verdict.desired);
  const { broker } = observation;
  const seen = broker.kind === "unknown" ? [`the broker: ${broker.because}`] : broker.doubts;
  const hidden = [...(observation.fleet.ok ? [] : [`ECS: ${observation.fleet.because}`]), ...seen];
  return [
    `${sayMoment(at)} UTC  ${did}`,
    ...verdict.because.flatMap((because, index) => wrap(because, width, { first: index === 0 ? "  because  " : "           ", rest: "           " })),
    ...wrap(figuresSaid(verdict.figures), width, { first: "  seen     ", rest: "           " }),
    ...hidden.flatMap((doubt) => wrap(doubt, width, { first: "  doubt    ", rest: "           " })),
    ...namesLine(
      "drained",
      verdict.drain.map(({ worker }) => worker),
      width,
    ),
    ...namesLine("works on", verdict.undrain, width),
  ];
}

const namesLine = (what: string, names: readonly string[], width: number): readonly string[] =>
  names.length === 0 ? [] : wrap(names.join(", "), width, { first: `  ${what.padEnd(9)}`, rest: "           " });

/** `out: 2 → 5 workers`. */
export function sayVerdict(kind: ScalingDecision["verdict"]["kind"], from: number | undefined, to: number): string {
  const count = `${to} ${to === 1 ? "worker" : "workers"}`;
  switch (kind) {
    case "hold":
      return `hold at ${count}`;
    case "settle":
      return `settle: the last scale-in is proven, ${count}`;
    case "drain":
      return `drain, so that fewer than ${from ?? "?"} workers can stand`;
    case "undrain":
      return `undrain: drained workers take work again, ${count}`;
    case "out":
    case "in":
      return `${kind}: ${from ?? "?"} → ${count}`;
  }
}

const rate = (it: number | undefined): string => (it === undefined ? "unknown" : `${it.toFixed(it < 10 ? 2 : 0)} a second`);
const some = (it: number | undefined): string => (it === undefined ? "unknown" : sayCount(it));
const length = (it: number | undefined): string => (it === undefined ? "unknown" : sayLength(seconds(it)));

function figuresSaid(it: ScalingFigures): string {
  const counts = `waiting ${some(it.waiting)}, reserved ${some(it.reserved)}, running ${some(it.running)}, due soon ${some(it.dueSoon)}`;
  const rates = `arrivals ${rate(it.arrivals)}, completions ${rate(it.completions)}`;
  const lengths = `a task takes ${it.serviceSeconds === undefined ? "unknown" : `${it.serviceSeconds.toFixed(1)} s`}, a start ${length(it.startSeconds)}`;
  const workers = `workers ready ${some(it.workers)}, starting ${it.starting}, draining ${it.draining}`;
  return `${counts}; ${rates}; ${lengths}; ${workers}; longest wait to come ${length(it.worstNowSeconds)}, after this decision ${length(it.worstAfterSeconds)}`;
}

/** What stands besides the decisions: a person's order, workers that are drained, and what people should know. */
export function standingScaling(
  { order, attention, draining }: { readonly order: ScaleOrder | undefined; readonly attention: readonly Attention[]; readonly draining: number },
  now: EpochMs,
): readonly string[] {
  const ordered = [...(order?.workers === undefined ? [] : [`${order.workers} workers`]), ...(order?.max === undefined ? [] : [`at most ${order.max}`])].join(
    ", ",
  );
  return [
    ...(order === undefined ? [] : [`Ordered by ${order.by}, for ${sayLength(since(now, order.until))} more: ${ordered} (${order.because})`]),
    ...(draining === 0 ? [] : [`${draining} ${draining === 1 ? "worker takes" : "workers take"} no more work and will be taken away when empty.`]),
    ...attention.map(({ since: from, says }) => `! ${says.join(" ")} (for ${sayLength(since(from, now))})`),
  ];
}
