import { minutes, ms, seconds } from "@nightshift/config";
import { randomFaults } from "@nightshift/lab/boundary/fault";
import { runScenario } from "@nightshift/lab/scenario/run";
import { type Scenario, scenario } from "@nightshift/lab/scenario/scenario";
import { cutOffJobs } from "@nightshift/lab/scenario/scaling";
import type { Stage } from "@nightshift/lab/scenario/stage";
import { QUIET, workers, WORKERS } from "@nightshift/lab/scenarios/workers";
import { seededNumbers } from "@nightshift/lab/time/chance";
import { describe, expect, it } from "vitest";

/** How long arrivals, trouble and crashes go on; then the story runs on in peace, so that whatever was begun can end. */
const ROUGH = minutes(30);
const PEACE = minutes(35);

const kinds = ["unreachable", "zero", "frozen", "deaf"] as const;

/** Random arrivals, lengths, settings and trouble, all from one seed. */
function randomStory(seed: number): Scenario {
  const random = seededNumbers(seed);
  const pick = <T>(...options: readonly [T, ...T[]]): T => options[Math.floor(random() * options.length)] ?? options[0];
  const between = (low: number, high: number) => low + (high - low) * random();
  const concurrency = pick(1, 2, 4);
  const median = seconds(between(2, 45));
  const acksLate = random() < 0.5;
  const bursts = Array.from({ length: 4 }, () => ({
    at: minutes(between(1, 27)),
    count: Math.round(between(5, 240_000 / median)),
    over: seconds(between(1, 120)),
  }));
  const troubles = Array.from({ length: 3 }, () => ({ kind: pick(...kinds), from: minutes(between(2, 27)), for: minutes(between(0.3, 5)) }));
  const deployAt = random() < 0.4 ? minutes(between(5, 25)) : undefined;
  const plot = (stage: Stage): void => {
    for (const { at, count, over } of bursts) stage.at(at, () => stage.world.celery.publish(WORKERS, { count, over, takes: { median, spread: 0.5 } }));
    for (const { kind, ...window } of troubles) stage.world.celery.broker().trouble.expect(kind, window);
    // Nothing comes any more at the end, so that no scale-in is left in the middle.
    stage.world.spike(WORKERS, { from: ms(ROUGH + minutes(10)), for: minutes(60), times: 0 });
    if (deployAt !== undefined) stage.at(deployAt, () => void stage.deploy(WORKERS));
  };
  return scenario({
    name: `random-${seed}`,
    title: "Random work, random trouble",
    source: "issue 4: 0 killed tasks; facts/reliability.md 3.4, invariant 8",
    before: (stage) =>
      workers(stage, {
        desired: pick(2, 5, 9),
        celery: { concurrency, prefetch: pick(1, 4), acksLate },
        jobs: { jobsPerMinute: between(0, 60_000 / median), takes: { median, spread: 0.5 } },
        scaling: { maxStep: pick(2, 10), inCoolDown: seconds(pick(15, 60)) },
      }),
    plot,
    account: {
      faults: (chance) => {
        const rough = randomFaults(chance, {
          share: 0.01,
          kinds: [{ kind: "crash-before" }, { kind: "crash-after" }, { kind: "timeout-after" }, { kind: "throttle" }, { kind: "slow", by: ms(3_000) }],
          atMost: 12,
        });
        return (at) => (at.caller === "scaler" || at.caller === "dispatcher" ? rough(at) : { kind: "none" });
      },
    },
    lasts: ms(ROUGH + PEACE),
    expected: { ...QUIET, scaling: { service: WORKERS } },
  });
}

/** What is held against a random story: not how fast it was, but that nobody was stopped at work and nothing was left behind. */
const aboutSafety = (problems: readonly string[]): readonly string[] =>
  problems.filter((one) => /cut off|scaled in while|are left|still wait|ended badly|dead-letter/.test(one));

describe("random arrivals, faults and crashes, twenty seeds", () => {
  for (const first of [1, 6, 11, 16]) {
    it(`no job is cut off by us, and no worker is left drained or protected: seeds ${first} to ${first + 4}`, async () => {
      for (let seed = first; seed < first + 5; seed += 1) {
        const { stage, problems } = await runScenario(randomStory(seed), { seed });
        expect({ seed, problems: aboutSafety(problems) }).toEqual({ seed, problems: [] });
        expect({ seed, cutOff: cutOffJobs(stage, WORKERS) }).toEqual({ seed, cutOff: 0 });
      }
    }, 240_000);
  }
});
