import { epochMs, identityKey, type RevisionRecord } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { blameOf, caseOf } from "./evidence.ts";
import { alarm, guarded, T0 } from "./fixtures.ts";
import { type Change, situation } from "./situation.ts";

const blame = (change: Change) => {
  const { prepared, memory, settings } = situation(change);
  const on = caseOf(prepared, memory, settings);
  return on === undefined ? undefined : blameOf(on);
};
const verdict = (change: Change) => blame(change)?.blame.verdict;
const says = (change: Change) =>
  blame(change)
    ?.blame.signs.map((sign) => sign.says)
    .join("; ");
const since = (from: number, errors = 72) => ({ errors: (minute: number) => (minute >= from ? errors : 1) });
const looksAt = (minute: number, share: number) => Array.from({ length: 6 }, (_, i) => ({ at: epochMs(T0 + minute * 60_000 + i * 10_000), value: share }));

describe("was it the deployment?", () => {
  it("yes: worse from exposure on, nothing else moved", () => {
    expect(verdict({ minutesIn: 3, traffic: since(0) })).toBe("deployment");
    expect(says({ minutesIn: 3, traffic: since(0) })).toBe(
      "worse than before: 5xx 0.2 % before, 12.0 % now; it began as the new revision took traffic; not RDS shop-prod",
    );
  });
  it("not settled five minutes after exposure when no dependency is known to be calm", () => {
    expect(verdict({ minutesIn: 7, traffic: since(4), service: { dependencies: [] } })).toBe("deployment");
    expect(verdict({ minutesIn: 8, traffic: since(5), service: { dependencies: [] } })).toBe("mixed");
    expect(verdict({ minutesIn: 8, traffic: since(5) })).toBe("deployment");
  });
  it("no: it began before the new revision took traffic", () => {
    expect(verdict({ minutesIn: 3, traffic: since(-2) })).toBe("elsewhere");
    expect(verdict({ minutesIn: 3, traffic: since(-1) })).toBe("elsewhere");
    const lastSeconds = { errors: (minute: number) => (minute < -1 ? 1 : minute === -1 ? 36 : 72) };
    expect(verdict({ minutesIn: 3, traffic: lastSeconds })).toBe("deployment");
  });
  it("no: it was as bad all the time", () => expect(says({ minutesIn: 3, traffic: since(-90) })).toContain("as bad before the deployment"));
  it("no: a dependency moved first; hurt later is no cause", () => {
    const database = (from: number) => ({ ...since(4), database: (minute: number) => (minute >= from ? 99 : 40) });
    expect(verdict({ minutesIn: 8, traffic: database(3) })).toBe("elsewhere");
    expect(verdict({ minutesIn: 8, traffic: database(4) })).toBe("elsewhere");
    expect(verdict({ minutesIn: 8, traffic: database(5) })).toBe("deployment");
    expect(says({ minutesIn: 8, traffic: database(5) })).toContain("RDS shop-prod got into trouble 1 m after it began: hurt as well, or pushed");
  });
  it("a dependency that moves together with exposure is not settled, and forbids experiments", () => {
    const change: Change = { minutesIn: 3, traffic: { ...since(0), database: (minute) => (minute >= 0 ? 99 : 40) } };
    expect(verdict(change)).toBe("mixed");
    expect(blame(change)?.dependencyInTrouble).toBe(true);
  });
  it("a signal beyond its mark all the time says nothing", () => {
    expect(says({ minutesIn: 3, traffic: { ...since(0), database: () => 99 } })).toContain("RDS shop-prod is beyond its mark all the time");
  });
  it("no: errors come in full while only half of the targets are new", () => {
    expect(says({ minutesIn: 5, traffic: since(1), remembered: { lastSplit: looksAt(1, 0.5) } })).toContain("errors did not follow the new revision's share");
    expect(verdict({ minutesIn: 5, traffic: since(1), remembered: { lastSplit: looksAt(1, 0.5) } })).toBe("elsewhere");
  });
  it("yes: errors come by half while half of the targets are new", () => {
    const growing = { errors: (minute: number) => (minute < 1 ? 1 : minute === 1 ? 36 : 72) };
    expect(verdict({ minutesIn: 5, traffic: growing, remembered: { lastSplit: looksAt(1, 0.5) } })).toBe("deployment");
    expect(says({ minutesIn: 5, traffic: growing, remembered: { lastSplit: looksAt(1, 0.5) } })).toContain(
      "errors followed the new revision's share: 12.0 % now, 6.0 % while 50 % of the targets were new",
    );
  });
  it("not settled: nearly twice the traffic", () => {
    const flood = (many: number): Change => ({
      minutesIn: 3,
      traffic: { requests: (minute) => (minute >= 0 ? many : 600), errors: (minute) => (minute >= 0 ? many / 8 : 1) },
    });
    expect(verdict(flood(1_049))).toBe("deployment");
    expect(verdict(flood(1_050))).toBe("mixed");
  });
  it("a spike shows in its first two minutes, not only once the quiet minute before is forgotten", () => {
    const requests = (minute: number) => (minute < 8 ? 600 : minute === 8 ? 1_000 : 1_400);
    expect(verdict({ minutesIn: 10, traffic: { requests, errors: (minute) => (minute >= 8 ? requests(minute) / 6 : 1) } })).toBe("mixed");
  });
  it("now is as long as the trigger: a good minute before two bad ones does not hide that it is worse", () => {
    expect(says({ minutesIn: 10, traffic: since(8, 34) })).toContain("worse than before: 5xx 0.2 % before, 5.7 % now");
  });
  it("what began in an earlier attempt that never proved itself is no sign of another cause", () => {
    const { prepared } = situation({});
    const candidate = prepared.members[0]?.candidate?.record;
    if (candidate === undefined) throw new Error("the ordinary situation has a way back");
    const attempt = (grade: RevisionRecord["grade"], minutesBefore: number): Change => ({
      minutesIn: 3,
      traffic: since(-2),
      member: {
        known: [{ ...candidate, grade, firstSeen: epochMs(T0 - minutesBefore * 60_000), identity: { ...candidate.identity, key: identityKey("attempt") } }],
      },
    });
    expect(verdict(attempt("candidate", 4))).toBe("deployment");
    expect(says(attempt("candidate", 4))).toContain("it began 2 m after an earlier attempt that never proved itself");
    expect(verdict(attempt("good", 4))).toBe("elsewhere");
    expect(verdict(attempt("candidate", 1))).toBe("elsewhere");
    expect(verdict(attempt("candidate", 90))).toBe("elsewhere");
  });
  it("no: another service fails the same way", () => {
    expect(says({ minutesIn: 3, traffic: since(0), siblings: [{ service: "shop-admin", failing: true }] })).toContain(
      "shop-admin fails the same way: shared cause",
    );
    expect(says({ minutesIn: 3, traffic: since(0), siblings: [{ service: "shop-admin", failing: false }] })).toContain("no other service affected");
  });
  it("not settled: hard evidence while another service fails the same way", () => {
    const siblings = [{ service: "shop-admin", failing: true }];
    expect(verdict({ minutesIn: 3, traffic: since(0), siblings })).toBe("elsewhere");
    const smoke = { minutesIn: 3, traffic: since(0), siblings, remembered: { smokeFailures: { schema: 2 } } };
    expect(verdict(smoke)).toBe("mixed");
    expect(blame(smoke)?.shared).toBe(false);
  });

  describe("an alarm", () => {
    const ringing = (change: Change): Change => ({ minutesIn: 3, look: { alarms: [alarm()] }, ...change });
    it("alone with healthy figures settles nothing", () => {
      expect(verdict(ringing({}))).toBe("mixed");
      expect(says(ringing({}))).toContain("its own figures are healthy: 5xx 0.2 % of 1,200 requests, p95 200 ms");
    });
    it("with errors two points above before it is the deployment, just below it is not", () => {
      expect(verdict(ringing({ traffic: since(0, 14) }))).toBe("deployment");
      expect(verdict(ringing({ traffic: since(0, 12) }))).toBe("mixed");
    });
    it("with answers half as slow again it is the deployment, just below it is not", () => {
      const slow = (seconds: number) => ({ p95Seconds: (minute: number) => (minute >= 0 ? seconds : 0.2) });
      expect(verdict(ringing({ traffic: slow(0.301) }))).toBe("deployment");
      expect(verdict(ringing({ traffic: slow(0.299) }))).toBe("mixed");
    });
    it("alone without figures, or with 59 requests, settles nothing; with 60 the figures speak", () => {
      const thin = (first: number, second: number): Change =>
        ringing({
          traffic: { requests: (minute) => (minute === 1 ? first : minute === 2 ? second : 600), errors: (minute) => (minute === 1 || minute === 2 ? 1 : 0) },
        });
      expect(says(ringing({ service: { traffic: undefined, dependencies: [] } }))).toContain("an alarm alone, without figures");
      expect(verdict(ringing({ service: { traffic: undefined, dependencies: [] } }))).toBe("mixed");
      expect(says(thin(30, 29))).toContain("an alarm alone, without figures");
      expect(says(thin(30, 30))).not.toContain("an alarm alone");
    });
    it("beside another trigger does not lead", () => {
      expect(says(ringing({ traffic: since(0), service: { triggers: [...guarded("shop-api").triggers].reverse() } }))).not.toContain("alarm");
    });
  });
});
