import { type Entry, epochMs, type Incident } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { describe, expect, test } from "vitest";
import { notify } from "./notify.ts";
import { fakeTelling } from "./testing/fake-telling.ts";

/** 2026-11-21T03:14:20Z. */
const at = epochMs(1_795_230_860_000);
const entry = (key: string, text: string, announce = true): Entry => ({ key, at, kind: "seen", text, announce });
const incident = (over: Partial<Incident> = {}): Incident => ({
  id: "INC-1",
  service: "shop-api",
  severity: "P2",
  title: "shop-api:43 fails",
  openedAt: at,
  state: "open",
  entries: [entry("seen", "5xx 12.4 %"), entry("secret", "for the record", false), entry("acted", "rolled back")],
  ...over,
});
const slackDown = new PortError("unavailable", "slack:chat.postMessage", "C1", "HTTP 503");
const standing = ({ slack }: ReturnType<typeof fakeTelling>) => slack.map(({ thread, text }) => [thread, text]);

const whole = [
  [undefined, "● [shop-api] P2 open · shop-api:43 fails"],
  ["ts-1", "03:14:20  5xx 12.4 %"],
  ["ts-1", "03:14:20  rolled back"],
];

describe("an incident in Slack", () => {
  test("has its header first and then each announced line, in order, in its thread", async () => {
    const world = fakeTelling(incident());
    await notify(world, "INC-1", "C1");
    expect(standing(world)).toEqual(whole);
    expect(world.slack.every((one) => one.channel === "C1")).toBe(true);
  });

  test("is not said again when nothing changed", async () => {
    const world = fakeTelling(incident());
    await notify(world, "INC-1", "C1");
    const { updates } = world.did;
    await notify(world, "INC-1", "C1");
    await notify(world, "INC-1", "C1");
    expect(standing(world)).toEqual(whole);
    expect(world.did).toEqual({ updates, finds: 0 });
  });

  test("gets only the new line when one was added", async () => {
    const world = fakeTelling(incident());
    await notify(world, "INC-1", "C1");
    await world.incidents.say("INC-1", entry("outcome", "it helped"));
    await notify(world, "INC-1", "C1");
    expect(standing(world)).toEqual([...whole, ["ts-1", "03:14:20  it helped"]]);
  });

  test("stays in its thread when the configured channel changes", async () => {
    const world = fakeTelling(incident({ entries: [entry("seen", "5xx 12.4 %")] }));
    await notify(world, "INC-1", "C1");
    await world.incidents.say("INC-1", entry("acted", "rolled back"));
    await notify(world, "INC-1", "C2");
    expect(world.slack.map((one) => one.channel)).toEqual(["C1", "C1", "C1"]);
  });

  test.each([
    ["nobody knows it", "INC-9", incident()],
    ["all its lines are for the record only", "INC-1", incident({ entries: [entry("secret", "for the record", false)] })],
    ["it has no line yet", "INC-1", incident({ entries: [] })],
  ])("is not told when %s", async (_, id, row) => {
    const world = fakeTelling(row);
    await notify(world, id, "C1");
    await notify(world, id, undefined);
    expect([world.slack, world.paged]).toEqual([[], []]);
  });
});

describe("a crash while sending", () => {
  test.each(["INC-1/header", "INC-1/seen", "INC-1/acted"])("between the mark and the post of %s: it is looked for, then sent once", async (key) => {
    const world = fakeTelling(incident());
    world.loseOnce.set(key, "before");
    await expect(notify(world, "INC-1", "C1")).rejects.toThrow("no answer");
    await notify(world, "INC-1", "C1");
    expect(standing(world)).toEqual(whole);
    expect(world.did.finds).toBe(1);
  });

  test.each(["INC-1/header", "INC-1/seen", "INC-1/acted"])("after Slack got %s: it is found by its key and not sent again", async (key) => {
    const world = fakeTelling(incident());
    world.loseOnce.set(key, "after");
    await expect(notify(world, "INC-1", "C1")).rejects.toThrow("no answer");
    await notify(world, "INC-1", "C1");
    expect(standing(world)).toEqual(whole);
    expect(world.did.finds).toBe(1);
  });
});

describe("the header", () => {
  test.each([
    ["open", "P1", "● [shop-api] P1 open · shop-api:43 fails"],
    ["needs-person", "P2", "● [shop-api] P2 a person is needed · shop-api:43 fails"],
    ["resolved", "P2", "● [shop-api] P2 resolved · shop-api:43 fails"],
  ] as const)("of an incident that became %s, %s", async (state, severity, text) => {
    const world = fakeTelling(incident());
    await notify(world, "INC-1", "C1");
    await world.incidents.settle("INC-1", state, { severity });
    await notify(world, "INC-1", "C1");
    expect(world.slack[0]?.text).toBe(text);
  });

  test("is written once a change", async () => {
    const world = fakeTelling(incident());
    await notify(world, "INC-1", "C1");
    const before = world.did.updates;
    await world.incidents.settle("INC-1", "resolved", { title: "it helped" });
    await notify(world, "INC-1", "C1");
    await notify(world, "INC-1", "C1");
    expect(world.did.updates).toBe(before + 1);
  });
});

describe("when Slack does not take it", () => {
  test.each([
    ["P1", 1],
    ["P2", 1],
    ["P3", 0],
    ["P4", 0],
  ] as const)("%s is paged %i times, however often the stream delivers again", async (severity, pages) => {
    const world = fakeTelling(incident({ severity }));
    world.down = slackDown;
    for (let delivery = 0; delivery < 3; delivery++) await expect(notify(world, "INC-1", "C1")).rejects.toBe(slackDown);
    expect(world.paged).toHaveLength(pages);
  });

  test("the page says all of it, and why it came this way", async () => {
    const world = fakeTelling(incident());
    world.down = slackDown;
    await expect(notify(world, "INC-1", "C1")).rejects.toBe(slackDown);
    expect(world.paged).toEqual([
      {
        subject: "● [shop-api] P2 open · shop-api:43 fails",
        text: "03:14:20  5xx 12.4 %\n03:14:20  rolled back\n(Slack did not take this: slack:chat.postMessage on C1: HTTP 503)",
        key: "INC-1/page",
      },
    ]);
  });

  test("Slack is brought up to date once it is back", async () => {
    const world = fakeTelling(incident());
    world.down = slackDown;
    await expect(notify(world, "INC-1", "C1")).rejects.toBe(slackDown);
    world.down = undefined;
    await notify(world, "INC-1", "C1");
    expect(standing(world)).toEqual(whole);
  });

  test("an error of our own is no outage: it is thrown, and nobody is paged", async () => {
    const world = fakeTelling(incident());
    world.down = new TypeError("undefined is not a function");
    await expect(notify(world, "INC-1", "C1")).rejects.toThrow(TypeError);
    expect(world.paged).toEqual([]);
  });
});

test("without a channel each state an incident reaches is paged once", async () => {
  const world = fakeTelling(incident());
  await notify(world, "INC-1", undefined);
  await notify(world, "INC-1", undefined);
  await world.incidents.settle("INC-1", "resolved");
  await notify(world, "INC-1", undefined);
  await notify(world, "INC-1", undefined);
  expect(world.paged.map(({ subject, key }) => [subject, key])).toEqual([
    ["● [shop-api] P2 open · shop-api:43 fails", "INC-1/page:open"],
    ["● [shop-api] P2 resolved · shop-api:43 fails", "INC-1/page:resolved"],
  ]);
  expect(world.paged[0]?.text).toBe("03:14:20  5xx 12.4 %\n03:14:20  rolled back\n(no Slack channel is configured)");
  expect(world.slack).toEqual([]);
});
