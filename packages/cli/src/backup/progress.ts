import { sayBytes } from "@nightshift/decide/backups/say";
import { type EpochMs, ms, sayLength, seconds, since } from "@nightshift/model";
import type { RunReport } from "@nightshift/ports";
import type { Io } from "../frame/command.ts";

const BAR = 20;

/** Where a run stands, in one line: what it does, a bar, the rate, and how much longer where that can be told. */
export function progressLine(report: RunReport, phaseBegan: EpochMs, now: EpochMs): string {
  const { phase, share, bytesPerSecond } = report;
  const elapsed = since(phaseBegan, now);
  const parts = [
    ...(share === undefined ? [] : [`${"█".repeat(Math.round(BAR * share)).padEnd(BAR, "░")} ${Math.floor(share * 100)} %`]),
    ...(bytesPerSecond === undefined ? [] : [`${sayBytes(bytesPerSecond)}/s`]),
    ...(share === undefined || share < 0.02 || elapsed < seconds(2) ? [sayLength(elapsed)] : [`${sayLength(ms((elapsed * (1 - share)) / share))} left`]),
  ];
  return `${phase.padEnd(12)} ${parts.join(" · ")}`;
}

/** Without a terminal a line of JSON says where a run stands: at every change of what it does, else this often. */
const LINE_EVERY = seconds(10);

/** Shows reports as they come: a bar on a terminal, else lines of JSON on standard error. */
export function showProgress(io: Io, now: () => EpochMs): (report: RunReport) => void {
  let phase: RunReport["phase"] | undefined;
  let began = now();
  let said = now();
  return (report) => {
    const at = now();
    const changed = report.phase !== phase;
    if (changed) [phase, began] = [report.phase, at];
    if (report.phase === "ended") return io.progress(undefined);
    if (io.terminal) return io.progress(progressLine(report, began, at));
    if (!changed && since(said, at) < LINE_EVERY) return;
    said = at;
    io.err(JSON.stringify(report));
  };
}
