import type { Verb } from "@nightshift/model";
import { verbNames, verbs } from "@nightshift/decide/commands/verbs";
import { expect, test } from "vitest";
import { office, type Office } from "../../test/testing/office.ts";

/** What stands before each: an incident, a hold, a freeze, a silence and a plan. */
async function prepared(it: Office): Promise<Readonly<Record<string, string>>> {
  await it.say('open shop-api p2 "checkout is slow"');
  await it.say("hold all");
  await it.say("freeze all 1h");
  await it.say("silence shop-api 1h");
  await it.say("release all");
  const [incident] = await it.world.incidents.list(1);
  const [silence] = await it.world.silences.standing(it.now);
  await it.say("rollback shop-api");
  const [plan] = await it.world.approvals.pending(it.now);
  await it.say("hold all");
  return { INC: incident?.opening.id ?? "", SILENCE: silence?.id ?? "", PLAN: plan?.plan ?? "" };
}

const texts: Readonly<Partial<Record<Verb, string>>> = {
  open: 'open shop-api p3 "x"',
  ack: "ack INC",
  resolve: "resolve INC",
  sev: "sev INC p3",
  note: 'note INC "x"',
  field: 'field INC impact "x"',
  role: "role INC ic @lead",
  mitigating: "mitigating INC",
  page: 'page tier2 "help"',
  handoff: "handoff @lead",
  silence: "silence shop-api 1h",
  unsilence: "unsilence SILENCE",
  hold: "hold shop-api",
  release: "release all",
  freeze: "freeze shop-api 1h",
  unfreeze: "unfreeze all",
  approve: "approve PLAN",
  deny: "deny PLAN",
  "test-alert": "test-alert shop-api",
};

test.each(Object.entries(texts))("%s --dry-run prints the exact calls and who must approve, and changes nothing", (_, text) =>
  office(async (it) => {
    const names = await prepared(it);
    it.writes.length = 0;
    const posted = it.posted.length;
    const says = await it.say(`${text.replace(/INC|SILENCE|PLAN/, (word) => names[word] ?? word)} --dry-run`);
    expect(says).toContain("Dry run:");
    expect(says).toContain("These calls would be made:");
    expect(says).toMatch(/Nobody has to approve it\.|Approval: /);
    // That this request was taken is noted, so that it is answered once; the answer itself is one person's.
    expect(it.writes.filter((call) => call !== "claims.claim" && !call.startsWith("replies."))).toEqual([]);
    expect(it.posted).toHaveLength(posted);
  }),
);

test("rollback --dry-run prints the call to ECS, the approval and what would be told, and keeps no plan", () =>
  office(async (it) => {
    const says = await it.say("rollback shop-api --dry-run");
    expect(says).toContain("ecs:UpdateService cluster=prod service=shop-api");
    expect(says).toContain("Approval: one operator for shop-api (ana, lead, cto), within ten minutes");
    expect(says).toContain("ana asks to roll shop-api back");
    expect(it.writes.filter((call) => call !== "claims.claim" && !call.startsWith("replies."))).toEqual([]);
  }));

test("merge and reopen are dry, too", () =>
  office(async (it) => {
    await it.say('open shop-api p2 "checkout is slow"');
    const [record] = await it.world.incidents.list(1);
    const id = record?.opening.id ?? "";
    await it.say("test-alert shop-api");
    const drill = (await it.world.incidents.list(2)).map((one) => one.opening.id).find((one) => one !== id) ?? "";
    await it.say(`resolve ${id}`);
    it.writes.length = 0;
    expect(await it.say(`reopen ${id} --dry-run`)).toContain("Dry run:");
    expect(await it.say(`merge ${drill} into ${id} --dry-run`)).toContain("Dry run:");
    expect(it.writes.filter((call) => call !== "claims.claim" && !call.startsWith("replies."))).toEqual([]);
  }));

test("every changing verb that is installed is tried above, or in tests of its own", () => {
  const changing = verbNames.filter((verb) => verbs[verb].changes);
  expect(changing.filter((verb) => texts[verb] === undefined)).toEqual(["reopen", "merge", "rollback", "scale", "backup", "restore"]);
});
