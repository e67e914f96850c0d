import { missedDrill } from "@nightshift/decide/backups/missed-drill";
import { manifest, table } from "@nightshift/decide/backups/sandwich.fixture";
import { judgeSandwich, type SandwichVerdict } from "@nightshift/decide/backups/sandwich";
import { type DrillSettings, hours } from "@nightshift/model";
import type { GuardName } from "@nightshift/model/guards";
import { backupAccount } from "@nightshift/runtime/testing/backup-account";
import { instanceOf } from "@nightshift/runtime/testing/backup-cloud";
import { longestRun, withinLimit } from "@nightshift/vault/runner/limit";
import type { RunnerWorld } from "@nightshift/vault/runner/world";
import { tellStanding } from "../../functions/backup-sweep/tell-standing.ts";
import { nightAgo, NIGHT } from "./backup-facts.ts";
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

/** Whether an instance that a hold keeps past its time is told. */
async function standingIsTold(): Promise<boolean> {
  const account = backupAccount(NIGHT);
  const tags = { "nightshift:owner": "nightshift", "nightshift:purpose": "drill", "nightshift:expires": "2026-01-01T00:00:00Z" };
  account.cloud.instances.set("nightshift-verify-shop", instanceOf("nightshift-verify-shop", { tags }));
  await tellStanding(account.world);
  return account.world.openings.size === 1;
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
  only("an instance past its time is told", "a drill's instance that stands for months is told", standingIsTold),
  only(
    "a drill that did not happen is told",
    "a month without its drill is told",
    () => missedDrill({ of: "shop", at: NIGHT, drill: { day: 3, at: { hour: 4, minute: 15 } } as DrillSettings, rows: [nightAgo(60)] }) !== undefined,
  ),
  only("a run that takes too long ends itself", "a run that hangs is told to end", hangingIsTold),
];
