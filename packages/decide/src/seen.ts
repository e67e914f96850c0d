import type { EpochMs, GuardedService, GuardSettings, MemberLook, MemberMemory, MetricSeries, Prepared, PreparedMember, WatchMemory } from "@nightshift/model";
import { finished, gridOf, type Minute, ownsBalancer, trafficMinutes } from "./figures.ts";

/** All that is known of one member at one look: what triggers and blame judge. */
export interface Seen {
  readonly service: GuardedService;
  readonly member: PreparedMember;
  readonly memory: MemberMemory;
  readonly look: MemberLook;
  readonly now: EpochMs;
}

/** The members that can be judged: prepared, remembered, looked at and still in the config. */
export function seenMembers(prepared: Prepared, memory: WatchMemory, settings: GuardSettings): readonly Seen[] {
  const latest = memory.latest;
  if (latest === undefined) return [];
  return prepared.members.flatMap((member) => {
    const service = settings.services.find((one) => one.name === member.ref.service);
    const remembered = memory.members.find((one) => one.service === member.ref.service);
    const look = latest.members.find((one) => one.service === member.ref.service);
    return service === undefined || remembered === undefined || look === undefined ? [] : [{ service, member, memory: remembered, look, now: latest.at }];
  });
}

/** The series of the look; none where CloudWatch did not answer. */
export const seriesOf = (seen: Seen): readonly MetricSeries[] => (seen.look.metrics.ok ? seen.look.metrics.value : []);

/** Whether the load balancer's own errors are this service's: from the hour before, when nothing was wrong yet, else from now. */
export const ownBalancer = (seen: Seen): boolean =>
  ownsBalancer(seen.member.baseline.before, seen.service) ?? ownsBalancer(seriesOf(seen), seen.service) ?? false;

/** Finished minutes that lie wholly after exposure, without holes; undefined when there is nothing fresh to judge. */
export function judgedMinutes(seen: Seen): readonly Minute[] | undefined {
  const { exposedAt } = seen.memory;
  if (exposedAt === undefined) return undefined;
  return gridOf(finished(trafficMinutes(seriesOf(seen), seen.service, ownBalancer(seen)), exposedAt, seen.now), seen.now);
}

/** The minutes of the hour before the deployment and of the same hour last week. */
export const baselineMinutes = (seen: Seen): { readonly before: readonly Minute[]; readonly lastWeek: readonly Minute[] } => ({
  before: trafficMinutes(seen.member.baseline.before, seen.service, ownBalancer(seen)),
  lastWeek: trafficMinutes(seen.member.baseline.lastWeek, seen.service, ownBalancer(seen)),
});

/** Whether anybody routes requests to the service: without targets it is a worker, and running is all it can show. */
export const isWorker = (service: GuardedService, look: MemberLook): boolean =>
  service.traffic === undefined && !(look.state.ok && look.state.value.targetGroups.length > 0);
