import { type EpochMs, epochMs, minutes, seconds } from "@nightshift/model";
import { PortError, type PortErrorKind } from "@nightshift/ports";
import { describe, expect, test } from "vitest";
import { notify } from "./notify.ts";
import { announcedAt, drain, howOf, lineOf, openingOf, said, sendingPolicy } from "./testing/fake-sender.ts";
import { type FakeTelling, fakeTelling, Killed, say } from "./testing/fake-telling.ts";

function world(over: Parameters<typeof openingOf>[1] = {}): FakeTelling {
  const fake = fakeTelling(openingOf("INC-1", over));
  say(fake, "INC-1", announcedAt(fake.now));
  for (const line of ["5xx 12.4 %", "rolled back"]) say(fake, "INC-1", lineOf(line, fake.now));
  return fake;
}
const standing = ({ slack }: FakeTelling) => slack.filter(({ deleted }) => !deleted).map(({ channel, thread, card }) => [channel, thread, said(card)]);
const error = (kind: PortErrorKind, says = "no answer", retryAfter?: number) =>
  new PortError(kind, "slack:chat.postMessage", "C1", says, undefined, retryAfter === undefined ? undefined : seconds(retryAfter));
const nudged = async (fake: FakeTelling, until: EpochMs = epochMs(fake.now + minutes(5)), policy?: Parameters<typeof drain>[2]) => {
  await fake.outbox.nudge("C1", "INC-1", `stream/${fake.now}`);
  await drain(fake, until, policy);
};
const whole = [
  ["C1", undefined, "[shop-api] P2 open · trouble INC-1"],
  ["C1", "ts-1", "5xx 12.4 % | rolled back"],
];

describe("Slack away", () => {
  test("a grave first notice goes by SNS 20 s after it was due, once, and so does its end; then all of it comes as one digest", async () => {
    const fake = world({ severity: "P1" });
    const start = fake.now;
    const pagedAt: number[] = [];
    const { page } = fake.pages;
    const watched: FakeTelling = Object.assign(fake, {
      pages: { page: (one: Parameters<typeof page>[0]) => page(one).then(() => void pagedAt.push(fake.now - start)) },
    });
    watched.trouble = () => ({ error: error("unavailable", "Slack cannot be reached") });
    await nudged(watched, epochMs(start + minutes(10)));
    for (const line of ["a", "b", "c"]) say(watched, "INC-1", lineOf(line, watched.now));
    say(watched, "INC-1", lineOf("resolved/1", watched.now, { what: "resolved", how: "alarms" }));
    await nudged(watched, epochMs(start + minutes(20)));
    expect(watched.paged.map(({ key, resolved }) => [key, resolved])).toEqual([
      ["INC-1/page/first", undefined],
      ["INC-1/page/state/resolved:0", true],
    ]);
    expect(pagedAt[0]).toBeGreaterThanOrEqual(20_000);
    expect(pagedAt[0]).toBeLessThan(25_000);
    expect(watched.paged[0]?.text).toContain("Slack did not take this for 20 s.\n");
    watched.trouble = () => undefined;
    await drain(watched, epochMs(start + minutes(25)));
    expect(standing(watched)).toEqual([
      ["C1", undefined, "[shop-api] P1 resolved · trouble INC-1"],
      ["C1", "ts-1", "while away: 5xx 12.4 % | rolled back | a | b | c | resolved/1"],
    ]);
  });

  test("a thread that stood already gets one digest", async () => {
    const fake = world();
    await nudged(fake);
    await fake.pause(minutes(10));
    fake.trouble = () => ({ error: error("unavailable") });
    for (let n = 0; n < 5; n++) {
      say(fake, "INC-1", lineOf(`line ${n}`, fake.now));
      await nudged(fake, epochMs(fake.now + seconds(30)));
    }
    fake.trouble = () => undefined;
    await drain(fake, epochMs(fake.now + minutes(5)));
    expect(standing(fake).slice(2)).toEqual([["C1", "ts-1", "while away: line 0 | line 1 | line 2 | line 3 | line 4"]]);
  });

  test("for less than a minute is told as if nothing had been", async () => {
    const fake = world();
    fake.trouble = () => ({ error: error("unavailable") });
    await nudged(fake, epochMs(fake.now + seconds(20)));
    fake.trouble = () => undefined;
    await drain(fake, epochMs(fake.now + minutes(5)));
    expect(standing(fake)).toEqual(whole);
  });

  test("a page that SNS does not take is tried again", async () => {
    const fake = world({ severity: "P1" });
    fake.trouble = () => ({ error: error("unavailable") });
    fake.pageTrouble = new PortError("throttled", "sns:Publish", "topic", "slow down");
    await nudged(fake, epochMs(fake.now + seconds(40)));
    fake.pageTrouble = undefined;
    await drain(fake, epochMs(fake.now + seconds(40)));
    expect(fake.paged).toHaveLength(1);
  });

  test("whoever died while paging left a row that says so: the next one pages after half a minute, not before", async () => {
    const fake = world({ severity: "P1" });
    fake.trouble = () => ({ error: error("unavailable") });
    fake.pageTrouble = new Killed("out of memory");
    await nudged(fake, epochMs(fake.now + seconds(21))).catch(() => undefined);
    await fake.pause(seconds(3));
    fake.pageTrouble = undefined;
    const before = [...fake.rows.values()].find(({ key }) => key === "page/first");
    await drain(fake, epochMs(fake.now + seconds(90)));
    expect(before?.state).toBe("trying");
    expect(fake.paged).toHaveLength(1);
  });
});

test("two senders of one incident at the same time: every message once", async () => {
  const fake = world();
  const second = { ...fake };
  await Promise.all([notify(fake, "INC-1", howOf(fake)), notify(second, "INC-1", howOf(fake))]);
  await drain(fake, epochMs(fake.now + minutes(2)));
  expect(standing(fake)).toEqual(whole);
});

describe("without a channel", () => {
  const none = sendingPolicy({ ops: undefined, incidents: undefined, byService: {} });
  test("each state an incident reaches is paged once, whatever its severity", async () => {
    const fake = world({ severity: "P4" });
    await notify(fake, "INC-1", howOf(fake, none));
    await notify(fake, "INC-1", howOf(fake, none));
    say(fake, "INC-1", lineOf("resolved/1", fake.now, { what: "resolved", how: "person" }));
    await notify(fake, "INC-1", howOf(fake, none));
    await notify(fake, "INC-1", howOf(fake, none));
    expect(fake.paged.map(({ key, subject, resolved }) => [key, subject, resolved])).toEqual([
      ["INC-1/page/first", "[shop-api] [P4] open · trouble INC-1", undefined],
      ["INC-1/page/state/resolved:0", "[shop-api] [P4] resolved · trouble INC-1", true],
    ]);
    expect(fake.paged[0]?.text).toBe("No Slack channel is configured.\n03:00:00  rolled back\n03:00:00  5xx 12.4 %");
    expect([fake.calls, fake.nudges]).toEqual([[], []]);
  });
});
