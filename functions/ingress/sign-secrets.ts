import { type EpochMs, minutes, since } from "@nightshift/model";
import { textAt } from "./body.ts";
import { callAws, type Reach } from "./sign-call.ts";

/** What the door knows that nobody else may. */
export interface Secrets {
  readonly signing: readonly string[];
  readonly botToken: string;
}

/** How long a secret that was read is used: to replace the signing secret, write the new one beside the old one, wait so long, and change it in Slack. */
const KEPT = minutes(5);

/**
 * Reads both parameters and keeps them for five minutes. The signing parameter may hold two secrets, separated by a
 * comma or a line's end, while one replaces the other.
 */
export function secretsOf(reach: Reach, names: { readonly signing: string; readonly botToken: string }): () => Promise<Secrets> {
  let kept: { readonly at: EpochMs; readonly secrets: Secrets } | undefined;
  return async () => {
    const now = reach.now();
    if (kept !== undefined && since(kept.at, now) < KEPT) return kept.secrets;
    const [signing, botToken] = await Promise.all([readParameter(reach, names.signing), readParameter(reach, names.botToken)]);
    const secrets = { signing: signing.split(/[\s,]+/).filter((secret) => secret !== ""), botToken: botToken.trim() };
    if (secrets.signing.length === 0)
      throw new Error(`The parameter ${names.signing} holds no signing secret. Nobody is let in; set it with \`npx sst secret set\` and deploy again.`);
    kept = { at: now, secrets };
    return secrets;
  };
}

async function readParameter(reach: Reach, name: string): Promise<string> {
  const answer = await callAws(reach, "ssm", "GetParameter", { Name: name, WithDecryption: true });
  const value = textAt(answer, "Parameter", "Value");
  if (value === undefined) throw new Error(`The parameter ${name} is empty. Set it with \`npx sst secret set\` and deploy again.`);
  return value;
}
