import type { DeploymentStarted, EpochMs, Lease, WatchRecord } from "@nightshift/model";
import { after, hours, minutes, since } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";

/** What becomes of a deployment that began. */
export type DeploymentRoute =
  | { readonly kind: "open" | "join" | "supersede"; readonly next: WatchRecord; readonly because: string }
  /** `restart`: the watch row stands, but the start of its execution may have been lost; starting it again is harmless. */
  | { readonly kind: "ignore"; readonly restart: boolean; readonly because: string };

/** A deployment event, and what is known when it comes. */
export interface ToRoute {
  readonly started: DeploymentStarted;
  /** The work key of the watch that this deployment would open. */
  readonly key: string;
  readonly now: EpochMs;
  /** The lease of a rollback of ours on this very service, if one is under way. */
  readonly rollbackUnderWay: Lease | undefined;
}

/** The longest an alarm still gets a suggestion after a deployment (decision 8). */
export const TAIL = hours(24);
/** Events come late and twice: up to 24 h in the worst case, but by then there is nothing to watch. */
const STALE = hours(1);
/** A watch that did not close itself in this time has died; it does not stand in the way. */
const ABANDONED = minutes(150);
const OURS_KEPT = 20;

/** Opens a watch, joins the group's open one, or supersedes it. One execution per group (decision 8). */
export function routeDeployment(existing: WatchRecord | undefined, { started, key, now, rollbackUnderWay }: ToRoute): DeploymentRoute {
  if (existing?.ours.includes(started.deployment) && guard("own rollback is not watched")) return ignore("it is a rollback of ours");
  if (rollbackUnderWay !== undefined && guard("no watch while we roll back", started.at <= rollbackUnderWay.until))
    return ignore(`a rollback of ${started.service} is under way; its verification notices newer deployments`);
  if (existing?.members[started.service] === started.deployment && guard("deployment is watched once"))
    return { kind: "ignore", restart: existing.state === "watching" && existing.key === key, because: "this deployment is watched already" };
  if (guard("stale event starts nothing", since(started.at, now) > STALE)) return ignore("the event is more than an hour old");
  if (existing === undefined || existing.state === "closed" || since(existing.openedAt, now) > ABANDONED) {
    return { kind: "open", because: `a watch over ${started.group} begins`, next: opened({ started, key, now, ours: existing?.ours ?? [], members: {} }) };
  }
  if (existing.state === "acting") return ignore(`a rollback of ${started.group} is under way; its verification notices newer deployments`);
  const before = existing.members[started.service];
  if (before === undefined) {
    return {
      kind: "join",
      because: `${started.service} is judged together with its group`,
      next: { ...existing, members: { ...existing.members, [started.service]: started.deployment } },
    };
  }
  // Late and out of order: an event older than the watch was already known when the watch read the service.
  if (guard("late event supersedes nothing", started.at < existing.openedAt))
    return ignore("the event is older than the watch, which has read the service since");
  return {
    kind: "supersede",
    because: `a newer deployment of ${started.service} began; the watch over ${before} ends`,
    next: opened({ started, key, now, ours: existing.ours, members: existing.members }),
  };
}

/** Until when an alarm still gets a suggestion after a watch that ended now. */
export const tailUntil = (now: EpochMs): EpochMs => after(now, TAIL);

const ignore = (because: string): DeploymentRoute => ({ kind: "ignore", restart: false, because });

/** A new watch judges what its predecessor judged, and the newer deployment. */
const opened = ({ started, key, now, ours, members }: Pick<ToRoute, "started" | "key" | "now"> & Pick<WatchRecord, "ours" | "members">): WatchRecord => ({
  group: started.group,
  key,
  members: { ...members, [started.service]: started.deployment },
  openedAt: now,
  state: "watching",
  ours: ours.slice(-OURS_KEPT),
  tailUntil: tailUntil(now),
  verdict: undefined,
});
