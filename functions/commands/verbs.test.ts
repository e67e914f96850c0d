import { epochMs, hours } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { record } from "@nightshift/decide/fixtures";
import { foldIncident } from "@nightshift/decide/incidents/fold";
import { office, type Office } from "../../test/testing/office.ts";

const opened = async (it: Office): Promise<string> => {
  await it.say('open shop-api p2 "checkout is slow" --reason "customers call"');
  return (await it.world.incidents.list(1))[0]?.opening.id ?? "";
};
const incident = async ({ world }: Office, id: string) => {
  const record = await world.incidents.find(id);
  if (record === undefined) throw new Error(`no incident ${id}`);
  return foldIncident(record);
};

describe("an incident", () => {
  test("is opened by hand, with its war room, and what was given as reason", () =>
    office(async (it) => {
      const id = await opened(it);
      expect(await incident(it, id)).toMatchObject({ service: "shop-api", group: "shop", severity: "P2", title: "checkout is slow", by: "ana", state: "open" });
      expect((await incident(it, id)).entries.find((one) => one.announce)?.text).toBe("ana opened it by hand: checkout is slow (customers call)");
      expect(it.started).toEqual([{ automation: "war-room", name: expect.stringMatching(/^war-room-INC-/), input: { incident: id } }]);
    }));

  test("of a group that has an open one is joined", () =>
    office(async (it) => {
      const id = await opened(it);
      expect(await it.say('open shop-api p1 "all down"')).toContain(`${id} is open for shop already`);
      expect(await it.world.incidents.list(5)).toHaveLength(1);
    }));

  test("is led from acknowledgement to its end by commands, each with its actor", () =>
    office(async (it) => {
      const id = await opened(it);
      for (const text of [
        `ack ${id}`,
        `sev ${id} p1`,
        `role ${id} ic @lead`,
        `mitigating ${id}`,
        `field ${id} impact "no checkout"`,
        `note ${id} "cache restarted"`,
        `resolve ${id}`,
      ])
        await it.say(text, "U0RITA");
      expect(await incident(it, id)).toMatchObject({
        state: "resolved",
        resolvedBy: "person",
        severity: "P1",
        acked: { by: "rita" },
        roles: { ic: "lead" },
        fields: { impact: "no checkout" },
      });
      const record = await it.world.incidents.find(id);
      expect(record?.entries.filter((one) => one.actor === "slack/U0RITA rita")).toHaveLength(7);
      await it.say(`reopen ${id}`);
      expect((await incident(it, id)).resolvedAt).toBeUndefined();
    }));

  test("wakes its room when it changes", () =>
    office(async (it) => {
      const id = await opened(it);
      await it.world.wakes.wait(id, "room-1", it.now);
      await it.say(`ack ${id}`);
      expect(it.woken).toEqual(["room-1"]);
    }));

  test("is merged into another, and both say so", () =>
    office(async (it) => {
      const into = await opened(it);
      await it.world.incidents.open({
        id: "INC-260314-0250-blog-b10g",
        group: "blog",
        service: "blog",
        severity: "P3",
        title: "slow",
        openedAt: epochMs(it.now - 9_000),
        by: "alarms",
      });
      await it.say(`merge INC-260314-0250-blog-b10g into ${into}`);
      expect((await incident(it, into)).absorbed).toEqual(["INC-260314-0250-blog-b10g"]);
      expect((await incident(it, "INC-260314-0250-blog-b10g")).mergedInto).toBe(into);
    }));

  test("of a test alert goes the whole way, is marked, pages nobody and ends by itself", () =>
    office(async (it) => {
      await it.say("test-alert shop-api --sev p4");
      const [record] = await it.world.incidents.list(1);
      const drill = await incident(it, record?.opening.id ?? "");
      expect(drill).toMatchObject({ state: "resolved", severity: "P4", title: "DRILL by ana: a test alert for shop-api; nothing is wrong" });
      expect(drill.entries.filter((one) => one.announce).map((one) => one.text)[0]).toBe("DRILL: a made-up alarm. Nobody has to do anything.");
      expect(it.started).toEqual([]);
      expect(await it.say("test-alert shop-api --sev p1")).toContain("A drill is P3 or P4: P1 would call people.");
    }));
});

describe("holds and freezes", () => {
  test("a hold of one's own is released by oneself; another's only by an owner", () =>
    office(async (it) => {
      await it.say('hold shop-api --for 2h --reason "migration"', "U0LEAD");
      expect(await it.say("release shop-api")).toBe("lead holds shop-api (migration); only they or an owner may release it. Nothing was changed.");
      expect(await it.say("release shop-api", "U0CTO")).toContain("cto released shop-api, which lead held.");
      expect((await it.world.control.read()).holds).toEqual([]);
    }));

  test("a responder may hold, and release what they hold themselves", () =>
    office(async (it) => {
      expect(await it.say("hold all", "U0RITA")).toContain("rita holds everything until it is released: no reason given");
      expect(await it.say("release all", "U0RITA")).toBe("rita released everything. Automatic actions go on.");
      await it.say("hold all", "U0LEAD");
      expect(await it.say("release all", "U0RITA")).toBe("lead holds everything (no reason given); only they or an owner may release it. Nothing was changed.");
      expect(await it.say("release all", "U0NEW")).toContain("This needs the role responder in prod; you have viewer.");
      expect((await it.world.control.read()).holds).toHaveLength(1);
    }));

  test("a freeze ends by itself, is listed, and is taken back", () =>
    office(async (it) => {
      await it.say('freeze shop-api 1d --reason "sale"');
      expect(await it.say("holds")).toContain("frozen: shop-api, until 2026-03-15");
      await it.say("unfreeze shop-api");
      expect(await it.say("holds")).toBe("Nothing is held or frozen.");
      await it.say("freeze shop-api 1h");
      it.now = epochMs(it.now + hours(1));
      expect(await it.say("unfreeze shop-api")).toBe("shop-api is not frozen. Nothing was changed.");
    }));

  test("every one is in the audit, with who, what and why; a denial, too", () =>
    office(async (it) => {
      await it.say('hold all --reason "database"', "U0RITA");
      await it.say("unfreeze all", "U0RITA");
      const records = (await it.world.audit.read("control")).map((one) => [one.actor, one.body["does"], one.body["ended"], one.body["reason"]]);
      expect(records).toEqual([
        ["slack/U0RITA rita", "unfreeze", "denied", null],
        ["slack/U0RITA rita", "hold", "begun", "database"],
      ]);
    }));
});

describe("people", () => {
  test("a silence ends by itself or is ended", () =>
    office(async (it) => {
      await it.say('silence shop-api 1h --reason "load test"');
      const [standing] = await it.world.silences.standing(it.now);
      expect(standing).toMatchObject({ scope: "shop-api", by: "ana", because: "load test" });
      expect(await it.say("silences")).toContain("shop-api until 2026-03-14 03:59:5");
      expect(await it.say(`unsilence ${standing?.id ?? ""}`)).toContain("ana ended the silence of shop-api that ana set.");
      expect(await it.say("silences")).toBe("Nothing is silenced.");
      expect(await it.say("unsilence S-none")).toBe("There is no silence S-none. Nothing is silenced. Nothing was changed.");
    }));

  test("a hand-over stands above the rota until it ends", () =>
    office(async (it) => {
      expect(await it.say("oncall")).toContain("Tier 1, On-Call Engineer: ana");
      expect(await it.say("handoff @lead --for 8h")).toContain("ana handed tier 1 to lead for 8 h, until 2026-03-14 10:59:5");
      expect(await it.say("oncall")).toContain("Tier 1, On-Call Engineer: lead (handed over by ana)");
      expect(await it.say("handoff @cto")).toContain("You are not on call now");
    }));

  test("a tier is called in Slack and by SNS, and the incident says so", () =>
    office(async (it) => {
      const id = await opened(it);
      await it.ask({ text: 'page tier2 "need a hand"' });
      expect(it.posted.map(({ channel, says }) => [channel, says])).toEqual([["D-U0LEAD", "ana calls you: need a hand"]]);
      expect(it.paged).toEqual(["ana calls you: need a hand"]);
      expect((await incident(it, id)).pages).toEqual([]);
      await it.world.incidents.say(id, {
        key: "room",
        at: it.now,
        kind: "changed",
        text: "room",
        announce: false,
        change: { what: "room", channel: "C0ROOM", name: "inc" },
      });
      await it.ask({ text: 'page @cto "look"', channel: "C0ROOM" });
      expect((await incident(it, id)).pages).toMatchObject([{ people: ["cto"], by: ["slack-dm"] }]);
      expect(it.paged).toHaveLength(1);
    }));

  test("a drill says who would be told when, and tells nobody", () =>
    office(async (it) => {
      const says = await it.say("drill escalation shop-api");
      expect(says).toContain("P1 after 15 m: tier 2 (lead) by slack-dm, sns (the topic of P1)");
      expect(says).toContain("P4: nobody is paged; the next business day's digest tells");
      expect([it.posted, it.paged, it.started]).toEqual([[], [], []]);
    }));
});

test.each([
  ['open shop-api p1 "all down"', "P1", "P1: a channel of its own is made"],
  ['open shop-api p2 "slow"', "P2", "P2: no channel of its own is made"],
  ["sev p1", "P1", "P1: a channel of its own is made"],
])("the dry run of %s says whom it calls, when and how, and whether a channel is made", (text, severity, room) =>
  office(async (it) => {
    if (text.startsWith("sev")) await opened(it);
    const says = await it.say(`${text} --dry-run`);
    expect(says).toContain(`${severity} after ${severity === "P1" ? "15 m" : "45 m"}: tier 2 (lead) by slack-dm, sns (the topic of ${severity})`);
    expect(says).toContain(`while nobody acknowledges: ${severity} after 0 s: tier 1 (ana)`);
    expect(says).toContain(room);
  }),
);

describe("reading", () => {
  test.each([
    ["status", "1 service, 0 open incidents."],
    ["status", "shop-api:43, 4 of 2 running, being deployed for 1 m 30 s"],
    ["status shop-api", "shop-api:43, 4 of 2 running"],
    ["deploys shop-api", "shop-api:42: good"],
    ["whoami", "You are ana (U0ANA) in shop prod."],
    ["version", "Nightshift (stage test) for shop in prod."],
    ["incidents", "No incident is open."],
    ["incidents --all", "There was no incident yet."],
    ["help rollback", "/ops rollback"],
    ["scale shop-api +2", "shop-api is not under workers in nightshift.config.ts"],
    ["backup now shop-prod", "shop-prod is not under databases in nightshift.config.ts"],
    ["restore shop-prod", "shop-prod is not under databases in nightshift.config.ts"],
  ])("%s", (text, says) =>
    office(async (it) => {
      expect(await it.say(text)).toContain(says);
      expect(it.writes.filter((call) => !["claims.claim", "audit.append"].includes(call) && !call.startsWith("replies."))).toEqual([]);
    }),
  );

  test("a family that is called after its service is not said twice", () =>
    office(async (it) => {
      expect(await it.say("status shop-api")).not.toContain("shop-api: shop-api:43");
    }));

  test("a revision that was only assumed to be good is called so, as in a plan", () =>
    office(async (it) => {
      await it.world.revisions.see({ ...record("shop-api", 40, "good"), provisional: true });
      expect(await it.say("deploys shop-api")).toContain("shop-api:40: provisionally good");
    }));

  test("an incident and its post-mortem", () =>
    office(async (it) => {
      const id = await opened(it);
      expect(await it.say(`show ${id}`)).toContain("nobody has acknowledged it");
      expect(await it.say(`postmortem ${id}`)).toContain("Root Cause: not known yet");
    }));

  test("a viewer may read and change nothing", () =>
    office(async (it) => {
      expect(await it.say("status", "U0NEW")).toContain("shop-api:43");
      expect(await it.say("hold all", "U0NEW")).toContain("This needs the role responder in prod; you have viewer.");
    }));

  test("what nobody can read gets help and one right example", () =>
    office(async (it) => {
      expect(await it.say("rolback shop-api")).toContain("rollback");
    }));
});

describe("an answer", () => {
  test("goes into the channel, to one person, where the request's own address is dead or too old", () =>
    office(async (it) => {
      it.responsesFail = true;
      await it.ask({ text: "holds", thread: "1.2" });
      expect(it.answers[0]?.to).toBe("C0OPS/U0ANA");
      it.responsesFail = false;
      await it.ask({ text: "holds", at: epochMs(it.now - 1_800_000) });
      expect(it.answers[1]?.to).toBe("C0OPS/U0ANA");
    }));

  test("goes by direct message where there is no channel", () =>
    office(async (it) => {
      await it.ask({ text: "holds", channel: undefined, responseUrl: undefined });
      expect(it.posted.map((one) => one.channel)).toEqual(["D-U0ANA"]);
    }));
});
