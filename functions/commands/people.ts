import { whoIsOnCall } from "@nightshift/decide/incidents/on-call";
import { days, type EpochMs, type OnCallOverride, after, before, type Tier } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import type { On } from "./verb.ts";

/** The config's name of a person, who may be `me`, a name or a Slack user id. */
export function personNamed(word: string, { person, policy }: Pick<On, "person" | "policy">): string {
  if (word === "me" || word === person.slack) return person.name;
  return policy.people.find((one) => one.name === word || one.slack === word)?.name ?? word;
}

/** The Slack user id of a person; undefined where the config names none. */
export const slackOf = (name: string, { policy, person }: Pick<On, "policy" | "person">): string | undefined =>
  policy.people.find((one) => one.name === name)?.slack ??
  (person.name === name ? (person.slack ?? undefined) : /^[UW][A-Z0-9]{2,20}$/.test(name) ? name : undefined);

/** Hand-overs that touch the week around a moment. */
export const overridesAround = (on: On, at: EpochMs): Promise<readonly OnCallOverride[]> => on.world.onCall.overrides(before(at, days(1)), after(at, days(8)));

/** Members of a rota that is a user group; none where Slack does not say. */
export async function membersOf(on: On, tier: Tier): Promise<readonly string[]> {
  if (tier.rota.kind !== "slack-group") return [];
  try {
    return await on.world.directory.groupMembers(tier.rota.group);
  } catch (error) {
    if (error instanceof PortError) return [];
    throw error;
  }
}

/** Who stands on a tier now. */
export async function onDuty(on: On, tier: Tier, overrides: readonly OnCallOverride[]) {
  return whoIsOnCall(tier.rota, overrides, on.now, await membersOf(on, tier));
}
