import { answered, type Carry, card } from "../verb.ts";

/** Says who asks, and what the config lets them do. */
export const whoami: Carry<"whoami"> = async (_, { person, policy, request }) =>
  answered(
    card(`You are ${person.name} (${request.asker.user}) in ${policy.product} ${policy.zone}.`, [
      `Everywhere: ${person.roles.join(", ")}`,
      ...Object.entries(person.rolesFor).map(([where, roles]) => `${where}: ${roles.join(", ")}`),
      "Roles are given under people in nightshift.config.ts; each includes those before it: viewer, responder, operator, owner.",
    ]),
  );
