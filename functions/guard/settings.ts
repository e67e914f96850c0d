import type { GuardedService, GuardSettings, ServiceName } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import type { manifest } from "./manifest.ts";

/** The ports the guard's manifest lists. */
type GuardPorts = (typeof manifest)["uses"][number];
/** The part of the world the guard sees. */
export type GuardWorld = Pick<World, GuardPorts>;

/** The settings of one member. @throws when the service is not in the group: the config changed under a running watch. */
export function settingsOf(settings: GuardSettings, service: ServiceName): GuardedService {
  const found = settings.services.find((one) => one.name === service);
  if (found === undefined) throw new Error(`${service} is not in group ${settings.group} of nightshift.config.ts any more: the watch cannot go on.`);
  return found;
}
