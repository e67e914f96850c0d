import { type Approval, buttons, epochMs, minutes, serviceName } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { type Office, office, planIn } from "../../test/testing/office.ts";

const GUARD_START = { automation: "guard", input: { kind: "manual", group: "shop" } };
const approvalOf = async ({ world }: Office, plan: string) => (await world.approvals.find(plan))?.state;

describe("a rollback", () => {
  test("is a plan first: steps, exact calls, preconditions, who may approve, and two buttons", () =>
    office(async (it) => {
      const says = await it.say('rollback shop-api --reason "5xx since the deploy"');
      expect(says).toContain(
        "ecs:UpdateService cluster=prod service=shop-api taskDefinition=arn:aws:ecs:eu-central-1:123456789012:task-definition/shop-api:42",
      );
      expect(says).toContain("desired count of shop-api: 2");
      expect(says).toContain("revision of shop-api: shop-api:43");
      expect(says).toContain("5xx since the deploy");
      expect(says).toContain("one operator for shop-api (ana, lead, cto)");
      expect(says).toContain("03:10:00 UTC");
      const plan = planIn(says);
      const parts = it.answers[0]?.card.parts ?? [];
      expect(parts.find((part) => part.kind === "buttons")?.buttons.map(({ action, value }) => [action, value])).toEqual([
        [buttons.approve, `-|${plan}`],
        [buttons.deny, `-|${plan}`],
      ]);
      expect(await approvalOf(it, plan)).toBe("pending");
      expect(it.started).toEqual([]);
    }));

  test("is carried out by the guard once an operator approves, and it is the requester's own yes that may do", () =>
    office(async (it) => {
      const plan = planIn(await it.say("rollback shop-api"));
      expect(await it.press(buttons.approve, `-|${plan}`)).toContain(`Approved: ${plan}.`);
      expect(it.started).toEqual([{ ...GUARD_START, name: expect.stringMatching(/^guard-manual-shop-api-43-to-42-/), input: { ...GUARD_START.input, plan } }]);
      expect(await approvalOf(it, plan)).toBe("approved");
    }));

  test.each([["--yes"], [""]])("is never carried out without an approval: %s", (flag) =>
    office(async (it) => {
      await it.say(`rollback shop-api ${flag}`);
      expect(it.started).toEqual([]);
    }),
  );

  test("of an incident: the dry run of a word on it promises the very line that is told", () =>
    office(async (it) => {
      await it.say('open shop-api p2 "slow"');
      const id = (await it.world.incidents.list(1))[0]?.opening.id ?? "";
      const plan = planIn(await it.say("rollback shop-api"));
      const line = `lead denied the plan ${plan}: it is the database. Nothing was changed.`;
      expect(await it.say(`deny ${plan} --reason "it is the database" --dry-run`, "U0LEAD")).toContain(`in the thread of ${id}: ${line}`);
      await it.say(`deny ${plan} --reason "it is the database"`, "U0LEAD");
      expect((await it.world.incidents.find(id))?.entries.at(-1)?.text).toBe(line);
    }));

  test("that is denied is not carried out, and takes no yes any more", () =>
    office(async (it) => {
      const plan = planIn(await it.say("rollback shop-api"));
      expect(await it.say(`deny ${plan} --reason "it is the database"`, "U0LEAD")).toBe(`Denied: ${plan}. Nothing is rolled back.`);
      expect(await it.say(`approve ${plan}`)).toContain(`${plan} was denied by lead at 03:00:00 UTC already. A word is given once and nothing was changed.`);
      expect(it.started).toEqual([]);
    }));

  test.each([
    [599_999, 1],
    [600_000, 0],
  ])("approved %i ms after it was planned starts %i times", (later, starts) =>
    office(async (it) => {
      const plan = planIn(await it.say("rollback shop-api"));
      it.now = epochMs(it.now + later);
      await it.say(`approve ${plan}`);
      expect(it.started).toHaveLength(starts);
    }),
  );

  test("to a named revision that is not known to be good is refused with the reason", () =>
    office(async (it) => {
      expect(await it.say("rollback shop-api --to 41")).toBe(
        "shop-api is not rolled back: shop-api:41 is bad: only a revision that is known to be good is put back. Nothing was changed.",
      );
      expect(await it.say("rollback shop-api --to 7")).toContain('shop-api has no revision "7" that I know; known: ');
      expect(await it.say("rollback shop-api --to 43")).toContain("shop-api:43 is what shop-api runs already");
      expect(await it.world.approvals.pending(it.now)).toEqual([]);
    }));

  test("to a named good revision is planned", () =>
    office(async (it) => {
      expect(await it.say("rollback shop-api --to shop-api:42")).toContain("task-definition/shop-api:42");
    }));

  test("inside a hold is refused with who holds it", () =>
    office(async (it) => {
      await it.say('hold shop-api --reason "migration"', "U0LEAD");
      expect(await it.say("rollback shop-api")).toContain("lead holds shop-api until it is released: migration");
      expect(await it.world.approvals.pending(it.now)).toEqual([]);
    }));

  test("passes a freeze, and says so", () =>
    office(async (it) => {
      await it.say('freeze shop-api 1d --reason "sale"', "U0LEAD");
      const says = await it.say("rollback shop-api");
      expect(says).toContain("A rollback passes the freeze: lead froze shop-api for 23 h 59 m more: sale");
      expect(planIn(says)).not.toBe("no plan");
    }));

  test("of a service that deploys otherwise is refused", () =>
    office(async (it) => {
      it.state = { ...it.state, strategy: "CANARY" };
      expect(await it.say("rollback shop-api")).toContain("shop-api is deployed canary: Nightshift watches and explains it");
    }));

  test("writes nothing about revisions while it is planned", () =>
    office(async (it) => {
      await it.say("rollback shop-api");
      expect(it.writes.filter((call) => call.startsWith("revisions."))).toEqual([]);
      expect((await it.world.revisions.list(serviceName("shop-api"))).map((row) => row.grade).toSorted()).toEqual(["bad", "candidate", "good"]);
    }));
});

describe("a word on a plan", () => {
  test("of somebody without the role is refused, and says who has it", () =>
    office(async (it) => {
      const plan = planIn(await it.say("rollback shop-api"));
      expect(await it.say(`approve ${plan}`, "U0RITA")).toBe(
        "This needs the role operator for shop-api in prod; you have responder. Who has it: ana, lead, cto. Nothing was changed.",
      );
      expect(await approvalOf(it, plan)).toBe("pending");
    }));

  test("about a plan that nobody knows is refused with those that wait", () =>
    office(async (it) => {
      const plan = planIn(await it.say("rollback shop-api"));
      expect(await it.say("approve shop-api-1-to-2")).toBe(
        `There is no plan shop-api-1-to-2. Say which one: /ops approve ${plan} (shop-api: ${(await it.world.approvals.find(plan))?.what}). Nothing was changed.`,
      );
    }));

  test.each(["INC-1", "INC-260314-0300-shop-api-zzzz"])("by a button that names another incident (%s) is refused", (incident) =>
    office(async (it) => {
      const plan = planIn(await it.say("rollback shop-api"));
      expect(await it.press(buttons.approve, `${incident}|${plan}`)).toBe(`This button does not belong to the plan ${plan}. Nothing was changed.`);
      expect(it.started).toEqual([]);
    }),
  );

  test.each([
    ["its own incident", "INC-260314-0258-shop-api-i-43", 1],
    ["another one", "INC-260314-0258-shop-api-x-99", 0],
    ["none", "-", 0],
  ])("where the guard asked wakes it, and starts nothing; the button names %s", (_, incident, wakes) =>
    office(async (it) => {
      await it.world.approvals.ask(guardsQuestion(it));
      await it.press(buttons.approve, `${incident}|shop-api-43-to-42-ai43`, "U0LEAD");
      expect(it.woken).toHaveLength(wakes);
      expect(it.started).toEqual([]);
      expect((await it.world.approvals.find("shop-api-43-to-42-ai43"))?.by).toBe(wakes === 1 ? "lead" : undefined);
    }),
  );
});

/** What the guard asks in ask mode. */
const guardsQuestion = ({ now }: Office): Approval => ({
  plan: "shop-api-43-to-42-ai43",
  planHash: "{}",
  what: "deploy shop-api:42",
  because: "5xx",
  service: "shop-api",
  askedAt: now,
  expiresAt: epochMs(now + minutes(5)),
  state: "pending",
  needs: { role: "operator", people: 1 },
  requester: "nightshift/guard",
  incident: "INC-260314-0258-shop-api-i-43",
  given: [],
  by: undefined,
  answeredAt: undefined,
  callbackId: "callback-1",
});
