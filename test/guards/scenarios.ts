import { runScenario } from "@nightshift/lab/scenario/run";
import { scenarios } from "@nightshift/lab/scenarios/index";
import type { GuardCase } from "./case.ts";

/** Whether a scenario of the lab ends as it must. */
const played = (name: string) => async (): Promise<boolean> => {
  const scenario = scenarios.find((one) => one.name === name);
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
  return (await runScenario(scenario, { seed: 7 })).row.ok;
};

/** Whole evenings in the lab that go wrong without a line; a hold is checked three times, and any one check is enough. */
export const scenarioGuards: readonly GuardCase[] = [
  { off: ["hold at the verdict", "hold at the grant", "hold before every effect"], promise: "a held service is not rolled back", kept: played("held") },
  { off: ["shadow only tells"], promise: "in shadow mode nothing is rolled back", kept: played("shadow-mode") },
  { off: ["trouble elsewhere"], promise: "a database outage rolls nothing back", kept: played("database-outage-at-deploy-time") },
  { off: ["image is there"], promise: "nothing goes back to an image that is gone", kept: played("image-purged") },
  { off: ["schema fits"], promise: "old code does not meet a new schema", kept: played("incompatible-migration") },
  { off: ["only good is gone back to"], promise: "without a known good revision a person is asked", kept: played("no-last-known-good") },
  { off: ["late watch asks"], promise: "soft evidence half an hour later asks a person", kept: played("late-regression") },
  { off: ["unsupported deployments"], promise: "a blue/green deployment is left to ECS", kept: played("blue-green") },
  { off: ["breaker"], promise: "a shared cause does not roll everything back", kept: played("stampede") },
];
