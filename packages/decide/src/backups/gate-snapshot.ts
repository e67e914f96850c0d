import { type BackupRecord, minutes, type Ms, sayLength } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";

/** What is known of the snapshot that a deployment asked for. */
export interface GateFacts {
  /** What RDS says of it; undefined: RDS knows none of that name. */
  readonly status: string | undefined;
  /** Its row in the ledger; undefined: nobody wrote one yet. */
  readonly row: Pick<BackupRecord, "state" | "because"> | undefined;
  /** Since it was asked for, and how long may be waited in all. */
  readonly waited: Ms;
  readonly atMost: Ms;
}

/** What a deployment's gate does: `go` with the snapshot that stands, `stop` when there will be none (R12, decision 54). */
export type SnapshotGate = { readonly kind: "go" } | { readonly kind: "wait"; readonly stands: string } | { readonly kind: "stop"; readonly because: string };

/** The snapshot function asks RDS within a minute; where nothing is there after this, it left the work, and its thread says why. */
const ASKED_WITHIN = minutes(5);

/** Whether a deployment may go on: RDS's own word that the snapshot is available is the only one that lets it through. */
export function gateSnapshot(facts: GateFacts): SnapshotGate {
  if (facts.status === "available") return { kind: "go" };
  const because = noneBecause(facts);
  if (because === undefined) return { kind: "wait", stands: facts.status ?? "not asked for yet" };
  return guard("no deployment without its snapshot") ? { kind: "stop", because } : { kind: "go" };
}

/** Why there will be none; undefined: it may still come. */
function noneBecause({ status, row, waited, atMost }: GateFacts): string | undefined {
  if (row?.state === "failed") return row.because ?? "it failed";
  if (status === "failed") return "RDS says failed";
  if (status === undefined && row === undefined && waited >= ASKED_WITHIN)
    return `nothing was asked of RDS within ${sayLength(ASKED_WITHIN)}: a hold, a full quota, or an instance that is not available; the thread of the snapshot says which`;
  return waited >= atMost ? `it was ${status ?? "not there"} after ${sayLength(waited)}` : undefined;
}
