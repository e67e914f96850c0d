import { textOf } from "@nightshift/lab/slack/read";
import { onAlarm } from "@nightshift/config";
import { minutes, seconds } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { headersIn, openTeam, people, repliesTo } from "./workplace.ts";

const names = (count: number) => Array.from({ length: count }, (_, n) => `svc-${String(n + 1).padStart(2, "0")}`);

describe("an alarm storm", () => {
  test("more than twenty services in trouble are one incident with one message, however many began before it was seen", async () => {
    const all = names(24);
    const place = await openTeam(all, "P3");
    for (const name of all.slice(0, 6)) place.ring(`${name}/slow`);
    await place.pass(seconds(40));
    for (const name of all.slice(6)) place.ring(`${name}/slow`);
    await place.pass(minutes(3));

    const incidents = await place.incidents();
    const [storm, ...others] = incidents.filter((one) => one.state !== "merged");
    expect(others).toEqual([]);
    expect(storm).toMatchObject({ group: "*", firing: 24 });
    expect(storm?.alarms.map((one) => one.service).toSorted()).toEqual(all);
    const standing = headersIn(place).filter((one) => !textOf(one).includes("merged into"));
    expect(standing.filter((one) => textOf(one).includes("a storm over the account"))).toHaveLength(1);
  });

  test("twenty services in trouble are twenty incidents", async () => {
    const all = names(20);
    const place = await openTeam(all, "P3");
    for (const name of all) place.ring(`${name}/slow`);
    await place.pass(minutes(2));
    expect((await place.incidents()).map((one) => one.group).toSorted()).toEqual(all);
  });

  test("a flapping alarm is told as one that goes on and off, not move by move", async () => {
    const place = await openTeam(["svc-01"], "P3");
    for (let n = 0; n < 20; n++) {
      place.ring("svc-01/slow", n % 2 === 0 ? "ALARM" : "OK");
      await place.pass(seconds(20));
    }
    place.ring("svc-01/slow");
    await place.pass(minutes(2));
    const [only, ...more] = await place.incidents();
    expect(more).toEqual([]);
    expect(only).toMatchObject({ firing: 1, flapping: ["svc-01/slow"], state: "open" });
    const [header] = headersIn(place);
    const moves = repliesTo(header).filter((text) => /rings|clear|on and off/.test(text));
    expect(moves.some((text) => text.includes("1 goes on and off"))).toBe(true);
    expect(moves.length).toBeLessThanOrEqual(6);
  });

  test("while a service does not answer, its other alarms are counted and not told", async () => {
    const place = await openTeam(["svc-01"], "P3", { alarms: [onAlarm("svc-01/down", { service: "svc-01", severity: "P2", role: "down" })] });
    place.ring("svc-01/down");
    for (const name of ["slow", "errors", "queue"]) place.ring(`svc-01/${name}`);
    await place.pass(minutes(2));
    const [only] = await place.incidents();
    expect(only).toMatchObject({ severity: "P2", firing: 1, inhibited: 3 });
    place.ring("svc-01/down", "OK");
    await place.pass(minutes(2));
    expect((await place.incidents())[0]).toMatchObject({ firing: 3, inhibited: 0, state: "open" });
  });
});

describe("the same trouble again", () => {
  const resolved = async () => {
    const place = await openTeam(["svc-01"], "P3");
    place.ring("svc-01/slow");
    await place.pass(minutes(1));
    place.ring("svc-01/slow", "OK");
    await place.pass(minutes(6));
    const [only] = await place.incidents();
    expect(only?.state).toBe("resolved");
    return { place, resolvedAt: only?.resolvedAt ?? 0 };
  };

  test("within ten minutes opens the same incident in its old thread", async () => {
    const { place, resolvedAt } = await resolved();
    await place.pass(seconds((resolvedAt + 600_000 - place.now()) / 1_000));
    place.ring("svc-01/slow");
    await place.pass(minutes(1));
    const incidents = await place.incidents();
    expect(incidents).toHaveLength(1);
    expect(incidents[0]).toMatchObject({ state: "open", turns: { reopened: 1, resolved: 1 } });
    expect(headersIn(place)).toHaveLength(1);
    expect(repliesTo(headersIn(place)[0]).join("\n")).toContain("opened it again");
  });

  test("later than that it is a new one", async () => {
    const { place, resolvedAt } = await resolved();
    await place.pass(seconds((resolvedAt + 600_000 - place.now()) / 1_000 + 1));
    place.ring("svc-01/slow");
    await place.pass(minutes(1));
    expect((await place.incidents()).map((one) => one.state)).toEqual(["resolved", "open"]);
    expect(headersIn(place)).toHaveLength(2);
  });
});

describe("two incidents made one by a command", () => {
  test("the target has the alarms of both, the other thread leads there, and what rings later goes there", async () => {
    const place = await openTeam(["svc-01", "svc-02"], "P3");
    place.ring("svc-01/slow");
    place.ring("svc-02/errors");
    await place.pass(minutes(1));
    const [from, into] = await place.incidents();
    expect(await place.ops(people.ana, `merge ${from?.id} into ${into?.id}`)).toContain(`${from?.id} is part of ${into?.id} now.`);
    await place.pass(minutes(1));

    const after = await place.incidents();
    expect(after.find((one) => one.id === from?.id)).toMatchObject({ state: "merged", mergedInto: into?.id });
    const target = after.find((one) => one.id === into?.id);
    expect(target?.alarms.map((one) => one.name).toSorted()).toEqual(["svc-01/slow", "svc-02/errors"]);
    expect(target).toMatchObject({ absorbed: [from?.id], firing: 2 });

    const thread = (id: string | undefined) => headersIn(place).find((one) => textOf(one).includes(id ?? "none"));
    const old = thread(from?.id);
    expect([old === undefined ? "" : textOf(old), ...repliesTo(old)].join("\n")).toContain(`${into?.id}`);

    place.ring(`${from?.service}/another`);
    await place.pass(minutes(1));
    const late = await place.incidents();
    expect(late).toHaveLength(2);
    expect(late.find((one) => one.id === into?.id)).toMatchObject({ firing: 3 });
    for (const alarm of ["svc-01/slow", "svc-02/errors", `${from?.service}/another`]) place.ring(alarm, "OK");
    await place.pass(minutes(7));
    expect((await place.incidents()).find((one) => one.id === into?.id)).toMatchObject({ state: "resolved", firing: 0 });
  });
});
