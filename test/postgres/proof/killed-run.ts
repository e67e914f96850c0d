import { readAddress } from "@nightshift/vault/runner/address";
import { carryOut } from "@nightshift/vault";
import type { RunnerJob } from "@nightshift/ports";
import { runnerWorld } from "./runner-world.ts";

/** A night in a process of its own, which dies by SIGKILL at the boundary it is told; else it goes on to its end, unless its parent kills it. */
interface Told {
  readonly place: string;
  readonly scratch: string;
  readonly endpoint: string;
  readonly url: string;
  readonly job: RunnerJob;
  readonly dieAt: string | undefined;
}

// Written by `kills.ts`, nobody else.
const { place, scratch, endpoint, url, job, dieAt } = JSON.parse(process.argv[2] ?? "") as Told;
const world = await runnerWorld({
  place,
  scratch,
  endpoint,
  boundary: (name) => {
    if (name === dieAt) process.kill(process.pid, "SIGKILL");
  },
});
const { state } = await carryOut(world, { job, source: readAddress(url), settings: {} });
process.exitCode = state === "verified" ? 0 : 1;
