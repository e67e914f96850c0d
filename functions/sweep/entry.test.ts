import { candidate, guarded, identity, record, serviceState, settingsFor, worker } from "@nightshift/decide/fixtures";
import { ecsDeploymentId, type EpochMs, epochMs, type Lease, minutes, type ServiceState, type WatchRecord } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { foldIncident } from "@nightshift/decide/incidents/fold";
import { policyFixture } from "@nightshift/decide/incidents/policy.fixture";
import { describe, expect, test } from "vitest";
import { withLedger } from "../../test/testing/ledger.ts";
import { sweep, type SweepWorld } from "./entry.ts";

const shop = settingsFor(guarded("shop-api"));
/** 2026-11-21T03:05:00Z: a tick, but not one at which ECR is asked. */
const FIVE_PAST = 1_795_230_300_000;
/** 2026-11-21T03:00:00Z. */
const ON_THE_HOUR = 1_795_230_000_000;
const MINUTE = 60_000;

interface Stage {
  at: number;
  startFails: PortError | undefined;
  readonly world: SweepWorld;
  /** Incidents that were nudged into their channel's queue. */
  readonly nudged: string[];
  readonly starts: string[];
  readonly askedImages: string[];
  /** What ECS says of each service; a service that is not here does not exist. */
  readonly services: Map<string, ServiceState>;
  readonly tick: (groups?: readonly (typeof shop)[]) => Promise<void>;
}

const stage = (work: (it: Stage) => Promise<void>): Promise<void> =>
  withLedger(async (ledger) => {
    const it: Stage = {
      at: FIVE_PAST,
      startFails: undefined,
      nudged: [],
      starts: [],
      askedImages: [],
      services: new Map(),
      world: {
        ...ledger,
        clock: { now: () => epochMs(it.at) },
        outbox: { nudge: async (_, incident) => void it.nudged.push(incident) },
        starter: {
          start: async (_, name) => {
            if (it.startFails !== undefined) throw it.startFails;
            if (!name.startsWith("war-room")) it.starts.push(name);
          },
          wake: async () => {},
        },
        images: {
          exists: async (image) => {
            it.askedImages.push(image);
            return false;
          },
        },
        services: {
          describe: async (refs) =>
            refs.map(({ service }) => {
              const found = it.services.get(service);
              if (found === undefined) throw new PortError("not-found", "ecs:DescribeServices", service, "MISSING");
              return found;
            }),
          deployment: () => Promise.reject(new Error("not asked by a sweep")),
          recentDeployments: () => Promise.reject(new Error("not asked by a sweep")),
          revisions: () => Promise.reject(new Error("not asked by a sweep")),
          tasks: () => Promise.reject(new Error("not asked by a sweep")),
        },
      },
      tick: (groups = [shop]) => sweep({ world: it.world, groups, policy: policyFixture() }),
    };
    it.services.set("shop-api", deploying("shop-api", "COMPLETED", FIVE_PAST));
    await work(it);
  });

/** `shop-api` whose newest deployment, `ecs-svc/shop-api-43`, began at this moment. */
function deploying(name: string, rolloutState: "IN_PROGRESS" | "COMPLETED" | "FAILED", createdAt: number): ServiceState {
  const state = serviceState(name);
  return { ...state, deployments: state.deployments.map((row, n) => (n === 0 ? { ...row, rolloutState, createdAt: epochMs(createdAt) } : row)) };
}

const watch = (over: Partial<WatchRecord> = {}): WatchRecord => ({
  group: "shop",
  key: "guard/shop/ecs-svc/0",
  members: {},
  openedAt: epochMs(FIVE_PAST - 90 * MINUTE),
  state: "closed",
  ours: [],
  tailUntil: epochMs(FIVE_PAST - 30 * MINUTE + 86_400_000),
  verdict: "passed",
  ...over,
});
const lease = (until: EpochMs): Lease => ({ resource: "shop-api", holder: "guard/shop/ecs-svc/0", purpose: "rollback", epoch: 1, until });

describe("a deployment whose event was lost", () => {
  test.each<[string, number, WatchRecord | undefined, readonly string[]]>([
    ["is watched when nobody ever watched its group", 0, undefined, ["guard-shop-ecs-svc-shop-api-43"]],
    ["is watched when the last watch was over another one", 0, watch(), ["guard-shop-ecs-svc-shop-api-43"]],
    ["is left alone when it is watched", 0, watch({ state: "watching", members: { "shop-api": ecsDeploymentId("ecs-svc/shop-api-43") } }), []],
    ["is left alone when it was watched to its end", 0, watch({ members: { "shop-api": ecsDeploymentId("ecs-svc/shop-api-43") } }), []],
    ["is left alone when our own rollback made it", 0, watch({ ours: ["ecs-svc/shop-api-43"] }), []],
    ["is watched when it is an hour old", 60 * MINUTE, undefined, ["guard-shop-ecs-svc-shop-api-43"]],
    ["is left alone a millisecond later", 60 * MINUTE + 1, undefined, []],
  ])("%s", (_, age, row, starts) =>
    stage(async (it) => {
      if (row !== undefined) await it.world.watches.replace(undefined, row);
      it.services.set("shop-api", deploying("shop-api", "IN_PROGRESS", FIVE_PAST - age));
      await it.tick();
      expect(it.starts).toEqual(starts);
    }),
  );

  test("that is FAILED by now is not watched", () =>
    stage(async (it) => {
      it.services.set("shop-api", deploying("shop-api", "FAILED", FIVE_PAST));
      await it.tick();
      expect(it.starts).toEqual([]);
    }));

  test("that is COMPLETED by now is watched: a hotfix may have come and gone while a rollback was under way", () =>
    stage(async (it) => {
      it.services.set("shop-api", deploying("shop-api", "COMPLETED", FIVE_PAST));
      await it.tick();
      expect(it.starts).toEqual(["guard-shop-ecs-svc-shop-api-43"]);
    }));

  test("is not watched while our rollback holds the lease, and is at the tick after", () =>
    stage(async (it) => {
      const control = await it.world.control.read();
      await it.world.control.replace({ ...control, version: control.version + 1, leases: [lease(epochMs(FIVE_PAST + MINUTE))] });
      it.services.set("shop-api", deploying("shop-api", "IN_PROGRESS", FIVE_PAST));
      await it.tick();
      expect(it.starts).toEqual([]);
      it.at += minutes(5);
      await it.tick();
      expect(it.starts).toEqual(["guard-shop-ecs-svc-shop-api-43"]);
    }));

  test("is started under one name by two deliveries of one tick, which is one execution", () =>
    stage(async (it) => {
      it.services.set("shop-api", deploying("shop-api", "IN_PROGRESS", FIVE_PAST));
      await it.tick();
      await it.tick();
      expect([...new Set(it.starts)]).toEqual(["guard-shop-ecs-svc-shop-api-43"]);
    }));

  test("whose start was lost, too, is started by the next tick", () =>
    stage(async (it) => {
      it.services.set("shop-api", deploying("shop-api", "IN_PROGRESS", FIVE_PAST));
      it.startFails = new PortError("unavailable", "lambda:InvokeFunction", "guard", "HTTP 503");
      await expect(it.tick()).rejects.toThrow("HTTP 503");
      it.startFails = undefined;
      it.at += minutes(5);
      await it.tick();
      expect(it.starts).toEqual(["guard-shop-ecs-svc-shop-api-43"]);
    }));

  test("is found although another group's service is gone, which is thrown", () =>
    stage(async (it) => {
      const gone = { ...settingsFor(worker("blog")), group: "blog" };
      it.services.set("shop-api", deploying("shop-api", "IN_PROGRESS", FIVE_PAST));
      await expect(it.tick([gone, shop])).rejects.toThrow("ecs:DescribeServices on blog: MISSING");
      expect(it.starts).toEqual(["guard-shop-ecs-svc-shop-api-43"]);
    }));
});

describe("an alarm after the watch", () => {
  const ringing = async ({ world }: Stage) => {
    await world.watches.replace(undefined, watch());
    await world.signals.alarm(shop.services[0]?.name ?? candidate("shop-api", 1).record.service, {
      name: "shop-slo",
      value: "ALARM",
      since: epochMs(FIVE_PAST - MINUTE),
      reason: "5 % failed",
    });
  };

  const told = async ({ world }: Stage) =>
    (await world.incidents.list(10)).map(foldIncident).map(({ id, group, state, needsPerson, title, entries }) => ({
      id,
      group,
      state,
      needsPerson,
      title,
      lines: entries.filter((one) => one.announce).map((one) => one.text),
    }));

  test("is told once by two deliveries of one tick, and put on record once", () =>
    stage(async (it) => {
      await ringing(it);
      await it.tick();
      await it.tick();
      expect(await told(it)).toEqual([
        {
          id: "INC-261121-0304-shop-api",
          group: "shop",
          state: "open",
          needsPerson: true,
          title: "shop-slo rings after the deployment; nothing is done by itself",
          lines: [
            "alarm shop-slo rings 1 h 29 m after the last deployment of shop-api: 5 % failed. If it is the deployment: no earlier revision is known to be good. So late nothing is rolled back by itself.",
          ],
        },
      ]);
      expect((await it.world.audit.read("shop")).map((one) => one.key)).toEqual(["sweep/shop/5984101/left"]);
    }));

  test("is told once by all ticks while it rings", () =>
    stage(async (it) => {
      await ringing(it);
      for (let ticks = 0; ticks < 3; ticks++) {
        await it.tick();
        it.at += minutes(5);
      }
      expect((await told(it)).map((one) => one.lines.length)).toEqual([1]);
    }));

  test("is told in the incident that the alarm itself opened", () =>
    stage(async (it) => {
      const opening = {
        id: "INC-alarm",
        group: "shop",
        service: "shop-api",
        severity: "P3" as const,
        title: "shop-slo rings",
        openedAt: epochMs(FIVE_PAST),
        by: "alarms",
      };
      await it.world.groups.point(undefined, { group: "shop", incident: opening.id, opening, version: 1 });
      await ringing(it);
      await it.tick();
      expect((await told(it)).map((one) => [one.id, one.lines.length])).toEqual([["INC-alarm", 1]]);
    }));

  test("that is untold is nudged into its channel's queue at every tick", () =>
    stage(async (it) => {
      await ringing(it);
      await it.tick();
      await it.tick();
      expect(it.nudged).toEqual(["INC-261121-0304-shop-api", "INC-261121-0304-shop-api"]);
    }));
});

test("a quiet tick says nothing and records nothing", () =>
  stage(async (it) => {
    await it.world.watches.replace(undefined, watch());
    await it.tick();
    expect([it.nudged, await it.world.incidents.list(10), await it.world.audit.read("shop")]).toEqual([[], [], []]);
  }));

test.each([
  ["on the hour", ON_THE_HOUR, 1],
  ["five minutes past", FIVE_PAST, 0],
  ["a millisecond before the hour", ON_THE_HOUR - 1, 0],
  ["in the last millisecond of the hour's first five minutes", FIVE_PAST - 1, 1],
])("the last known good images are asked for once an hour: %s", (_, at, asked) =>
  stage(async (it) => {
    it.at = at;
    await it.world.revisions.see(record("shop-api", 42, "good", { identity: identity("shop-api", 42) }));
    await it.tick();
    expect(it.askedImages).toHaveLength(asked);
    expect((await it.world.incidents.list(10)).map((one) => foldIncident(one).title)).toEqual(asked === 1 ? ["shop-api has lost its way back"] : []);
  }),
);
