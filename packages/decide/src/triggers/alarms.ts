import type { AlarmState, Breach, Trigger } from "@nightshift/model";
import { sayLength, since } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { Seen } from "../seen.ts";

type Alarms = Extract<Trigger, { kind: "alarms" }>;

/**
 * One of the team's own alarms went to ALARM after exposure. An alarm that rang before the deployment is left out for the
 * whole watch (hazard 10); INSUFFICIENT_DATA never triggers; a change at the very moment of exposure is still the old revision's.
 */
export function alarms(trigger: Alarms, seen: Seen): Breach | undefined {
  const { exposedAt } = seen.memory;
  if (exposedAt === undefined) return undefined;
  const tainted = new Set(taintedAlarms(seen).map((alarm) => alarm.name));
  const ringing = seen.look.alarms.filter(
    (alarm) =>
      trigger.names.includes(alarm.name) &&
      !guard("only ALARM rings", alarm.value !== "ALARM") &&
      !guard("alarm after exposure", alarm.since <= exposedAt) &&
      !guard("alarm before the deployment", tainted.has(alarm.name)),
  );
  const first = [...ringing].sort((a, b) => a.since - b.since)[0];
  if (first === undefined) return undefined;
  const others = ringing.length === 1 ? "" : ` and ${ringing.length - 1} more`;
  return {
    service: seen.service.name,
    trigger: "alarms",
    strength: "soft",
    since: first.since,
    errorShare: undefined,
    says: `alarm ${first.name}${others} since ${sayLength(since(first.since, seen.now))}, ${sayLength(since(exposedAt, first.since))} after exposure: ${first.reason}`,
  };
}

/** Alarms that rang already when the watch began: the guard is blind to them. */
export const taintedAlarms = ({ member }: Pick<Seen, "member">): readonly AlarmState[] => member.alarmsAtStart.filter((alarm) => alarm.value === "ALARM");
