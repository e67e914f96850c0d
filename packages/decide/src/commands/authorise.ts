import { type IncidentPolicy, type PersonOnFile, type Role, roles } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";

/** Somebody who asks, with what the config lets them do. */
export type Person = Pick<PersonOnFile, "name" | "slack" | "roles" | "rolesFor">;

/** What is asked for: the least role, and where. Empty: everywhere. */
export interface Needed {
  readonly role: Role;
  /** The service and its group, whichever a role may be given for. */
  readonly scope: readonly string[];
}

/** Whether it may be done; a denial says which role is missing and who has it. */
export type Permission = { readonly kind: "allowed" } | { readonly kind: "denied"; readonly missing: Role; readonly because: string };

/** What a person may do in one place: everywhere's roles, and those for this service or group. */
export const rolesIn = (person: Pick<Person, "roles" | "rolesFor">, scope: readonly string[]): readonly Role[] => [
  ...person.roles,
  // Only the config's own names: what a name inherits from every object is no role.
  ...scope.flatMap((name) => (Object.hasOwn(person.rolesFor, name) ? (person.rolesFor[name] ?? []) : [])),
];

/** Each role includes those before it. */
const covers = (held: readonly Role[], needed: Role): boolean => held.some((one) => roles.indexOf(one) >= roles.indexOf(needed));

/** Whether this person holds the role there. */
export const holds = (person: Pick<Person, "roles" | "rolesFor">, { role, scope }: Needed): boolean => covers(rolesIn(person, scope), role);

/** Names of those who hold a role there, by the static list; members of user groups come on top. */
export const whoHolds = (policy: Pick<IncidentPolicy, "people">, needed: Needed): readonly string[] =>
  policy.people.filter((one) => holds(one, needed)).map((one) => one.name);

/** Names shown in a denial at most. */
const SHOWN = 5;

/** Whether a person may do what is asked. Pure; asked again at execution. */
export function authorise(person: Person, needed: Needed, policy: Pick<IncidentPolicy, "people" | "groupsWithRoles" | "zone">): Permission {
  if (!guard("role is held", !holds(person, needed))) return { kind: "allowed" };
  const where = needed.scope[0] === undefined ? "" : ` for ${needed.scope[0]}`;
  const held = rolesIn(person, needed.scope).toSorted((a, b) => roles.indexOf(b) - roles.indexOf(a))[0];
  const who = whoHolds(policy, needed);
  const groups = policy.groupsWithRoles.filter((one) => covers(one.roles, needed.role));
  const names = who.length > SHOWN ? `${who.slice(0, SHOWN).join(", ")} and ${who.length - SHOWN} more` : who.join(", ");
  const has = [...(who.length === 0 ? [] : [names]), ...(groups.length === 0 ? [] : ["members of the user groups in the config"])].join(", and ");
  return {
    kind: "denied",
    missing: needed.role,
    because: `This needs the role ${needed.role}${where} in ${policy.zone}; you have ${held ?? "none"}. ${has === "" ? "Nobody has it: give it to somebody under people in nightshift.config.ts." : `Who has it: ${has}.`} Nothing was changed.`,
  };
}
