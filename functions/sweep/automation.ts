import { decideTail, type TailFacts, type TailVerdict } from "@nightshift/decide/tail";
import type { GuardSettings } from "@nightshift/model";
import { automation } from "@nightshift/runtime";
import { manifest } from "./manifest.ts";

/** Five minutes passed: one group is looked at. */
export interface TailDue {
  readonly group: string;
  /** What makes this look one piece of work: the five minutes it stands for. */
  readonly occasion: string;
  /** Once an hour ECR is asked whether the last known good images are still there. */
  readonly askForImages: boolean;
}

/** Between a watch's end and 24 hours later an alarm gets a suggestion, never an action (decision 8). */
export const tail = automation({
  name: "sweep",
  uses: manifest.uses,
  key: (due: TailDue) => `sweep/${due.group}/${due.occasion}`,
  chain: (due) => due.group,

  detect: async (due, settings: GuardSettings, run): Promise<TailFacts> =>
    run.step("read the group's watch, alarms and images", async (world) => {
      const watch = await world.watches.find(due.group);
      const services = [];
      for (const service of settings.services) {
        const known = await world.revisions.list(service.name);
        const good = known.find((row) => row.grade === "good");
        const images = [];
        for (const { image, digest } of due.askForImages ? (good?.identity.images ?? []) : []) {
          images.push({ image, digest, present: digest === undefined ? undefined : await world.images.exists(image, digest) });
        }
        const signals = await world.signals.read(service.name, watch?.openedAt ?? world.clock.now());
        services.push({ service: service.name, good, images, alarms: signals.alarms });
      }
      return { at: world.clock.now(), group: due.group, watch, services };
    }),

  decide: (facts, settings): TailVerdict => decideTail(facts, settings),
  // A tail only ever leaves things alone: there is no acting verdict to consent to, carry out or verify.
  consent: (never: never) => never,
  act: async (never: never) => never,
  verify: async (never: never) => never,

  remember: async () => {},

  tell: ({ verdict }) => ({
    incident: verdict.incident,
    lines: verdict.lines,
    verdict: verdict.reason === "quiet" ? undefined : verdict.reason,
    because: verdict.because,
  }),
});
