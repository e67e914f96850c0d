import { readFileSync } from "node:fs";
import { limits } from "@nightshift/slack";
import { describe, expect, it } from "vitest";

const read = (name: string) => readFileSync(new URL(`../../slack/${name}`, import.meta.url), "utf8");

interface Command {
  readonly command: string;
  readonly url: string;
  readonly description: string;
  readonly usage_hint: string;
  readonly should_escape: boolean;
}

describe("the Slack app's manifest", () => {
  // The file is ours; a field of another shape fails in the expectations below.
  const manifest = JSON.parse(read("manifest.json")) as {
    readonly display_information: { readonly name: string; readonly description: string; readonly background_color: string };
    readonly features: { readonly bot_user: { readonly display_name: string }; readonly slash_commands: readonly Command[] };
    readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
    readonly settings: Readonly<Record<string, unknown>>;
  };

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
  });
  it("one command, /ops, which gets people and channels by id", () => {
    expect(manifest.features.slash_commands.map(({ command, should_escape }) => [command, should_escape])).toEqual([["/ops", true]]);
  });
  it("asks for the four scopes that it needs, and the page beside it says why for each", () => {
    expect(manifest.oauth_config.scopes.bot).toEqual(["chat:write", "channels:history", "groups:history", "commands"]);
    expect(manifest.oauth_config.scopes.bot.length).toBeLessThanOrEqual(limits.manifest.scopes);
    const page = read("README.md");
    for (const scope of manifest.oauth_config.scopes.bot) expect(page).toContain(`| \`${scope}\` |`);
  });
  it("is an app of one workspace that Slack reaches by HTTP", () => {
    expect(manifest.settings).toEqual({ org_deploy_enabled: false, socket_mode_enabled: false, token_rotation_enabled: false });
  });
});
