import type { FaultPlan } from "@nightshift/lab/boundary/fault";
import { buttonRequest, mentionRequest } from "@nightshift/lab/slack/people";
import { minutes, seconds } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { brokenShop, changes, waitingCard } from "./shop.ts";
import { CHANNEL, headersIn, openTeam, people, repliesTo, type Workplace } from "./workplace.ts";

const ringing = async (): Promise<Workplace> => {
  const place = await openTeam(["svc-01"], "P2");
  place.ring("svc-01/slow");
  await place.pass(minutes(1));
  return place;
};
const only = async (place: Workplace) => (await place.incidents())[0];
const transitions = async (place: Workplace, what: string) => (await only(place))?.entries.filter((one) => one.change?.what === what) ?? [];
/** A press as Slack sends it; each has a trigger of its own. */
const press = (place: Workplace, user: string, action: string, message: { readonly channel: string; readonly ts: string }) =>
  buttonRequest(place.stage.lab.slack, { user, action, ...message }, place.sent());
/** Both requests are on their way at the same moment. */
const together = (place: Workplace, ...requests: readonly ReturnType<typeof press>[]) =>
  place.stage.lab.run(() =>
    Promise.all(
      requests.map(({ path, headers, bytes }) =>
        place.installed.slackDoor.deliver({ path, headers: { ...headers }, body: Buffer.from(bytes).toString("utf8") }),
      ),
    ),
  );
const header = (place: Workplace) => ({ channel: CHANNEL, ts: headersIn(place)[0]?.ts ?? "" });

describe("acknowledging", () => {
  test("a double click acknowledges once, and is told once", async () => {
    const place = await ringing();
    const answers = await together(place, press(place, people.ana, "ns.ack", header(place)), press(place, people.ana, "ns.ack", header(place)));
    expect(answers.map((one) => one.status)).toEqual([200, 200]);
    await place.pass(seconds(20));
    expect((await transitions(place, "acked")).map((one) => one.key)).toEqual(["acked/1"]);
    expect(
      repliesTo(headersIn(place)[0])
        .join("\n")
        .match(/acknowledged/g),
    ).toHaveLength(1);
  });

  test("of two responders at the same moment one has it, and the other is told who", async () => {
    const place = await ringing();
    await together(place, press(place, people.ana, "ns.ack", header(place)), press(place, people.cleo, "ns.ack", header(place)));
    await place.pass(seconds(20));
    expect(await transitions(place, "acked")).toHaveLength(1);
    const winner = (await only(place))?.acked?.by;
    const loser = winner === "ana" ? people.cleo : people.ana;
    const whispers = place.stage.lab.slack.channels
      .flatMap((one) => one.messages.flatMap((message) => [message, ...message.replies]))
      .filter((one) => one.only === loser);
    expect(whispers.map((one) => one.text).join("\n")).toContain(`acknowledged already by ${winner}`);
  });

  test("Slack's retry of an event is the same event", async () => {
    const place = await ringing();
    const { slack } = place.stage.lab;
    const id = { event_id: "Ev0AGAIN" };
    const event = () => mentionRequest(slack, { user: people.ana, channel: CHANNEL, text: "ack", thread: header(place).ts }, place.sent({ over: id }));
    await place.deliver(event());
    await place.pass(seconds(10));
    expect(await place.deliver(event(), { "x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout" })).toMatchObject({ status: 200 });
    await place.pass(minutes(1));
    expect(await place.deliver(event(), { "x-slack-retry-num": "2", "x-slack-retry-reason": "http_timeout" })).toMatchObject({ status: 200 });
    await place.pass(minutes(1));
    expect(await transitions(place, "acked")).toHaveLength(1);
    const records = await place.ask((world) => world.audit.read("control"));
    expect(records.filter((one) => one.kind === "command").map((one) => one.key)).toEqual(["command/event/Ev0AGAIN/begun"]);
  });
});

/** What a rollback by hand leaves, whatever went wrong on the way. */
async function endOf(place: Workplace, plan: string) {
  const incidents = await place.incidents();
  const entries = incidents.flatMap((one) => one.entries.map((entry) => entry.key.slice(entry.key.indexOf("manual/"))));
  const audit = await place.ask((world) => world.audit.read("shop"));
  return {
    changes: changes(place).toSorted(),
    serves: [...place.stage.world.serving("shop-api").keys()],
    sent: entries.filter((key) => key === `manual/${plan}/sent/shop-api`).length,
    outcome: entries.filter((key) => key === `manual/${plan}/outcome`).length,
    answered: incidents.flatMap((one) => one.entries.filter((entry) => entry.key === `answered/${plan}`)).length,
    audit: audit
      .filter((one) => one.key.includes("manual-"))
      .map((one) => `${one.kind} ${one.key.slice(one.key.lastIndexOf("/") + 1)}`)
      .toSorted(),
    failed: place.stage.lab.engine.executions.filter((one) => one.status === "FAILED" || one.status === "TIMED_OUT").length,
  };
}

async function approved(faults?: FaultPlan) {
  const place = await brokenShop(faults === undefined ? {} : { faults });
  await place.ops(people.ana, "rollback shop-api");
  const card = waitingCard(place, people.ana);
  return { place, card };
}

describe("approving", () => {
  test("a double click, and two people at once, are one rollback", async () => {
    const { place, card } = await approved();
    const answers = await together(
      place,
      press(place, people.ben, "ns.approve", card),
      press(place, people.ben, "ns.approve", card),
      press(place, people.boss, "ns.approve", card),
    );
    expect(answers.map((one) => one.status)).toEqual([200, 200, 200]);
    await place.pass(minutes(8));
    expect(await endOf(place, card.plan)).toMatchObject({ changes: ["RegisterTaskDefinition", "UpdateService"], sent: 1, outcome: 1, answered: 1, failed: 0 });
  });

  test("a commands function that dies at any line of an approval is finished by the queue's next delivery, and acts once", async () => {
    // Which calls the approval makes, from a run without faults.
    const calls: { readonly n: number; readonly name: string }[] = [];
    let listening = false;
    const calm = await approved((at) => {
      if (listening && at.caller === "commands") calls.push(at);
      return { kind: "none" };
    });
    listening = true;
    await calm.place.press(people.ben, "ns.approve", calm.card);
    listening = false;
    await calm.place.pass(minutes(8));
    const wanted = await endOf(calm.place, calm.card.plan);
    expect(wanted).toMatchObject({ changes: ["RegisterTaskDefinition", "UpdateService"], sent: 1, outcome: 1, answered: 1, failed: 0 });
    expect(wanted.audit.length).toBeGreaterThan(0);
    const writes = calls.filter((one) => /Put|Update|Transact|Invoke|lambda|Append|slack:/.test(one.name));
    expect(writes.length).toBeGreaterThanOrEqual(4);

    const different: string[] = [];
    // Before one call is after the one before it: only the first is tried both ways.
    const crashes = writes.flatMap(({ n, name }, index) => [
      ...(index === 0 ? [{ n, name, kind: "crash-before" as const }] : []),
      { n, name, kind: "crash-after" as const },
    ]);
    for (const { n, name, kind } of crashes) {
      const { place, card } = await approved((at) => (at.n === n ? { kind } : { kind: "none" }));
      await place.press(people.ben, "ns.approve", card);
      // The message comes back when its visibility ends.
      await place.pass(minutes(12));
      const end = await endOf(place, card.plan);
      if (JSON.stringify(end) !== JSON.stringify(wanted)) different.push(`${kind} at ${name}: ${JSON.stringify(end)}`);
    }
    expect(different).toEqual([]);
  }, 120_000);
});
