import { hours, minutes, seconds } from "@nightshift/model";
import { seededStreams } from "../../time/chance.ts";
import { between, type Random } from "../../world/chance.ts";
import { type FleetShape, usualFleet, type Workload } from "../workload.ts";
import { type Job, lognormal, momentsAt, pareto, tasksOf } from "./draw.ts";

/** What is drawn for one synthetic workload: chance for moments and for service times, each its own stream. */
interface Draw {
  readonly moments: Random;
  readonly service: Random;
}

type Plan = Omit<Workload, "name" | "tasks" | "source" | "fleet"> & { readonly fleet?: Partial<FleetShape>; readonly jobs: (draw: Draw) => readonly Job[] };

/** The synthetic workloads of facts/scaling.md 4.4, by name. All are made up; a seed draws moments and service times. */
export const syntheticNames = ["diurnal", "step", "flash", "nightly", "longtail", "slowdep", "sparse", "quarter-hour", "eta-wave", "retry-storm"] as const;

/** The name of a synthetic workload. */
export type SyntheticName = (typeof syntheticNames)[number];

/** Draws one workload. The same seed draws the same tasks for every policy. */
export function synthetic(name: SyntheticName, seed: number): Workload {
  const streams = seededStreams(seed);
  const { jobs, fleet, ...plan } = plans[name];
  return {
    ...plan,
    name,
    source: "synthetic",
    fleet: { ...usualFleet, ...fleet },
    tasks: tasksOf(jobs({ moments: streams(`${name}: moments`), service: streams(`${name}: service`) })),
  };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Jobs of a Poisson process with a service time each. */
const jobsAt = (moments: readonly number[], service: () => number): readonly Job[] => moments.map((published) => ({ published, service: service() }));

const plans: Readonly<Record<SyntheticName, Plan>> = {
  diurnal: {
    says: "a day from 0.3 to 2.1 tasks a second and back, 10 s each",
    length: hours(24),
    wait: seconds(60),
    jobs: ({ moments, service }) => {
      const rate = (at: number): number => 1.2 - 0.9 * Math.cos((2 * Math.PI * at) / (24 * HOUR));
      return jobsAt(momentsAt(rate, { from: 0, to: 24 * HOUR, most: 2.1 }, moments), () => lognormal(10, service));
    },
  },
  step: {
    says: "1 task a second, 12 for an hour, 1 again; 2 s each",
    length: hours(4),
    wait: seconds(60),
    jobs: ({ moments, service }) => {
      const rate = (at: number): number => (at >= HOUR && at < 2 * HOUR ? 12 : 1);
      return jobsAt(momentsAt(rate, { from: 0, to: 4 * HOUR, most: 12 }, moments), () => lognormal(2, service));
    },
  },
  flash: {
    says: "60 tasks a second for a minute, twice, over 0.5 a second; 2 s each",
    length: hours(3),
    wait: seconds(120),
    jobs: ({ moments, service }) => {
      const inFlash = (at: number): boolean => [40, 115].some((minute) => at >= minute * MINUTE && at < (minute + 1) * MINUTE);
      return jobsAt(
        momentsAt((at) => (inFlash(at) ? 60 : 0.5), { from: 0, to: 3 * HOUR, most: 60 }, moments),
        () => lognormal(2, service),
      );
    },
  },
  nightly: {
    says: "12,000 tasks within a minute at 02:00, 3 s each, else nothing; from zero workers",
    length: hours(5),
    wait: minutes(10),
    fleet: { min: 0 },
    jobs: ({ moments, service }) => Array.from({ length: 12_000 }, () => ({ published: 2 * HOUR + MINUTE * moments(), service: lognormal(3, service) })),
  },
  longtail: {
    says: "1 task a second, Pareto(1.5) from 4 s to 30 min each",
    length: hours(8),
    wait: seconds(120),
    jobs: ({ moments, service }) =>
      jobsAt(
        momentsAt(() => 1, { from: 0, to: 8 * HOUR, most: 1 }, moments),
        () => pareto(4, 1.5, 1_800, service),
      ),
  },
  slowdep: {
    says: "3 tasks a second, 1 s each; for 30 min a dependency makes them 4 times as slow, and slower the more run",
    length: hours(2),
    wait: seconds(60),
    stretch: (at, beside) => (at >= 30 * MINUTE && at < HOUR ? 4 * (1 + beside / 20) : 1),
    jobs: ({ moments, service }) =>
      jobsAt(
        momentsAt(() => 3, { from: 0, to: 2 * HOUR, most: 3 }, moments),
        () => lognormal(1, service),
      ),
  },
  sparse: {
    says: "a task every 10 min or so, 20 s each; from zero workers",
    length: hours(24),
    wait: seconds(120),
    fleet: { min: 0 },
    jobs: ({ moments, service }) =>
      jobsAt(
        momentsAt(() => 1 / 600, { from: 0, to: 24 * HOUR, most: 1 / 600 }, moments),
        () => lognormal(20, service),
      ),
  },
  "quarter-hour": {
    says: "4 to 28 tasks an hour, 12 to 18 min each; from zero workers",
    length: hours(12),
    wait: minutes(5),
    fleet: { min: 0 },
    jobs: ({ moments, service }) => {
      const rate = (at: number): number => (16 - 12 * Math.cos((2 * Math.PI * at) / (6 * HOUR))) / 3_600;
      return jobsAt(momentsAt(rate, { from: 0, to: 12 * HOUR, most: 28 / 3_600 }, moments), () => MINUTE * between(service, 12, 18));
    },
  },
  "eta-wave": {
    says: "10,000 tasks published over three hours, all due at 03:00, 2 s each, over 0.2 a second",
    length: hours(5),
    wait: minutes(6),
    jobs: ({ moments, service }) => [
      ...jobsAt(
        momentsAt(() => 0.2, { from: 0, to: 5 * HOUR, most: 0.2 }, moments),
        () => lognormal(2, service),
      ),
      ...Array.from({ length: 10_000 }, () => ({ published: 175 * MINUTE * moments(), due: 180 * MINUTE, service: lognormal(2, service) })),
    ],
  },
  "retry-storm": {
    says: "3 tasks a second, 2 s each; for 10 min every one fails and comes again after 30, 60, 120… s until it does not",
    length: hours(2),
    wait: seconds(60),
    jobs: ({ moments, service }) => momentsAt(() => 3, { from: 0, to: 2 * HOUR, most: 3 }, moments).flatMap((at) => tries(at, service)),
  },
};

/** A task and its retries while everything fails. A retry is published when the failed run ends, which is taken to be right after it began. */
function tries(first: number, service: Random): readonly Job[] {
  const failing = (at: number): boolean => at >= 40 * MINUTE && at < 50 * MINUTE;
  const jobs: Job[] = [{ published: first, service: lognormal(2, service) }];
  for (let [at, wait] = [first, 30_000]; failing(at) && wait <= 16 * MINUTE; wait *= 2) {
    const ran = lognormal(2, service);
    jobs.push({ published: at + ran, due: at + ran + wait, service: lognormal(2, service) });
    at += ran + wait;
  }
  return jobs;
}
