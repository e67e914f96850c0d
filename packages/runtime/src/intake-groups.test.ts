import { guarded, settingsFor } from "@nightshift/decide/fixtures";
import { policyFixture } from "@nightshift/decide/incidents/policy.fixture";
import { serviceName } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { clear, ring, stage } from "./intake.fixture.ts";
import { takeAlarms } from "./intake.ts";
import { atSecond } from "./testing/fake-incidents.ts";

describe("several groups", () => {
  const dependsOn = { api: ["RDS"], worker: ["RDS"], mail: ["api"] };
  const rds = (at: number) => ring("rds/cpu", at, { service: "RDS", group: "dep:RDS", role: "cause" });
  const standing = async (it: ReturnType<typeof stage>) =>
    (await it.all()).filter((one) => one.mergedInto === undefined).map((one) => [one.group, one.alarms.length]);

  test("join the incident of what they stand on, in one batch and whatever the order", async () => {
    const it = stage();
    await it.take([ring("api/5xx", 0), ring("worker/queue", 0), rds(0)], { dependsOn });
    expect(await standing(it)).toEqual([["dep:RDS", 3]]);
  });
  test("that come later join it, too", async () => {
    const it = stage();
    await it.take([rds(0)], { dependsOn });
    await it.take([ring("api/5xx", 5)], { dependsOn });
    expect(await standing(it)).toEqual([["dep:RDS", 2]]);
  });
  test("a dependency joins the one that stands on it, and leads the next one there", async () => {
    const it = stage();
    await it.take([ring("api/5xx", 0)], { dependsOn });
    await it.take([rds(5)], { dependsOn });
    await it.take([ring("worker/queue", 6)], { dependsOn });
    expect(await standing(it)).toEqual([["api", 3]]);
  });
  test("a dependency takes in several that stand on it", async () => {
    const it = stage();
    await it.take([ring("api/5xx", 0)], { dependsOn });
    await it.take([ring("worker/queue", 1)], { dependsOn });
    await it.take([rds(5)], { dependsOn });
    expect(await standing(it)).toEqual([["dep:RDS", 3]]);
    await it.take([clear("api/5xx", 9)], { dependsOn });
    expect((await it.all()).filter((one) => one.mergedInto === undefined).map((one) => [one.firing, one.inhibited])).toEqual([[1, 1]]);
  });
  test("that stand on nothing have incidents of their own", async () => {
    const it = stage();
    await it.take([ring("api/5xx", 0), ring("blog/5xx", 0)]);
    expect(await standing(it)).toEqual([
      ["api", 1],
      ["blog", 1],
    ]);
  });
  test.each([
    ["one commit are one incident", "c0ffee", 1],
    ["two commits are two", "beef", 2],
  ])("that began with %s", async (_, commit, incidents) => {
    const it = stage();
    it.settings = ["api", "blog"].map((group) => ({ ...settingsFor(guarded(group, { group, dependencies: [] })), group }));
    it.changes.push({ service: serviceName("api"), kind: "deployment", at: atSecond(-60), commit: "c0ffee" });
    it.changes.push({ service: serviceName("blog"), kind: "deployment", at: atSecond(-30), commit });
    await it.take([ring("api/5xx", 0)]);
    await it.take([ring("blog/5xx", 60)]);
    expect(await standing(it)).toHaveLength(incidents);
  });
  test("up to twenty at once are twenty incidents; more are one storm", async () => {
    const twenty = stage();
    await twenty.take(Array.from({ length: 20 }, (_, n) => ring(`svc${n}/5xx`, 0)));
    expect(await standing(twenty)).toHaveLength(20);
    const more = stage();
    await more.take(Array.from({ length: 21 }, (_, n) => ring(`svc${n}/5xx`, 0)));
    expect(await standing(more)).toEqual([["*", 21]]);
  });
  test("a storm takes in what began within two minutes before it, and not what began earlier", async () => {
    const it = stage();
    await it.take([ring("old/5xx", -60)]);
    for (let n = 0; n < 20; n++) await it.take([ring(`svc${n}/5xx`, 60 + n)]);
    await it.take([ring("svc20/5xx", 100)]);
    expect(await standing(it)).toEqual([
      ["old", 1],
      ["*", 21],
    ]);
  });
});

test("two dispatchers that see a group without an incident at the same moment open one", async () => {
  const it = stage();
  const { recent } = it.world.groups;
  let first = true;
  // The second batch is taken whole while the first one looks around, after it saw that there is no incident.
  const between = {
    ...it.world.groups,
    recent: async (since: Parameters<typeof recent>[0]) => {
      if (first) {
        first = false;
        await it.take([ring("api/latency", 2)]);
      }
      return recent(since);
    },
  };
  await takeAlarms({ ...it.world, groups: between }, [ring("api/5xx", 0)], { policy: policyFixture(), groups: [], now: atSecond(3) });
  expect((await it.all()).map((one) => [one.group, one.alarms.map((alarm) => alarm.name).toSorted()])).toEqual([["api", ["api/5xx", "api/latency"]]]);
});
