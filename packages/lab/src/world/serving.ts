import { type EcsAccount, isUp } from "../services/ecs/account.ts";
import type { ServiceRecord } from "../services/ecs/records.ts";

/** Share of traffic by the digest that answers it; for workers, of the running tasks. Sorted by digest. */
export function servingShares(account: EcsAccount, service: ServiceRecord): ReadonlyMap<string, number> {
  const group = service.loadBalancers[0]?.targetGroupArn;
  const ips = group === undefined ? undefined : new Set(account.balancing.receivers(group).map((target) => target.id));
  const taking = service.tasks.filter((task) => (ips === undefined ? isUp(task) : task.status !== "STOPPED" && ips.has(task.ip)));
  const shares = new Map<string, number>();
  for (const digest of taking.map((task) => task.digests[0] ?? "none").sort()) shares.set(digest, (shares.get(digest) ?? 0) + 1 / taking.length);
  for (const [digest, share] of shares) shares.set(digest, Math.round(share * 1_000) / 1_000);
  return shares;
}
