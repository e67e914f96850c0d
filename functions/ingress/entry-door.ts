import { type Card, type EpochMs, type Form, seconds } from "@nightshift/model";
import type { Door } from "./entry.ts";
import { readNames } from "./entry-names.ts";
import { openView, tellByUrl } from "./forms-open.ts";
import { noncesOver } from "./nonce.ts";
import { queueOver } from "./queue.ts";
import type { Credentials } from "./sign.ts";
import type { Reach } from "./sign-call.ts";
import { postOver } from "./sign-https.ts";
import { secretsOf } from "./sign-secrets.ts";

/** Variables without which nobody is let in: a function that lacks one does not start. */
export const needed = [
  "AWS_REGION",
  "LEDGER_TABLE",
  "COMMANDS_QUEUE_URL",
  "SLACK_SIGNING_PARAMETER",
  "SLACK_TOKEN_PARAMETER",
  "SLACK_TEAM",
  "SLACK_APP",
] as const;

/** What the door is made of in Lambda. */
export interface DoorParts {
  readonly environment: Readonly<Record<(typeof needed)[number], string>> & { readonly COMMAND_NAMES?: string };
  /** Where Lambda puts its credentials, and where `SLACK_API_URL` and `AWS_ENDPOINT_URL` may name machines that play Slack and AWS. */
  readonly account: Readonly<Record<string, string | undefined>>;
  readonly now: () => EpochMs;
  readonly report: Door["report"];
  readonly showCard: (card: Card) => Readonly<Record<string, unknown>>;
  readonly showForm: (form: Form) => object;
}

/** Slack waits three seconds for an answer; a call that takes longer than this is answered for. Source: "Slash commands", https://docs.slack.dev/interactivity/implementing-slash-commands, read 2026-11-21. */
const PATIENCE = seconds(2);

/** The door over our own calls to AWS and Slack. */
export function doorOver({ environment, account, now, report, showCard, showForm }: DoorParts): Door {
  const post = postOver(PATIENCE);
  const reach: Reach = { post, region: environment.AWS_REGION, credentials: () => credentialsOf(account), now, endpoint: textOf(account["AWS_ENDPOINT_URL"]) };
  const secrets = secretsOf(reach, { signing: environment.SLACK_SIGNING_PARAMETER, botToken: environment.SLACK_TOKEN_PARAMETER });
  const slack = { post, apiUrl: textOf(account["SLACK_API_URL"]) ?? "https://slack.com/api/" };
  return {
    identity: { team: environment.SLACK_TEAM, app: environment.SLACK_APP },
    names: readNames(environment.COMMAND_NAMES),
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
