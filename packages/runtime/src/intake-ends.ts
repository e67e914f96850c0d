import { hasRung, mergeAlarms, rings } from "@nightshift/decide/incidents/alarms";
import { type AlarmMove, before, minutes, type RungAlarm, serviceName } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import type { ComingAlarm, GroupShare } from "./intake.ts";

/** How far back flapping looks (`decide/incidents/flapping.ts`). */
const FLAPPING = minutes(15);

/**
 * The share with ends that came before their beginnings: in the signals, or in the incident that the group had before.
 * Read after the pointer was claimed (see `takeKnown`).
 */
export async function withEnds(world: Pick<World, "signals">, share: GroupShare, earlier: readonly RungAlarm[]): Promise<GroupShare> {
  const ringing = mergeAlarms(
    [],
    share.coming.map((one) => one.move),
  ).filter((one) => hasRung(one) && rings(one));
  const services = [...new Set(ringing.map((one) => one.service))];
  const signals = await Promise.all(services.map((service) => world.signals.read(serviceName(service), firstOf(share).move.at)));
  // An end that is a little older than the ring is one of the changes that flapping is told by.
  const kept = [...signals.flatMap((one) => one.alarms), ...earlier];
  const ends = ringing.flatMap(({ name, service, since, severity, role }) =>
    kept
      .filter((one) => one.name === name && one.value !== "ALARM" && one.since > before(since, FLAPPING))
      .map((one): AlarmMove => ({ name, service, value: one.value, at: one.since, reason: one.reason, severity, role })),
  );
  const { message } = firstOf(share);
  return { ...share, coming: [...share.coming, ...ends.map((move) => ({ message, move, group: share.group, title: "", listening: [] }))] };
}

/** The first that rings, else the first there is. */
export function firstOf(share: GroupShare): ComingAlarm {
  const rang = share.coming.filter((one) => one.move.value === "ALARM").sort((a, b) => a.move.at - b.move.at || (a.move.name < b.move.name ? -1 : 1));
  const first = rang[0] ?? share.coming[0];
  if (first === undefined) throw new Error(`the group ${share.group} has no alarm in this batch`);
  return first;
}
