import { labSlack, type Method, ok, refused, text, type WorkspaceState } from "./state.ts";

/** People, groups and ourselves. Source: the methods' pages, https://docs.slack.dev/reference/methods, and "User object", https://docs.slack.dev/reference/objects/user-object (2026-11-21). */
export const directoryMethods = (state: WorkspaceState): Readonly<Record<string, Method>> => ({
  "auth.test": () =>
    ok({
      url: "https://lab.slack.com/",
      team: "Lab",
      user: "nightshift",
      team_id: labSlack.team,
      user_id: labSlack.bot,
      bot_id: "B0LAB",
      is_enterprise_install: false,
    }),
  "users.info": (given) => {
    const id = text(given, "user") ?? "";
    // Where nobody was named, everybody exists.
    const somebody = state.users.size === 0 && id !== "" ? ({ id, name: id, team: labSlack.team, guest: "no", bot: false, gone: false } as const) : undefined;
    const user = state.users.get(id) ?? somebody;
    if (user === undefined) return refused("user_not_found");
    return ok({
      user: {
        id: user.id,
        team_id: user.team,
        name: user.name,
        deleted: user.gone,
        is_bot: user.bot,
        is_restricted: user.guest === "channels" || user.guest === "one-channel",
        is_ultra_restricted: user.guest === "one-channel",
        ...(user.guest === "stranger" ? { is_stranger: true } : {}),
      },
    });
  },
  "usergroups.users.list": (given) => {
    const users = state.groups.get(text(given, "usergroup") ?? "");
    return users === undefined ? refused("no_such_subteam") : ok({ users });
  },
});
