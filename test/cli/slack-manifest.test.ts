import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { nightshift, root } from "./harness.ts";

const file = readFileSync(path.join(root, "slack", "manifest.json"), "utf8");
const door = "https://abc123.lambda-url.eu-central-1.on.aws";

describe("slack manifest", () => {
  it("prints the file as it is, and on standard error how to get the address", async () => {
    const { exit, out, err } = await nightshift(["slack", "manifest"]);
    expect(exit).toBe(0);
    expect(`${out.join("\n")}\n`).toBe(file);
    expect(err).toEqual([
      "The address of the door is still a placeholder. `npx sst deploy` prints it as `slack`; then: npx nightshift slack manifest --url ADDRESS",
    ]);
  });

  it.each([door, `${door}/`])("puts the address %s into the command, the forms and the mentions, and changes nothing else", async (url) => {
    const { exit, out, err } = await nightshift(["slack", "manifest", "--url", url]);
    expect(exit).toBe(0);
    expect(err).toEqual([]);
    const printed = JSON.parse(out.join("\n"));
    expect(printed.features.slash_commands[0].url).toBe("https://abc123.lambda-url.eu-central-1.on.aws/slack/commands");
    expect(printed.settings.interactivity.request_url).toBe("https://abc123.lambda-url.eu-central-1.on.aws/slack/interactivity");
    expect(printed.settings.event_subscriptions.request_url).toBe("https://abc123.lambda-url.eu-central-1.on.aws/slack/events");
    expect(`${out.join("\n").replaceAll(door, "https://nightshift.invalid")}\n`).toBe(file);
  });

  it("keeps a path before the door", async () => {
    const { out } = await nightshift(["slack", "manifest", "--json", "--url", "https://tunnel.example/lab"]);
    expect(out).toHaveLength(1);
    expect(JSON.parse(out[0] ?? "").settings.interactivity.request_url).toBe("https://tunnel.example/lab/slack/interactivity");
  });

  it.each(["http://abc123.lambda-url.eu-central-1.on.aws/", "abc123.lambda-url.eu-central-1.on.aws", "https://a.example/?x=1", "https://a:b@a.example/", ""])(
    'refuses "%s", which Slack would not send to',
    async (url) => {
      const { exit, out, err } = await nightshift(["slack", "manifest", "--url", url]);
      expect(exit).toBe(2);
      expect(out).toEqual([]);
      expect(err).toEqual([`slack manifest: --url expected an https address such as https://abc123.lambda-url.eu-central-1.on.aws/, got "${url}".`]);
    },
  );
});
