import { textOf } from "@nightshift/lab/slack/read";
import { minutes, seconds } from "@nightshift/model";
import { expect, test } from "vitest";
import { brokenShop, changes, waitingCard } from "./shop.ts";
import { headersIn, people, repliesTo, type Workplace } from "./workplace.ts";

const thread = (place: Workplace): string =>
  headersIn(place)
    .flatMap((one) => [textOf(one), ...repliesTo(one)])
    .join("\n");
const plans = (place: Workplace) => place.ask(async (world) => (await world.approvals.pending(world.clock.now())).map((one) => one.plan));

test("a dry run prints the exact calls and who must say yes, and changes nothing", async () => {
  const place = await brokenShop();
  const said = await place.ops(people.ana, "rollback shop-api --dry-run");
  expect(said).toContain("ecs:UpdateService cluster=prod service=shop-api taskDefinition=(that copy)");
  expect(said).toContain("Approval: one operator for shop-api (ana, ben, boss), within ten minutes");
  expect(said).toContain("Nothing was changed.");
  expect(await plans(place)).toEqual([]);
  expect(changes(place)).toEqual([]);
  expect(thread(place)).not.toContain("ana asks to roll");
});

test("a rollback is planned, approved by another person, carried out by the guard and verified, all in the incident's thread", async () => {
  const place = await brokenShop();
  await place.ops(people.ana, 'rollback shop-api --reason "customers see errors"');
  const card = waitingCard(place, people.ana);
  expect(await plans(place)).toEqual([card.plan]);
  expect(changes(place)).toEqual([]);
  expect(await place.press(people.ben, "ns.approve", card)).toContain(`Approved: ${card.plan}.`);
  await place.pass(minutes(8));

  expect(changes(place)).toEqual(["UpdateService", "RegisterTaskDefinition"]);
  expect([...place.stage.world.serving("shop-api").keys()]).toEqual([place.stage.services.get("shop-api")?.digest]);
  const incidents = await place.incidents();
  expect(incidents).toHaveLength(1);
  expect(incidents[0]).toMatchObject({
    title: "shop-api:43 was rolled back to shop-api:42 by ben, and it helped",
    state: "resolved",
    resolvedBy: "automation",
  });
  const told = thread(place);
  const inOrder = [
    "ana asks to roll shop-api back",
    `ben approved the plan ${card.plan}`,
    "rollback of shop-api to shop-api:42, approved by ben: accepted by ECS",
    "verified: the good revision serves alone",
  ].map((words) => told.lastIndexOf(words));
  expect(inOrder.every((at) => at > 0)).toBe(true);
  expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
});

test("a no leaves everything as it is, and a yes after it does not count", async () => {
  const place = await brokenShop();
  await place.ops(people.ana, "rollback shop-api");
  const card = waitingCard(place, people.ana);
  await place.press(people.ben, "ns.deny", card);
  expect(await place.press(people.ana, "ns.approve", card)).toContain(`${card.plan} was denied by ben`);
  await place.pass(minutes(2));
  expect(changes(place)).toEqual([]);
});

test("whoever may not approve is told what is missing, and nothing is done", async () => {
  const place = await brokenShop();
  await place.ops(people.ana, "rollback shop-api");
  const card = waitingCard(place, people.ana);
  expect(await place.press(people.cleo, "ns.approve", card)).toMatch(/operator/);
  expect(await place.ops(people.cleo, "rollback shop-api")).toMatch(/operator/);
  expect(await plans(place)).toEqual([card.plan]);
  expect(changes(place)).toEqual([]);
});

test("under a hold no plan is made, and one that was made before is not carried out", async () => {
  const place = await brokenShop();
  await place.ops(people.ana, "rollback shop-api");
  const card = waitingCard(place, people.ana);
  await place.ops(people.boss, 'hold shop-api 30m --reason "we look at the data"');
  expect(await place.ops(people.ana, "rollback shop-api")).toContain("shop-api is not rolled back");
  await place.press(people.ben, "ns.approve", card);
  await place.pass(minutes(2));
  expect(changes(place)).toEqual([]);
  expect(thread(place)).toContain(`Plan ${card.plan} was not carried out: nothing is changed inside a hold`);
  expect(thread(place)).toContain("we look at the data");
});

test("it passes a freeze, and says so", async () => {
  const place = await brokenShop();
  await place.ops(people.boss, 'freeze shop-api 2h --reason "the sale"');
  await place.ops(people.ana, "rollback shop-api");
  await place.press(people.ben, "ns.approve", waitingCard(place, people.ana));
  await place.pass(minutes(8));
  expect(changes(place)).toEqual(["UpdateService", "RegisterTaskDefinition"]);
  expect(thread(place)).toContain("A rollback passes the freeze: boss froze shop-api");
  expect(thread(place)).toContain("verified: the good revision serves alone");
});

test("a world that changed since the plan is not touched, and the difference is named", async () => {
  const place = await brokenShop();
  await place.ops(people.ana, "rollback shop-api");
  const card = waitingCard(place, people.ana);
  const newer = place.stage.deploy("shop-api");
  await place.pass(seconds(30));
  await place.press(people.ben, "ns.approve", card);
  await place.pass(minutes(2));
  expect(changes(place)).toEqual([]);
  expect(thread(place)).toContain(`Plan ${card.plan} was not carried out: the world is not the one that was approved`);
  expect(thread(place)).toContain("revision of shop-api was shop-api:43, is shop-api:44");
  await place.pass(minutes(5));
  expect([...place.stage.world.serving("shop-api").keys()]).toEqual([newer.digest]);
});

test("after ten minutes a plan is no plan any more", async () => {
  const place = await brokenShop();
  await place.ops(people.ana, "rollback shop-api");
  const card = waitingCard(place, people.ana);
  await place.pass(minutes(10));
  expect(await place.press(people.ben, "ns.approve", card)).toContain(`${card.plan} expired at`);
  await place.pass(minutes(1));
  expect(changes(place)).toEqual([]);
});
