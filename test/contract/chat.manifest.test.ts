import { readdirSync, readFileSync } from "node:fs";
import { forms } from "@nightshift/model";
import { limits } from "@nightshift/slack";
import { describe, expect, it } from "vitest";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

interface Command {
  readonly command: string;
  readonly url: string;
  readonly description: string;
  readonly usage_hint: string;
  readonly should_escape: boolean;
}

/**
 * What a bot needs for each method in a public channel; `history` also in a private one. Source: the methods' own pages,
 * https://docs.slack.dev/reference/methods, 2026-11-21.
 */
const scopesOf: Readonly<Record<string, readonly string[]>> = {
  "auth.test": [],
  "views.open": [],
  "bookmarks.add": ["bookmarks:write"],
  "chat.delete": ["chat:write"],
  "chat.postEphemeral": ["chat:write"],
  "chat.postMessage": ["chat:write"],
  "chat.update": ["chat:write"],
  "conversations.create": ["channels:manage"],
  "conversations.history": ["channels:history", "groups:history"],
  "conversations.invite": ["channels:manage"],
  "conversations.join": ["channels:join"],
  "conversations.open": ["im:write"],
  "conversations.replies": ["channels:history", "groups:history"],
  "conversations.setTopic": ["channels:manage"],
  "files.completeUploadExternal": ["files:write"],
  "files.getUploadURLExternal": ["files:write"],
  "pins.add": ["pins:write"],
  "usergroups.users.list": ["usergroups:read"],
  "users.info": ["users:read"],
};

/** Scopes of features instead of methods. */
const featureScopes = ["app_mentions:read", "commands"];

/** Every method that our code names. */
function methodsCalled(): readonly string[] {
  const files = ["packages/slack/src/", "functions/ingress/"].flatMap((folder) =>
    readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !/\.(test|fixture)\.ts$/.test(name))
      .map((name) => read(folder + name)),
  );
  const named = files.flatMap((text) => [...text.matchAll(/(?:call\(\s*"|\$\{apiUrl\})([a-z]+(?:\.[A-Za-z]+)+)/g)].map((found) => found[1] ?? ""));
  return [...new Set(named)].sort();
}

describe("the Slack app's manifest", () => {
  // The file is ours; a field of another shape fails in the expectations below.
  const manifest = JSON.parse(read("slack/manifest.json")) as {
    readonly display_information: { readonly name: string; readonly description: string; readonly background_color: string };
    readonly features: {
      readonly bot_user: { readonly display_name: string };
      readonly slash_commands: readonly Command[];
      readonly shortcuts: readonly { readonly name: string; readonly type: string; readonly callback_id: string; readonly description: string }[];
    };
    readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
    readonly settings: Readonly<Record<string, unknown>>;
  };
  const { bot } = manifest.oauth_config.scopes;

  it("names and descriptions fit into Slack's limits", () => {
    const { display_information: shown, features } = manifest;
    expect(shown.name.length).toBeLessThanOrEqual(limits.manifest.name);
    expect(shown.description.length).toBeLessThanOrEqual(limits.manifest.description);
    expect(shown.background_color).toMatch(/^#[0-9a-f]{6}$/);
    expect(features.bot_user.display_name).toMatch(/^[a-z0-9._-]+$/);
    expect(features.bot_user.display_name.length).toBeLessThanOrEqual(limits.manifest.displayName);
    expect(features.slash_commands.length).toBeLessThanOrEqual(limits.manifest.commands);
    for (const { command, url, description, usage_hint } of features.slash_commands) {
      expect(command).toMatch(/^\/[a-z0-9-]+$/);
      expect(command.length).toBeLessThanOrEqual(limits.manifest.command);
      expect(description.length).toBeLessThanOrEqual(limits.manifest.commandDescription);
      expect(usage_hint.length).toBeLessThanOrEqual(limits.manifest.usageHint);
      expect(new URL(url).protocol).toBe("https:");
    }
    expect(features.shortcuts.length).toBeLessThanOrEqual(limits.manifest.shortcuts);
    for (const { name, description } of features.shortcuts) {
      expect(name.length).toBeLessThanOrEqual(limits.manifest.shortcutName);
      expect(description.length).toBeLessThanOrEqual(limits.manifest.shortcutDescription);
    }
  });
  it("one command, /ops, which gets people and channels by id, and one message shortcut, which the door knows", () => {
    expect(manifest.features.slash_commands.map(({ command, should_escape }) => [command, should_escape])).toEqual([["/ops", true]]);
    expect(manifest.features.shortcuts.map(({ type, callback_id }) => [type, callback_id])).toEqual([["message", forms.addToTimeline]]);
  });
  it("every method that is called has its scopes, and every scope is needed", () => {
    const called = methodsCalled();
    expect(called).toEqual(Object.keys(scopesOf).sort());
    expect([...bot].sort()).toEqual([...new Set([...featureScopes, ...called.flatMap((method) => scopesOf[method] ?? [])])].sort());
    expect(bot.length).toBeLessThanOrEqual(17);
  });
  it("the page beside it says why for each, and names no other", () => {
    const reasons = [...read("slack/README.md").matchAll(/^\| `([a-z_.:]+)` \| \S/gm)].map((found) => found[1]);
    expect(reasons).toEqual([...bot]);
  });
  it("is an app of one workspace that Slack reaches by HTTP, and hears only what mentions it", () => {
    expect(manifest.settings).toEqual({
      event_subscriptions: { request_url: "https://nightshift.invalid/slack/events", bot_events: ["app_mention"] },
      interactivity: { is_enabled: true, request_url: "https://nightshift.invalid/slack/interactivity" },
      org_deploy_enabled: false,
      socket_mode_enabled: false,
      token_rotation_enabled: false,
    });
  });
});
