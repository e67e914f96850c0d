import { sayStamp } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { office, type Office } from "../../test/testing/office.ts";

const open = async ({ world, now }: Office, group: string, service = group): Promise<string> => {
  const id = `INC-${sayStamp(now)}-${service}-aaaa`;
  await world.incidents.open({ id, group, service, severity: "P2", title: `${service} is slow`, openedAt: now, by: "alarms" });
  return id;
};
const announced = async ({ world }: Office, id: string) => (await world.incidents.find(id))?.entries.filter((one) => one.announce).map(({ text }) => text);

describe("what is held, frozen or silenced stands in the thread of the incident it is about", () => {
  test.each([
    ['hold shop-api 30m --reason "migration"', /^lead holds shop-api for 30 m, until .*: migration; nothing is done by itself\.$/],
    ['hold shop --reason "migration"', /^lead holds shop until it is released: migration; nothing is done by itself\.$/],
    ["hold all --reason x", /^lead holds everything until it is released: x; nothing is done by itself\.$/],
    ['freeze shop-api 1d --reason "sale"', /^lead froze deployments of shop-api for 24 h, until .*: sale$/],
    ['silence shop-api 1h --reason "load test"', /^lead silenced shop-api for 1 h, until .*: load test$/],
  ])("%s", (text, line) =>
    office(async (it) => {
      const [shop, blog] = [await open(it, "shop", "shop-api"), await open(it, "blog")];
      await it.say(text, "U0LEAD");
      expect(await announced(it, shop)).toEqual([expect.stringMatching(line)]);
      expect(await announced(it, blog)).toEqual(text.startsWith("hold all") ? [expect.stringMatching(line)] : []);
    }),
  );

  test("and so does the release", () =>
    office(async (it) => {
      const id = await open(it, "shop", "shop-api");
      await it.say("hold shop-api --reason x", "U0LEAD");
      await it.say("release shop-api", "U0LEAD");
      expect((await announced(it, id))?.at(-1)).toBe("lead released shop-api. Automatic actions go on.");
    }));

  test("the dry run promises the line, and writes none", () =>
    office(async (it) => {
      const id = await open(it, "shop", "shop-api");
      expect(await it.say("hold shop-api --reason x --dry-run", "U0LEAD")).toContain(
        `in the thread of ${id}: lead holds shop-api until it is released: x; nothing is done by itself.`,
      );
      expect(await announced(it, id)).toEqual([]);
    }));

  test("not once it is over, and then the dry run says that nobody is told", () =>
    office(async (it) => {
      const id = await open(it, "shop", "shop-api");
      await it.say(`resolve ${id}`, "U0LEAD");
      expect(await it.say("hold shop-api --reason x --dry-run", "U0LEAD")).toContain("Nobody would be told.");
      await it.say("hold shop-api --reason x", "U0LEAD");
      expect(await announced(it, id)).toEqual(["lead resolved it."]);
    }));
});
