import { policyFixture } from "@nightshift/decide/incidents/policy.fixture";
import { epochMs } from "@nightshift/model";
import { expect, test } from "vitest";
import { asker, office, type Office } from "../../test/testing/office.ts";

const room = "C0ROOM";
const own = "INC-260314-0300-shop-api-aaaa";
const other = "INC-260314-0301-pay-api-bbbb";

/** sam answers for the shop, and for nothing else; its incident has a room, and there is another one elsewhere. */
async function shopOnly(it: Office): Promise<(text: string) => Promise<string>> {
  it.policy = policyFixture({
    people: [...policyFixture().people, { name: "sam", slack: "U0SAM", arn: undefined, roles: [], rolesFor: { shop: ["responder"] } }],
  });
  for (const [id, group] of [
    [own, "shop"],
    [other, "pay"],
  ] as const)
    await it.world.incidents.open({ id, group, service: `${group}-api`, severity: "P2", title: "slow", openedAt: it.now, by: "alarms" });
  const change = { what: "room", channel: room, name: "inc-shop" } as const;
  await it.world.incidents.say(own, { key: "room", at: it.now, kind: "changed", text: "room", announce: false, change });
  return (text) => it.ask({ text, asker: asker("U0SAM"), channel: room });
}
const missing = "This needs the role responder";

test.each(["ack", "resolve", 'note "restarted"', `ack ${own}`])("in the room of an incident of theirs, somebody may: %s", (text) =>
  office(async (it) => {
    expect(await (await shopOnly(it))(text)).toContain(own);
  }),
);

test.each([
  ["silence all 1h", missing],
  ["hold all", missing],
  ['page tier2 "help"', missing],
  ['page lead "help"', missing],
  ["handoff lead", missing],
  [`ack ${other}`, `${missing} for pay-api`],
  [`merge ${own} into ${other}`, `${missing} for pay-api`],
  [`merge ${other} into ${own}`, `${missing} for pay-api`],
])("the room lends no right elsewhere: %s", (text, says) =>
  office(async (it) => {
    const asks = await shopOnly(it);
    expect(await asks(text)).toContain(says);
    expect([await it.world.silences.standing(it.now), it.paged, it.posted, (await it.world.control.read()).holds]).toEqual([[], [], [], []]);
    expect((await it.world.incidents.find(other))?.entries).toEqual([]);
    expect((await it.world.incidents.find(own))?.entries.map(({ key }) => key)).toEqual(["room"]);
  }),
);

test.each([
  ["all", 1],
  ["pay-api", 1],
  ["shop-api", 0],
  ["shop", 0],
])("a silence of %s is ended in the room only with the role there: %i stand", (scope, standing) =>
  office(async (it) => {
    const asks = await shopOnly(it);
    await it.world.silences.add({ id: "S-aaaaaa", scope, by: "ana", because: "x", from: it.now, until: epochMs(it.now + 60_000) });
    const says = await asks("unsilence S-aaaaaa");
    expect([(await it.world.silences.standing(it.now)).length, says.includes(missing)]).toEqual([standing, standing === 1]);
  }),
);

test("their own service is called about, in any channel", () =>
  office(async (it) => {
    const asks = await shopOnly(it);
    expect(await asks('page shop-api "help"')).toContain("Called ana by slack-dm and sns.");
  }));

test("what somebody may do elsewhere leaves no line in the room of an incident that is not theirs", () =>
  office(async (it) => {
    const asks = await shopOnly(it);
    await it.world.incidents.say(other, {
      ...{ key: "room", at: it.now, kind: "changed", text: "room", announce: false },
      change: { what: "room", channel: "C0PAY", name: "inc-pay" },
    });
    for (const channel of ["C0PAY", room]) await it.ask({ text: "silence shop-api 1h", asker: asker("U0SAM"), channel });
    await asks('page shop-api "help"');
    const lines = async (id: string) => (await it.world.incidents.find(id))?.entries.length;
    // Both silences are their own incident's, wherever they were said.
    expect([await lines(other), await lines(own)]).toEqual([1, 4]);
  }));
