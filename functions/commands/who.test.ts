import { buttons, epochMs, minutes } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { describe, expect, test } from "vitest";
import { policyFixture } from "@nightshift/decide/incidents/policy.fixture";
import { asker, office } from "../../test/testing/office.ts";
import { rememberingDirectory, whoAsks } from "./who.ts";

const policy = policyFixture();
const user = { id: "U0NEW", team: "T0SHOP", guest: false, bot: false, gone: false };
const directory = (over: Partial<typeof user> = {}) => ({ user: async (id: string) => ({ ...user, id, ...over }), groupMembers: async () => [] });
const down = new PortError("unavailable", "slack:users.info", "Slack", "no answer");

describe("nobody is listened to", () => {
  test.each([
    ["of another workspace", { ...asker("U0ANA"), team: "T0OTHER" }],
    ["through another app", { ...asker("U0ANA"), app: "A0OTHER" }],
    ["who is here by Slack Connect", { ...asker("U0ANA"), userTeam: "T0OTHER" }],
  ])("%s", async (_, from) => {
    expect((await whoAsks({ asker: from, policy, directory: directory() })).kind).toBe("refused");
  });

  test.each([
    ["a guest", { guest: true }],
    ["a bot", { bot: true }],
    ["somebody who left", { gone: true }],
    ["a member of another workspace, as Slack says", { team: "T0OTHER" }],
  ])("who is %s, also if the config names them", async (_, over) => {
    expect((await whoAsks({ asker: asker("U0ANA"), policy, directory: directory(over) })).kind).toBe("refused");
  });

  test("where the config names no workspace", async () => {
    expect(await whoAsks({ asker: asker("U0ANA"), policy: policyFixture({ slack: undefined }), directory: directory() })).toEqual({
      kind: "refused",
      because: "Nothing was done: no Slack workspace is named under slack in nightshift.config.ts.",
    });
  });

  test("whom neither the config names nor Slack", async () => {
    const silent = { user: () => Promise.reject(down), groupMembers: () => Promise.reject(down) };
    expect((await whoAsks({ asker: asker("U0NEW"), policy, directory: silent })).kind).toBe("refused");
    expect(await whoAsks({ asker: asker("U0ANA"), policy, directory: silent })).toMatchObject({
      kind: "known",
      person: { name: "ana", roles: ["viewer", "operator"] },
    });
  });
});

describe("a person", () => {
  test("whom the config does not name may read", async () => {
    expect(await whoAsks({ asker: asker("U0NEW"), policy, directory: directory() })).toEqual({
      kind: "known",
      person: { name: "U0NEW", slack: "U0NEW", roles: ["viewer"], rolesFor: {} },
    });
  });

  test("has the roles of their user groups", async () => {
    const grouped = policyFixture({ groupsWithRoles: [{ slackGroup: "S0OPS", roles: ["operator"] }] });
    const members = { ...directory(), groupMembers: async (group: string) => (group === "S0OPS" ? ["U0NEW"] : []) };
    expect(await whoAsks({ asker: asker("U0NEW"), policy: grouped, directory: members })).toMatchObject({ person: { roles: ["viewer", "operator"] } });
  });
});

test.each([
  [minutes(5) - 1, 1],
  [minutes(5), 2],
])("what Slack said of a person is asked again after %i ms: %i calls", async (later, calls) => {
  let now = epochMs(0);
  let asked = 0;
  const remembered = rememberingDirectory({ user: async (id) => ({ ...user, id, n: ++asked }), groupMembers: async () => [] }, () => now);
  await remembered.user("U0NEW");
  now = epochMs(later);
  await remembered.user("U0NEW");
  expect(asked).toBe(calls);
});

test("a guest's click changes nothing, and stands in the audit", () =>
  office(async (it) => {
    it.guests.add("U0ANA");
    expect(await it.say("hold all")).toBe("Nothing was done: guests, bots and former members cannot use this.");
    expect(await it.press(buttons.ack, "INC-1")).toBe("Nothing was done: guests, bots and former members cannot use this.");
    expect((await it.world.control.read()).holds).toEqual([]);
    const [last] = await it.world.audit.read("control");
    expect([last?.kind, last?.actor]).toEqual(["command", "slack/U0ANA"]);
  }));

test("a role that was taken away after the plan was made counts no more", () =>
  office(async (it) => {
    await it.say("rollback shop-api");
    const [plan] = await it.world.approvals.pending(it.now);
    it.policy = policyFixture({ people: [] });
    expect(await it.say(`approve ${plan?.plan ?? ""}`)).toContain("This needs the role operator for shop-api in prod; you have viewer.");
    expect(it.started).toEqual([]);
  }));
