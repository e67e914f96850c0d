import type { GrammarContext } from "@nightshift/decide/commands/grammar";
import { type Card, type EpochMs, type Form, seconds, type SlackIdentity } from "@nightshift/model";
import type { Door } from "./entry.ts";
import { openView, tellByUrl } from "./forms-open.ts";
import { noncesOver } from "./nonce.ts";
import { queueOver } from "./queue.ts";
import type { Credentials } from "./sign.ts";
import type { Reach } from "./sign-call.ts";
import { postOver } from "./sign-https.ts";
import { secretsOf } from "./sign-secrets.ts";

/** What the door is made of in Lambda. */
export interface DoorParts {
  readonly environment: Readonly<Record<"AWS_REGION" | "LEDGER_TABLE" | "COMMANDS_QUEUE_URL" | "SLACK_SIGNING_PARAMETER" | "SLACK_TOKEN_PARAMETER", string>>;
  /** Where Lambda puts its credentials, and where `SLACK_API_URL` and `AWS_ENDPOINT_URL` may name machines that play Slack and AWS. */
  readonly account: Readonly<Record<string, string | undefined>>;
  readonly identity: SlackIdentity | undefined;
  readonly names: GrammarContext;
  readonly now: () => EpochMs;
  readonly report: Door["report"];
  readonly showCard: (card: Card) => Readonly<Record<string, unknown>>;
  readonly showForm: (form: Form) => object;
}

/** Slack waits three seconds for an answer; a call that takes longer than this is answered for. Source: "Slash commands", https://docs.slack.dev/interactivity/implementing-slash-commands, read 2026-11-21. */
const PATIENCE = seconds(2);

/** The door over our own calls to AWS and Slack. @throws when the config names no workspace and app: then nobody can be let in. */
export function doorOver({ environment, account, identity, names, now, report, showCard, showForm }: DoorParts): Door {
  if (identity === undefined)
    throw new Error(
      "The config names no Slack workspace and app, so that no request can be believed: add slack: { team, app } to nightshift.config.ts and deploy again.",
    );
  const post = postOver(PATIENCE);
  const reach: Reach = { post, region: environment.AWS_REGION, credentials: () => credentialsOf(account), now, endpoint: textOf(account["AWS_ENDPOINT_URL"]) };
  const secrets = secretsOf(reach, { signing: environment.SLACK_SIGNING_PARAMETER, botToken: environment.SLACK_TOKEN_PARAMETER });
  const slack = { post, apiUrl: textOf(account["SLACK_API_URL"]) ?? "https://slack.com/api/" };
  return {
    identity,
    names,
    now,
    report,
    secrets,
    nonces: noncesOver(reach, environment.LEDGER_TABLE),
    send: queueOver(reach, environment.COMMANDS_QUEUE_URL),
    openView: async (trigger, form) => openView(slack, { botToken: (await secrets()).botToken, trigger, view: showForm(form) }),
    tell: (responseUrl, text) => tellByUrl(slack, responseUrl, text),
    showCard,
  };
}

const textOf = (value: string | undefined): string | undefined => (value === undefined || value === "" ? undefined : value);

/** Lambda's own variables. Source: "Defined runtime environment variables", https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html, read 2026-11-21. */
function credentialsOf(account: Readonly<Record<string, string | undefined>>): Credentials {
  const [accessKeyId, secretAccessKey] = [textOf(account["AWS_ACCESS_KEY_ID"]), textOf(account["AWS_SECRET_ACCESS_KEY"])];
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new Error("There are no AWS credentials in the environment: Lambda sets them; elsewhere set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.");
  return { accessKeyId, secretAccessKey, sessionToken: textOf(account["AWS_SESSION_TOKEN"]) };
}
