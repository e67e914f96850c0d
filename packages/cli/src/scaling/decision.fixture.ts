import { epochMs, type ScalingDecision, type ScalingState, seconds, serviceName } from "@nightshift/model";

/** 03:12:08 on a night in March. */
export const night = epochMs(Date.UTC(2026, 2, 14, 3, 12, 8));

/** A scaler's state after its first quiet looks. */
export const state: ScalingState = {
  version: 3,
  at: night,
  draining: [],
  lowering: undefined,
  changes: [],
  attention: [],
  memory: {
    epoch: "run-1",
    samples: [],
    busySeconds: 120,
    completions: 100,
    serviceSeconds: 1.2,
    startSeconds: [58],
    starting: [],
    lastOut: undefined,
    lastIn: undefined,
    quietSince: undefined,
    unknownSince: undefined,
    agreeing: 2,
    added: undefined,
    saturatedSince: undefined,
    brokenSince: undefined,
    more: {},
  },
};

const figure = (value: number) => ({ value, at: night, confidence: 1, how: "LLEN of 4 priority lists" });

/** Scaling out from two to five. */
export const decision: ScalingDecision = {
  service: "shop-worker",
  at: night,
  observation: {
    at: night,
    broker: {
      kind: "seen",
      at: night,
      broker: "redis",
      queues: [
        {
          queue: "celery",
          waiting: figure(1_200),
          reserved: figure(8),
          running: undefined,
          dueLater: figure(0),
          due: [],
          oldest: undefined,
          byPriority: [],
          arrived: undefined,
          finished: undefined,
        },
      ],
      counters: undefined,
      workers: undefined,
      doubts: ["nobody listened to heartbeats"],
    },
    fleet: {
      ok: true,
      value: {
        ref: { cluster: "shop-prod", service: serviceName("shop-worker") },
        at: night,
        desired: 2,
        running: 2,
        pending: 0,
        deploying: undefined,
        tasks: undefined,
      },
    },
    drained: undefined,
    cpu: undefined,
    memory: undefined,
    held: undefined,
    rollback: undefined,
    rival: undefined,
    order: undefined,
  },
  from: state,
  verdict: {
    kind: "out",
    desired: 5,
    drain: [],
    undrain: [],
    protect: [],
    unprotect: [],
    because: ["the longest wait would be 1 m 35 s, and 60 s is promised", "5 workers bring it to 40 s"],
    figures: {
      waiting: 1_200,
      reserved: 8,
      running: undefined,
      dueSoon: 0,
      arrivals: 20.5,
      completions: 3.25,
      serviceSeconds: 1.2,
      startSeconds: 58,
      workers: 2,
      starting: 0,
      draining: 0,
      worstNowSeconds: 95,
      worstAfterSeconds: 40,
    },
    next: seconds(15),
    attention: [],
  },
};
