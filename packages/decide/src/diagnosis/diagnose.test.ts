import { epochMs, type GuardedService, type MetricSeries, type RungAlarm } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { guarded, worker } from "../fixtures.ts";
import { incidentFixture, later, openedAt } from "../incidents/incident.fixture.ts";
import { findingsOf, questionsOf, sayDiagnosis } from "./diagnose.ts";
import { chooseRunbooks } from "./runbooks.ts";

const rds = {
  name: "RDS shop-prod CPU",
  namespace: "AWS/RDS",
  metric: "CPUUtilization",
  dimensions: { DBInstanceIdentifier: "shop-prod" },
  statistic: "Average",
  bad: { above: 90 },
};
const api: GuardedService = guarded("shop-api", { dependencies: [rds], traffic: { loadBalancer: "app/shop/1", targetGroup: "targetgroup/api/1" } });
const alarm = (name: string): RungAlarm => ({
  name,
  service: "shop-api",
  value: "ALARM",
  since: openedAt,
  reason: "",
  first: openedAt,
  rang: openedAt,
  severity: "P3",
  role: "symptom",
  changes: [],
});
const quiet = incidentFixture({ title: "trouble" });

describe("which runbooks are run", () => {
  test.each([
    ["shop-api-p95", ["high-latency"]],
    ["api_p99_latency", ["high-latency"]],
    ["rds-connections", ["database-errors"]],
    ["db-cpu", ["database-errors"]],
    ["cognito-login-failures", ["authentication-failures"]],
    ["celery-backlog", ["worker-backlog"]],
    ["database latency", ["high-latency", "database-errors"]],
  ])("an alarm called %s leads to %j", (name, expected) => {
    expect(chooseRunbooks(incidentFixture({ title: "t", alarms: [alarm(name)] }), api)).toEqual(expected);
  });
  test("without a word, a service with traffic is asked for latency and database, a worker for its backlog", () => {
    expect(chooseRunbooks(quiet, api)).toEqual(["high-latency", "database-errors"]);
    expect(chooseRunbooks(quiet, worker("shop-worker"))).toEqual(["worker-backlog"]);
  });
});

const now = later(3_600);
const asked = questionsOf(incidentFixture({ title: "slow" }), api, now);
const idOf = (what: string) => asked.checks.find((one) => one.what === what)?.query.id ?? "none";
const series = (what: string, minutesAgo: readonly (readonly [number, number])[]): MetricSeries => ({
  id: idOf(what),
  complete: true,
  points: minutesAgo.map(([ago, value]) => ({ at: epochMs(now - ago * 60_000), value })),
});
const verdictOf = (what: string, points: readonly (readonly [number, number])[]) => findingsOf(asked, [series(what, points)]).find((one) => one.what === what);

describe("what a runbook finds", () => {
  test("asks each series once, with ids that CloudWatch takes, for the last hour and ten minutes", () => {
    const database = questionsOf(quiet, api, now);
    expect(new Set(database.queries.map((query) => query.id)).size).toBe(database.queries.length);
    expect(database.queries.every((query) => /^[a-z][a-zA-Z0-9_]*$/.test(query.id))).toBe(true);
    expect(database.checks.filter((check) => check.query.namespace === "AWS/RDS" && check.query.metric === "CPUUtilization")).toHaveLength(1);
    expect([now - database.from, now - database.to]).toEqual([4_200_000, 0]);
  });
  test.each([
    [2_000, "fine"],
    [2_001, "bad"],
  ])("a p95 of %d ms is %s", (ms, verdict) => {
    expect(
      verdictOf("p95 of shop-api", [
        [3, ms / 1_000],
        [30, ms / 1_000],
      ])?.verdict,
    ).toBe(verdict);
  });
  test("a p95 that doubled stands out below its limit", () => {
    expect(
      verdictOf("p95 of shop-api", [
        [3, 0.8],
        [30, 0.4],
      ]),
    ).toEqual({
      what: "p95 of shop-api",
      verdict: "bad",
      says: "p95 of shop-api 800 ms, 400 ms in the hour before: look at the slowest endpoint and the queries behind it; add a cache or take load off",
    });
    expect(
      verdictOf("p95 of shop-api", [
        [3, 0.79],
        [30, 0.4],
      ])?.verdict,
    ).toBe("fine");
  });
  test("a minute of exactly ten minutes ago is now, one older is before", () => {
    expect(verdictOf("CPU of shop-api", [[10, 95]])?.verdict).toBe("bad");
    expect(verdictOf("CPU of shop-api", [[11, 95]])?.verdict).toBe("unknown");
  });
  test("a dependency is bad where the team says so", () => {
    expect(verdictOf("RDS shop-prod CPU", [[1, 91]])?.says).toBe("RDS shop-prod CPU 91 (> 90): the cause is more likely there than here");
    expect(verdictOf("RDS shop-prod CPU", [[1, 90]])?.verdict).toBe("fine");
  });
  test("refused requests are judged as a share of all", () => {
    const auth = questionsOf(incidentFixture({ title: "login fails" }), api, now);
    const [check] = auth.checks;
    const points = (value: number) => [{ at: epochMs(now - 60_000), value }];
    const share = (refused: number) =>
      findingsOf(auth, [
        { id: check?.query.id ?? "", complete: true, points: points(refused) },
        { id: check?.shareOf?.id ?? "", complete: true, points: points(100) },
      ])[0];
    expect(share(20)?.verdict).toBe("fine");
    expect(share(21)?.says).toMatch(/^refused requests \(4xx\) of shop-api 21 % \(> 20 %\): /);
  });
  test("free storage is bad when it is small", () => {
    const database = questionsOf(incidentFixture({ title: "database" }), api, now);
    const check = database.checks.find((one) => one.query.metric === "FreeStorageSpace");
    const of = (value: number) =>
      findingsOf(database, [{ id: check?.query.id ?? "", complete: true, points: [{ at: epochMs(now - 60_000), value }] }]).find(
        (one) => one.what === check?.what,
      );
    expect(of(1_073_741_824)?.verdict).toBe("fine");
    expect(of(1_073_741_823)?.says).toBe("free storage of shop-prod 1.0 GiB (< 1.0 GiB): expand the storage now: a full disk stops the database");
  });
  test("nothing is claimed without datapoints", () => {
    expect(findingsOf(asked, []).every((one) => one.verdict === "unknown")).toBe(true);
  });
});

test("the thread shows what stands out, what is fine, and what nobody could see", () => {
  const finding = (what: string, verdict: "bad" | "fine" | "unknown") => ({ what, verdict, says: `${what} says` });
  expect(sayDiagnosis(["high-latency"], [finding("a", "bad"), finding("b", "fine"), finding("c", "unknown")])).toEqual([
    "Runbook high latency: 1 of 3 checks stand out.",
    "✗ a says",
    "✓ fine: b",
    "? no datapoints: c",
  ]);
  expect(sayDiagnosis(["high-latency", "database-errors"], [finding("b", "fine")])).toEqual([
    "Runbook high latency, database errors: nothing stands out.",
    "✓ fine: b",
  ]);
});
