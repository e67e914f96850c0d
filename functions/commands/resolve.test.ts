import { describe, expect, test } from "vitest";
import { office, type Office, planIn } from "../../test/testing/office.ts";

const opened = async (it: Office): Promise<string> => {
  await it.say('open shop-api p2 "slow"');
  return (await it.world.incidents.list(1))[0]?.opening.id ?? "";
};

describe("resolving an incident", () => {
  test("denies the plan that a person asked for in it, and says so in the thread", () =>
    office(async (it) => {
      const id = await opened(it);
      const plan = planIn(await it.say("rollback shop-api"));
      const line = `lead resolved the incident, so the plan ${plan} is denied. Nothing was changed.`;
      expect(await it.say(`resolve ${id} --dry-run`, "U0LEAD")).toContain(line);
      expect((await it.world.approvals.find(plan))?.state).toBe("pending");
      await it.say(`resolve ${id}`, "U0LEAD");
      expect((await it.world.approvals.find(plan))?.state).toBe("denied");
      expect((await it.world.incidents.find(id))?.entries.map(({ text }) => text)).toContain(line);
      expect(await it.say(`approve ${plan}`)).toContain("denied by lead");
      expect(it.started.map(({ automation }) => automation)).toEqual(["war-room"]);
    }));

  test("leaves the plans of others alone", () =>
    office(async (it) => {
      const plan = planIn(await it.say("rollback shop-api"));
      await it.say(`resolve ${await opened(it)}`, "U0LEAD");
      expect((await it.world.approvals.find(plan))?.state).toBe("pending");
    }));

  test.each([
    [true, "Mind: guard still works on it. It is resolved because you say so."],
    [false, undefined],
  ])("warns where an automation still works on it: %s", (works, warning) =>
    office(async (it) => {
      const id = await opened(it);
      const change = { what: "standing", automation: "guard", standing: "working" } as const;
      if (works) await it.world.incidents.say(id, { key: "guard/1", at: it.now, kind: "note", text: "It looks.", announce: false, change });
      const says = await it.say(`resolve ${id}`, "U0LEAD");
      expect(says.includes("Mind:")).toBe(works);
      if (warning !== undefined) expect(says).toContain(warning);
    }),
  );
});
