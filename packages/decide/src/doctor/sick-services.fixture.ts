import { seconds } from "@nightshift/model";
import { withService, withGroup, type Sick } from "./build.fixture.ts";

/** D11 to D19: how the service is set to deploy. */
export const sickServices: readonly Sick[] = [
  [
    "D11",
    "one task behind a load balancer",
    withService({ desired: 1 }),
    [["warning", "shop-api", "one task: one crash is an outage, and new and old cannot be compared side by side"]],
  ],
  [
    "D12",
    "no task",
    withService({ desired: 0 }),
    [["warning", "shop-api", "desired count is 0: nothing runs, nothing can be judged, and a rollback would start nothing"]],
  ],
  [
    "D13",
    "capacity may fall to nothing",
    withService({ minimumHealthyPercent: 0 }),
    [["danger", "shop-api", "minimumHealthyPercent is 0: a deployment, and a rollback, may stop all tasks before the first new one is healthy"]],
  ],
  [
    "D14",
    "no room",
    withService({ maximumPercent: 100 }),
    [["danger", "shop-api", "with 2 tasks, at least 100 % and at most 100 % leave no room to exchange one: a rollback would stall"]],
  ],
  [
    "D14",
    "rounding leaves no room",
    withService({ desired: 1, minimumHealthyPercent: 50, maximumPercent: 150 }),
    [["danger", "shop-api", "with 1 task, at least 50 % and at most 150 % leave no room to exchange one: a rollback would stall"]],
  ],
  [
    "D15",
    "five checks of 30 s",
    withGroup({ healthInterval: seconds(30), healthyThreshold: 5 }),
    [["warning", "shop-api", "a new task is healthy after 5 × 30 s: a rollback serves traffic after about 3 m 10 s"]],
  ],
  [
    "D16",
    "the default delay",
    withGroup({ deregistrationDelay: seconds(300) }),
    [["note", "shop-api", "bad tasks drain for 5 m: a rollback is steady after about 6 m 30 s"]],
  ],
  [
    "D17",
    "task after task",
    withService({ desired: 6, maximumPercent: 120 }),
    [
      [
        "warning",
        "shop-api",
        "a rollback would take about 13 m 30 s until it serves, 15 m until it is steady: 6 waves, 20 s of health checks and 1 m of draining each",
      ],
    ],
  ],
  [
    "D18",
    "no grace",
    withService({ healthCheckGrace: seconds(0) }),
    [["warning", "shop-api", "no health-check grace period: a slow start is stopped as unhealthy, and looks like a bad deployment"]],
  ],
  [
    "D18",
    "too little grace",
    withService({ healthCheckGrace: seconds(29) }),
    [["warning", "shop-api", "the grace period of 29 s is shorter than a container's start period of 30 s"]],
  ],
  [
    "D19",
    "a breaker that does not go back",
    withService({ circuitBreaker: { enabled: true, rollback: false } }),
    [["warning", "shop-api", "the circuit breaker is on without rollback: ECS stops a failed deployment and leaves it where it is"]],
  ],
  [
    "D19",
    "no breaker",
    withService({ circuitBreaker: { enabled: false, rollback: false } }),
    [["note", "shop-api", "the circuit breaker is off: ECS itself keeps starting tasks that fail"]],
  ],
];
