import { type Directory, PortError } from "@nightshift/ports";
import { at, type Call, textAt } from "./call.ts";

/** What Slack knows of people, one call each. A guest of one or more channels, and somebody from another workspace (Slack Connect), count as guests. */
export function directoryOver(call: Call): Directory {
  return {
    async groupMembers(group) {
      const members = at(await call("usergroups.users.list", group, { usergroup: group }), "users");
      return Array.isArray(members) ? members.filter((one) => typeof one === "string") : [];
    },
    async user(id) {
      const user = at(await call("users.info", id, { user: id }), "user");
      // Source: "User object", https://docs.slack.dev/reference/objects/user-object, 2026-11-21.
      const flag = (name: string) => at(user, name) === true;
      return {
        id,
        team: textAt(user, "team_id"),
        guest: flag("is_restricted") || flag("is_ultra_restricted") || flag("is_stranger"),
        bot: flag("is_bot") || flag("is_workflow_bot"),
        gone: flag("deleted"),
      };
    },
    async directMessage(user) {
      const channel = textAt(await call("conversations.open", user, { users: user }), "channel", "id");
      if (channel === undefined) throw new PortError("unavailable", "slack:conversations.open", user, "Slack said yes without a channel");
      return channel;
    },
    async whoAmI() {
      const answer = await call("auth.test", "our token", {});
      return { team: textAt(answer, "team_id") ?? "", user: textAt(answer, "user_id") ?? "" };
    },
  };
}
