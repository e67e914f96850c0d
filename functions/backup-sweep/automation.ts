import { expiredDrills } from "@nightshift/decide/backups/decide-drill";
import { heldBecause } from "@nightshift/decide/control";
import type { EpochMs } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { World } from "@nightshift/ports";
import { automation, type MutationOutcome } from "@nightshift/runtime";
import { manifest } from "./manifest.ts";

/** The part of the world the sweep of backups sees. */
export type SweepWorld = Pick<World, (typeof manifest)["uses"][number]>;

interface SweepFacts {
  readonly at: EpochMs;
  readonly standing: readonly { readonly instance: string; readonly status: string; readonly tags: Readonly<Record<string, string>> }[];
  readonly heldBecause: string | undefined;
}
interface SweepAway {
  readonly kind: "delete";
  readonly because: readonly string[];
  readonly instances: readonly string[];
}
interface NothingOver {
  readonly kind: "leave";
  readonly because: readonly string[];
}

/** Deletes drill and verification instances of ours whose time is over, by their tags: whatever became of the drill. Asked-for restores stay (decision 51). */
export const backupSweep = automation({
  name: "backup-sweep",
  uses: manifest.uses,
  key: ({ occasion }: { readonly occasion: string }) => `backup-sweep/${occasion}`,
  chain: () => "backup-drill",

  detect: (_due, _settings: object, run): Promise<SweepFacts> =>
    run.step("look at what stands under our names", async (world) => {
      const standing = (await world.databases.disposable()).map(({ instance, status, tags }) => ({ instance, status, tags }));
      const at = world.clock.now();
      return { at, standing, heldBecause: heldBecause(await world.control.read(), ["backup-drill"], at) };
    }),

  decide: ({ at, standing, heldBecause: held }): SweepAway | NothingOver => {
    const instances = expiredDrills(standing, at);
    if (instances.length === 0) return { kind: "leave", because: ["no drill instance is past its time"] };
    if (held !== undefined && guard("hold at the verdict"))
      return { kind: "leave", because: [`${instances.join(", ")} is past its time, and nothing is changed inside a hold: ${held}`] };
    return { kind: "delete", because: instances.map((one) => `${one} is past its time`), instances };
  },

  // Its making was consented to together with its end.
  consent: () => "given" as const,

  act: async (
    { instances }: SweepAway,
    _facts,
    run,
  ): Promise<readonly { readonly instance: string; readonly outcome: MutationOutcome<"deleting" | "gone"> }[]> => {
    const done = [];
    for (const instance of instances) {
      const outcome = await run.mutate<"deleting" | "gone">({
        name: `delete ${instance}`,
        service: "backup-drill",
        intent: { instance },
        epoch: undefined,
        // Its tags are read once more: somebody may have given it more time.
        look: async ({ databases, clock }) => {
          const found = (await databases.disposable()).find((one) => one.instance === instance);
          if (found === undefined || found.status === "deleting") return { kind: "already", value: "gone" };
          return expiredDrills([found], clock.now()).length === 1 ? { kind: "go" } : { kind: "refuse", because: `${instance} was given more time` };
        },
        call: ({ restores }) => restores.delete(instance),
      });
      done.push({ instance, outcome });
    }
    return done;
  },

  verify: async (deleted) => ({ kind: deleted.every(({ outcome }) => outcome.kind === "done") ? ("swept" as const) : ("left" as const) }),

  tell: (story) => {
    const { because } = story.verdict;
    const silent = { incident: undefined, lines: [], verdict: undefined, because };
    if (story.ending !== "acted") return story.ending === "left" ? silent : { ...silent, verdict: story.verdict.kind };
    return {
      ...silent,
      verdict: story.outcome.kind,
      because: story.receipt.map(({ instance, outcome }) => `${instance}: ${outcome.kind === "done" ? "deleted" : outcome.because}`),
    };
  },
  remember: async () => {},
});
