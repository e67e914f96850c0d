/// <reference path="../.sst/platform/config.d.ts" />

/**
 * Secrets come in with `sst secret set` and are stored as SecureStrings; a function gets a parameter's name and may read
 * that one (decision 18). The key is AWS's own for SSM, which every principal of the account may use through SSM alone.
 */
export function secrets() {
  const token = new sst.Secret("SlackBotToken");
  return {
    slackToken: new aws.ssm.Parameter("SlackBotTokenParameter", {
      name: `/${$app.name}/${$app.stage}/slack-bot-token`,
      description: "Bot token (xoxb-…) of the Slack app made from slack/manifest.json; set it with `npx sst secret set SlackBotToken`.",
      type: "SecureString",
      value: token.value,
    }),
  };
}
