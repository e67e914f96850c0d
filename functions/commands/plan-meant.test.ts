import { type Approval, after, before, epochMs, minutes, seconds, sayStamp } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { asker, office, type Office, planIn } from "../../test/testing/office.ts";

const stateOf = async ({ world }: Office, plan: string): Promise<Approval["state"] | undefined> => (await world.approvals.find(plan))?.state;

/** A plan that somebody asked for, some seconds ago. */
async function planned(it: Office): Promise<string> {
  const plan = planIn(await it.say("rollback shop-api"));
  it.now = epochMs(it.now + seconds(10));
  return plan;
}

/** A plan of the guard's, of an incident or of none. */
async function waits({ world, now }: Office, plan: string, incident?: string): Promise<string> {
  await world.approvals.ask({
    ...{
      plan,
      planHash: `hash of ${plan}`,
      what: "deploy blog:6 to blog",
      because: "5xx",
      service: "blog",
      askedAt: before(now, minutes(1)),
      expiresAt: after(now, minutes(10)),
    },
    ...{ state: "pending", needs: { role: "operator", people: 1 }, requester: "nightshift/guard", given: [], incident },
    ...{ by: undefined, answeredAt: undefined, callbackId: undefined },
  });
  return plan;
}

/** An incident with a room of its own. */
async function room({ world, now }: Office, group: string, channel: string): Promise<string> {
  const id = `INC-${sayStamp(now)}-${group}-aaaa`;
  await world.incidents.open({ id, group, service: group, severity: "P2", title: `${group} is slow`, openedAt: now, by: "alarms" });
  const change = { what: "room", channel, name: `inc-${group}` } as const;
  await world.incidents.say(id, { key: "room", at: now, kind: "changed", text: "room", announce: false, change });
  return id;
}

describe("a word without a plan's id", () => {
  test.each(["approved", "denied"] as const)("means the only plan that waits: %s", (state) =>
    office(async (it) => {
      const plan = await planned(it);
      expect(await it.say(state === "approved" ? "approve" : "deny")).toContain(plan);
      expect(await stateOf(it, plan)).toBe(state);
    }),
  );

  test("names those that wait, as commands, where there are several", () =>
    office(async (it) => {
      const plan = await planned(it);
      await waits(it, "blog-7-to-6-k2p9");
      const says = await it.say("approve");
      expect(says).toContain(`/ops approve ${plan} (shop-api: `);
      expect(says).toContain("/ops approve blog-7-to-6-k2p9 (blog: deploy blog:6 to blog)");
      expect(says).toMatch(/^Say which one: .* Nothing was changed\.$/);
      expect([await stateOf(it, plan), await stateOf(it, "blog-7-to-6-k2p9")]).toEqual(["pending", "pending"]);
    }));

  test("means the incident's own in its room, and nobody else's", () =>
    office(async (it) => {
      const blog = await room(it, "blog", "C0BLOG");
      await room(it, "pay", "C0PAY");
      const [own, other] = [await waits(it, "blog-7-to-6-k2p9", blog), await waits(it, "web-3-to-2-aaaa")];
      expect(await it.ask({ text: "deny", channel: "C0PAY", asker: asker("U0LEAD") })).toMatch(/^Say which one: .*\/ops deny blog-7-to-6-k2p9 /);
      expect(await it.ask({ text: "deny", channel: "C0BLOG", asker: asker("U0LEAD") })).toContain(`Denied: ${own}.`);
      expect([await stateOf(it, own), await stateOf(it, other)]).toEqual(["denied", "pending"]);
    }));

  test.each([
    [0, "approved"],
    [1, "pending"],
  ])("never means a plan that was made after it was said: %i ms", (later, state) =>
    office(async (it) => {
      const plan = planIn(await it.say("rollback shop-api"));
      const made = (await it.world.approvals.find(plan))?.askedAt ?? it.now;
      it.now = epochMs(it.now + seconds(10));
      await it.ask({ text: "approve", at: epochMs(made - later) });
      expect(await stateOf(it, plan)).toBe(state);
    }),
  );

  test("says that none waits", () =>
    office(async (it) => {
      expect(await it.say("approve")).toBe("No plan waits for a word. Nothing was changed.");
      expect(await it.say("approve P-7")).toBe("There is no plan P-7. No plan waits for a word. Nothing was changed.");
    }));

  test("needs the role that the plan needs", () =>
    office(async (it) => {
      const plan = await planned(it);
      expect(await it.say("approve", "U0RITA")).toContain("This needs the role operator for shop-api in prod; you have responder.");
      expect(await stateOf(it, plan)).toBe("pending");
    }));
});
