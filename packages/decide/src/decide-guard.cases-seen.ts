import { days, ecsDeploymentId, epochMs } from "@nightshift/model";
import { bad, completed, crash, crashed, type DecisionCase, deployment, failing, first, onlyNew, row, state } from "./decide-guard.rows.ts";
import { alarm, serviceState, T0, target, worker } from "./fixtures.ts";
import { situation } from "./situation.ts";

export const watching: readonly DecisionCase[] = [
  row("nothing is wrong", "0.2 % errors, as before", {}, ["wait", "the watch goes on"]),
  row("errors at the threshold", "5.0 % for 2 minutes", { minutesIn: 2, traffic: failing(5) }, ["wait", "above means above"]),
  row(
    "errors just over the threshold",
    "5.1 % for 2 minutes",
    { minutesIn: 2, traffic: { errors: (minute) => (minute >= 0 ? 51 : 1), requests: () => 1_000 } },
    ["roll-back given", "2 of 2 minutes, and every sign fits"],
  ),
  row("only one bad minute", "12 % in the last of 3 minutes", { minutesIn: 3, traffic: failing(12, 2) }, ["wait", "2 of 2 datapoints are asked for"]),
  row("a clear 5xx regression", "12 % since exposure, 0.2 % before", bad, ["roll-back given", "worse than before, from exposure on, database calm"]),
  row("CloudWatch does not answer", "no metrics", { minutesIn: 2, look: { metrics: { ok: false, because: "throttled" } } }, [
    "wait",
    "a provider's failure is never the service's",
  ]),
  row("no traffic", "no datapoint at all", { traffic: { requests: () => undefined, errors: () => undefined, p95Seconds: () => undefined } }, [
    "wait",
    "nobody asked, so nobody was failed",
  ]),
  row("before exposure", "no healthy target yet", { remembered: { exposedAt: undefined }, traffic: failing(12) }, [
    "wait",
    "what fails now is the old revision",
  ]),
  row(
    "the watch ends quietly",
    "60 min, all figures there",
    { minutesIn: 60, look: completed, remembered: { completedAt: T0, tally: { minutes: 57, requests: 34_200, through: T0 } } },
    ["leave passed", "it earned GOOD"],
  ),
  row("never exposed", "all looks spent", { looks: 999, remembered: { exposedAt: undefined } }, ["leave nothing-to-judge", "nothing was seen of it"]),
  row("blind at the end", "60 min, CloudWatch silent", { minutesIn: 60, blindLooks: 3 }, ["leave nothing-to-judge", "silence is not health"]),
];

export const fences: readonly DecisionCase[] = [
  row("another watch took over", "the ledger names another execution", { ...bad, watchKey: "guard/shop/44" }, ["leave superseded", "one decision a group"]),
  row("the watch was closed", "the row is gone", { ...bad, watchKey: "" }, ["leave closed", "nobody asked for this any more"]),
  row(
    "a newer deployment",
    "PRIMARY is api:44, newer than ours",
    { ...bad, look: state({ deployments: [{ ...first(), id: ecsDeploymentId("ecs-svc/shop-api-44"), createdAt: epochMs(T0 + 60_000) }] }) },
    ["leave superseded", "never over a newer deployment"],
  ),
  row(
    "a stale read",
    "PRIMARY is the old deployment",
    { look: state({ deployments: [{ ...first(), id: ecsDeploymentId("ecs-svc/shop-api-42"), createdAt: epochMs(T0 - 8 * days(1)) }] }) },
    ["wait", "ECS reads lag; an older one is not a newer deployment"],
  ),
  row("held by a person", "12 % errors, hold", { ...bad, heldBecause: "lead holds everything until it is released: migration" }, [
    "leave held",
    "a hold stops every automatic effect",
  ]),
  row("held, and nothing wrong", "hold", { heldBecause: "lead holds everything" }, ["wait", "watching is not acting"]),
  row("blue/green", "12 % errors, BLUE_GREEN", { ...bad, look: state({ strategy: "BLUE_GREEN" }) }, ["leave unsupported", "decision 7"]),
  row("CodeDeploy", "12 % errors, CODE_DEPLOY controller", { ...bad, look: state({ controller: "CODE_DEPLOY" }) }, ["leave unsupported", "decision 7"]),
];

export const native: readonly DecisionCase[] = [
  row(
    "ECS rolls back already",
    "ROLLBACK_IN_PROGRESS",
    { ...bad, look: deployment({ status: "ROLLBACK_IN_PROGRESS", rollback: { reason: "circuit breaker", startedAt: T0, to: undefined } }) },
    ["leave yield", "one rollback is enough"],
  ),
  row("ECS has rolled back", "ROLLBACK_SUCCESSFUL", { look: deployment({ status: "ROLLBACK_SUCCESSFUL" }) }, ["leave yield", "nothing is left to do"]),
  row("ECS could not roll back", "ROLLBACK_FAILED", { look: deployment({ status: "ROLLBACK_FAILED" }) }, [
    "roll-back given",
    "the last known good is redeployed",
  ]),
  row(
    "a newer deployment replaced it",
    "STOPPED, PRIMARY is api:44",
    {
      ...bad,
      look: {
        ...deployment({ status: "STOPPED" }),
        ...state({ deployments: [{ ...first(), id: ecsDeploymentId("ecs-svc/shop-api-44"), createdAt: epochMs(T0 + 60_000) }] }),
      },
    },
    ["leave superseded", "ECS stops what is replaced"],
  ),
  row(
    "stopped a moment ago",
    "STOPPED 29 s before the look",
    { ...bad, minutesIn: 3, look: deployment({ status: "STOPPED", finishedAt: epochMs(T0 + 3 * 60_000 + 10_000 - 29_000) }) },
    ["wait", "a newer deployment may show at the next look"],
  ),
  row(
    "stopped half a minute ago",
    "STOPPED 30 s before the look",
    { ...bad, minutesIn: 3, look: deployment({ status: "STOPPED", finishedAt: epochMs(T0 + 3 * 60_000 + 10_000 - 30_000) }) },
    ["leave yield", "a person is at it"],
  ),
  row("somebody stopped it", "STOPPED", { ...bad, look: deployment({ status: "STOPPED" }) }, ["leave yield", "a person is at it"]),
  row(
    "the circuit breaker may come",
    "2 crashes, breaker on, first seen now",
    {
      remembered: { ...crashed, exposedAt: undefined, awaitingNativeSince: epochMs(T0 + 190_000) },
      look: state({ native: { circuitBreakerRollback: true, alarmRollback: [] } }),
    },
    ["wait", "ECS gets its grace"],
  ),
  row(
    "the circuit breaker did not come",
    "2 crashes, breaker on, 30 s ago",
    {
      remembered: { ...crashed, exposedAt: undefined, awaitingNativeSince: epochMs(T0 + 160_000) },
      look: state({ native: { circuitBreakerRollback: true, alarmRollback: [] } }),
    },
    ["roll-back given", "the grace is over; stopping is safe to repeat"],
  ),
  {
    name: "the worker follows the api",
    seen: "ECS rolls the api back, the worker was deployed too",
    given: situation({ look: deployment({ status: "ROLLBACK_IN_PROGRESS" }) }, [
      {
        name: "shop-worker",
        service: worker("shop-worker"),
        change: { look: { targets: { ok: true, value: [] }, state: { ok: true, value: serviceState("shop-worker", { targetGroups: [] }) } } },
      },
    ]),
    verdict: "roll-back given",
    because: "a group goes back whole (R11)",
  },
];

export const hard: readonly DecisionCase[] = [
  row("three unhealthy looks", "3 in a row", { remembered: { unhealthyLooks: 3 } }, ["wait", "more than 3 is four"]),
  row(
    "four unhealthy looks",
    "4 in a row, old targets well",
    { remembered: { unhealthyLooks: 4 }, look: { targets: { ok: true, value: [target("a", true, "unhealthy"), target("b", false)] } } },
    ["roll-back given", "hard evidence"],
  ),
  row(
    "old targets unhealthy too",
    "4 in a row, old and new",
    { remembered: { unhealthyLooks: 4 }, look: { targets: { ok: true, value: [target("a", true, "unhealthy"), target("b", false, "unhealthy")] } } },
    ["leave not-deploy", "the old revision fails the same way"],
  ),
  row("crash on boot", "2 of 2 tasks exit 1, never exposed", { remembered: { ...crashed, exposedAt: undefined } }, [
    "roll-back given",
    "hard evidence before any traffic",
  ]),
  row("one crash", "1 of 2 tasks", { remembered: { crashed: [crash("a", 20)] } }, ["wait", "at least two"]),
  row("Spot reclaimed two tasks", "2 SpotInterruption", { remembered: { crashed: crashed.crashed.map((one) => ({ ...one, cause: "infrastructure" })) } }, [
    "wait",
    "the platform's doing (hazard 17)",
  ]),
  row("a smoke test failed once", "1 failure", { remembered: { smokeFailures: { schema: 1 } } }, ["wait", "two in a row count"]),
  row("a smoke test failed twice", "2 failures in a row", { remembered: { smokeFailures: { schema: 2 } } }, ["roll-back given", "hard evidence"]),
  row(
    "smoke tests fail, the database went first",
    "2 failures, RDS beyond its mark 5 min before exposure",
    { remembered: { smokeFailures: { schema: 2 }, lastSmokeAt: T0 }, traffic: { database: (minute) => (minute >= -5 ? 99 : 40) } },
    ["leave not-deploy", "what settles elsewhere overrules hard evidence"],
  ),
  row(
    "memory runs out after half an hour",
    "2 OutOfMemory crashes at 31 min",
    {
      minutesIn: 31,
      look: { ...completed, ...onlyNew },
      remembered: {
        completedAt: T0,
        crashed: [crash("a", 1_800), crash("b", 1_830)].map((one) => ({
          ...one,
          reason: "OutOfMemoryError: Container killed due to memory usage",
          exitCodes: [137],
        })),
      },
    },
    ["roll-back given", "hard evidence acts in the long window"],
  ),
];

export const soft: readonly DecisionCase[] = [
  row("slow for five minutes", "p95 2.4 s, 0.2 s before", { minutesIn: 5, traffic: { p95Seconds: (minute) => (minute >= 0 ? 2.4 : 0.2) } }, [
    "roll-back given",
    "slower from exposure on",
  ]),
  row("an alarm of the team", "OK → ALARM after exposure, 3 % errors", { look: { alarms: [alarm()] }, traffic: failing(3, 0) }, [
    "roll-back given",
    "quiet before, soon after exposure, and the figures are worse",
  ]),
  row("an alarm of the team, alone", "OK → ALARM after exposure, 0.2 % errors", { look: { alarms: [alarm()] } }, [
    "ask with plan",
    "its own figures are healthy",
  ]),
  row(
    "an alarm that rang before",
    "ALARM at the start",
    { look: { alarms: [alarm()] }, member: { alarmsAtStart: [alarm({ since: epochMs(T0 - 600_000) })] } },
    ["wait", "hazard 10: tainted"],
  ),
  row("an alarm without data", "INSUFFICIENT_DATA", { look: { alarms: [alarm({ value: "INSUFFICIENT_DATA" })] } }, ["wait", "not a breach"]),
  row("as bad before", "12 % before and after", { minutesIn: 2, traffic: { errors: () => 72 } }, ["leave not-deploy", "it began before the deployment"]),
  row(
    "the database failed first",
    "12 % since minute 3, RDS since minute 2",
    { minutesIn: 6, traffic: { ...failing(12, 3), database: (minute) => (minute >= 2 ? 99 : 40) } },
    ["leave not-deploy", "it moved first"],
  ),
  row(
    "the database failed in the same minute as the exposure",
    "60 % errors, RDS from exposure on",
    { minutesIn: 2, traffic: { ...failing(60), database: (minute) => (minute >= 0 ? 99 : 40) } },
    ["ask with plan", "cause or effect: a person decides, no experiment"],
  ),
  row("another product fails too", "12 %, shop-admin fails", { ...bad, siblings: [{ service: "shop-admin", failing: true }] }, [
    "leave not-deploy",
    "a shared cause",
  ]),
  row("late and nothing else known", "12 % from minute 20 on", { minutesIn: 23, traffic: failing(12, 20), service: { dependencies: [] }, look: completed }, [
    "ask with plan",
    "one fitting sign may be chance",
  ]),
  row("late total outage", "70 % from minute 20 on", { minutesIn: 23, traffic: failing(70, 20), service: { dependencies: [] }, look: completed }, [
    "roll-back given",
    "P1: going back is tried, it can be undone",
  ]),
  row("in the long window", "12 % from minute 40 on", { minutesIn: 43, traffic: failing(12, 40), look: completed }, [
    "ask with plan",
    "only hard evidence acts there",
  ]),
  row("few requests", "20 a minute, 2 of them failing", { minutesIn: 4, traffic: { requests: () => 20, errors: (minute) => (minute >= 0 ? 2 : 0) } }, [
    "roll-back given",
    "widened until 60 requests and 3 errors",
  ]),
  row(
    "too few requests",
    "14 a minute, 2 of them failing, for 4 min",
    { minutesIn: 4, traffic: { requests: () => 14, errors: (minute) => (minute >= 0 ? 2 : 0) } },
    ["wait", "56 requests are no sample"],
  ),
];
