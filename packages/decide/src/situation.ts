import {
  ecsDeploymentId,
  epochMs,
  type GuardedService,
  type GuardSettings,
  type MemberLook,
  type MemberMemory,
  type Prepared,
  type PreparedMember,
  type WatchMemory,
} from "@nightshift/model";
import { DAY, guarded, MINUTE, memberLook, memberMemory, preparedMember, series, settingsFor, T0, type Traffic } from "./fixtures.ts";

/** Everything `decideGuard` is given. */
export interface Situation {
  readonly prepared: Prepared;
  readonly memory: WatchMemory;
  readonly settings: GuardSettings;
}

/** What a case changes in the ordinary deployment of `shop-api:43`. */
export interface Change {
  /** Minutes since exposure at the look; 3 unless told. */
  readonly minutesIn?: number;
  readonly traffic?: Traffic;
  readonly service?: Partial<GuardedService>;
  readonly member?: Partial<PreparedMember>;
  readonly look?: Partial<MemberLook>;
  readonly remembered?: Partial<MemberMemory>;
  readonly watchKey?: string;
  readonly heldBecause?: string;
  readonly looks?: number;
  readonly blindLooks?: number;
  readonly siblings?: readonly { readonly service: string; readonly failing: boolean }[];
}

/** One look, ten seconds after a whole number of minutes since exposure, with the figures of the last half hour. */
export function situation(
  change: Change = {},
  others: readonly { readonly name: string; readonly change: Change; readonly service: GuardedService }[] = [],
): Situation {
  const minutesIn = change.minutesIn ?? 3;
  const at = epochMs(T0 + minutesIn * MINUTE + 10_000);
  const all = [{ name: "shop-api", change, service: guarded("shop-api", change.service) }, ...others];
  return {
    prepared: { group: "shop", key: "guard/shop/43", preparedAt: epochMs(T0 - 60_000), members: all.map((one) => baselined(one.name, one.change)) },
    settings: settingsFor(...all.map((one) => one.service)),
    memory: {
      looks: change.looks ?? 20,
      startedAt: epochMs(T0 - 60_000),
      members: all.map((one) => memberMemory(one.name, one.change.remembered)),
      suspectedAt: undefined,
      evidence: undefined,
      blindLooks: change.blindLooks ?? 0,
      latest: {
        at,
        watchKey: change.watchKey ?? "guard/shop/43",
        watched: Object.fromEntries(all.map((one) => [one.name, ecsDeploymentId(`ecs-svc/${one.name}-43`)])),
        heldBecause: change.heldBecause,
        members: all.map((one) =>
          memberLook(one.name, {
            ...(one.service.traffic === undefined ? {} : { metrics: { ok: true, value: series(one.name, [minutesIn - 30, minutesIn], one.change.traffic) } }),
            ...one.change.look,
          }),
        ),
        ...(change.siblings === undefined ? {} : { siblings: change.siblings }),
      },
    },
  };
}

/** The hour before the deployment and the same hour a week earlier: quiet unless the case's own traffic reaches back. */
const baselined = (name: string, change: Change): PreparedMember =>
  preparedMember(name, {
    baseline: {
      before: series(name, [-62, -2], change.traffic),
      lastWeek: series(name, [-62, -2]).map((one) => ({ ...one, points: one.points.map((point) => ({ ...point, at: epochMs(point.at - 7 * DAY) })) })),
    },
    ...change.member,
  });
