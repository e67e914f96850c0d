import { minutes, seconds } from "@nightshift/config";
import { runScenario, type ScenarioRun } from "@nightshift/lab/scenario/run";
import { scenario } from "@nightshift/lab/scenario/scenario";
import { QUIET, workers, WORKERS } from "@nightshift/lab/scenarios/workers";

/** A service with so many idle workers, of which one is to stay; each look of the scaler with the AWS calls it made. */
export const playIdle = (desired: number): Promise<ScenarioRun> =>
  runScenario(
    scenario({
      name: `idle-${desired}`,
      title: "Idle workers go, then nothing happens",
      source: "issue 4: counted AWS calls",
      before: (stage) =>
        workers(stage, { desired, celery: { concurrency: 1, boot: seconds(1) }, jobs: { jobsPerMinute: 0 }, scaling: { max: 40, maxStep: 40 } }),
      plot: () => {},
      lasts: minutes(75),
      expected: { ...QUIET, scaling: { service: WORKERS, desired: 1 } },
    }),
    { seed: 1 },
  );

/** One look: its AWS calls in order, by `service:Operation`. */
export interface Look {
  readonly at: number;
  readonly calls: readonly string[];
}

/** Every look of the scaler, oldest first; what it asks of the broker is no AWS call. */
export function looksOf({ stage }: ScenarioRun): readonly Look[] {
  const looks = new Map<number, { at: number; calls: string[] }>();
  for (const line of stage.lab.history) {
    if (line.kind !== "call" || line.caller !== "scaler" || line.service === "broker") continue;
    const look = looks.get(line.invocation ?? -1) ?? { at: line.at - stage.startedAt, calls: [] };
    looks.set(line.invocation ?? -1, look);
    look.calls.push(`${line.service}:${line.operation}`);
  }
  return [...looks.values()];
}
