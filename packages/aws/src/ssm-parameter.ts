import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { need } from "./partial.ts";
import type { Reach } from "./reach.ts";

/** A SecureString's value. Apart from `ssm-secrets.ts`, so that a cold start does not load SSM's descriptions before it has something to send. */
export async function readParameter({ connections, calls }: Reach, parameter: string): Promise<string> {
  const call = { operation: "ssm:GetParameter", on: parameter };
  const answer = await calls.read(call, async () => (await connections.ssm()).send(new GetParameterCommand({ Name: parameter, WithDecryption: true })));
  return need(call, "Parameter.Value", answer.Parameter?.Value);
}
