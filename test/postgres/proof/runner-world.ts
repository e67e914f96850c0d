import { mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { epochMs, minutes } from "@nightshift/model";
import { openStore } from "@nightshift/vault/store/open";
import type { AtBoundary, RunnerWorld } from "@nightshift/vault";

/** The runner's world for a proof: a store anywhere, a scratch folder of its own, and whatever shall happen at each boundary. */
export async function runnerWorld(asked: {
  readonly place: string;
  readonly scratch: string;
  readonly endpoint?: string;
  readonly boundary?: AtBoundary;
}): Promise<RunnerWorld> {
  await mkdir(asked.scratch, { recursive: true });
  return {
    store: openStore(asked.place, asked.endpoint === undefined ? {} : { endpoint: asked.endpoint, region: "us-east-1" }),
    clock: () => epochMs(Date.now()),
    pause: async (length, until) => void (await pause(length, undefined, { signal: until })),
    machine: {
      path: process.env["PATH"] ?? "",
      scratch: asked.scratch,
      memoryBytes: 512 * 1_024 * 1_024,
      cores: availableParallelism(),
      node: process.version,
      nightshift: "proof",
    },
    tell: () => undefined,
    boundary: asked.boundary ?? (() => undefined),
    signal: new AbortController().signal,
    deadAfter: minutes(2),
  };
}
