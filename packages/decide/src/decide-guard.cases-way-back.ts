import { days, epochMs, minutes, percent } from "@nightshift/model";
import { bad, completed, type DecisionCase, migration, row, source } from "./decide-guard.rows.ts";
import { candidate, identity, record, serviceState, T0, worker } from "./fixtures.ts";
import { situation } from "./situation.ts";

export const wayBack: readonly DecisionCase[] = [
  row("shadow mode", "12 % errors", { ...bad, service: { mode: "shadow" } }, ["roll-back shadow", "only told"]),
  row("ask mode", "12 % errors", { ...bad, service: { mode: "ask" } }, ["ask with plan", "a person's word first"]),
  row("no last known good", "first deployment", { ...bad, member: { candidate: undefined, candidateBecause: "this is the first one" } }, [
    "ask without plan",
    "nowhere to go (hazard 21)",
  ]),
  row(
    "the same bytes again",
    "forced redeploy of a good revision",
    { ...bad, member: { source: { ...source(), identity: identity("shop-api", 43) }, known: [record("shop-api", 43, "good")] } },
    ["ask without plan", "going back would change nothing (hazard 26)"],
  ),
  row("the candidate runs already", "candidate equals current", { ...bad, member: { candidate: candidate("shop-api", 43) } }, [
    "ask without plan",
    "going back would change nothing (hazard 7)",
  ]),
  row("the image is gone", "purged from ECR", { ...bad, member: { candidate: candidate("shop-api", 42, { imagePresent: false }) } }, [
    "ask without plan",
    "hazard 8",
  ]),
  row("a migration that cannot be undone", "irreversible, since the candidate", { ...bad, member: { migrations: migration({ reversible: false }) } }, [
    "ask with plan",
    "never automatic (hazard 9)",
  ]),
  row("a migration of unknown kind", "no labels", { ...bad, member: { migrations: migration() } }, ["ask with plan", "a person must know"]),
  row(
    "a migration the candidate knows",
    "schema 42, candidate works with 40..42",
    {
      ...bad,
      member: {
        migrations: migration({ schemaHead: "42" }),
        candidate: candidate("shop-api", 42, { record: record("shop-api", 42, "good", { labels: { schema: { min: "40", head: "42" } } }) }),
      },
    },
    ["roll-back given", "compatible by its own word"],
  ),
  row(
    "only served, still in progress",
    "candidate served, not good",
    { ...bad, member: { candidate: candidate("shop-api", 42, { record: record("shop-api", 42, "served") }) } },
    ["roll-back given", "ECS itself returns to it"],
  ),
  row(
    "only served, completed",
    "candidate served, not good",
    { ...bad, look: completed, member: { candidate: candidate("shop-api", 42, { record: record("shop-api", 42, "served") }) } },
    ["ask without plan", "not known to be good"],
  ),
  row(
    "network settings changed too",
    "completed, other config",
    {
      ...bad,
      look: completed,
      member: {
        candidate: candidate("shop-api", 42, { record: record("shop-api", 42, "good", { identity: identity("shop-api", 42, { configHash: "config-0" }) }) }),
      },
    },
    ["ask with plan", "a task definition does not carry them"],
  ),
  row("ECS cannot be read", "12 % errors, no deployment facts", { ...bad, look: { deployment: { ok: false, because: "throttled" } } }, [
    "wait",
    "no plan without fresh facts",
  ]),
  row(
    "known-bad, warn",
    "same bytes as rolled back 3 days ago",
    { member: { knownBad: record("shop-api", 43, "bad", { gradedAt: epochMs(T0 - 3 * days(1)) }) } },
    ["wait", "a warning"],
  ),
  row(
    "known-bad, block",
    "same bytes, in progress",
    { service: { knownBad: "block" }, member: { knownBad: record("shop-api", 43, "bad", { gradedAt: epochMs(T0 - 3 * days(1)) }) } },
    ["roll-back given", "the team's policy"],
  ),
  row(
    "known-bad, block, ask mode",
    "same bytes, in progress",
    { service: { knownBad: "block", mode: "ask" }, member: { knownBad: record("shop-api", 43, "bad", { gradedAt: epochMs(T0 - 3 * days(1)) }) } },
    ["ask with plan", "the mode stands above the policy"],
  ),
  row(
    "known-bad long ago",
    "31 days",
    { service: { knownBad: "block" }, member: { knownBad: record("shop-api", 43, "bad", { gradedAt: epochMs(T0 - 31 * days(1)) }) } },
    ["wait", "forgotten after 30 days"],
  ),
  {
    name: "api and worker go back together",
    seen: "api fails, both were deployed",
    given: situation(bad, [
      {
        name: "shop-worker",
        service: worker("shop-worker"),
        change: { minutesIn: 2, look: { targets: { ok: true, value: [] }, state: { ok: true, value: serviceState("shop-worker", { targetGroups: [] }) } } },
      },
    ]),
    verdict: "roll-back given",
    because: "R11",
  },
  {
    name: "the worker asks, the api is auto",
    seen: "api fails, worker in ask mode",
    given: situation(bad, [
      {
        name: "shop-worker",
        service: worker("shop-worker", { mode: "ask" }),
        change: { look: { targets: { ok: true, value: [] }, state: { ok: true, value: serviceState("shop-worker", { targetGroups: [] }) } } },
      },
    ]),
    verdict: "ask with plan",
    because: "the most careful member decides for the group",
  },
  row(
    "errors a minute",
    "11 a minute for 2 min",
    {
      minutesIn: 2,
      service: {
        triggers: [
          { kind: "errors-per-minute", moreThan: 10, times: 2, noData: "wait" },
          { kind: "error-rate", above: percent(1), for: minutes(5), minRequests: 60, minErrors: 3, noData: "wait" },
        ],
      },
      traffic: { requests: () => 300, errors: (minute) => (minute >= 0 ? 11 : 0) },
    },
    ["roll-back given", "the Customify alarm, with blame"],
  ),
];
