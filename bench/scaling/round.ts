import { Worker } from "node:worker_threads";
import type { Outcome } from "@nightshift/lab/flow/outcome";
import type { Workload } from "@nightshift/lab/flow/workload";

/** One workload, drawn with one seed, under several policies. */
export interface Round {
  readonly workload: string;
  readonly seed: number;
  readonly traces: string;
  readonly bound: boolean;
  readonly policies: readonly string[];
}

/** What a round came to. */
export interface Played {
  readonly round: Round;
  readonly says: string;
  readonly source: Workload["source"];
  readonly promiseSeconds: number;
  /** Worker-hours of the lower bound; not a number where it was not asked for. */
  readonly bound: number;
  /** Violating minutes that nobody avoids. */
  readonly floor: number;
  readonly outcomes: readonly { readonly policy: string; readonly family: string; readonly outcome: Outcome }[];
}

/** Plays rounds on so many threads. Answers in the order asked, whatever ended first. */
export async function playAll(rounds: readonly Round[], threads: number, told: (done: number) => void): Promise<readonly Played[]> {
  const played: Played[] = [];
  // The longest first, so that no thread ends with a day alone.
  const order = rounds.map((_, i) => i).sort((a, b) => weight(rounds[b]) - weight(rounds[a]));
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    const thread = new Worker(new URL("./player.ts", import.meta.url));
    try {
      for (let place = order[next++]; place !== undefined; place = order[next++]) {
        const round = rounds[place];
        if (round === undefined) return;
        played[place] = await answerOf(thread, round);
        done += 1;
        told(done);
      }
    } finally {
      await thread.terminate();
    }
  };
  await Promise.all(Array.from({ length: threads }, work));
  return played;
}

const answerOf = (thread: Worker, round: Round): Promise<Played> =>
  new Promise((resolve, reject) => {
    const settle = (): void => {
      thread.removeAllListeners("message");
      thread.removeAllListeners("error");
    };
    thread.once("message", (answer: Played) => {
      settle();
      resolve(answer);
    });
    thread.once("error", (error) => {
      settle();
      reject(error);
    });
    thread.postMessage(round);
  });

/** Days of many tasks take longest. */
const heavy = ["diurnal", "wc98", "step", "retry", "longtail"];
const weight = (round: Round | undefined): number =>
  round === undefined ? 0 : heavy.length - ((heavy.findIndex((word) => round.workload.startsWith(word)) + heavy.length + 1) % (heavy.length + 1));
