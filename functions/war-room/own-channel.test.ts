import type { Furniture } from "@nightshift/decide/incidents/duties";
import { incidentFixture } from "@nightshift/decide/incidents/incident.fixture";
import { policyFixture } from "@nightshift/decide/incidents/policy.fixture";
import type { Incident, IncidentPolicy } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { describe, expect, test } from "vitest";
import { furnish, makeRoom } from "./own-channel.ts";

/** A workspace in which these names are taken and these calls fail. */
function workspace({ taken = [], fails = {} }: { readonly taken?: readonly string[]; readonly fails?: Readonly<Record<string, PortError>> } = {}) {
  const did: string[] = [];
  const call = async (what: string, text: string) => {
    if (fails[what] !== undefined) throw fails[what];
    did.push(`${what} ${text}`);
  };
  return {
    did,
    rooms: {
      create: async (name: string) => {
        if (taken.includes(name)) throw new PortError("conflict", "slack:conversations.create", name, "name_taken");
        await call("create", name);
        return "C0NEW";
      },
      invite: (_: string, people: readonly string[]) => call("invite", people.join()),
      topic: (_: string, text: string) => call("topic", text),
      bookmark: (_: string, title: string, link: string) => call("bookmark", `${title} ${link}`),
      pin: (_: string, ts: string) => call("pin", ts),
    },
  };
}
const make = (at: ReturnType<typeof workspace>, over: Partial<Incident> = {}, policy: Partial<IncidentPolicy> = {}) =>
  makeRoom(at, { incident: incidentFixture(over), policy: policyFixture(policy) });
const denied = new PortError("denied", "slack:conversations.create", "x", "restricted_action");

test("a channel is named after the day, the service and the end of its id, and its links stand at the top", async () => {
  const at = workspace();
  const links = { "shop-api": { dashboard: "https://example.com/d", runbook: "https://example.com/r" } };
  expect(await make(at, {}, { links })).toEqual({ kind: "room", channel: "C0NEW", name: "inc-260316-shop-api-7f3a", lacks: [] });
  expect(at.did).toEqual(["create inc-260316-shop-api-7f3a", "bookmark Dashboard https://example.com/d", "bookmark Runbook https://example.com/r"]);
});

test("a name is cut to what Slack takes, with room for a number", async () => {
  const made = await make(workspace(), { service: "x ".repeat(100) });
  expect(made.kind === "room" && made.name.length).toBe(77);
  expect(made.kind === "room" && /^[a-z0-9-]+[a-z0-9]$/.test(made.name)).toBe(true);
});

test("a taken name gets a number, and after four there is no channel", async () => {
  const name = "inc-260316-shop-api-7f3a";
  expect(await make(workspace({ taken: [name, `${name}-2`] }))).toMatchObject({ kind: "room", name: `${name}-3` });
  expect(await make(workspace({ taken: [name, `${name}-2`, `${name}-3`, `${name}-4`] }))).toEqual({
    kind: "no-room",
    because: "4 channels are called inc-260316-shop-api-7f3a already",
  });
});

test("where no channel may be made the thread goes on", async () => {
  expect(await make(workspace({ fails: { create: denied } }))).toEqual({ kind: "no-room", because: "slack:conversations.create on x: restricted_action" });
});

test("a channel without its links is a channel, and says what it lacks", async () => {
  const links = { "shop-api": { runbook: "https://example.com/r" } };
  expect(await make(workspace({ fails: { bookmark: denied } }), {}, { links })).toMatchObject({
    kind: "room",
    lacks: ["runbook: slack:conversations.create on x: restricted_action"],
  });
});

describe("a channel is furnished", () => {
  const { people } = policyFixture();
  const put = (at: ReturnType<typeof workspace>, piece: Furniture) => furnish(at, { kind: "furnish", key: "k", channel: "C0NEW", piece }, people);

  test("with people who are known to Slack, a pin and a topic", async () => {
    const at = workspace();
    await put(at, { invite: ["ana", "U0BOB", "nobody"] });
    await put(at, { invite: ["nobody"] });
    await put(at, { pin: "1.1" });
    await put(at, { topic: "it is open" });
    expect(at.did).toEqual(["invite U0ANA,U0BOB", "pin 1.1", "topic it is open"]);
  });

  test("and what Slack refuses for good is noted; what may pass is tried again", async () => {
    expect(await put(workspace({ fails: { topic: denied } }), { topic: "x" })).toEqual({
      kind: "furnished",
      lacks: "slack:conversations.create on x: restricted_action",
    });
    const down = new PortError("unavailable", "slack:conversations.setTopic", "x", "HTTP 503");
    await expect(put(workspace({ fails: { topic: down } }), { topic: "x" })).rejects.toThrow("HTTP 503");
  });
});
