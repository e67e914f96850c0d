import type { Breach, Trigger } from "@nightshift/model";
import { isWorker, type Seen } from "../seen.ts";

type HealthChecks = Extract<Trigger, { kind: "health-checks" }>;

/** From this share of the judged targets on, the revision itself is unhealthy; below it, one machine or one slow start may be. */
const HARD_FROM = 0.5;

/**
 * More than so many looks in a row with an unhealthy target of the judged revision: "> 3 consecutive" is four (decision 10).
 * Hard where at least half of its targets are unhealthy at the newest look, or our own probe failed at it; else soft, for
 * blame to decide (`docs/decisions/0004-one-unhealthy-target-of-many.md`).
 */
export function healthChecks(trigger: HealthChecks, seen: Seen): Breach | undefined {
  const { unhealthyLooks } = seen.memory;
  if (unhealthyLooks <= trigger.moreThan) return undefined;
  const targets = seen.look.targets.ok ? seen.look.targets.value : [];
  const judged = targets.filter((target) => target.judged && target.state !== "draining" && target.state !== "unused");
  const failing = judged.filter((target) => target.state === "unhealthy");
  const reason = failing.find((target) => target.reason !== undefined)?.reason;
  const older = targets.filter((target) => !target.judged && target.state === "healthy").length;
  const share = !isWorker(seen.service, seen.look) && older === 0 && judged.length > 0 && failing.length === judged.length ? 100 : undefined;
  const hard = failing.length > 0 ? failing.length >= HARD_FROM * judged.length : seen.look.smoke.some((result) => !result.ok);
  const what =
    failing.length === 0 ? "our own probe failed" : `${failing.length} of ${judged.length} new targets unhealthy${reason === undefined ? "" : ` (${reason})`}`;
  return {
    service: seen.service.name,
    trigger: "health-checks",
    strength: hard ? "hard" : "soft",
    since: seen.now,
    errorShare: share,
    says: `health checks failed ${unhealthyLooks} looks in a row: ${what}`,
  };
}
