import { STORM_GROUP } from "@nightshift/decide/incidents/grouping";
import { buttons, type Change, epochMs, forms, hours, minutes, sayStamp } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { describe, expect, test } from "vitest";
import { asker, office, type Office } from "../../test/testing/office.ts";

async function open({ world, now }: Office, { id, group, service = group }: { readonly id: string; readonly group: string; readonly service?: string }) {
  await world.incidents.open({ id, group, service, severity: "P2", title: `${service} is slow`, openedAt: now, by: "alarms" });
  return id;
}
/** Sixty that are open, oldest first. */
async function sixty(it: Office): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let n = 0; n < 60; n++) {
    it.now = epochMs(it.now + minutes(1));
    ids.push(await open(it, { id: `INC-${sayStamp(it.now)}-g${n}-${String(n).padStart(4, "0")}`, group: `g${n}` }));
  }
  return ids;
}
const acked = async ({ world }: Office, id: string) => (await world.incidents.find(id))?.entries.some((one) => one.change?.what === "acked");

describe("of sixty open incidents", () => {
  test("the list says how many there are, and where the rest stands", () =>
    office(async (it) => {
      await sixty(it);
      const says = await it.say("incidents");
      expect(says).toContain("60 incidents are open:");
      expect(says).toContain("… and 20 more: npx nightshift incidents list");
    }));

  test("the oldest is acknowledged by its short name, and held and silenced by its buttons", () =>
    office(async (it) => {
      it.now = epochMs(it.now - hours(1));
      const own = await open(it, { id: `INC-${sayStamp(it.now)}-shop-api-aaaa`, group: "shop", service: "shop-api" });
      await sixty(it);
      await it.say("ack shop-api");
      expect(await acked(it, own)).toBe(true);
      await it.press(buttons.hold, own);
      expect((await it.world.control.read()).holds.map(({ scope }) => scope)).toEqual(["shop-api"]);
      await it.ask({ kind: "form", text: forms.silence, value: own, fields: { scope: "incident", lasts: "1h", reason: "load test" } });
      expect((await it.world.silences.standing(it.now)).map(({ scope }) => scope)).toEqual(["shop-api"]);
    }));
});

describe("an incident that a newer release wrote", () => {
  const strange = async (it: Office): Promise<readonly [string, string]> => {
    const bad = await open(it, { id: "INC-260314-0301-blog-aaaa", group: "blog" });
    const good = await open(it, { id: "INC-260314-0300-shop-api-bbbb", group: "shop", service: "shop-api" });
    await it.world.groups.point(undefined, {
      group: "shop",
      incident: bad,
      opening: { id: bad, group: "shop", service: "shop-api", severity: "P2", title: "x", openedAt: it.now, by: "alarms" },
      version: 1,
    });
    const change = JSON.parse('{"what":"from a newer release"}') as Change; // What this release's types do not know.
    await it.world.incidents.say(bad, { key: "x", at: it.now, kind: "changed", text: "x", announce: true, change });
    return [bad, good];
  };

  test("disables no command about anything else", () =>
    office(async (it) => {
      const [bad, good] = await strange(it);
      expect(await it.say("help")).toContain("ack");
      expect(await it.say("rollback shop-api --dry-run")).toContain("Dry run:");
      expect(await it.say("status")).toContain("1 service, 1 open incident.");
      expect(await it.say("ack")).toContain(`${good}: ana acknowledged.`);
      expect(await it.say("hold all")).toContain("ana holds everything");
      expect(await it.say("incidents")).toContain(
        `${bad} cannot be read by this release of Nightshift: a newer one wrote it. Install that one again to work on it.`,
      );
      expect(await it.say("incidents --all")).toContain("The newest incident:");
    }));

  test("says what to do when it is meant itself", () =>
    office(async (it) => {
      const [bad] = await strange(it);
      const says = await it.say(`ack ${bad}`);
      expect(says).toMatch(/^This release of Nightshift cannot read what stands there: .*from a newer release.* Install it again, then ask again\./);
      expect(await it.press(buttons.hold, bad)).toBe(
        "I cannot find or read this incident; /ops hold and the name of a service holds without it. Nothing was done. /ops help lists what there is.",
      );
    }));
});

describe("where incidents cannot be listed", () => {
  const blind = (it: Office): void => {
    const { incidents } = it.world;
    const list = () => Promise.reject(new PortError("denied", "dynamodb:Query", "ledger INCIDENTS", "not allowed"));
    Object.assign(it.world, { incidents: { ...methodsOf(incidents), list } });
  };
  const methodsOf = ({ find, say, open: opens }: Office["world"]["incidents"]) => ({ find, say, open: opens });

  test("what needs none of them works, and so does one that is named in full", () =>
    office(async (it) => {
      const id = await open(it, { id: "INC-260314-0300-shop-api-bbbb", group: "shop", service: "shop-api" });
      blind(it);
      expect(await it.say("hold all")).toContain("ana holds everything");
      expect(await it.say(`ack ${id}`)).toContain("ana acknowledged.");
      expect(await acked(it, id)).toBe(true);
    }));

  test.each(["ack", "ack shop-api", "resolve"])("%s asks for the whole id", (text) =>
    office(async (it) => {
      blind(it);
      expect(await it.say(text)).toMatch(
        /The list of incidents cannot be read now \(.*not allowed\), so name the incident by its whole id, .* Nothing was changed\.$/,
      );
    }),
  );

  test("what may pass is left to the queue, which brings it again", () =>
    office(async (it) => {
      it.failOnce.add("incidents.list");
      await expect(it.ask({ text: "hold all", key: "k" }, "message-1")).rejects.toThrow("no answer");
      expect(await it.ask({ text: "hold all", key: "k" }, "message-1")).toContain("ana holds everything");
    }));
});

describe("a form of an incident of no service of the config", () => {
  const silence = { kind: "form", text: forms.silence, fields: { scope: "incident", lasts: "1h", reason: "failover" } } as const;

  test("silences what the incident is about, a dependency", () =>
    office(async (it) => {
      const value = await open(it, { id: "INC-260314-0300-orders-db-aaaa", group: "dep:orders-db", service: "orders-db" });
      expect(await it.ask({ ...silence, value })).toContain("ana silenced orders-db for 1 h");
      expect((await it.world.silences.standing(it.now)).map(({ scope }) => scope)).toEqual(["orders-db"]);
    }));

  test("rolls nothing back there, and says why", () =>
    office(async (it) => {
      const value = await open(it, { id: "INC-260314-0300-orders-db-aaaa", group: "dep:orders-db", service: "orders-db" });
      const fields = { service: "incident", to: "", how: "do", reason: "bad" };
      expect(await it.ask({ kind: "form", text: forms.rollback, value, fields })).toMatch(
        /^orders-db is no service of the config, .* choose a service in the form\. Nothing was done\./,
      );
    }));

  test("asks for a service where it is a storm, which no alarm goes by", () =>
    office(async (it) => {
      const value = await open(it, { id: "INC-260314-0300-shop-api-aaaa-storm", group: STORM_GROUP, service: "shop" });
      it.groups = it.groups.map((one) => ({ ...one, group: "web" }));
      expect(await it.ask({ ...silence, value })).toMatch(/is a storm over several services: choose one of them in the form, or say \/ops silence all 1h/);
      expect(await it.world.silences.standing(it.now)).toEqual([]);
    }));
});

describe("a request that another message holds", () => {
  const late = async (ago: number) => {
    let says = "";
    await office(async (it) => {
      const request = { text: "hold all", key: "k", at: it.now, asker: asker("U0ANA") };
      it.failOnce.add("control.replace");
      await it.ask(request, "message-1").catch(() => "");
      it.now = epochMs(it.now + ago);
      says = await it.ask(request, "message-2");
      expect((await it.world.control.read()).holds).toEqual([]);
    });
    return says;
  };

  test("is a double delivery while its answer can still come", async () => {
    expect(await late(minutes(30) - 1)).toBe("");
  });

  test("is told that it came too late when it can come no more", async () => {
    expect(await late(minutes(30))).toBe(
      'What you asked for at 03:00:00 UTC ("hold all") did not get through, and came too late to be carried out now. Look whether it was done, and ask again if not.',
    );
  });
});
