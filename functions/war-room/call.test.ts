import { incidentFixture } from "@nightshift/decide/incidents/incident.fixture";
import { policyFixture } from "@nightshift/decide/incidents/policy.fixture";
import { PortError } from "@nightshift/ports";
import { expect, test } from "vitest";
import { makeCall } from "./call.ts";

const incident = incidentFixture({ severity: "P1" });
const { people } = policyFixture();
const dm = (person: string) =>
  ({ kind: "call", key: `called/paged/0/P1/1.2/slack-dm/${person}`, call: { how: "slack-dm", person, subject: "s", text: "t" } }) as const;
const sns = { kind: "call", key: "called/paged/0/P1/1.1/sns", call: { how: "sns", subject: "s", text: "t" } } as const;

/** Slack and SNS, that keep what they took. */
function world(fails?: PortError) {
  const sent: { readonly to: string; readonly key: string }[] = [];
  const take = async (to: string, key: string) => {
    if (fails !== undefined) throw fails;
    sent.push({ to, key });
    return "1.1";
  };
  const unused = () => Promise.reject(new Error("not asked here"));
  return {
    sent,
    pages: { page: async ({ severity, key }: { severity: string; key: string }) => void (await take(severity, key)) },
    directory: { directMessage: async (user: string) => `D-${user}`, groupMembers: unused, user: unused, whoAmI: unused },
    chat: {
      post: ({ channel, key }: { channel: string; key: string }) => take(channel, key),
      update: unused,
      find: async ({ channel, key }: { channel: string; key: string }) => (sent.some((one) => one.to === channel && one.key === key) ? "1.1" : undefined),
    },
  };
}

test("a person of the config and a member of a user group get a direct message, once however often it is tried", async () => {
  const at = world();
  for (const person of ["ana", "ana", "U0BOB"]) expect(await makeCall(at, dm(person), { incident, people })).toMatchObject({ kind: "called", loud: false });
  expect(at.sent.map(({ to }) => to)).toEqual(["D-U0ANA", "D-U0BOB"]);
});

test("somebody without a Slack id is not called, which is said aloud", async () => {
  const at = world();
  expect(await makeCall(at, dm("eve"), { incident, people })).toEqual({
    kind: "called",
    text: "eve has no Slack id in nightshift.config.ts: no direct message.",
    loud: true,
  });
  expect(at.sent).toEqual([]);
});

test("SNS gets the severity's topic, and the same key each time", async () => {
  const at = world();
  await makeCall(at, sns, { incident, people });
  await makeCall(at, sns, { incident, people });
  const once = { to: "P1", key: "INC-260316-0312-shop-api-7f3a/called/paged/0/P1/1.1/sns" };
  expect(at.sent).toEqual([once, once]);
});

test("what may pass by itself stays due; what does not is said aloud", async () => {
  await expect(makeCall(world(new PortError("unavailable", "sns:Publish", "P1", "HTTP 503")), sns, { incident, people })).rejects.toThrow("HTTP 503");
  const denied = new PortError("denied", "sns:Publish", "P1", "AuthorizationError");
  expect(await makeCall(world(denied), sns, { incident, people })).toEqual({
    kind: "called",
    text: "Could not call by SNS: sns:Publish on P1: AuthorizationError",
    loud: true,
  });
});
