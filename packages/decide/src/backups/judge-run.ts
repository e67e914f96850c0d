import type { BackupRecord, BackupTimes, EpochMs, SliceRecord } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";

/** What a run says of its end: what the store's report holds of it. */
export interface RunEnding {
  readonly state: "uploaded" | "verified" | "suspect" | "failed" | "restored";
  readonly because?: string;
  readonly contentsOf?: EpochMs;
  readonly bytes?: number;
  readonly sourceBytes?: number;
  readonly tables?: number;
  readonly rows?: number;
  readonly differences: readonly string[];
  readonly findings: readonly string[];
  readonly times: BackupTimes;
  readonly verifierFails?: boolean;
  readonly proven?: { readonly rows: number; readonly tables: number; readonly ofTables: number };
  readonly structures?: "sound" | "damaged" | "not checked";
  readonly restoredInto?: string;
  readonly steps?: readonly string[];
  readonly slice?: SliceRecord;
}

/** What one look at a run sees. The task is looked at before the report: whoever ended has written it by then. */
export interface RunSeen {
  readonly task: { readonly state: "starting" | "running" | "stopped"; readonly exitCode?: number; readonly because?: string } | undefined;
  readonly ended: RunEnding | undefined;
  /** What it is doing, in its own word. */
  readonly phase: string | undefined;
}

/** How a run stands. `died`: its task is over and it never said how it ended. */
export type RunStands = { readonly kind: "going" } | { readonly kind: "ended"; readonly end: RunEnding } | { readonly kind: "died"; readonly because: string };

/** What a look at a run means. */
export function judgeRun({ task, ended, phase }: RunSeen): RunStands {
  if (ended !== undefined) return { kind: "ended", end: ended };
  if (task?.state !== "stopped" || !guard("a run that died is no backup")) return { kind: "going" };
  const code = task.exitCode === undefined ? "" : ` with exit code ${task.exitCode}`;
  const why = task.because === undefined ? "" : `: ${task.because}`;
  return { kind: "died", because: `its task stopped${code}${phase === undefined ? " before it said anything" : ` while ${phase}`}${why}` };
}

/** What became of a night. `proven` and `taken` are good; `taken` was not to be proven tonight. */
export type NightEnd =
  | { readonly kind: "proven"; readonly end: RunEnding }
  | { readonly kind: "taken"; readonly end: RunEnding }
  | { readonly kind: "red"; readonly state: "suspect" | "failed" | "uploaded"; readonly because: string; readonly end: RunEnding | undefined };

/** What a night's run came to; `proves`: it was to be restored and compared. */
export function judgeNight(stands: RunStands, { proves }: { readonly proves: boolean }): NightEnd {
  switch (stands.kind) {
    case "going":
      return { kind: "red", state: "failed", because: "it did not end within the time that a night may take, and was stopped", end: undefined };
    case "died":
      return { kind: "red", state: "failed", because: stands.because, end: undefined };
    case "ended":
      return judgeEnd(stands.end, proves);
  }
}

function judgeEnd(end: RunEnding, proves: boolean): NightEnd {
  const red = (state: "suspect" | "failed" | "uploaded", because: string): NightEnd => ({ kind: "red", state, because, end });
  switch (end.state) {
    case "verified":
      // The runner's word is not enough: it must say what was compared, and that its verifier saw every damage that was tried.
      if (guard("only what was compared is proven", end.verifierFails !== true))
        return red("uploaded", "the verifier did not see a damage that was put into a copy on purpose, so that its yes means nothing");
      if (guard("only what was compared is proven", end.differences.length > 0 || end.times.compare === undefined))
        return red("failed", end.differences[0] ?? "it was called verified, and no comparison was made");
      return { kind: "proven", end };
    case "uploaded":
      return proves ? red("uploaded", end.because ?? "it was taken, and not proven") : { kind: "taken", end };
    case "suspect":
      return red("suspect", end.because ?? "it equals its source, whose contents look wrong");
    case "failed":
      return red("failed", end.because ?? end.differences[0] ?? "it failed without a reason");
    case "restored":
      return red("failed", "the run restored something, and was asked for a backup");
  }
}

/** The ledger's row after a night. */
export function rowAfter(row: BackupRecord, night: NightEnd, at: EpochMs): BackupRecord {
  const { end } = night;
  const { because: _, progress: __, ...before } = row;
  const measured =
    end === undefined
      ? {}
      : {
          ...(end.contentsOf === undefined ? {} : { contentsOf: end.contentsOf }),
          ...(end.bytes === undefined ? {} : { bytes: end.bytes }),
          ...(end.sourceBytes === undefined ? {} : { sourceBytes: end.sourceBytes }),
          ...(end.tables === undefined ? {} : { tables: end.tables }),
          ...(end.rows === undefined ? {} : { rows: end.rows }),
          times: end.times,
        };
  const next = { ...before, ...measured, finished: at };
  switch (night.kind) {
    case "proven":
      return { ...next, state: "verified", proof: "restored-and-compared", verifiedAt: at, differences: 0 };
    case "taken":
      return { ...next, state: "uploaded", proof: "exists" };
    case "red": {
      const restored = end?.times.restore !== undefined;
      const proof = night.state === "suspect" ? "restored-and-compared" : night.state === "uploaded" ? (restored ? "restored" : "exists") : "none";
      const differences = end === undefined ? {} : { differences: end.differences.length };
      return { ...next, ...differences, state: night.state, proof, because: night.because };
    }
  }
}
