import { minutes } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { headersIn, openTeam, people } from "./workplace.ts";

describe("a silenced service", () => {
  test("opens nothing and calls nobody, others do, and the silence is on record", async () => {
    const place = await openTeam(["svc-01", "svc-02"], "P1");
    expect(await place.ops(people.ana, 'silence svc-01 30m --reason "load test"')).toContain("ana silenced svc-01 for 30 m");
    place.ring("svc-01/down");
    await place.pass(minutes(2));
    expect(await place.incidents()).toEqual([]);
    expect(headersIn(place)).toEqual([]);
    expect(place.stage.lab.sns.published).toEqual([]);
    expect(await place.ops(people.cleo, "silences")).toContain("load test");
    const records = await place.ask((world) => world.audit.read("control"));
    expect(records.map((one) => [one.kind, one.actor, one.body["does"], one.body["reason"]])).toEqual([
      ["command", `slack/${people.ana} ana`, "silence", "load test"],
    ]);
    place.ring("svc-02/down");
    await place.pass(minutes(1));
    expect((await place.incidents()).map((one) => one.service)).toEqual(["svc-02"]);
  });

  test("is heard again as soon as the silence is taken back, or has ended by itself", async () => {
    const place = await openTeam(["svc-01", "svc-02"], "P2");
    await place.ops(people.ana, "silence svc-01 10m");
    const said = await place.ops(people.ana, "silence svc-02 2h");
    const id = /unsilence (S-\w+)/.exec(said)?.[1] ?? "none";
    expect(await place.ops(people.ana, `unsilence ${id}`)).toContain("ana ended the silence of svc-02");
    place.ring("svc-02/slow");
    await place.pass(minutes(1));
    expect((await place.incidents()).map((one) => one.service)).toEqual(["svc-02"]);
    await place.pass(minutes(10));
    place.ring("svc-01/slow");
    await place.pass(minutes(1));
    expect((await place.incidents()).map((one) => one.service)).toEqual(["svc-02", "svc-01"]);
  });

  test("does not keep the end of an alarm from ending its incident", async () => {
    const place = await openTeam(["svc-01"], "P3");
    place.ring("svc-01/slow");
    await place.pass(minutes(1));
    await place.ops(people.ana, "silence svc-01 1h");
    place.ring("svc-01/slow", "OK");
    await place.pass(minutes(7));
    expect((await place.incidents()).map((one) => one.state)).toEqual(["resolved"]);
  });
});

describe("an alarm that rang under a silence", () => {
  test("and still rings when it ends opens its incident within five minutes", async () => {
    const place = await openTeam(["svc-01"], "P2");
    await place.ops(people.ana, "silence svc-01 10m");
    place.ring("svc-01/slow");
    await place.pass(minutes(9));
    expect(await place.incidents()).toEqual([]);
    await place.pass(minutes(6));
    const incidents = await place.incidents();
    expect(incidents).toMatchObject([{ service: "svc-01", severity: "P2", firing: 1, title: "svc-01/slow rings" }]);
    expect(headersIn(place)).toHaveLength(1);
    place.ring("svc-01/slow", "OK");
    await place.pass(minutes(6));
    expect((await place.incidents()).map((one) => one.state)).toEqual(["resolved"]);
    await place.pass(minutes(16));
    expect((await place.incidents()).map((one) => one.state)).toEqual(["resolved"]);
  });

  test("and was over before it ended opens nothing", async () => {
    const place = await openTeam(["svc-01"], "P2");
    await place.ops(people.ana, "silence svc-01 10m");
    place.ring("svc-01/slow");
    await place.pass(minutes(5));
    place.ring("svc-01/slow", "OK");
    await place.pass(minutes(20));
    expect(await place.incidents()).toEqual([]);
  });

  test("of a maintenance window, likewise", async () => {
    const place = await openTeam(["svc-01"], "P2", {
      maintenance: [{ name: "patch night", scope: "svc-01", opens: "monday 02:00", lasts: minutes(70), zone: "UTC" }],
    });
    place.ring("svc-01/slow");
    await place.pass(minutes(9));
    expect(await place.incidents()).toEqual([]);
    await place.pass(minutes(6));
    expect((await place.incidents()).map((one) => [one.service, one.state])).toEqual([["svc-01", "open"]]);
  });
});
