import { seededStreams } from "../time/chance.ts";
import { Flow } from "./flow.ts";
import { judgeWaits, type Outcome } from "./outcome.ts";
import type { FlowAccount, FlowPolicy } from "./policy.ts";
import { billed } from "./worker.ts";
import type { Workload } from "./workload.ts";

/** Looks of every policy begin within this of the run's beginning: nobody's clock starts with the traffic. */
const PHASE = 15_000;

/** How a run is played. */
export interface RunOptions {
  readonly seed: number;
  /** Called at the end of every minute, for a chart. */
  readonly eachMinute?: (account: FlowAccount) => void;
}

/** Plays a workload under a policy. The same seed gives the same run. */
export function simulate(workload: Workload, policy: FlowPolicy, { seed, eachMinute }: RunOptions): Outcome {
  const streams = seededStreams(seed);
  const flow = new Flow(workload, streams("fleet"));
  const look = policy.begin(workload);
  const tick = (): void => {
    flow.reconcile();
    flow.later(look(flow), tick);
  };
  flow.later(PHASE * streams("phase")(), tick);
  for (let minute = 1; eachMinute !== undefined && minute * 60_000 <= workload.length; minute += 1) {
    flow.playTo(minute * 60_000);
    eachMinute(flow);
  }
  flow.playTo(workload.length);
  return outcomeOf(flow);
}

function outcomeOf(flow: Flow): Outcome {
  const { workload, firstStart } = flow;
  const total = flow.endedBilled + flow.workers().reduce((sum, worker) => sum + billed(flow.now - worker.createdAt), 0);
  return {
    workerHours: total / 3_600_000,
    tasks: flow.published,
    finished: flow.finished,
    waiting: flow.waiting + flow.reserved + flow.unseen,
    running: flow.running,
    notYetDue: flow.dueLater,
    lost: flow.lost,
    ...judgeWaits(workload, firstStart, workload.length),
    killed: flow.killed,
    reclaimed: flow.reclaimed,
    reRun: flow.reRun,
    actions: flow.log.actions,
    reversals: flow.log.reversals,
    peakWorkers: flow.peakWorkers,
    meanWorkers: total / workload.length,
  };
}
