import { hours, minutes, ms, seconds } from "@nightshift/model";
import { seededStreams } from "../../time/chance.ts";
import { usualFleet, type Workload } from "../workload.ts";
import { lognormal, momentsOfCounts, tasksOf } from "./draw.ts";

/** Requests a minute at the busiest minute of a World Cup day, after scaling. */
const PEAK = 150;
const REQUEST_SECONDS = 20;
/** What a token of the Azure trace is taken to cost. The trace has sizes, not lengths. */
export const SECONDS_A_TOKEN = { context: 0.002, generated: 0.1 } as const;

/** A day of the World Cup 1998 web site as task arrivals. */
export function worldCup(name: string, counts: readonly number[], seed: number): Workload {
  const streams = seededStreams(seed);
  const scale = PEAK / Math.max(1, ...counts);
  const service = streams(`${name}: service`);
  return {
    name,
    says: `arrivals from the World Cup 1998 web site, scaled to ${PEAK} at the busiest minute (× ${scale.toPrecision(3)}); service times synthetic, ${REQUEST_SECONDS} s`,
    source: "trace",
    length: hours(24),
    wait: seconds(60),
    fleet: usualFleet,
    tasks: tasksOf(
      momentsOfCounts(counts, scale, streams(`${name}: moments`)).map((published) => ({ published, service: lognormal(REQUEST_SECONDS, service) })),
    ),
  };
}

/** One request of the Azure trace: milliseconds since its first, and its tokens. */
export interface TokenRequest {
  readonly at: number;
  readonly context: number;
  readonly generated: number;
}

/** Half an hour of the Azure LLM inference trace: real arrivals and real sizes, seconds by a stated factor. Nothing in it is drawn, so its seed moves only the fleet. */
export function azureHalf(name: string, requests: readonly TokenRequest[], half: "first" | "last"): Workload {
  const from = half === "first" ? 0 : minutes(30);
  const length = minutes(30);
  return {
    name,
    says: `the ${half} 30 min of the Azure LLM inference trace 2023 (code): real arrivals and sizes, at ${SECONDS_A_TOKEN.context * 1_000} ms a context token and ${SECONDS_A_TOKEN.generated * 1_000} ms a generated one`,
    source: "trace",
    length,
    wait: seconds(60),
    fleet: usualFleet,
    tasks: tasksOf(
      requests
        .filter(({ at }) => at >= from && at < from + length)
        .map(({ at, context, generated }) => ({
          published: at - from,
          service: ms(1_000 * (context * SECONDS_A_TOKEN.context + generated * SECONDS_A_TOKEN.generated)),
        })),
    ),
  };
}
