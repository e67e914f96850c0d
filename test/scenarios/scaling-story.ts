import { minutes, ms, seconds } from "@nightshift/config";
import { type Fault, faultAt, type FaultPlan } from "@nightshift/lab/boundary/fault";
import { type Playing, runScenario } from "@nightshift/lab/scenario/run";
import { scenario } from "@nightshift/lab/scenario/scenario";
import { QUIET, workers, WORKERS } from "@nightshift/lab/scenarios/workers";

/** A scale-in from four workers to one, as short as it can be told: one job runs all the while, and a second one comes in the middle. */
const scaleIn = scenario({
  name: "short-scale-in",
  title: "Three of four workers go while a job of two minutes runs",
  source: "issue 4; invariant 14: a crash before or after any effect leads to the same end",
  before: (stage) =>
    workers(stage, {
      desired: 4,
      celery: { concurrency: 1, boot: seconds(1) },
      jobs: { jobsPerMinute: 0 },
      scaling: { inCoolDown: seconds(15), maxStep: 3 },
    }),
  plot: (stage) => {
    stage.at(seconds(30), () => stage.world.celery.publish(WORKERS, { count: 1, takes: { median: minutes(2) } }));
    stage.at(seconds(100), () => stage.world.celery.publish(WORKERS, { count: 1, takes: { median: seconds(40) } }));
  },
  world: { ecs: { start: { least: seconds(5), most: seconds(8) }, staleFor: ms(0) } },
  lasts: minutes(9),
  expected: { ...QUIET, scaling: { service: WORKERS, desired: 1, peak: { from: 4, to: 5 } } },
});

/** Plays it, with what is rough about it. */
export const play = (rough: Omit<Playing, "seed"> = {}) => runScenario(scaleIn, { seed: 1, ...rough });

interface Met {
  readonly n: number;
  readonly name: string;
}

/** Every boundary of the scaler in looks that change something: at the others a crash only loses a look. */
export async function boundariesOfEffects(): Promise<readonly Met[]> {
  const looks = new Map<number, { readonly met: Met[]; changes: boolean }>();
  const plan: FaultPlan = ({ n, name, caller, mutating, invocation = -1 }) => {
    if (caller !== "scaler") return { kind: "none" };
    const look = looks.get(invocation) ?? { met: [], changes: false };
    looks.set(invocation, look);
    look.met.push({ n, name });
    look.changes ||= mutating && (name.startsWith("ecs:") || name.startsWith("broker:"));
    return { kind: "none" };
  };
  await play({ faults: () => plan });
  return [...looks.values()].filter((look) => look.changes).flatMap((look) => look.met);
}

/** Tries one fault at every one of them, and collects those after which the story did not end as it should. */
export async function sweep(boundaries: readonly Met[], fault: Fault): Promise<readonly string[]> {
  const different: string[] = [];
  for (const { n, name } of boundaries) {
    const { problems } = await play({ faults: () => faultAt(n, fault) });
    if (problems.length > 0) different.push(`${fault.kind} at ${n} (${name}): ${problems.join("; ")}`);
  }
  return different;
}
