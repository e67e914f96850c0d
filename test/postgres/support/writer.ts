import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** Somebody who uses the shop while it is backed up. */
export interface Writer {
  /** Transactions committed so far; two readings and a clock give the rate that a round was written at. */
  readonly committed: () => number;
  /** What went wrong so far, by SQLSTATE: a lock timeout (55P03) under a race is expected, a unique violation is not. */
  readonly stop: () => Promise<{ readonly committed: number; readonly failed: Readonly<Record<string, number>> }>;
}

/** How much is written. */
export interface WriterSettings {
  readonly url: string;
  /** Transactions a second that are tried for; what was reached is counted. */
  readonly tps: number;
  readonly connections?: number;
  /** The same seed writes the same rows, in each connection's own order. */
  readonly seed: number;
}

/** Starts writing from a thread of its own, so that a busy test does not slow it. Resolves once the first transaction is committed. */
export async function startWriter({ url, tps, connections = 4, seed }: WriterSettings): Promise<Writer> {
  const counter = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL("./writer-thread.ts", import.meta.url), { workerData: { url, tps, connections, seed, counter } });
  const ended = new Promise<Readonly<Record<string, number>>>((resolve, reject) => {
    worker.on("error", reject);
    worker.on("message", (said: { readonly failed?: Readonly<Record<string, number>> }) => {
      if (said.failed !== undefined) resolve(said.failed);
    });
  });
  // Whoever stops it hears of the error; nobody else can.
  ended.catch(() => undefined);
  const first: unknown = await Promise.race([once(worker, "message"), ended]);
  if (!Array.isArray(first)) throw new Error("the writer ended before it wrote anything");
  return {
    committed: () => Atomics.load(counter, 0),
    stop: async () => {
      worker.postMessage("stop");
      const failed = await ended;
      await worker.terminate();
      return { committed: Atomics.load(counter, 0), failed };
    },
  };
}
