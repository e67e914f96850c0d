import { EnvironmentError } from "@nightshift/aws/environment";
import { PortError, type PortErrorKind } from "@nightshift/ports";
import { Refusal } from "./command.ts";

/** What a person does next about an AWS call that failed. */
const next: Readonly<Record<PortErrorKind, string>> = {
  throttled: "AWS limits the rate of calls; wait a minute and run the same command again.",
  unavailable: "AWS did not answer properly; run the same command again, and look at health.aws.amazon.com if it stays.",
  timeout: "No answer came in time: check the network and AWS_ENDPOINT_URL, look whether the change happened, then run the same command again.",
  conflict: "Somebody else changed it meanwhile; run the same command again to see how it is now.",
  "not-found": "Check the name, the region (AWS_REGION or --region) and the account that your credentials belong to.",
  denied: "Check your credentials (`aws sts get-caller-identity`) and that they may make this call; docs/permissions.md lists what each command needs.",
  invalid: "Check the names that were given; `npx nightshift COMMAND --help` shows what is expected.",
  unsupported: "Narrow the question.",
};

/** What a person is told about an error: a Refusal as it is, a failed AWS call with the next step. Undefined: a bug of ours. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (error instanceof PortError) return new Refusal(`${oneLine(error.message)}. ${next[error.kind]}`, 1);
  if (error instanceof EnvironmentError) return new Refusal(error.message);
  return undefined;
}

/** A paragraph has no line breaks, and no full stop twice. */
const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim().replace(/\.$/, "");
