import { incidentFixture } from "@nightshift/decide/incidents/incident.fixture";
import { epochMs, sayStamp } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { office, type Office } from "../../test/testing/office.ts";
import { shortName } from "./incident.ts";

/** Two incidents that are open: one of the shop, one of the blog. */
async function two(it: Office): Promise<readonly [string, string]> {
  const ids = ["shop-api", "blog"].map((service) => `INC-${sayStamp(it.now)}-${service}-${service === "blog" ? "b10g" : "5h0p"}`);
  for (const [index, service] of ["shop-api", "blog"].entries())
    await it.world.incidents.open({
      id: ids[index] ?? "",
      group: service,
      service,
      severity: "P2",
      title: `${service} is slow`,
      openedAt: epochMs(it.now - 5_000),
      by: "alarms",
    });
  return [ids[0] ?? "", ids[1] ?? ""];
}
const ackedBy = async ({ world }: Office, id: string) => (await world.incidents.find(id))?.entries.find((one) => one.change?.what === "acked")?.actor;

describe("the incident that is meant is", () => {
  test("the one whose thread it was said in", () =>
    office(async (it) => {
      const [shop, blog] = await two(it);
      await it.world.deliveries.begin(blog, {
        key: "header",
        state: "trying",
        channel: "C0INC",
        thread: undefined,
        covers: [],
        ts: undefined,
        shown: undefined,
        startedAt: it.now,
        tries: 1,
      });
      await it.world.deliveries.settle(blog, "header", { state: "sent", ts: "170.1", tries: 1 });
      await it.ask({ kind: "mention", text: "ack", channel: "C0INC", thread: "170.1", responseUrl: undefined });
      expect([await ackedBy(it, shop), await ackedBy(it, blog)]).toEqual([undefined, "slack/U0ANA ana"]);
    }));

  test("the one whose room it was said in", () =>
    office(async (it) => {
      const [, blog] = await two(it);
      await it.world.incidents.say(blog, {
        key: "room",
        at: it.now,
        kind: "changed",
        text: "room",
        announce: false,
        change: { what: "room", channel: "C0ROOM", name: "inc-blog" },
      });
      await it.ask({ text: "ack", channel: "C0ROOM" });
      expect(await ackedBy(it, blog)).toBe("slack/U0ANA ana");
    }));

  test("not that of a thread with the same time in another channel", () =>
    office(async (it) => {
      const [, blog] = await two(it);
      await it.world.deliveries.begin(blog, {
        key: "header",
        state: "trying",
        channel: "C0INC",
        thread: undefined,
        covers: [],
        ts: undefined,
        shown: undefined,
        startedAt: it.now,
        tries: 1,
      });
      await it.world.deliveries.settle(blog, "header", { state: "sent", ts: "170.1", tries: 1 });
      expect(await it.ask({ text: "ack", channel: "C0OPS", thread: "170.1" })).toContain("2 incidents are open; say which one");
    }));

  test("the only open one", () =>
    office(async (it) => {
      const [shop, blog] = await two(it);
      await it.say(`resolve ${blog}`);
      await it.say("ack");
      expect(await ackedBy(it, shop)).toBe("slack/U0ANA ana");
    }));

  test("nobody's guess where several are open: all are listed", () =>
    office(async (it) => {
      const [shop, blog] = await two(it);
      const says = await it.say("ack");
      expect(says).toContain(`2 incidents are open; say which one: ${shop} (P2, shop-api), ${blog} (P2, blog). Nothing was changed.`);
    }));

  test("named by its service, or by the last four characters of its id", () =>
    office(async (it) => {
      const [shop, blog] = await two(it);
      await it.say("ack shop-api");
      await it.say("ack b10g");
      expect([await ackedBy(it, shop), await ackedBy(it, blog)]).toEqual(["slack/U0ANA ana", "slack/U0ANA ana"]);
    }));

  test("not there, and what is open is listed", () =>
    office(async (it) => {
      await two(it);
      expect(await it.say("ack INC-260101-0000-shop-api-none")).toMatch(/^There is no incident INC-260101-0000-shop-api-none\. Open: INC-/);
    }));

  test("none, when none is open", () =>
    office(async (it) => {
      expect(await it.say("ack")).toBe("No incident is open. Nothing was changed.");
    }));
});

test("a short name that two incidents share names neither", () => {
  const recent = ["INC-1-aaaa", "INC-2-aaaa"].map((id) => incidentFixture({ id, service: "shop-api", group: "shop" }));
  expect(shortName("shop-api", recent)).toBeUndefined();
  expect(shortName("aaaa", recent)).toBeUndefined();
  expect(shortName("aaaa", recent.slice(1))).toBe("INC-2-aaaa");
});

test("free text of a note keeps its words, also those that are a service's name", () =>
  office(async (it) => {
    const [shop, blog] = await two(it);
    await it.say(`resolve ${blog}`);
    await it.say("note shop-api answers again");
    expect((await it.world.incidents.find(shop))?.entries.map((one) => one.text)).toContain("ana: shop-api answers again");
  }));
