import type { RunEnd } from "@nightshift/ports";
import type { ProofSettings } from "./job.ts";
import { toProve } from "./programs.ts";
import { sizesOf } from "./proof.ts";
import type { Reporter } from "./reporter.ts";
import { type TakeAsked, type Taken, takeBackup } from "./take.ts";
import { verifyBackup, type VerifyAsked } from "./verify.ts";
import type { RunnerWorld } from "./world.ts";

/** A night's work. */
export interface NightAsked extends TakeAsked {
  readonly settings: ProofSettings;
  /** Tests only. */
  readonly compare?: VerifyAsked["compare"];
}

/** Takes a backup and proves it. A second run of the same night finds what the first one did and goes on from there. */
export async function runNight(world: RunnerWorld, asked: NightAsked, report: Reporter): Promise<RunEnd> {
  const { gates } = asked.settings;
  const taken = await takeBackup(world, { ...asked, needs: toProve, ...(gates === undefined ? {} : { fresh: gates.fresh }) }, report);
  const { of, id, run, settings, compare } = asked;
  const end = await verifyBackup(world, { of, id, run, settings, short: true, ...(compare === undefined ? {} : { compare }) }, report);
  return taken.how === "taken" ? end : { ...end, findings: [...end.findings, sayAlready(taken)] };
}

/** Takes a backup and leaves the proof to another time. */
export async function runTake(world: RunnerWorld, asked: TakeAsked, report: Reporter): Promise<RunEnd> {
  const taken = await takeBackup(world, asked, report);
  const { record } = taken;
  return {
    ...sizesOf(taken),
    state: "uploaded",
    differences: [],
    findings: [...record.findings, ...(taken.how === "already" ? [sayAlready(taken)] : [])],
    times: record.times,
  };
}

const sayAlready = ({ record }: Taken): string => `it was taken before, by the run ${record.run}`;
