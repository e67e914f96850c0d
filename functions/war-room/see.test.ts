import { incidentFixture } from "@nightshift/decide/incidents/incident.fixture";
import { policyFixture } from "@nightshift/decide/incidents/policy.fixture";
import { type Approval, type Change, type Entry, epochMs, type Opening } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { fakeIncidents } from "@nightshift/runtime/testing/fake-incidents";
import { expect, test } from "vitest";
import { seeIncident } from "./see.ts";

const opening: Opening = { id: "INC-1", group: "shop", service: "shop-api", severity: "P1", title: "5xx", openedAt: epochMs(1_000_000), by: "alarms" };
const now = epochMs(1_060_000);
const entry = (change: Change): Entry => ({ key: change.what, at: epochMs(1_010_000), kind: "changed", text: "x", announce: true, change });
const group = policyFixture({ tiers: [{ tier: 1, name: "On-Call", rota: { kind: "slack-group", name: "tier 1", group: "S0OPS" } }] });

/** A ledger with one open incident, and Slack that counts how often it is asked. */
async function world({ members, pending = [] }: { readonly members?: readonly string[] | PortError; readonly pending?: readonly string[] } = {}) {
  const kept = fakeIncidents();
  await kept.incidents.open(opening);
  const asked = { groups: 0, approvals: 0 };
  const unused = () => Promise.reject(new Error("not asked here"));
  return {
    ...kept,
    asked,
    clock: { now: () => now },
    onCall: { override: unused, overrides: async () => [] },
    deliveries: { all: async () => [], begin: unused, settle: unused },
    approvals: {
      ask: unused,
      find: unused,
      answer: unused,
      pending: async () => {
        asked.approvals++;
        // Of a plan only its incident is read here.
        return pending.map((incident) => ({ incident }) as Approval);
      },
    },
    directory: {
      groupMembers: async () => {
        asked.groups++;
        if (members instanceof PortError) throw members;
        return members ?? [];
      },
      user: unused,
      directMessage: unused,
      whoAmI: unused,
    },
  };
}
const quiet = async (at: Awaited<ReturnType<typeof world>>) =>
  at.incidentAlarms.replace("INC-1", 0, 0, [
    {
      name: "a",
      service: "shop-api",
      value: "OK",
      since: now,
      reason: "",
      first: epochMs(1_000_000),
      rang: epochMs(1_000_000),
      severity: "P1",
      role: "symptom",
      changes: [now],
    },
  ]);

test("members of a user group are asked of Slack when somebody is to be called, not before", async () => {
  const at = await world({ members: ["U0ANA"] });
  expect((await seeIncident(at, "INC-1", { policy: group, groups: [] }))?.facts.members).toEqual({});
  expect(at.asked.groups).toBe(0);
  await at.incidents.say("INC-1", entry({ what: "announced" }));
  expect((await seeIncident(at, "INC-1", { policy: group, groups: [] }))?.facts.members).toEqual({ S0OPS: ["U0ANA"] });
});

test("a user group that Slack does not tell is nobody, so that the whole channel is called", async () => {
  const at = await world({ members: new PortError("unavailable", "slack:usergroups.users.list", "S0OPS", "HTTP 503") });
  await at.incidents.say("INC-1", entry({ what: "announced" }));
  expect((await seeIncident(at, "INC-1", { policy: group, groups: [] }))?.facts.members).toEqual({ S0OPS: [] });
});

test("a plan that waits for a word is looked for once the alarms are quiet, also under another name of the incident", async () => {
  const policy = policyFixture();
  const ringing = await world({ pending: ["INC-1"] });
  expect([(await seeIncident(ringing, "INC-1", { policy, groups: [] }))?.facts.waitsForApproval, ringing.asked.approvals]).toEqual([false, 0]);
  for (const [pending, waits] of [
    [["INC-1"], true],
    [["guard-shop-1"], true],
    [["INC-2"], false],
    [[], false],
  ] as const) {
    const at = await world({ pending });
    await quiet(at);
    await at.incidents.open({ ...opening, id: "guard-shop-1" }, "INC-1");
    await at.incidents.open({ ...opening, id: "INC-2" });
    expect([pending, (await seeIncident(at, "INC-1", { policy, groups: [] }))?.facts.waitsForApproval]).toEqual([pending, waits]);
  }
});

test.each<[string, Change]>([
  ["closed", { what: "closed" }],
  ["merged into another", { what: "merged", into: "INC-2" }],
])("an incident that is %s has no room any more", async (_, change) => {
  const at = await world();
  await at.incidents.open({ ...opening, id: "INC-2" });
  await at.incidents.say("INC-1", entry(change));
  expect(await seeIncident(at, "INC-1", { policy: policyFixture(), groups: [] })).toBeUndefined();
});

test("a room without an incident is an error that says so", async () => {
  await expect(seeIncident(await world(), incidentFixture().id, { policy: policyFixture(), groups: [] })).rejects.toThrow("no incident of this id");
});
