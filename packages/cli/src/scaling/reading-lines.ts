import { type BrokerReading, type EpochMs, type Figure, type QueueReading, sayClock, sayLength, since, type WorkerReading } from "@nightshift/model";

type Seen = Extract<BrokerReading, { kind: "seen" }>;

/** A whole number with its thousands apart. */
export const sayCount = (count: number): string => String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ",");

/** What a probe saw, each figure with its age and how sure it is; what is unknown says so and is never a zero. */
export function readingLines(reading: BrokerReading, now: EpochMs): readonly string[] {
  if (reading.kind === "unknown") return [`${reading.broker}: nothing is known, because ${reading.because}`];
  return [
    `${reading.broker}, looked at ${sayClock(reading.at)} UTC`,
    ...reading.queues.flatMap((queue) => queueLines(queue, now)),
    ...workerLines(reading),
    ...reading.doubts.map((doubt) => `! ${doubt}`),
  ];
}

function queueLines(queue: QueueReading, now: EpochMs): readonly string[] {
  const [first] = queue.due;
  const due = first === undefined ? "" : `, the first at ${sayClock(first.at)} UTC`;
  const figures = [
    figureLine("waiting", queue.waiting, now),
    figureLine("reserved", queue.reserved, now),
    figureLine("running", queue.running, now),
    `${figureLine("due later", queue.dueLater, now)}${due}`,
    ...(queue.oldest === undefined ? [] : [ageLine(queue.oldest, now)]),
  ];
  const parts = queue.byPriority.map(({ priority, waiting }) => `${priority}: ${sayCount(waiting)}`);
  return [`● ${queue.queue}`, ...figures, ...(parts.length === 0 ? [] : [`    by priority  ${parts.join(", ")}`])];
}

const label = (name: string): string => `    ${name.padEnd(11)}`;

/** `waiting  1,200  LLEN of 4 priority lists, 0 s old, counted`. */
function figureLine(name: string, figure: Figure | undefined, now: EpochMs): string {
  if (figure === undefined) return `${label(name)}  unknown`;
  return `${label(name)}  ${sayCount(figure.value).padStart(7)}  ${provenance(figure, now)}`;
}

const ageLine = (figure: Figure, now: EpochMs): string => `${label("oldest")}  ${`${sayCount(figure.value)} s`.padStart(7)}  ${provenance(figure, now)}`;

const provenance = (figure: Figure, now: EpochMs): string => `${figure.how}, ${sayLength(since(figure.at, now))} old, ${sureness(figure.confidence)}`;

const sureness = (confidence: number): string => {
  if (confidence >= 1) return "counted";
  return confidence <= 0 ? "a guess" : `${Math.round(confidence * 100)} % sure`;
};

/** Workers that fit a screen; the others are counted. */
const SHOWN = 8;

function workerLines({ workers }: Seen): readonly string[] {
  if (workers === undefined) return ["workers: unknown, nobody listened or this broker has no heartbeats"];
  if (workers.length === 0) return ["workers: none was heard"];
  const busy = workers.reduce((sum, { active }) => sum + active, 0);
  const more = workers.length > SHOWN ? [`    … and ${workers.length - SHOWN} more`] : [];
  return [
    `● ${workers.length} ${workers.length === 1 ? "worker" : "workers"}, ${busy} ${busy === 1 ? "task" : "tasks"} running`,
    ...workers.slice(0, SHOWN).map(workerLine),
    ...more,
  ];
}

function workerLine({ name, active, slots, reserved, scheduled }: WorkerReading): string {
  const of = slots === undefined ? "" : ` of ${slots} slots`;
  const held = [reserved === undefined ? [] : [`${reserved} reserved`], scheduled === undefined ? [] : [`${scheduled} held for later`]].flat();
  return `    ${[`${name}: ${active}${of} busy`, ...held].join(", ")}`;
}
