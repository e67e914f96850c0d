import { decideSample, type SampleFacts, type SampleVerdict } from "@nightshift/decide/backups/decide-sample";
import { automation } from "@nightshift/runtime";
import { manifest } from "./manifest.ts";
import { seeRecovery } from "./see.ts";
import type { Sampled, SampleDue } from "./settings.ts";
import { tellSample } from "./story.ts";

/** What would be lost now, how long a restore would take, and every hour whether the newest backup is what it should be. */
export const sampler = automation({
  name: "sampler",
  uses: manifest.uses,
  key: ({ of, occasion }: SampleDue) => `sampler/${of}/${occasion}`,
  chain: ({ of }) => of,

  detect: (due, sampled: Sampled, run): Promise<SampleFacts> => run.step("look at every way back", (world) => seeRecovery(world, due, sampled)),

  decide: (facts): SampleVerdict => decideSample(facts),
  // It only looks: there is no acting verdict to consent to, carry out or verify.
  consent: (never: never) => never,
  act: async (never: never) => never,
  verify: async (never: never) => never,

  tell: tellSample,

  remember: async ({ verdict: { sample, unproven } }, run) => {
    await run.step("keep the sample", ({ backupBook }) => backupBook.sample(sample));
    const { of, at, rpo, newestVerifiedAge, rto } = sample;
    const seconds = {
      ...(rpo === undefined ? {} : { rpoSeconds: rpo / 1_000 }),
      ...(newestVerifiedAge === undefined ? {} : { newestVerifiedAgeSeconds: newestVerifiedAge / 1_000 }),
      ...(unproven === undefined ? {} : { unprovenSeconds: unproven / 1_000 }),
      ...(rto === undefined ? {} : { rtoSeconds: rto / 1_000 }),
    };
    await run.step("publish it", ({ recoveryGauges }) => recoveryGauges.publish(of, at, seconds));
  },
});
