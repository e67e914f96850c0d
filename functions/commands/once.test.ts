import { buttons, epochMs } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { asker, office, type Office, planIn } from "../../test/testing/office.ts";

const opened = async (it: Office): Promise<string> => {
  await it.say('open shop-api p2 "checkout is slow"');
  const [record] = await it.world.incidents.list(1);
  if (record === undefined) throw new Error("nothing was opened");
  return record.opening.id;
};
const entries = async ({ world }: Office, id: string, what: string) =>
  ((await world.incidents.find(id))?.entries ?? []).filter((one) => one.change?.what === what);

describe("exactly one action", () => {
  test("of a double click on Approve: one rollback is started", () =>
    office(async (it) => {
      const plan = planIn(await it.say("rollback shop-api"));
      const first = await it.press(buttons.approve, `-|${plan}`);
      const second = await it.press(buttons.approve, `-|${plan}`);
      expect([first.includes("Approved:"), second]).toEqual([true, `${plan} was approved by ana at 03:00:00 UTC already.`]);
      expect(it.started).toHaveLength(1);
    }));

  test("of two operators who approve at the same moment", () =>
    office(async (it) => {
      const plan = planIn(await it.say("rollback shop-api"));
      const answers = await Promise.all([it.press(buttons.approve, `-|${plan}`, "U0ANA"), it.press(buttons.approve, `-|${plan}`, "U0LEAD")]);
      expect(answers.join("\n").match(/Approved:/g)).toHaveLength(1);
      expect(it.started).toHaveLength(1);
      expect((await it.world.approvals.find(plan))?.given).toHaveLength(1);
    }));

  test("of a yes and a no at the same moment: one word stands", () =>
    office(async (it) => {
      const plan = planIn(await it.say("rollback shop-api"));
      await Promise.all([it.press(buttons.approve, `-|${plan}`), it.press(buttons.deny, `-|${plan}`, "U0LEAD")]);
      const state = (await it.world.approvals.find(plan))?.state;
      expect(it.started).toHaveLength(state === "approved" ? 1 : 0);
      expect(state).not.toBe("pending");
    }));

  test("of two responders who acknowledge at once: one has it, the other learns who", () =>
    office(async (it) => {
      const id = await opened(it);
      const answers = await Promise.all([it.say(`ack ${id}`, "U0RITA"), it.say(`ack ${id}`, "U0LEAD")]);
      expect(await entries(it, id, "acked")).toHaveLength(1);
      expect(answers.filter((says) => says.includes("acknowledged already by"))).toHaveLength(1);
    }));

  test("of a request that Slack sends twice, in two messages: the second is nobody's", () =>
    office(async (it) => {
      const id = await opened(it);
      const request = { key: "trigger-1", text: `note ${id} "restarted the cache"` };
      expect(await it.ask(request, "message-1")).toContain("restarted the cache");
      expect(await it.ask(request, "message-2")).toBe("");
      expect((await it.world.incidents.find(id))?.entries.filter((one) => one.text.includes("restarted the cache"))).toHaveLength(1);
    }));

  test.each([
    ["starter.start", 'rollback shop-api --reason "bad"'],
    ["approvals.answer", "rollback shop-api"],
  ])("of an approval whose %s failed: the message that comes again finishes it", (call, text) =>
    office(async (it) => {
      const plan = planIn(await it.say(text));
      const approve = { key: "click-1", kind: "button", text: buttons.approve, value: `-|${plan}` } as const;
      it.failOnce.add(call);
      await expect(it.ask(approve, "message-1")).rejects.toThrow("no answer");
      expect(it.started).toEqual([]);
      await it.ask(approve, "message-1");
      await it.ask(approve, "message-1");
      expect(it.started).toHaveLength(1);
    }),
  );

  test.each(["incidents.say", "audit.append", "control.replace", "silences.add", "wakes.waiting"])(
    "of any command that was cut off at %s: doing it again changes nothing twice",
    (call) =>
      office(async (it) => {
        const id = await opened(it);
        const texts = [`ack ${id}`, `note ${id} "a"`, `sev ${id} p3`, "hold shop-api", "silence shop-api 1h"];
        for (const [index, text] of texts.entries()) {
          const request = { key: `cut-${index}`, text, at: epochMs(it.now + 1_000 + index) };
          it.failOnce.add(call);
          await it.ask(request, `message-${index}`).catch(() => "");
          it.failOnce.clear();
          await it.ask(request, `message-${index}`);
        }
        expect(await entries(it, id, "acked")).toHaveLength(1);
        expect(await entries(it, id, "severity")).toHaveLength(1);
        expect((await it.world.incidents.find(id))?.entries.filter((one) => one.key.startsWith("note/"))).toHaveLength(1);
        expect((await it.world.control.read()).holds).toHaveLength(1);
        expect(await it.world.silences.standing(epochMs(it.now + 5_000))).toHaveLength(1);
      }),
  );
});

test("a request that was carried out by one message is left alone by another, whoever it is of", () =>
  office(async (it) => {
    await it.ask({ key: "k", text: "hold all" }, "message-1");
    await it.ask({ key: "k", text: "release all", asker: asker("U0CTO") }, "message-2");
    expect((await it.world.control.read()).holds).toHaveLength(1);
  }));
