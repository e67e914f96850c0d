import { type BackupRecord, type EpochMs, hours, minutes, sayClock, sayLength, since } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";

/** What a deployment's gate waits for: `go` with the snapshot that stands, `stop` when there will be none (R12, decision 54). */
export type SnapshotGate =
  | { readonly kind: "ask" }
  | { readonly kind: "wait"; readonly because: string }
  | { readonly kind: "go"; readonly because: string }
  | { readonly kind: "stop"; readonly because: string };

/** A snapshot so young is as good as a new one: nothing but this deployment's own pipeline ran since. */
const YOUNG = minutes(15);
/** A snapshot that is not there by then will not be. */
const AT_MOST = hours(4);

/** Whether a deployment may go on: rows are the RDS snapshots of its database, oldest first. */
export function gateSnapshot(rows: readonly BackupRecord[], at: EpochMs): SnapshotGate {
  const newest = rows.findLast((row) => row.kind === "rds-snapshot" && row.series === "before-deploy");
  if (newest === undefined) return { kind: "ask" };
  const age = since(newest.scheduled, at);
  if (newest.state === "running") {
    if (age <= AT_MOST) return { kind: "wait", because: `${newest.id} is being taken since ${sayClock(newest.scheduled)} UTC` };
    return { kind: "stop", because: `${newest.id} is not there after ${sayLength(age)}: look at it, or deploy without --snapshot` };
  }
  if (age > YOUNG) return { kind: "ask" };
  if (guard("no deployment without its snapshot", newest.state !== "uploaded" && newest.state !== "verified"))
    return {
      kind: "stop",
      because: `${newest.id} is ${newest.state}${newest.because === undefined ? "" : `: ${newest.because}`}. Nothing was deployed; look at it, or deploy without --snapshot`,
    };
  return { kind: "go", because: `${newest.id} is available (${newest.where ?? "its ARN is in the ledger"})` };
}
