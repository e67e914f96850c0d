import { type AlarmState, ecsDeploymentId, epochMs, hours, type RevisionRecord, serviceName, type WatchRecord } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { decideGuard } from "./decide-guard.ts";
import { alarm, at, guarded, identity, record, settingsFor, T0 } from "./fixtures.ts";
import { type Change, situation } from "./situation.ts";
import { promotion } from "./promotion.ts";
import { decideTail, type TailFacts } from "./tail.ts";
import { sayDifference, sayOutcome, sayRevision, sayVerdict } from "./words.ts";

const told = (change: Change) => {
  const { prepared, memory, settings } = situation(change);
  const verdict = decideGuard(prepared, memory, settings);
  if (verdict.kind === "wait") throw new Error(verdict.because.join());
  return sayVerdict(verdict, prepared);
};
const bad: Change = { minutesIn: 2, traffic: { errors: (minute) => (minute >= 0 ? 72 : 1) } };

describe("words", () => {
  it("tell a rollback with figures, blame and plan", () => {
    const { title, lines } = told(bad);
    expect(title).toBe("Rolling back shop-api:43 → shop-api:42");
    expect(lines[0]).toBe("shop-api: 5xx 12.0 % of 1,200 requests, 2 of 2 minutes (before: 0.2 %; same hour last week: 0.2 %)");
    expect(lines).toContain("plan: stop service deployment of shop-api with rollback → shop-api:42 (sha256:000000000000…, good)");
  });
  it("say would have in shadow, ask with the command in ask mode", () => {
    expect(told({ ...bad, service: { mode: "shadow" } }).title).toBe("Would have rolled back shop-api:43 → shop-api:42 (shadow mode)");
    expect(told({ ...bad, service: { mode: "ask" } }).lines.at(-1)).toBe("answer: nightshift approve shop-api-43-to-42-pi43 (or deny)");
  });
  it("say what would change my mind", () => {
    const left = told({ ...bad, siblings: [{ service: "shop-admin", failing: true }] });
    expect(left.title).toBe("shop: I am NOT rolling back, it is not the deployment");
    expect(left.lines.at(-1)).toBe("What would change my mind: shop-api still failing once that is over.");
  });
  it("name revisions as people do, and what differs between two", () => {
    expect(sayRevision(identity("api", 43), { commit: "8f3c2a1deadbeef", pullRequest: "412" })).toBe("api:43 (commit 8f3c2a1, #412)");
    expect(sayDifference(identity("api", 42), identity("api", 43))).toBe("image, task definition");
    expect(sayDifference(identity("api", 42), identity("api", 42, { configHash: "x" }))).toBe("service settings");
  });
  it("tell the two clocks", () => {
    const { prepared, memory, settings } = situation(bad);
    const verdict = decideGuard(prepared, memory, settings);
    if (verdict.kind !== "roll-back") throw new Error("a rollback");
    const found = {
      service: serviceName("shop-api"),
      trafficAt: at(69_000),
      steadyAt: at(207_000),
      digestsVerified: true,
      clear: true,
      overtakenBy: undefined,
      failedBecause: undefined,
      says: "5xx 0.3 % for 2 min",
    };
    expect(sayOutcome("restored", { plan: verdict.plan, startedAt: T0, looks: 9, lastAt: T0, trafficRestoredAt: T0, steadyAt: T0, members: [found] })).toEqual({
      title: "It helped",
      lines: ["shop-api:42 serves all of shop-api (two clocks: traffic 1 m 9 s, steady 3 m 27 s); digests verified; 5xx 0.3 % for 2 min"],
    });
  });
});

describe("a grade", () => {
  const grade = (change: Change) => {
    const { prepared, memory, settings } = situation({
      minutesIn: 60,
      remembered: { completedAt: T0, tally: { minutes: 57, requests: 34_200, through: T0 } },
      ...change,
    });
    return promotion(prepared, memory, settings).grade;
  };
  const kept = (minutesSeen: number, requests: number): Change => ({ remembered: { completedAt: T0, tally: { minutes: minutesSeen, requests, through: T0 } } });
  it("is good after a whole watch with figures and traffic", () => expect(grade({})).toBe("good"));
  it("needs nine of ten expected minutes", () => {
    expect(grade(kept(51, 1_000))).toBe("good");
    expect(grade(kept(50, 1_000))).toBe("served");
  });
  it("needs sixty requests", () => {
    expect(grade(kept(57, 60))).toBe("good");
    expect(grade(kept(57, 59))).toBe("served");
  });
  it("is candidate for what never completed or never took traffic", () => {
    expect(grade({ remembered: { completedAt: undefined } })).toBe("candidate");
    expect(grade({ remembered: { exposedAt: undefined } })).toBe("candidate");
  });
  it("is served while an alarm rings or the watch was cut short", () => {
    expect(grade({ look: { alarms: [alarm()] } })).toBe("served");
    expect(grade({ minutesIn: 59 })).toBe("served");
  });
  it("is not lost by a quiet night", () => expect(grade({ ...kept(3, 20), member: { known: [record("shop-api", 43, "good")] } })).toBe("good"));
});

describe("the tail", () => {
  const closedAt = epochMs(T0 + 3_600_000);
  const watch: WatchRecord = {
    group: "shop",
    key: "k",
    members: { "shop-api": ecsDeploymentId("d") },
    openedAt: T0,
    state: "closed",
    ours: [],
    tailUntil: epochMs(closedAt + hours(24)),
    verdict: "passed",
  };
  const good: RevisionRecord = record("shop-api", 42, "good");
  const facts = (over: Partial<TailFacts> = {}, alarms: readonly AlarmState[] = [alarm({ since: epochMs(closedAt + 1) })], present = true): TailFacts => ({
    at: epochMs(closedAt + hours(1)),
    group: "shop",
    watch,
    services: [{ service: serviceName("shop-api"), good, images: [{ image: "shop-api:v42", digest: undefined, present }], alarms }],
    ...over,
  });
  const settings = settingsFor(guarded("shop-api"));
  it("suggests when an alarm began after the watch had ended, and does nothing", () => {
    const verdict = decideTail(facts(), settings);
    expect(verdict).toMatchObject({ kind: "leave", reason: "suggested", incident: { severity: "P3", standing: "needs-person", group: "shop" } });
    expect(verdict.lines[0]?.text).toBe(
      "alarm shop-slo rings 1 h after the last deployment of shop-api: 2 datapoints over 5.0. If it is the deployment: the last known good is shop-api:42. So late nothing is rolled back by itself.",
    );
  });
  it.each([
    ["the alarm began at the very end of the watch", facts({}, [alarm({ since: closedAt })])],
    ["it is over", facts({}, [alarm({ since: epochMs(closedAt + 1), value: "OK" })])],
    ["the watch is open", facts({ watch: { ...watch, state: "watching" } })],
    ["a day has passed", facts({ at: watch.tailUntil })],
    ["nothing was ever watched", facts({ watch: undefined })],
    ["it is nobody's trigger", facts({}, [alarm({ name: "other", since: epochMs(closedAt + 1) })])],
  ])("is quiet when %s", (_, given) => expect(decideTail(given, settings)).toMatchObject({ reason: "quiet", incident: undefined, lines: [] }));
  it("speaks one millisecond before the day is over", () => expect(decideTail(facts({ at: epochMs(watch.tailUntil - 1) }), settings).reason).toBe("suggested"));
  it("warns of a way back that is gone from the registry, in one incident however often it is seen", () => {
    const first = decideTail(facts({}, [], false), settings);
    expect(first).toMatchObject({ reason: "warned", incident: { severity: "P4", title: "shop-api has lost its way back" } });
    expect(decideTail(facts({ at: epochMs(T0 + hours(9)) }, [], false), settings).incident?.id).toBe(first.incident?.id);
  });
});
