import { type Ms, minutes, ms } from "@nightshift/model";
import { seededStreams } from "../../time/chance.ts";
import { between } from "../../world/chance.ts";
import type { FleetShape, Workload } from "../workload.ts";
import { type Job, lognormal, momentsOfCounts, tasksOf } from "./draw.ts";

/** Arrivals that somebody recorded: single tasks, or how many came in each minute from the first on. Milliseconds since the first minute's beginning. */
export type OwnArrivals =
  | { readonly kind: "moments"; readonly tasks: readonly { readonly at: number; readonly service: number | undefined }[] }
  | { readonly kind: "counts"; readonly counts: readonly number[] };

/** How long tasks run: around a mean, as wide as it (lognormal, coefficient of variation 1), or evenly between two lengths. */
export type ServiceTime = { readonly kind: "around"; readonly mean: Ms } | { readonly kind: "between"; readonly least: Ms; readonly most: Ms };

/** A team's own arrivals as a workload; what was not recorded is drawn by the seed. */
export function ownWorkload(own: {
  readonly name: string;
  readonly arrivals: OwnArrivals;
  readonly service: ServiceTime;
  readonly wait: Ms;
  readonly fleet: FleetShape;
  readonly seed: number;
}): Workload {
  const streams = seededStreams(own.seed);
  const random = streams("own: service");
  const draw = (): number =>
    own.service.kind === "around" ? lognormal(own.service.mean / 1_000, random) : between(random, own.service.least, own.service.most);
  const jobs: readonly Job[] =
    own.arrivals.kind === "moments"
      ? own.arrivals.tasks.map(({ at, service }) => ({ published: at, service: service ?? draw() }))
      : momentsOfCounts(own.arrivals.counts, 1, streams("own: moments")).map((published) => ({ published, service: draw() }));
  const tasks = tasksOf(jobs);
  const last = own.arrivals.kind === "counts" ? own.arrivals.counts.length * 60_000 : (tasks.published.at(-1) ?? 0);
  return {
    name: own.name,
    says: "arrivals of its own",
    source: "own",
    // What follows the last arrival is played too: the workers that it needed have to go again.
    length: ms(Math.ceil(last / 60_000) * 60_000 + minutes(30)),
    wait: own.wait,
    fleet: own.fleet,
    tasks,
  };
}
