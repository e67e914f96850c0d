import { type Button, type Entry, epochMs, type Incident, type RungAlarm } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { incidentFixture, later, openedAt } from "../incident.fixture.ts";
import { policyFixture } from "../policy.fixture.ts";
import { headerCard } from "./header.ts";
import { rich, shown } from "./show.fixture.ts";

const policy = policyFixture({ links: { "shop-api": { runbook: "https://wiki.example/shop" } } });
const header = (over: Partial<Incident> = {}, now = later(20)) => shown(headerCard(incidentFixture(over), policy, { now }));
const alarm = (name: string, over: Partial<RungAlarm> = {}): RungAlarm => ({
  name,
  service: "shop-api",
  value: "ALARM",
  since: later(0),
  reason: `${name} is over`,
  first: later(0),
  rang: later(0),
  severity: "P2",
  role: "symptom",
  changes: [later(0)],
  ...over,
});

describe("an incident's header", () => {
  it("reads, while it is new, what happens, since when, and what comes next", () => {
    const alarms = [alarm("shop-api/5xx", { reason: "12.4 of 100" }), alarm("shop-api/p95"), alarm("shop-api/cpu", { value: "OK" })];
    expect(
      header({
        alarms,
        firing: 1,
        inhibited: 1,
        suspect: { what: "deployment of shop-api", at: later(-200), commit: "8f3c2a1aa", pullRequest: "#412" },
        working: ["guard"],
        entries: [
          { key: "a", at: later(5), kind: "seen", text: "5xx 12.4 %", announce: true },
          { key: "b", at: later(6), kind: "planned", text: "plan P-1: roll back to api:42", announce: true },
        ],
      }),
    ).toBe(`# ● [shop-api] [P2] 5xx 12.4 % (> 5 %)
*Open* since 03:12:00 UTC. Nobody has it yet: acknowledge it by 03:27:00 UTC; DevOps Lead (tier 2) is called 03:57:00 UTC.
Alarms: 1 firing / 1 cleared, 1 held back
Suspected change: deployment of shop-api (8f3c2a1, #412), 03:08:40 UTC
● *shop-api/5xx*  12.4 of 100
and 1 more
03:12:06  plan P-1: roll back to api:42
At work now: guard.
[Acknowledge] [Roll back…] [Scale…] [Silence 1 h…] [Severity…] [Resolve] more: [Add a note…] [Who does what…] [Hold automation] [Post-mortem…]
(\`INC-260316-0312-shop-api-7f3a\` · <https://wiki.example/shop|runbook>)`);
  });
  it.each<[string, Partial<Incident>, string]>([
    ["acknowledged", { state: "acked", acked: { by: "ana", at: later(60) } }, "*Acknowledged* by ana, 03:13:00 UTC. Open since 03:12:00 UTC."],
    ["in need of a person", { state: "open", needsPerson: true }, "*A person is needed.*"],
    ["being fixed", { state: "mitigating", acked: { by: "ana", at: later(60) } }, "*Being fixed*, open since 03:12:00 UTC. ana has it."],
    ["watched", { state: "monitoring" }, "*The fix is in*, the figures are watched. Open since 03:12:00 UTC."],
    ["given back", { state: "open", turns: { acked: 1, unacked: 1, resolved: 0, reopened: 0, severity: 0 } }, "*Open* since 03:12:00 UTC. Nobody has it."],
    ["of the next business day", { severity: "P4" }, "It waits for the next business day."],
  ])("says that it is %s", (_what, over, says) => {
    expect(header(over)).toContain(says);
  });
  it("changes when the deadline passes, and not with every second", () => {
    expect(header({}, later(899))).toBe(header({}, later(1)));
    expect(header({}, later(899))).toContain("acknowledge it by 03:27:00 UTC");
    expect(header({}, later(900))).toContain("Nobody acknowledged it within 15 m; DevOps Lead (tier 2) is called 03:57:00 UTC.");
    expect(header({}, later(6_300))).toContain("Nobody acknowledged it within 15 m.");
  });
  it("says, when it is over, how long it took, and offers to open it again", () => {
    expect(header({ state: "resolved", resolvedAt: later(341), resolvedBy: "automation" })).toBe(`# ✓ [shop-api] [P2] resolved · 5 m 41 s · 5xx 12.4 % (> 5 %)
*Resolved* 03:17:41 UTC, after 5 m 41 s, by Nightshift.
[Reopen] [Post-mortem…]
(\`INC-260316-0312-shop-api-7f3a\` · <https://wiki.example/shop|runbook>)`);
  });
  it("tells, when it is over, what came of it, in four lines at most, and no plan or question any more", () => {
    const line = (at: number, kind: Entry["kind"], text: string): Entry => ({ key: text, at: later(at), kind, text, announce: true });
    const story = [
      line(1, "blamed", "it is the deployment"),
      line(2, "planned", "plan P-1: deploy api:42"),
      line(3, "asked", "A person must say yes: /ops approve P-1"),
      line(4, "answered", "lead approved the plan."),
      line(5, "acted", "rollback accepted by ECS"),
      line(6, "verified", "only the good revision serves"),
      line(7, "resolved", "it helped."),
    ];
    expect(
      header({ state: "resolved", resolvedAt: later(341), resolvedBy: "automation", entries: story })
        .split("\n")
        .slice(2, -2),
    ).toEqual(["03:12:04  lead approved the plan.", "03:12:05  rollback accepted by ECS", "03:12:06  only the good revision serves", "03:12:07  it helped."]);
    const after = [...story, ...[8, 9, 10, 11].map((at) => line(at, "acted", `deed ${at}`))];
    expect(
      header({ state: "resolved", resolvedAt: later(341), entries: after })
        .split("\n")
        .slice(2, -2),
    ).toEqual(["03:12:07  it helped.", "03:12:09  deed 9", "03:12:10  deed 10", "03:12:11  deed 11"]);
  });
  it("of a merged one sends people on, and has no buttons", () => {
    const text = header({ state: "merged", mergedInto: "INC-1" });
    expect(text).toContain("Part of *INC-1* now: its thread goes on there.");
    expect(text).not.toContain("[Resolve]");
  });
  it("offers an acknowledgement once, and says that a way back is against the advice", () => {
    expect(header({ state: "acked", acked: { by: "ana", at: later(9) } })).not.toContain("[Acknowledge]");
    expect(header({ needsPerson: true })).toContain("[Roll back anyway…]");
  });
  it("lets a question that waits be answered where it stands, until it was answered or ran out", () => {
    const text =
      "A person must say yes: press Approve or Deny, or /ops approve P-1 (or npx nightshift approve P-1). Without an answer within 5 m the deployment stays.";
    const asked: Entry = { key: "50-asked", at: later(5), kind: "asked", text, announce: true };
    const waits = incidentFixture({ needsPerson: true, entries: [asked] });
    expect(shown(headerCard(waits, policy, { now: later(20) }))).toContain(
      "[Approve] [Deny] [Acknowledge] [Scale…] [Silence 1 h…] [Severity…] [Resolve] more:",
    );
    const [row] = headerCard(waits, policy, { now: later(20) }).parts.filter((part) => part.kind === "buttons");
    expect(row?.buttons.slice(0, 2).map(({ value }) => value)).toEqual(["INC-260316-0312-shop-api-7f3a|P-1", "INC-260316-0312-shop-api-7f3a|P-1"]);
    const ranOut: Entry = { key: "55-answered", at: later(305), kind: "answered", text: "Nobody answered in time.", announce: true };
    const after = header({ needsPerson: true, entries: [asked, ranOut] });
    expect(after).not.toContain("[Approve]");
    expect(after).toContain("[Roll back anyway…]");
  });
  it("writes five alarms out, worst first, and counts the rest", () => {
    const alarms = Array.from({ length: 12 }, (_, n) => alarm(`a${n}`));
    expect(header({ alarms, firing: 5 })).toContain("*a4*  a4 is over\n[Acknowledge]");
    const twelve = header({ alarms, firing: 12, flapping: ["a0"] });
    expect(twelve).toContain("● *a0*  flapping: it goes to and fro");
    expect(twelve).toContain("*a4*  a4 is over\nand 7 more");
    expect(twelve).not.toContain("*a5*");
    expect(twelve).toContain("12 firing / 0 cleared, 1 flapping");
  });
  describe("of many alarms", () => {
    const many = (count: number, over: Partial<Incident> = {}) => {
      const incident = incidentFixture({ alarms: Array.from({ length: count }, (_, n) => alarm(`a${n}`)), firing: count, ...over });
      const card = headerCard(incident, policy, { now: later(20) });
      return [shown(card).split("\n")[0], rich(card.summary)];
    };
    it("counts them instead of naming the first, from four on", () => {
      expect(many(3)).toEqual(["# ● [shop-api] [P2] 5xx 12.4 % (> 5 %)", "● [shop-api] [P2] 5xx 12.4 % (> 5 %) · 3 firing"]);
      expect(many(4)).toEqual(["# ● [shop-api] [P2] 4 alarms of shop-api ring", "● [shop-api] [P2] 4 alarms of shop-api ring · 4 firing"]);
      expect(many(1000)[0]).toBe("# ● [shop-api] [P2] 1000 alarms of shop-api ring");
      expect(many(4, { service: "shop-web" })[0]).toBe("# ● [shop-web] [P2] 4 alarms ring");
    });
    it("says that they rang, when none does any more", () => {
      expect(many(1000, { firing: 0, state: "resolved", resolvedAt: later(341) })[0]).toBe(
        "# ✓ [shop-api] [P2] resolved · 5 m 41 s · 1000 alarms of shop-api rang",
      );
      expect(many(4, { firing: 0 })[0]).toBe("# ● [shop-api] [P2] 4 alarms of shop-api rang");
      expect(many(4, { firing: 1, inhibited: 3 })[0]).toBe("# ● [shop-api] [P2] 5xx 12.4 % (> 5 %)");
    });
    it("keeps a title that says what was found, and a storm's own", () => {
      const found = { key: "t", at: later(1), kind: "changed", text: "x", announce: false, change: { what: "title", to: "RDS is down" } } as const;
      expect(many(9, { title: "RDS is down", entries: [found] })[0]).toBe("# ● [shop-api] [P2] RDS is down");
      expect(many(9, { title: "a storm over the account", group: "*" })[0]).toBe("# ● [shop-api] [P2] a storm over the account");
    });
  });
  it("names a stage that is not production", () => {
    expect(shown(headerCard(incidentFixture(), policyFixture({ zone: "staging" }), { now: later(0) }))).toContain("# ● [staging] [shop-api] [P2] 5xx");
  });
  it("leads to its own channel; in there stands the whole template instead", () => {
    const incident = incidentFixture({ severity: "P1", room: { channel: "C0ROOM", name: "inc" }, fields: { rootCause: "the cart" } });
    expect(shown(headerCard(incident, policy, { now: later(0) }))).toContain("Room: #C0ROOM");
    const room = shown(headerCard(incident, policy, { now: later(0), place: "room" }));
    expect(room).not.toContain("Room:");
    for (const row of ["Symptoms: ", "Root Cause: the cart", "Impact: Affected services: shop-api", "Resolution: not known yet", "Prevention: not known yet"])
      expect(room).toContain(row);
  });
  it("asks before alarms that ring are called over", () => {
    const resolve = (firing: number): Button | undefined =>
      headerCard(incidentFixture({ firing }), policy, { now: openedAt })
        .parts.flatMap((part) => (part.kind === "buttons" ? part.buttons : []))
        .find(({ text }) => text === "Resolve");
    expect(resolve(0)?.confirm).toBeUndefined();
    expect(resolve(1)?.confirm?.text).toBe("1 alarm still rings.");
    expect(resolve(2)?.confirm?.text).toBe("2 alarms still ring.");
  });
  it("stays within 12 parts, 6,000 characters and a summary of 300, whatever is in it; no action stands twice", () => {
    const long = "x".repeat(10_000);
    const alarms = Array.from({ length: 500 }, (_, n) => alarm(`${n}${long}`, { reason: long }));
    const incident = incidentFixture({
      title: long,
      service: long,
      alarms,
      firing: 400,
      inhibited: 100,
      flapping: [],
      suspect: { what: long, at: epochMs(0), commit: long, pullRequest: long },
      roles: { ic: long, ops: long, comms: long },
      absorbed: Array.from({ length: 50 }, () => long),
      working: [long],
      fields: { rootCause: long, impact: long, resolution: long, prevention: long },
      entries: Array.from({ length: 100 }, (_, n) => ({ key: String(n), at: later(n), kind: "acted" as const, text: long, announce: true })),
    });
    const card = headerCard(incident, policy, { now: later(0), place: "room" });
    expect(card.parts.length).toBeLessThanOrEqual(12);
    expect(shown(card).length).toBeLessThanOrEqual(6_000);
    expect(rich(card.summary).length).toBeLessThanOrEqual(300);
    const actions = card.parts.flatMap((part) => (part.kind === "buttons" ? [...part.buttons, ...(part.more ?? [])].map(({ action }) => action) : []));
    expect(new Set(actions).size).toBe(actions.length);
    expect(actions.length).toBe(10);
  });
});
