import type { Person } from "@nightshift/decide/commands/authorise";
import { type EpochMs, type IncidentPolicy, minutes, type Role, since, type Asker } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { type Directory, PortError } from "@nightshift/ports";

/** Who asks, or why nobody here listens to them. */
export type Known = { readonly kind: "known"; readonly person: Person } | { readonly kind: "refused"; readonly because: string };

/** A Slack user as a person with roles: one workspace, one app, no guests; roles from the config's list and its user groups, never from a display name. */
export async function whoAsks({
  asker,
  policy,
  directory,
}: {
  asker: Asker;
  policy: IncidentPolicy;
  directory: Pick<Directory, "user" | "groupMembers">;
}): Promise<Known> {
  const { slack } = policy;
  if (slack === undefined) return stranger("no Slack workspace is named under slack in nightshift.config.ts");
  if (guard("stranger is refused", asker.team !== slack.team)) return stranger("this comes from another Slack workspace");
  if (guard("stranger is refused", asker.app !== slack.app)) return stranger("this comes from another Slack app");
  if (guard("stranger is refused", asker.userTeam !== undefined && asker.userTeam !== slack.team)) return stranger("you belong to another Slack workspace");
  const listed = policy.people.find((one) => one.slack === asker.user);
  const seen = await maybe(() => directory.user(asker.user));
  // A free plan, a missing scope or a bad minute of Slack's must not lock out those whom the config names.
  if (seen === undefined && listed === undefined)
    return stranger("Slack does not say who you are now, and the config does not name you; try again in a minute");
  if (seen !== undefined) {
    const otherTeam = seen.team !== undefined && seen.team !== slack.team;
    if (guard("stranger is refused", seen.guest || seen.bot || seen.gone || otherTeam)) return stranger("guests, bots and former members cannot use this");
  }
  const fromGroups: Role[] = [];
  for (const { slackGroup, roles } of policy.groupsWithRoles) {
    const members = await maybe(() => directory.groupMembers(slackGroup));
    if (members?.includes(asker.user) === true) fromGroups.push(...roles);
  }
  return {
    kind: "known",
    person: {
      name: listed?.name ?? asker.user,
      slack: asker.user,
      // Whoever is a full member of the workspace may read.
      roles: [...new Set<Role>(["viewer", ...(listed?.roles ?? []), ...fromGroups])],
      rolesFor: listed?.rolesFor ?? {},
    },
  };
}

const stranger = (because: string): Known => ({ kind: "refused", because: `Nothing was done: ${because}.` });

/** Undefined where Slack does not answer: less is allowed then, never more. */
async function maybe<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof PortError) return undefined;
    throw error;
  }
}

/** Answers are kept so long: a role that was taken away counts no more after this. */
const KEPT_FOR = minutes(5);

/** Keeps what Slack said of people and groups for five minutes, so that a busy thread costs no calls. Failures are not kept. */
export function rememberingDirectory(directory: Pick<Directory, "user" | "groupMembers">, now: () => EpochMs): Pick<Directory, "user" | "groupMembers"> {
  const users = kept((id: string) => directory.user(id), now);
  const groups = kept((id: string) => directory.groupMembers(id), now);
  return { user: users, groupMembers: groups };
}

function kept<T>(ask: (id: string) => Promise<T>, now: () => EpochMs): (id: string) => Promise<T> {
  const known = new Map<string, { readonly at: EpochMs; readonly value: T }>();
  return async (id) => {
    const found = known.get(id);
    if (found !== undefined && since(found.at, now()) < KEPT_FOR) return found.value;
    const value = await ask(id);
    known.set(id, { at: now(), value });
    return value;
  };
}
