import { describe, expect, test } from "vitest";
import { always, onAlarm, rotation, slackGroup } from "../build-incidents.ts";
import { ecs } from "../build.ts";
import { good, problemsOf, warningsOf, withTop } from "../good.fixture.ts";
import { hours, minutes, seconds } from "../units.ts";

const people = { lead: { slack: "U0123", roles: ["operator"] }, ana: { slack: "U0456", roles: ["responder"] } };
const turns = { people: ["lead", "ana"], handoff: "monday 09:00", zone: "Europe/Berlin" };
const two = { api: ecs({ cluster: "c", group: "shop" }), worker: ecs({ cluster: "c", group: "shop" }) };

describe("who is on call", () => {
  test("people take turns in their own zone", () => {
    expect(problemsOf(withTop({ people, onCall: rotation({ ...turns, from: "2026-01-05" }) }))).toEqual([]);
    expect(problemsOf(withTop({ people, onCall: rotation({ ...turns, handoff: "daily 21:30", from: "2026-01-06" }) }))).toEqual([]);
  });
  test("somebody who is nobody is named, and the near miss too", () => {
    expect(problemsOf(withTop({ people, onCall: rotation({ ...turns, people: ["lead", "anna"] }) }))).toEqual([
      { path: "onCall.people[1]", expected: "one of lead, ana", got: '"anna", who is nobody', remedy: 'did you mean "ana"?' },
    ]);
    expect(problemsOf(withTop({ escalation: { tier2: { who: always(["boss"]) } } }))).toMatchObject([{ path: "escalation.tier2.who.people[0]" }]);
    expect(problemsOf(withTop({ onCall: always(["toString"]) }))).toMatchObject([{ path: "onCall.people[0]" }]);
  });
  test.each([
    ["zone", "Europe/Atlantis"],
    ["zone", "+02:00"],
    ["handoff", "monday 9:00"],
    ["handoff", "monday 24:00"],
    ["handoff", "Monday 09:00"],
    ["from", "2026-02-29"],
    ["from", "2026-13-01"],
    ["from", "5.1.2026"],
  ])("a rotation whose %s is %s", (key, value) => {
    expect(problemsOf(withTop({ people, onCall: rotation({ ...turns, [key]: value }) }))).toMatchObject([{ path: `onCall.${key}` }]);
  });
  test("turns begin on a day of the hand-over", () => {
    expect(problemsOf(withTop({ people, onCall: rotation({ ...turns, from: "2026-01-06" }) }))).toMatchObject([
      { path: "onCall.from", expected: "a monday, the day of the hand-over", got: "2026-01-06, a tuesday" },
    ]);
    expect(problemsOf(withTop({ people, onCall: rotation({ ...turns, handoff: "thursday 09:00", from: "2024-02-29" }) }))).toEqual([]);
  });
  test("an empty rota, and one that nobody built", () => {
    expect(problemsOf(withTop({ onCall: always([]) }))).toMatchObject([{ path: "onCall.people" }]);
    expect(problemsOf(withTop({ onCall: { kind: "rotaton" } }))).toMatchObject([{ path: "onCall", remedy: "did you mean rotation({...})?" }]);
  });
  test("a Slack group needs Slack, and an id", () => {
    expect(problemsOf(withTop({ onCall: slackGroup("S0123ABCD") }))).toEqual([]);
    expect(problemsOf(withTop({ onCall: slackGroup("@oncall") }))).toMatchObject([{ path: "onCall.group" }]);
    expect(problemsOf(withTop({ channels: {}, onCall: slackGroup("S0123ABCD") }))).toMatchObject([{ path: "onCall" }]);
  });
  test("tiers are filled from below", () => {
    expect(problemsOf(withTop({ escalation: { tier3: { who: always(["lead"]) } } }))).toMatchObject([{ path: "escalation.tier2.who" }]);
    expect(problemsOf(withTop({ onCall: undefined, escalation: { tier2: { who: always(["lead"]) } } }))).toMatchObject([{ path: "onCall" }]);
    expect(problemsOf(withTop({ escalation: { tier2: { who: always(["lead"]) }, tier3: { name: "Founder", who: always(["lead"]) } } }))).toEqual([]);
  });
  test("nobody on call, and somebody whom Slack does not know, are warned of", () => {
    expect(warningsOf(withTop({ onCall: undefined }))).toMatchObject([{ path: "onCall", got: "nobody" }]);
    expect(warningsOf(withTop({ people: { lead: { roles: ["operator"] } } }))).toMatchObject([{ path: "people.lead.slack" }]);
  });
});

describe("the ladder", () => {
  const rung = (tier: number, after: number) => ({ tier, after, by: ["sns"] });
  const ladder = (...tiers: unknown[]) => withTop({ severities: { P1: { tiers } } });
  test("tiers are told in order, none earlier than the one before", () => {
    expect(problemsOf(ladder(rung(1, 0), rung(1, minutes(5)), rung(2, minutes(5)), rung(3, minutes(6))))).toEqual([]);
    expect(problemsOf(ladder(rung(2, 0), rung(1, minutes(5))))).toMatchObject([{ path: "severities.P1.tiers[1]", got: "tier 1 after tier 2" }]);
    expect(problemsOf(ladder(rung(1, minutes(5)), rung(2, minutes(5) - 1_000)))).toMatchObject([{ path: "severities.P1.tiers[1]", got: "an earlier time" }]);
  });
  test("a rung that tells nobody, a fourth tier, and a bare number", () => {
    expect(problemsOf(ladder({ ...rung(1, 0), by: [] }))).toMatchObject([{ path: "severities.P1.tiers[0].by" }]);
    expect(problemsOf(ladder(rung(4, 0)))).toMatchObject([{ path: "severities.P1.tiers[0].tier" }]);
    expect(problemsOf(ladder(rung(1, 15)))).toMatchObject([{ path: "severities.P1.tiers[0].after", remedy: "a bare 15 is 15 ms: did you mean seconds(15)?" }]);
    expect(problemsOf(ladder(rung(1, 999)))).toMatchObject([{ path: "severities.P1.tiers[0].after" }]);
    expect(problemsOf(ladder(rung(1, seconds(1))))).toEqual([]);
  });
});

describe("what incidents refer to", () => {
  const services = withTop({ services: two }) as Record<string, unknown>; // withTop makes an object of whatever it is given
  const refer = (incidents: unknown, more: Record<string, unknown> = {}) => problemsOf({ ...services, incidents, ...more });
  test("names are those of services, or of groups where a group can be meant", () => {
    expect(
      refer({
        alarms: [onAlarm("api-*", { service: "api", severity: "P1" })],
        channels: { shop: "C0789", worker: "C0999" },
        links: { api: { runbook: "https://example.com" } },
      }),
    ).toEqual([]);
    expect(refer({ alarms: [onAlarm("api-*", { service: "apy" })] })).toMatchObject([{ path: "incidents.alarms[0].service", remedy: 'did you mean "api"?' }]);
    expect(refer({ channels: { shpo: "C0789" } })).toMatchObject([{ path: "incidents.channels.shpo", remedy: 'did you mean "shop"?' }]);
    expect(refer({ links: { shop: {} } })).toMatchObject([{ path: "incidents.links.shop" }]);
    const rolesFor = (name: string) => ({ people: { lead: { slack: "U0123", roles: ["operator"], rolesFor: { [name]: ["owner"] } } } });
    expect(refer({}, rolesFor("shop"))).toEqual([]);
    expect(refer({}, rolesFor("shopp"))).toMatchObject([{ path: "people.lead.rolesFor.shopp" }]);
  });
  test("a service stands on others, never on itself", () => {
    const on = (api: readonly string[], worker: readonly string[]) =>
      problemsOf(withTop({ services: { api: ecs({ cluster: "c", dependsOn: [...api] }), worker: ecs({ cluster: "c", dependsOn: [...worker] }) } }));
    expect(on([], ["api"])).toEqual([]);
    expect(on(["databse"], [])).toMatchObject([{ path: "services.api.dependsOn[0]" }]);
    expect(on(["api"], [])).toMatchObject([{ path: "services.api.dependsOn", got: "itself" }]);
    expect(on(["worker"], ["api"])).toMatchObject([
      { path: "services.api.dependsOn", got: "a circle" },
      { path: "services.worker.dependsOn", got: "a circle" },
    ]);
  });
  test("a rule behind a rule that takes all its alarms, and a rule that says nothing", () => {
    expect(refer({ alarms: [onAlarm("*", { severity: "P3" }), onAlarm("api-down", { severity: "P1" })] })).toMatchObject([
      { path: "incidents.alarms[1].match", got: '"api-down" after "*"' },
    ]);
    expect(refer({ alarms: [onAlarm("api-down", { severity: "P1" }), onAlarm("*", { severity: "P3" })] })).toEqual([]);
    expect(refer({ alarms: [onAlarm("api-down", {})] })).toMatchObject([{ path: "incidents.alarms[0]", got: "only a name" }]);
  });
  test.each([
    ["http://example.com", "http:// is not encrypted, or cannot be opened: use https://"],
    ["https://a:b@example.com", "take user name and password out: a config is not a place for secrets"],
    ["example.com", 'write a whole address, for example "https://example.com/shop"'],
  ])("%s is no address for a link or a heartbeat", (address, remedy) => {
    expect(refer({ links: { api: { dashboard: address } } })).toMatchObject([{ path: "incidents.links.api.dashboard", remedy }]);
    expect(problemsOf(withTop({ heartbeatUrl: address }))).toMatchObject([{ path: "heartbeatUrl", remedy }]);
  });
  test("a window opens on a day, for at most a day", () => {
    const window = { name: "monthly", opens: "sunday 02:00", week: 1, lasts: hours(2) };
    expect(problemsOf(withTop({ maintenance: [window] }))).toEqual([]);
    expect(problemsOf(withTop({ maintenance: [{ ...window, opens: "daily 02:00" }] }))).toMatchObject([{ path: "maintenance[0].opens" }]);
    expect(problemsOf(withTop({ maintenance: [{ ...window, lasts: hours(25) }] }))).toMatchObject([{ path: "maintenance[0].lasts" }]);
    expect(warningsOf(withTop({ maintenance: [{ ...window, week: 5 }] }))).toMatchObject([{ path: "maintenance[0].week" }]);
    expect(warningsOf(withTop({ maintenance: [{ ...window, week: 4 }] }))).toEqual([]);
  });
});

describe("Slack", () => {
  test("channels without an identity are spoken to, and not listened to", () => {
    expect(warningsOf(withTop({ slack: undefined }))).toEqual([
      {
        path: "slack",
        expected: "the workspace and the app that are believed",
        got: "nothing",
        remedy: 'add slack: { team: "T0123ABCD", app: "A0123ABCD" }: until then every slash command and button is refused',
      },
    ]);
    expect(warningsOf({ product: "shop", services: good.services }).map((warning) => warning.path)).toEqual(["channels.ops"]);
  });
  test("nobody may approve what is asked for in Slack", () => {
    const viewer = { lead: { slack: "U0123", roles: ["viewer"] } };
    expect(warningsOf(withTop({ people: viewer }))).toMatchObject([{ path: "people", got: "nobody who may approve" }]);
    expect(warningsOf(withTop({ people: viewer, roleGroups: [{ slackGroup: "S0123ABCD", roles: ["operator"] }] }))).toEqual([]);
    expect(warningsOf(withTop({ people: { lead: { ...viewer.lead, rolesFor: { "shop-api": ["operator"] } } } }))).toEqual([]);
  });
  test("a role group needs a role, and a workspace", () => {
    expect(problemsOf(withTop({ roleGroups: [{ slackGroup: "S0123ABCD", roles: [] }] }))).toMatchObject([{ path: "roleGroups[0].roles" }]);
    expect(problemsOf(withTop({ slack: undefined, roleGroups: [{ slackGroup: "S0123ABCD", roles: ["viewer"] }] }))).toMatchObject([
      { path: "roleGroups[0].slackGroup" },
    ]);
  });
});
