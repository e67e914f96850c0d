/// <reference path="../.sst/platform/config.d.ts" />

/**
 * Secrets come in with `sst secret set` and are stored as SecureStrings; a function gets a parameter's name and may read
 * that one (decision 18). The key is AWS's own for SSM, which every principal of the account may use through SSM alone.
 */
export function secrets() {
  const token = new sst.Secret("SlackBotToken");
  const signing = new sst.Secret("SlackSigningSecret");
  // Empty unless the signing secret is being replaced: then both are good until this one is taken out again.
  const previous = new sst.Secret("SlackSigningSecretPrevious", "");
  return {
    slackToken: parameter(
      "SlackBotToken",
      "slack-bot-token",
      "Bot token (xoxb-…) of the Slack app made from slack/manifest.json; set it with `npx sst secret set SlackBotToken`.",
      token.value,
    ),
    slackSigning: parameter(
      "SlackSigningSecret",
      "slack-signing-secret",
      "Signing secret of the Slack app, and after a comma the one that it replaces; set it with `npx sst secret set SlackSigningSecret`.",
      $util.all([signing.value, previous.value]).apply((both) => both.filter((one) => one !== "").join(",")),
    ),
  };
}

const parameter = (name: string, path: string, description: string, value: $util.Input<string>) =>
  new aws.ssm.Parameter(`${name}Parameter`, { name: `/${$app.name}/${$app.stage}/${path}`, description, type: "SecureString", value });
