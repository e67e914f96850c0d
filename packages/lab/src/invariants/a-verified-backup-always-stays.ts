import { readProofRecord } from "@nightshift/model";
import type { LabAccount } from "../account.ts";
import { names } from "../install/names.ts";
import { sha256 } from "../runner/records.ts";
import { accepted, textIn } from "./history.ts";

/**
 * 27: the number of verified backups of a database never goes from one or more to none by our action, and the newest of them is never
 * deleted. Read from what was put into the store and deleted from it, never from the ledger.
 */
export function verifiedBackupsStay(lab: LabAccount): readonly string[] {
  const verified = new Map<string, string[]>();
  const problems: string[] = [];
  for (const call of accepted(lab, "s3", "PutObject", "DeleteObject")) {
    const [, of = "", id = "", file] = /^([^/]+)\/data\/([^/]+)\/(.+)$/.exec(textIn(call, "Key")) ?? [];
    if (textIn(call, "Bucket") !== names.backups || file === undefined) continue;
    const standing = verified.get(of) ?? [];
    if (call.operation === "PutObject") {
      const body = call.fields["Body"];
      const proof = file === "proof.json" && body instanceof Uint8Array ? readProofRecord(body, sha256) : undefined;
      if (proof?.ok === true && proof.record.verdict === "verified") verified.set(of, [...standing.filter((one) => one !== id), id]);
      continue;
    }
    if (!standing.includes(id)) continue;
    if (standing.at(-1) === id) problems.push(`${call.caller} deleted ${textIn(call, "Key")}: it is the newest verified backup of ${of}`);
    const left = standing.filter((one) => one !== id);
    verified.set(of, left);
    if (left.length === 0) problems.push(`${call.caller} deleted ${textIn(call, "Key")}: it was the last verified backup of ${of}`);
  }
  return problems;
}
