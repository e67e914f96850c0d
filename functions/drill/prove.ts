import { ms, type Ms, seconds, since, type SliceRecord } from "@nightshift/model";
import type { RunnerJob } from "@nightshift/ports";
import { settleComparison, startComparison } from "@nightshift/runtime/compare-restored";
import type { DrillOutcome, DrillReceipt, DrillRun, DrillSeen } from "./settings.ts";

/** Waits for the instance, has the runner compare it, and deletes it: whatever became of the rest. */
export async function proveAndDelete(run: DrillRun, receipt: DrillReceipt, facts: DrillSeen): Promise<DrillOutcome> {
  const { restored, verdict } = receipt;
  const red = (because: string): DrillOutcome => ({ kind: "red", because: [because], available: undefined, end: undefined, deleted: true });
  if (restored.kind === "refused" || restored.kind === "failed") return red(`nothing was restored: ${restored.because}`);
  const proven = await prove(run, receipt, facts);
  const gone = await run.mutate<"deleting" | "gone">({
    name: `delete ${verdict.instance}`,
    service: facts.of,
    intent: { instance: verdict.instance },
    epoch: undefined,
    look: async ({ databases }) => {
      const found = await databases.instance(verdict.instance);
      return found === undefined || found.status === "deleting" ? { kind: "already", value: "gone" } : { kind: "go" };
    },
    call: ({ restores }) => restores.delete(verdict.instance),
  });
  if (gone.kind === "done") return { ...proven, deleted: true };
  const left = `${verdict.instance} still stands: ${gone.because}. The sweep deletes it when its time is over`;
  return { ...proven, kind: "red", because: [...(proven.kind === "red" ? proven.because : []), left], deleted: false };
}

/** A restore of a large snapshot takes hours at worst: every 30 s, four hours. */
const LOOKS = 480;

async function prove(run: DrillRun, { restored, verdict }: DrillReceipt, { due, scheduled }: DrillSeen): Promise<Omit<DrillOutcome, "deleted">> {
  const standing = await run.watch<Standing>(`wait until ${verdict.instance} is available`, {
    start: { status: "unknown", endpoint: undefined, at: restored.at, failed: false },
    atMost: LOOKS,
    every: () => seconds(30),
    look: async ({ databases, clock }, before) => {
      const found = await databases.instance(verdict.instance);
      if (found === undefined) return before;
      return { status: found.status, endpoint: found.endpoint, at: clock.now(), failed: broken.has(found.status) };
    },
    blind: (state) => state,
    done: ({ status, failed }) => status === "available" || failed,
  });
  if (standing.status !== "available" || standing.endpoint === undefined)
    return { kind: "red", because: [`${verdict.instance} never became available; it was ${standing.status}`], available: undefined, end: undefined };
  const available = since(restored.at, standing.at);
  const comparison = { of: due.of, run: verdict.id };
  const started = await startComparison(run, {
    ...comparison,
    name: `start the comparison of ${verdict.instance}`,
    intent: { instance: verdict.instance },
    job: { ...named(verdict), scheduled, target: standing.endpoint },
  });
  return { ...(await settleComparison(run, { ...comparison, started })), available };
}

/** What the ledger knows; the runner takes the slices where they are whole, else the dump and the database as it is. */
function named({ against: { before, after, dump } }: DrillReceipt["verdict"]): Pick<RunnerJob, "backup" | "slices"> {
  const slices = { ...(before === undefined ? {} : { before: asked(before) }), ...(after === undefined ? {} : { after: asked(after) }) };
  return { ...(dump === undefined ? {} : { backup: dump }), ...(Object.keys(slices).length === 0 ? {} : { slices }) };
}
const asked = ({ key, sha256 }: SliceRecord): Pick<SliceRecord, "key" | "sha256"> => ({ key, sha256 });

interface Standing {
  readonly status: string;
  readonly endpoint: string | undefined;
  readonly at: Parameters<typeof since>[0];
  readonly failed: boolean;
}

/** States that no restore leaves by itself ("Viewing Amazon RDS DB instance status", https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html, 2026-11-21). */
const broken: ReadonlySet<string> = new Set([
  "failed",
  "incompatible-restore",
  "incompatible-network",
  "incompatible-parameters",
  "restore-error",
  "inaccessible-encryption-credentials",
]);

/** How long it took from the request: until the instance said `available`, until every block of it was read, until it was compared. */
export interface DrillTimes {
  readonly available?: Ms;
  readonly hydrated?: Ms;
  readonly verified?: Ms;
}

/** Blocks of a restored instance come from S3 at their first touch: it is as fast as its source once the comparison has read all of them, and verified when the source was read, too. */
export function drillTimes({ available, end }: Pick<DrillOutcome, "available" | "end">): DrillTimes {
  if (available === undefined) return {};
  const { restore, compare } = end?.times ?? {};
  if (restore === undefined) return { available };
  const hydrated = ms(available + restore);
  return { available, hydrated, ...(compare === undefined ? {} : { verified: ms(hydrated + compare) }) };
}
