import type { DoRestore } from "@nightshift/decide/backups/decide-restore";
import { shopDatabase } from "@nightshift/decide/backups/database.fixture";
import { backupId } from "@nightshift/model";
import type { GuardName } from "@nightshift/model/guards";
import { play } from "@nightshift/runtime";
import { restore } from "../../functions/restore/automation.ts";
import { runNameOf } from "../../functions/restore/begin.ts";
import { approved, plan } from "./backup-automations.ts";
import { nightAgo, NIGHT } from "./backup-facts.ts";
import type { GuardCase } from "./case.ts";

const only = (off: GuardName, promise: string, kept: GuardCase["kept"]): GuardCase => ({ off: [off], promise, kept });

const verdictOf = (id: string): DoRestore => ({
  kind: "restore",
  because: [],
  order: { of: "shop", by: "lead", because: "a bad migration", asked: NIGHT },
  way: { kind: "database", row: nightAgo(1), estimate: undefined },
  source: {
    endpoint: "shop-prod.example.internal:5432",
    instanceClass: "db.t4g.medium",
    subnetGroup: undefined,
    securityGroups: [],
    parameterGroup: undefined,
  },
  tags: { "nightshift:plan": id },
});

/** What people ask for about backups, without each protective line. */
export const backupAskedGuards: readonly GuardCase[] = [
  only(
    "a restore's run is its own plan's",
    "two plans of one minute have a run each",
    () => runNameOf(verdictOf("R-shop-1")) !== runNameOf(verdictOf("R-shop-2")),
  ),
  only("a restore is of what was ordered", "a run that restored another backup is not called the restore that was asked for", async () => {
    const account = approved();
    const into = "shop_new on shop-prod.example.internal:5432";
    account.ends.restore = { state: "restored", differences: [], findings: [], times: {}, restoredInto: into };
    const { shelf } = account.world;
    const report: typeof shelf.report = async (of, run) => {
      const said = await shelf.report(of, run);
      return said === undefined ? undefined : { ...said, backup: backupId("shop-261101-0200-nightly") };
    };
    const world = Object.assign(account.world, { shelf: { ...shelf, report } });
    const { outcome } = await play(restore, { event: { plan }, settings: [shopDatabase], world, checkpoints: account.checkpoints });
    return outcome?.kind === "failed";
  }),
];
