import { guarded, settingsFor, worker } from "@nightshift/decide/fixtures";
import { foldIncident } from "@nightshift/decide/incidents/fold";
import { policyFixture } from "@nightshift/decide/incidents/policy.fixture";
import { ecsDeploymentId, epochMs, type ScalingTick, serviceName } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import type { Needs } from "@nightshift/runtime";
import { describe, expect, test } from "vitest";
import { sampleText } from "../../events/samples/load.ts";
import { withLedger } from "../../test/testing/ledger.ts";
import { carryOut, type DispatcherWorld } from "./carry-out.ts";
import { dispatch } from "./entry.ts";

const groups = [
  settingsFor(
    guarded("shop-api", { cluster: "shop-prod", triggers: [{ kind: "alarms", names: ["shop-api/5xx", "shop-trouble"] }] }),
    worker("shop-worker", { cluster: "shop-prod", triggers: [{ kind: "alarms", names: ["shop-trouble"] }] }),
  ),
];
const workers = [{ service: serviceName("shop-worker"), cluster: "shop-prod" }];
const own = { account: "123456789012", region: "eu-west-1" };

interface Stage {
  /** 2026-11-21T02:10:40Z at first: nine seconds after the sample's deployment began. */
  at: number;
  readonly world: DispatcherWorld & Needs;
  readonly starts: string[];
  readonly ticks: ScalingTick[];
  readonly dead: { readonly body: string; readonly error: string }[];
  readonly logged: Readonly<Record<string, unknown>>[];
  /** Reads these bodies as one delivery, under the ids m0, m1…; answers the ids that stay in the queue. */
  readonly read: (bodies: readonly string[], world?: DispatcherWorld & Needs) => Promise<readonly string[]>;
}

const stage = (work: (it: Stage) => Promise<void>): Promise<void> =>
  withLedger(async (ledger) => {
    const it: Stage = {
      at: 1_795_227_040_000,
      starts: [],
      ticks: [],
      dead: [],
      logged: [],
      world: {
        ...ledger,
        clock: { now: () => epochMs(it.at) },
        starter: { start: async (automation, name) => void (automation === "guard" && it.starts.push(`${automation} ${name}`)), wake: async () => {} },
        ticks: { now: async (tick) => void it.ticks.push(tick), later: () => Promise.reject(new Error("the dispatcher does not wait")) },
        deadLetters: { send: async (body, error) => void it.dead.push({ body, error }) },
      },
      read: async (bodies, world = it.world) => {
        const Records = bodies.map((body, n) => ({ messageId: `m${n}`, body }));
        const answer = await dispatch({ Records }, { world, groups, policy: policyFixture(), workers, own, log: (line) => it.logged.push(line) });
        return answer.batchItemFailures.map((one) => one.itemIdentifier);
      },
    };
    await work(it);
  });

const tick = sampleText("nightshift-scaling-tick");
const deployment = sampleText("ecs-deployment-in-progress");
const alarm = sampleText("alarm-metric");
const throttled = new PortError("throttled", "dynamodb:PutItem", "SIGNAL#shop-api", "slow down");
const deafTo = (world: Stage["world"], error: Error): Stage["world"] => ({ ...world, signals: { ...world.signals, alarm: () => Promise.reject(error) } });

describe("a batch", () => {
  test("of one unreadable, one failing and one good message keeps only the failing one in the queue, and logs all three", () =>
    stage(async (it) => {
      expect(await it.read(["not json", alarm, deployment], deafTo(it.world, throttled))).toEqual(["m1"]);
      expect(it.dead.map((one) => one.body)).toEqual(["not json"]);
      expect(it.starts).toEqual(["guard guard-shop-ecs-svc-4719083255108276431"]);
      expect(it.logged).toEqual([
        { message: "m0", did: [expect.stringMatching(/^dead letter: Cannot read this event/)] },
        { message: "m1", failed: "dynamodb:PutItem on SIGNAL#shop-api: slow down" },
        { message: "m2", did: ["open: a watch over shop begins"] },
      ]);
    }));

  test("is left in the queue message by message, also for a bug of ours", () =>
    stage(async (it) => {
      expect(await it.read([alarm, deployment, alarm], deafTo(it.world, new TypeError("undefined")))).toEqual(["m0", "m2"]);
      expect(it.logged[0]).toEqual({ message: "m0", failed: "undefined" });
    }));

  test("delivered again after a failure does what was left undone, and nothing twice", () =>
    stage(async (it) => {
      await it.read([alarm, deployment], deafTo(it.world, throttled));
      expect(await it.read([alarm, deployment])).toEqual([]);
      expect((await it.world.signals.read(serviceName("shop-api"), epochMs(0))).alarms.map((one) => one.name)).toEqual(["shop-api/5xx"]);
      expect(it.starts).toEqual(["guard guard-shop-ecs-svc-4719083255108276431", "guard guard-shop-ecs-svc-4719083255108276431"]);
      expect((await it.world.watches.find("shop"))?.openedAt).toBe(1_795_227_040_000);
    }));

  test("that is empty leaves nothing in the queue", () => stage(async (it) => expect(await it.read([])).toEqual([])));

  test.each([
    ["another account", "123456789012", "999999999999", "ignored: an event of 999999999999 in eu-west-1, we watch 123456789012 in eu-west-1"],
    ["another region", '"region": "eu-west-1"', '"region": "us-east-1"', "ignored: an event of 123456789012 in us-east-1, we watch 123456789012 in eu-west-1"],
  ])("with an event of %s starts nothing, and says so", (_, from, to, why) =>
    stage(async (it) => {
      expect(await it.read([deployment.replaceAll(from, to)])).toEqual([]);
      expect(it.starts).toEqual([]);
      expect(it.logged).toEqual([{ message: "m0", did: [why] }]);
    }),
  );
});

describe("an event that cannot be read", () => {
  const broken = (sample: string) => sampleText(sample).replace('"detail":', '"details":');

  test("goes to the dead-letter queue with its error, and a person is told", () =>
    stage(async (it) => {
      expect(await it.read([broken("ecs-deployment-in-progress")])).toEqual([]);
      expect(it.dead).toEqual([{ body: broken("ecs-deployment-in-progress"), error: expect.stringMatching(/^Cannot read this event .* detail: expected /) }]);
      const [incident, ...more] = await it.world.incidents.list(10);
      expect(more).toEqual([]);
      expect(incident === undefined ? undefined : foldIncident(incident)).toMatchObject({
        id: "INC-261121-0200-unreadable-aws-ecs-ECS-Deployment-State-Change",
        group: "nightshift",
        service: "nightshift",
        severity: "P3",
        state: "open",
        needsPerson: true,
        announcedAt: 1_795_227_040_000,
      });
      expect(incident?.entries.find((one) => one.announce)).toMatchObject({
        key: "unreadable",
        announce: true,
        text: expect.stringMatching(/^An event could not be read and waits in the dead-letter queue\. Cannot read/),
      });
    }));

  test.each([
    ["the same shape in the same hour", 1_795_229_999_999, "ecs-deployment-in-progress", 1],
    ["the same shape in the next hour", 1_795_230_000_000, "ecs-deployment-in-progress", 2],
    ["another shape in the same hour", 1_795_229_999_999, "alarm-metric", 2],
  ])("is told once a shape and hour: %s", (_, later, sample, lines) =>
    stage(async (it) => {
      await it.read([broken("ecs-deployment-in-progress")]);
      it.at = later;
      await it.read([broken(sample)]);
      const all = await it.world.incidents.list(10);
      expect([all.length, all[0]?.entries.filter((one) => one.announce).length]).toEqual([1, lines]);
      expect(it.dead).toHaveLength(2);
    }),
  );

  test("stays in the queue when the dead-letter queue does not take it", () =>
    stage(async (it) => {
      const full = { ...it.world, deadLetters: { send: () => Promise.reject(new PortError("unavailable", "sqs:SendMessage", "dead letters", "HTTP 503")) } };
      expect(await it.read(["not json"], full)).toEqual(["m0"]);
      expect(it.logged).toEqual([{ message: "m0", failed: "sqs:SendMessage on dead letters: HTTP 503" }]);
    }));
});

describe("what an event asks for", () => {
  test("an alarm is remembered, the newer state stands, whatever the order", () =>
    stage(async (it) => {
      await it.read([sampleText("alarm-metric-ok"), alarm]);
      await it.read([alarm]);
      const { alarms } = await it.world.signals.read(serviceName("shop-api"), epochMs(0));
      expect(alarms.map(({ name, value, since }) => [name, value, since])).toEqual([["shop-api/5xx", "OK", 1_795_227_907_422]]);
    }));

  test("an alarm that two services list is remembered for each, and is one incident", () =>
    stage(async (it) => {
      await it.read([sampleText("alarm-composite")]);
      expect(it.logged).toEqual([
        {
          message: "m0",
          did: ["remembered that shop-trouble is ALARM", expect.stringMatching(/^opened INC-261121-0214-shop-[0-9a-f]{4}: nothing else explains it$/)],
        },
      ]);
      for (const name of ["shop-api", "shop-worker"])
        expect((await it.world.signals.read(serviceName(name), epochMs(0))).alarms.map((one) => one.name)).toEqual(["shop-trouble"]);
      expect((await it.world.incidents.list(10)).map((one) => foldIncident(one).alarms.map(({ name }) => name))).toEqual([["shop-trouble"]]);
    }));

  test("the alarms of one batch are one incident, which a repeated delivery does not change", () =>
    stage(async (it) => {
      const batch = [alarm, sampleText("alarm-composite"), sampleText("alarm-metric-ok")];
      await it.read(batch);
      const first = await it.world.incidents.list(10);
      await it.read([...batch, ...batch]);
      expect(await it.world.incidents.list(10)).toEqual(first);
      expect(first.map((one) => foldIncident(one)).map(({ group, firing, alarms }) => [group, firing, alarms.length])).toEqual([["shop", 1, 2]]);
    }));

  test("the heartbeat is kept", () =>
    stage(async (it) => {
      await it.read([sampleText("scheduler-input").replace("nightshift/sweep", "nightshift/heartbeat")]);
      expect((await it.world.heartbeats.last())?.at).toBe(1_795_230_000_000);
    }));

  test.each([
    ["its service", "shop-api", 1],
    ["its group", "shop", 1],
    ["everything", "all", 1],
    ["another service", "shop-worker", 0],
  ])("a deployment inside a freeze of %s is watched and said", (_, scope, said) =>
    stage(async (it) => {
      const control = await it.world.control.read();
      const freeze = { scope, by: "lead", because: "sale", at: epochMs(1_795_220_000_000), until: epochMs(1_795_240_000_000) };
      await it.world.control.replace({ ...control, version: 1, freezes: [freeze] });
      await it.read([deployment]);
      expect(it.starts).toHaveLength(1);
      const [incident] = await it.world.incidents.list(10);
      expect(incident?.entries.filter((one) => one.announce).map((one) => one.text) ?? []).toEqual(
        said === 0 ? [] : ["shop-api is being deployed inside the freeze of lead (sale), which stands for another 3 h 36 m. It is watched; nothing stops it."],
      );
    }),
  );

  test("a tick asks for a look at its service, however often it comes: the look itself drops what is late", () =>
    stage(async (it) => {
      await it.read([tick, tick]);
      expect(it.ticks).toEqual([
        { service: "shop-worker", due: 1_795_227_015_000 },
        { service: "shop-worker", due: 1_795_227_015_000 },
      ]);
      expect(it.logged[0]).toEqual({ message: "m0", did: ["asked for a look at shop-worker"] });
    }));

  test("a note that comes twice is one note", () =>
    stage(async ({ world, read }) => {
      await read([sampleText("nightshift-migration"), sampleText("nightshift-migration")]);
      expect((await world.signals.read(serviceName("shop-api"), epochMs(0))).changes).toHaveLength(1);
    }));

  test("a deployment opens a watch; nothing to do is said", () =>
    stage(async ({ world, starts }) => {
      const started = { group: "shop", service: serviceName("shop-api"), deployment: ecsDeploymentId("ecs-svc/1"), at: epochMs(1_795_227_031_000) };
      expect(await carryOut(world, { kind: "watch", started })).toBe("open: a watch over shop begins");
      expect(await carryOut(world, { kind: "ignore", because: "nobody listens" })).toBe("ignored: nobody listens");
      expect(starts).toEqual(["guard guard-shop-ecs-svc-1"]);
    }));
});
