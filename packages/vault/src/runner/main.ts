import { availableParallelism, tmpdir } from "node:os";
import { setTimeout } from "node:timers/promises";
import { epochMs, minutes } from "@nightshift/model";
import type { RunReport } from "@nightshift/ports";
import { openStore } from "../store/open.ts";
import { AddressError, readAddress } from "./address.ts";
import { boundaries } from "./boundaries.ts";
import { complaintOf } from "./complaint.ts";
import { type ProofSettings, readJob, runnerExits, runnerVariables } from "./job.ts";
import { TookTooLong } from "./limit.ts";
import { MissingPrograms } from "./programs.ts";
import { carryOut, type WorkAsked } from "./work.ts";
import type { RunnerWorld } from "./world.ts";

// The container's program: one job from the environment, JSON lines on standard output, an exit code. `--boundaries` lists where a run can be killed.
if (process.argv.includes("--boundaries")) {
  for (const [name, stands] of Object.entries(boundaries)) say({ boundary: name, stands });
} else process.exitCode = await main();

async function main(): Promise<number> {
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort(new Error(`it was asked to stop (${signal})`)));
  let asked: { readonly work: WorkAsked; readonly world: RunnerWorld };
  try {
    asked = readEnvironment(stop.signal);
  } catch (error) {
    say({ level: "error", message: complaintOf(error) });
    return runnerExits.misconfigured;
  }
  try {
    const end = await carryOut(asked.world, asked.work);
    return end.state === "failed" ? runnerExits.failed : end.state === "suspect" ? runnerExits.suspect : runnerExits.done;
  } catch (error) {
    say({ level: "error", message: complaintOf(error) });
    if (error instanceof TookTooLong) {
      // What did not heed its signal may keep the process alive.
      void setTimeout(minutes(1), undefined, { ref: false }).then(() => process.exit(runnerExits["took too long"]));
      return runnerExits["took too long"];
    }
    if (stop.signal.aborted) return runnerExits.stopped;
    return error instanceof MissingPrograms ? runnerExits["programs missing"] : error instanceof AddressError ? runnerExits.misconfigured : runnerExits.failed;
  }
}

function readEnvironment(signal: AbortSignal): { readonly work: WorkAsked; readonly world: RunnerWorld } {
  const set = (name: string): string => {
    const value = process.env[name];
    if (value === undefined || value === "") throw new Error(`${name} is not set.`);
    return value;
  };
  const job = readJob(process.env[runnerVariables.job]);
  const settings: unknown = JSON.parse(process.env[runnerVariables.settings] ?? "{}");
  // Written by the stack from the checked config.
  const work: WorkAsked = {
    job,
    source: readAddress(set(runnerVariables.url)),
    ...(job.do === "restore" ? { restorer: readAddress(set(runnerVariables.restoreUrl)) } : {}),
    settings: settings as ProofSettings,
    hosts: (process.env[runnerVariables.targetHosts] ?? "").split(",").map((host) => host.trim()),
    authorities: process.env[runnerVariables.authorities],
  };
  // From here on nothing that we start can inherit them.
  delete process.env[runnerVariables.url];
  delete process.env[runnerVariables.restoreUrl];
  return {
    work,
    world: {
      store: openStore(set(runnerVariables.store)),
      clock: () => epochMs(Date.now()),
      pause: async (length, until) => void (await setTimeout(length, undefined, { signal: until })),
      machine: {
        path: process.env["PATH"] ?? "",
        scratch: process.env[runnerVariables.scratch] ?? tmpdir(),
        memoryBytes: process.availableMemory(),
        cores: availableParallelism(),
        node: process.version,
        nightshift: process.env["NIGHTSHIFT_VERSION"] ?? "0.1.0",
      },
      tell: logReports(),
      boundary: () => undefined,
      signal,
      deadAfter: minutes(2),
    },
  };
}

/** A line for every change of what it does, and one in thirty seconds: CloudWatch is read by people. */
function logReports(): (report: RunReport) => void {
  let phase: RunReport["phase"] | undefined;
  let said = 0;
  return (report) => {
    if (report.phase === phase && report.at - said < minutes(0.5)) return;
    [phase, said] = [report.phase, report.at];
    say(report);
  };
}

function say(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
