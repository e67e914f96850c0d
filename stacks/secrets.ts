/// <reference path="../.sst/platform/config.d.ts" />
import type { DatabaseSettings, WorkerSettings } from "@nightshift/model";

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

/** Where the addresses of brokers stand: a function is told this, and may read the parameters that its grants name. */
export const brokerParameters = (): string => `/${$app.name}/${$app.stage}/brokers/`;

/** One secret and one parameter for each name that workers of the config use. */
export function brokerSecrets(workers: readonly Pick<WorkerSettings, "broker">[]): readonly aws.ssm.Parameter[] {
  const names = [...new Set(workers.flatMap(({ broker }) => secretsOf(broker)))];
  return names.map((name) =>
    parameter(name, `brokers/${name}`, `Address of a broker, with its password; set it with \`npx sst secret set ${name}\`.`, new sst.Secret(name).value),
  );
}

/** The same for the addresses of databases, by the secret's name; ECS puts each into the task of its own database, and no function reads one. */
export function databaseSecrets(databases: readonly Pick<DatabaseSettings, "url" | "restoreUrl">[]): Readonly<Record<string, aws.ssm.Parameter>> {
  const names = [...new Set(databases.flatMap(({ url, restoreUrl }) => [url, ...(restoreUrl === undefined ? [] : [restoreUrl])]))];
  return Object.fromEntries(
    names.map((name) => [
      name,
      parameter(name, `databases/${name}`, `Address of a database, with its password; set it with \`npx sst secret set ${name}\`.`, new sst.Secret(name).value),
    ]),
  );
}

function secretsOf(broker: WorkerSettings["broker"]): readonly string[] {
  switch (broker.kind) {
    case "redis":
      return [broker.secret];
    case "rabbitmq":
      return [broker.secret, ...(broker.managementSecret === undefined ? [] : [broker.managementSecret])];
    case "sqs":
      return [];
  }
}

const parameter = (name: string, path: string, description: string, value: $util.Input<string>) =>
  new aws.ssm.Parameter(`${name}Parameter`, { name: `/${$app.name}/${$app.stage}/${path}`, description, type: "SecureString", value });
