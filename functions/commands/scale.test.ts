import { T0 } from "@nightshift/decide/fixtures";
import { hold } from "@nightshift/decide/control";
import { decideScaling, firstScalingState } from "@nightshift/decide/scaling/decide-scaling";
import { look, usual } from "@nightshift/decide/scaling/scaling.fixture";
import { buttons, epochMs, forms, hours, minutes, serviceName, type WorkerSettings } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { asker, office, type Office } from "../../test/testing/office.ts";

const worker: WorkerSettings = { ...usual, service: serviceName("shop-api"), group: "shop", min: 0, max: 20 };
/** The office, with `shop-api` as a worker service of two tasks. */
const shop = (over: Partial<WorkerSettings>, work: (it: Office) => Promise<void>): Promise<void> =>
  office(async (it) => {
    it.workers = [{ ...worker, ...over }];
    await work(it);
  });
const order = async ({ world }: Office) => (await world.scalingBook.read("shop-api")).order;
const LEAD = "U0LEAD";

describe("/ops scale", () => {
  test("orders a number until a moment, asks for a look at once, and says so", () =>
    shop({}, async (it) => {
      expect(await it.say('scale shop-api 6 --for 1h --reason "sale"', LEAD)).toContain("lead orders 6 workers for shop-api until");
      expect(await order(it)).toMatchObject({ service: "shop-api", workers: 6, max: undefined, by: "lead", because: "sale" });
      expect(((await order(it))?.until ?? 0) - ((await order(it))?.at ?? 0)).toBe(hours(1));
      expect(it.ticks).toEqual(["shop-api"]);
    }));

  test.each([
    ["scale shop-api +2", 4],
    ["scale shop-api -1", 1],
    ["scale shop-api 20", 20],
    ["scale shop-api 25 max 30", 25],
  ])("%s orders %i: changes count from what is ordered now, two", (text, workers) =>
    shop({}, async (it) => {
      it.state = { ...it.state, desired: 2 };
      await it.say(text, LEAD);
      expect((await order(it))?.workers).toBe(workers);
    }),
  );

  test("without a length ends after two hours", () =>
    shop({}, async (it) => {
      await it.say("scale shop-api 6", LEAD);
      expect(((await order(it))?.until ?? 0) - ((await order(it))?.at ?? 0)).toBe(hours(2));
    }));

  test("auto with a bound changes the bound alone; auto ends the order", () =>
    shop({}, async (it) => {
      await it.say("scale shop-api auto --max 40 --for 8h", LEAD);
      expect(await order(it)).toMatchObject({ workers: undefined, max: 40 });
      expect(await it.say("scale shop-api auto", LEAD)).toContain("lead ends the order of lead for shop-api: the queue decides again.");
      expect(await order(it)).toBeUndefined();
      expect(await it.say("scale shop-api auto", LEAD)).toContain("No order stands for shop-api");
    }));

  test("twice is one order", () =>
    shop({}, async (it) => {
      await it.ask({ text: "scale shop-api 6", key: "one", asker: asker(LEAD) }, "m-1");
      await it.ask({ text: "scale shop-api 6", key: "one", asker: asker(LEAD) }, "m-1");
      expect((await order(it))?.workers).toBe(6);
    }));

  test.each([
    ["scale shop-api 21", {}, "21 workers are more than the 20 that the config allows: add --max to allow more for a while."],
    ["scale shop-api 31 max 30", {}, "31 workers are more than the 30 that you allow."],
    ["scale shop-api 1", { min: 2 }, "1 workers are fewer than the config's min of 2."],
    ["scale shop-api auto max 1", { min: 2 }, "At most 1 is below the config's min of 2."],
    ["scale shop-api 6", { mode: "shadow" as const }, "shop-api is in shadow mode: Nightshift only says what it would do there."],
    ["scale shop-api 6", { service: serviceName("shop-worker") }, "shop-api is not under workers in nightshift.config.ts"],
  ])("%s is refused with the reason and changes nothing", (text, over, says) =>
    shop(over, async (it) => {
      expect(await it.say(text, LEAD)).toContain(says);
      expect(await it.say(text, LEAD)).toContain("Nothing was changed.");
      expect([await order(it), it.ticks]).toEqual([undefined, []]);
    }),
  );

  test("of somebody without the role changes nothing", () =>
    shop({}, async (it) => {
      expect(await it.say("scale shop-api 6", "U0RITA")).toContain("This needs the role operator for shop-api in prod; you have responder.");
      expect([await order(it), it.ticks]).toEqual([undefined, []]);
    }));

  test("as a dry run shows the exact calls and changes nothing", () =>
    shop({}, async (it) => {
      const says = await it.say("scale shop-api 6 for 1h --dry-run", LEAD);
      expect(says).toContain("to add: ecs:UpdateService cluster=prod service=shop-api desiredCount=6");
      expect(says).toContain("to remove: Celery cancel_consumer to each worker that goes");
      expect(says).toContain("Nobody has to approve it.");
      expect(says).toContain("Nothing was changed.");
      expect([await order(it), it.ticks]).toEqual([undefined, []]);
    }));

  test("inside a hold keeps the order, and says that it waits", () =>
    shop({}, async (it) => {
      const state = await it.world.control.read();
      await it.world.control.replace(hold(state, { scope: "shop", by: "cto", because: "audit", at: it.now, until: undefined }, it.now));
      expect(await it.say("scale shop-api 6", LEAD)).toContain(
        "Nothing is changed while this stands: cto holds shop until it is released: audit. The order is kept meanwhile.",
      );
      expect((await order(it))?.workers).toBe(6);
    }));
});

describe("/ops scale to zero", () => {
  test("needs two people: the dry run says so, and the order stands after the second yes", () =>
    shop({}, async (it) => {
      expect(await it.say("scale shop-api 0 --dry-run", LEAD)).toContain("Approval: two operators for shop-api");
      const says = await it.say('scale shop-api 0 --reason "night"', LEAD);
      expect(says).toContain("Scale shop-api to zero?");
      expect(await order(it)).toBeUndefined();
      const [plan] = await it.world.approvals.pending(it.now);
      expect(plan).toMatchObject({ needs: { role: "operator", people: 2 }, requester: "lead", expiresAt: epochMs((plan?.askedAt ?? 0) + minutes(10)) });
      it.now = epochMs(T0 + 1_000);
      await it.say(`approve ${plan?.plan ?? ""}`, LEAD);
      expect(await order(it)).toBeUndefined();
      await it.say(`approve ${plan?.plan ?? ""}`, "U0CTO");
      expect(await order(it)).toMatchObject({ workers: 0, because: "night" });
      expect([it.ticks, it.started]).toEqual([["shop-api"], []]);
    }));
});

test("the form of the button Scale… orders, once somebody chose to do it", () =>
  shop({}, async (it) => {
    const fields = { service: "shop-api", count: "6", lasts: "1h", max: "", how: "do", reason: "queue" };
    expect(await it.ask({ kind: "form", text: forms.scale, value: "-", fields: { ...fields, how: "dry-run" }, asker: asker(LEAD) })).toContain("Dry run:");
    expect(await order(it)).toBeUndefined();
    await it.ask({ kind: "form", text: forms.scale, value: "-", fields, asker: asker(LEAD) });
    expect((await order(it))?.workers).toBe(6);
    expect(await it.press(buttons.scale, "INC-1", LEAD)).toContain("I do not know this button.");
  }));

test("/ops status of a worker service tells the order that stands, and what the scaler saw and did last", () =>
  shop({}, async (it) => {
    expect(await it.say("status shop-api")).toContain("the scaler has not looked at it yet");
    await it.say('scale shop-api 6 --for 1h --reason "sale"', LEAD);
    const seen = look(epochMs(T0 - 60_000), { waiting: 400, desired: 2 });
    const from = firstScalingState(seen.at);
    const { state: _, ...verdict } = decideScaling(seen, from, worker);
    await it.world.scalingBook.record({ service: "shop-api", at: seen.at, observation: seen, from, verdict });
    const says = await it.say("status shop-api");
    expect(says).toContain("ordered by lead: 6 workers, for");
    expect(says).toContain("scaler, 1 m ago:");
    expect(says).toContain("queue: 400 waiting");
  }));
