import { readFileSync } from "node:fs";
import { type Command, Refusal, textOf } from "../frame/command.ts";
import { answer } from "../frame/format.ts";

/** What stands in slack/manifest.json for the door that is not known before the first deployment. */
const PLACEHOLDER = "https://nightshift.invalid";

/** The Slack app's manifest with the address of this deployment's door in it, to be pasted into Slack. Reads one file, changes nothing. */
export const slackManifest: Command = {
  path: ["slack", "manifest"],
  group: "Set it up",
  summary: "Print the Slack app's manifest, with the address of your door in it",
  more: ["Paste it at api.slack.com/apps: From a manifest the first time, App Manifest afterwards. The address is the output `slack` of `npx sst deploy`."],
  options: { url: { type: "text", value: "URL", says: "the https address of the door (default: a placeholder that leads nowhere)" } },
  example: "npx nightshift slack manifest --url https://abc123.lambda-url.eu-central-1.on.aws/",
  run: async (asked) => {
    const url = textOf(asked, "url");
    const text = readFileSync(new URL("../../../../slack/manifest.json", import.meta.url), "utf8");
    const filled = url === undefined ? text : text.replaceAll(PLACEHOLDER, doorOf(url));
    if (url === undefined)
      asked.io.err("The address of the door is still a placeholder. `npx sst deploy` prints it as `slack`; then: npx nightshift slack manifest --url ADDRESS");
    answer(asked, JSON.parse(filled), filled.trimEnd().split("\n"));
    return 0;
  },
};

/**
 * An address as the manifest takes it, without the slash at its end: Slack sends to nothing but https.
 * Source: "App manifest reference", https://docs.slack.dev/reference/app-manifest (2026-11-21).
 * @throws {Refusal} when it is no such address.
 */
function doorOf(written: string): string {
  const url = URL.parse(written);
  const bare = url !== null && url.search === "" && url.hash === "" && url.username === "" && url.password === "";
  if (url === null || url.protocol !== "https:" || !bare)
    throw new Refusal(`slack manifest: --url expected an https address such as https://abc123.lambda-url.eu-central-1.on.aws/, got "${written}".`);
  return url.href.replace(/\/+$/, "");
}
