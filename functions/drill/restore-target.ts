import type { RunDrill } from "@nightshift/decide/backups/decide-drill";
import { guard } from "@nightshift/model/guards";
import type { DrillReceipt, DrillRun, DrillSeen } from "./settings.ts";

/** Two drills that begin at once take this in turn: the second then sees the first one's instance. */
const LEASE = "backup-drill";

/** Restores into a temporary instance: isolated, with explicit tags and the source's parameter group; only if no other one stands. */
export async function restoreTarget(run: DrillRun, verdict: RunDrill, { due, config }: DrillSeen): Promise<DrillReceipt> {
  const { instance, from, tags, parameterGroup, cost } = verdict;
  const { drill, budgets } = config;
  const grant = await run.acquire({ holder: run.key, group: LEASE, services: [LEASE], kind: "other", mutations: 2, approved: due.by !== undefined }, budgets);
  if (grant.kind === "refused") {
    const at = await run.step("when it was refused", async ({ clock }) => clock.now());
    return { verdict, restored: { kind: "refused", because: grant.because, at } };
  }
  const restored = await run.mutate<"restoring" | "already">({
    name: `restore into ${instance}`,
    service: due.of,
    intent: { from, instanceClass: drill.instanceClass, subnetGroup: drill.subnetGroup, tags, cost },
    epoch: undefined,
    look: async ({ databases }) => {
      if ((await databases.instance(instance)) !== undefined) return { kind: "already", value: "already" };
      const other = (await databases.disposable()).find((one) => one.instance.startsWith("nightshift-verify-") && one.status !== "deleting");
      if (other !== undefined && guard("one drill at a time")) return { kind: "refuse", because: `${other.instance} stands already` };
      return { kind: "go" };
    },
    call: ({ restores }) =>
      restores.restore({
        instance,
        from,
        instanceClass: drill.instanceClass,
        subnetGroup: drill.subnetGroup,
        securityGroups: drill.securityGroups,
        parameterGroup,
        tags,
      }),
  });
  await run.release([LEASE]);
  return { verdict, restored };
}
