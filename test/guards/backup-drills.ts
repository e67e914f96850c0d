import { manifest, table } from "@nightshift/decide/backups/sandwich.fixture";
import { judgeSandwich, type SandwichVerdict } from "@nightshift/decide/backups/sandwich";
import { hours } from "@nightshift/model";
import type { GuardName } from "@nightshift/model/guards";
import { longestRun, withinLimit } from "@nightshift/vault/runner/limit";
import type { RunnerWorld } from "@nightshift/vault/runner/world";
import type { GuardCase } from "./case.ts";

const only = (off: GuardName, promise: string, kept: GuardCase["kept"]): GuardCase => ({ off: [off], promise, kept });

/** What is said of a copy with so many rows of a table all of which changed in between, beside one that stood still. */
function judged({ still, copied }: { readonly still: number; readonly copied: number }): SandwichVerdict {
  const [before, after, copy] = [2_001, 2_001, copied].map((rows, n) =>
    manifest([table("public.orders", [`${rows}:${n}`]), table("public.log", [`${still}:9`])]),
  );
  if (before === undefined || after === undefined || copy === undefined) throw new Error("three readings were made");
  return judgeSandwich({ before, after, copy });
}

/** Whether work that hangs is told to end when its hours are over. */
async function hangingIsTold(): Promise<boolean> {
  let told = false;
  const pause = async (): Promise<void> => {};
  // The limit looks at nothing else of a runner's world.
  const world = { pause, signal: new AbortController().signal } as unknown as RunnerWorld;
  const hang = ({ signal }: RunnerWorld): Promise<never> =>
    new Promise((_, refuse) =>
      signal.addEventListener("abort", () => {
        told = true;
        refuse(signal.reason);
      }),
    );
  await withinLimit(world, "compare-instance", hang).catch(() => undefined);
  return told && longestRun["compare-instance"] === hours(9);
}

/** What drills and their instances do without each protective line. */
export const backupDrillGuards: readonly GuardCase[] = [
  only(
    "what changed is still bounded",
    "a copy that lost a table that changed all over differs",
    () => judged({ still: 9_000, copied: 0 }).differences.length > 0,
  ),
  only(
    "a proof covers at least half",
    "a copy of which little could be compared is not proven",
    () => judged({ still: 10, copied: 2_001 }).short !== undefined,
  ),
  only("a run that takes too long ends itself", "a run that hangs is told to end", hangingIsTold),
];
