import { setTimeout } from "node:timers/promises";
import { backupId, epochMs, minutes } from "@nightshift/model";
import type { RunReport } from "@nightshift/ports";
import { readAddress } from "@nightshift/vault/runner/address";
import type { Boundary } from "@nightshift/vault/runner/boundaries";
import type { NightAsked } from "@nightshift/vault/runner/night";
import type { RunnerWorld } from "@nightshift/vault/runner/world";
import { openStore } from "@nightshift/vault/store/open";
import type { Store } from "@nightshift/vault/store/store";
import type { Cluster } from "./cluster.ts";

/** A runner's world on this machine; what it said and which boundaries it passed are kept. */
export interface TestWorld extends RunnerWorld {
  readonly said: RunReport[];
  readonly passed: Boundary[];
}

/** A world with this store (a directory, or a store of the test's own). Waits are a tenth of what they are. */
export function testWorld(settings: {
  readonly store: string | Store;
  readonly scratch: string;
  readonly boundary?: (name: Boundary) => void | Promise<void>;
  readonly signal?: AbortSignal;
}): TestWorld {
  const said: RunReport[] = [];
  const passed: Boundary[] = [];
  return {
    said,
    passed,
    store: typeof settings.store === "string" ? openStore(settings.store) : settings.store,
    clock: () => epochMs(Date.now()),
    pause: async (length, signal) => void (await setTimeout(length / (length > 5_000 ? 10 : 1), undefined, { signal })),
    machine: { path: process.env["PATH"] ?? "", scratch: settings.scratch, memoryBytes: 1 << 30, cores: 2, node: process.version, nightshift: "test" },
    tell: (report) => void said.push(report),
    boundary: async (name) => {
      passed.push(name);
      await settings.boundary?.(name);
    },
    signal: settings.signal ?? new AbortController().signal,
    deadAfter: minutes(2),
  };
}

/** A night of a database of a cluster; the stamp is the minute of its schedule, `0200`. */
export const nightOf = (cluster: Cluster, database: string, stamp: string, more: Partial<NightAsked> = {}): NightAsked => ({
  of: database,
  id: backupId(`${database}-260314-${stamp}-nightly`),
  run: `run-${stamp}`,
  series: "nightly",
  scheduled: epochMs(Date.UTC(2026, 2, 14, Number(stamp.slice(0, 2)), Number(stamp.slice(2)))),
  source: readAddress(cluster.url(database)),
  settings: {},
  ...more,
});
