import { type EpochMs, epochMs, seconds, type ScalingDecision, type ScalingState, type ScalingVerdict, serviceName } from "@nightshift/model";

/** What the scaler remembers, with something in every list. */
export const scalingState = (moment: EpochMs, version: number, samples = 2): ScalingState => ({
  version,
  at: moment,
  draining: [{ worker: "celery@ip-10-0-1-23", task: "arn:task/1", queues: ["celery"], since: moment, emptyAt: undefined }],
  lowering: { at: moment, from: 4, to: 3, victims: ["arn:task/1"], protectedTasks: ["arn:task/2", "arn:task/3"] },
  changes: [{ at: moment, from: 2, to: 4 }],
  attention: [{ kind: "saturated", since: moment, says: ["more workers do not help"] }],
  memory: {
    epoch: "run-1",
    samples: Array.from({ length: samples }, (_, n) => ({
      at: epochMs(moment - n * 15_000),
      ...{ waiting: n, reserved: 0, busy: 4, ready: 4, arrived: 100.25 - n, finished: undefined },
    })),
    busySeconds: 12.000000000000002,
    completions: 3,
    serviceSeconds: 1 / 3,
    startSeconds: [41.5],
    starting: [{ at: moment, workers: 2 }],
    lastOut: moment,
    lastIn: undefined,
    quietSince: undefined,
    unknownSince: undefined,
    agreeing: 2,
    added: { at: moment, ready: 2, serviceSeconds: 1, throughput: 0 },
    saturatedSince: undefined,
    brokenSince: undefined,
    more: { tiny: 5e-324, large: 1e300 },
  },
});

/** A decision on record, over a fleet of so many tasks. */
export function scalingDecision(service: string, moment: EpochMs, tasks = 1): ScalingDecision {
  const from = scalingState(moment, 7);
  const { version: _version, ...rest } = from;
  const verdict: Omit<ScalingVerdict, "state"> = {
    kind: "hold",
    desired: 4,
    ...{ drain: [], undrain: [], protect: [], unprotect: [], because: ["nothing waits"], next: seconds(60), attention: rest.attention },
    figures: {
      ...{ waiting: 0, reserved: 0, running: 4, dueSoon: 0, arrivals: 0.5, completions: 0.5, serviceSeconds: 8, startSeconds: 40, workers: 4 },
      ...{ starting: 0, draining: 0, worstNowSeconds: 3, worstAfterSeconds: 3 },
    },
  };
  const fleet = { ref: { cluster: "shop", service: serviceName(service) }, at: moment, desired: 4, running: 4, pending: 0, deploying: undefined };
  const task = { ip: "10.0.1.23", createdAt: moment, startedAt: moment, status: "running", spot: false, protectedUntil: undefined } as const;
  return {
    service,
    at: moment,
    observation: {
      at: moment,
      broker: { kind: "unknown", at: moment, broker: "redis", because: "it did not answer within 2 s" },
      fleet: {
        ok: true,
        value: { ...fleet, tasks: Array.from({ length: tasks }, (_, n) => ({ ...task, arn: `arn:task/${n}` })) },
      },
      ...{ drained: undefined, cpu: undefined, memory: undefined, held: undefined, rollback: undefined, rival: undefined, order: undefined },
    },
    from,
    verdict,
  };
}
