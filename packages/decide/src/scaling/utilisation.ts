import { type Datapoint, type EpochMs, type Ms, type Reading, since, type UtilisationRule } from "@nightshift/model";
import type { Outlook } from "./outlook.ts";

/** What the CPU and memory rules of the settings ask for, beside what the queue asks for. */
export interface Utilisation {
  /** Workers more. */
  readonly out: number;
  /** Workers fewer. */
  readonly in: number;
  /** One of them is above its limit: nobody is taken away. */
  readonly high: boolean;
  readonly because: string | undefined;
}

/** Reads every rule; what cannot be read asks for nothing, and keeps who is there. */
export function readUtilisation(o: Outlook): Utilisation {
  let most: Utilisation = NONE;
  for (const rule of o.settings.utilisation) {
    const asked = readRule(rule, rule.metric === "cpu" ? o.observation.cpu : o.observation.memory, o);
    if (asked.out > most.out || (asked.out === most.out && asked.high && !most.high)) most = { ...asked, in: 0 };
    else if (most.out === 0 && !most.high && asked.in > 0) most = { ...asked, in: most.in === 0 ? asked.in : Math.min(most.in, asked.in) };
  }
  return most;
}

const NONE: Utilisation = { out: 0, in: 0, high: false, because: undefined };

function readRule(rule: UtilisationRule, reading: Reading<readonly Datapoint[]> | undefined, o: Outlook): Utilisation {
  if (reading === undefined || !reading.ok) return NONE;
  const { lastOut, lastIn } = o.state.memory;
  const lastChange = lastOut === undefined || (lastIn !== undefined && lastIn > lastOut) ? lastIn : lastOut;
  const passed = (then: EpochMs | undefined, length: Ms): boolean => then === undefined || since(then, o.at) >= length;
  const name = rule.metric === "cpu" ? "CPU" : "memory";
  if (rule.out !== undefined) {
    const least = extremeOver(reading.value, rule.out.for, o.at, Math.min);
    if (least !== undefined && least > rule.out.above) {
      const because = `${name} stayed above ${rule.out.above} % for ${rule.out.for / 60_000} m`;
      return { out: passed(lastChange, rule.out.for) ? 1 : 0, in: 0, high: true, because };
    }
  }
  if (rule.in !== undefined) {
    const most = extremeOver(reading.value, rule.in.for, o.at, Math.max);
    if (most !== undefined && most < rule.in.below && passed(lastChange, rule.in.for))
      return { out: 0, in: 1, high: false, because: `${name} stayed below ${rule.in.below} % for ${rule.in.for / 60_000} m` };
  }
  return rule.target === undefined ? NONE : readTarget(rule.target, { points: reading.value, name, o, passed });
}

interface TargetRead {
  readonly points: readonly Datapoint[];
  readonly name: string;
  readonly o: Outlook;
  readonly passed: (then: EpochMs | undefined, length: Ms) => boolean;
}

function readTarget(target: NonNullable<UtilisationRule["target"]>, { points, name, o, passed }: TargetRead): Utilisation {
  const last = points.at(-1);
  const workers = o.crew.ready;
  if (last === undefined || since(last.at, o.at) > STALE || workers === 0) return NONE;
  const wanted = Math.ceil((workers * last.value) / target.at);
  const because = `${name} is ${Math.round(last.value)} %, the target ${target.at} %`;
  if (wanted > workers) return { out: passed(o.state.memory.lastOut, target.outCoolDown) ? wanted - workers - o.crew.missing : 0, in: 0, high: true, because };
  if (wanted === workers || !passed(o.state.memory.lastIn, target.inCoolDown) || !passed(o.state.memory.lastOut, target.inCoolDown)) return NONE;
  return { out: 0, in: workers - wanted, high: false, because };
}

/** The least or greatest of the one-minute averages over so long; undefined while a minute of it is missing or the newest is old. */
function extremeOver(points: readonly Datapoint[], length: Ms, at: EpochMs, pick: (a: number, b: number) => number): number | undefined {
  const count = Math.ceil(length / 60_000);
  const last = points.at(-1);
  if (points.length < count || last === undefined || since(last.at, at) > STALE) return undefined;
  let found = last.value;
  for (let back = 1; back <= count; back += 1) found = pick(found, points[points.length - back]?.value ?? found);
  return found;
}

/** A minute's average comes up to two minutes after it began; older says nothing of now. */
const STALE = 240_000 as Ms; // A plain literal of milliseconds.
