import { guarded, identity, record, serviceState, settingsFor, T0 } from "@nightshift/decide/fixtures";
import {
  type DeploymentStarted,
  ecsDeploymentId,
  epochMs,
  serviceDeploymentArn,
  serviceName,
  type ServiceRevision,
  serviceRevisionArn,
  type ServiceState,
} from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { describe, expect, test } from "vitest";
import { withLedger } from "../../../test/testing/ledger.ts";
import { isResolved, type PreparingWorld, prepareWatch } from "./prepare-watch.ts";

const settings = settingsFor(guarded("shop-api"));
const startedAt = (deployment: string, at: number): DeploymentStarted => ({
  group: "shop",
  service: serviceName("shop-api"),
  deployment: ecsDeploymentId(deployment),
  at: epochMs(at),
});
/** When the newest deployment of `serviceState` began. */
const BEGAN = T0 - 90_000;

const revision = (number: number, over: Partial<ServiceRevision["identity"]> = {}): ServiceRevision => ({
  arn: serviceRevisionArn(`revision/${number}`),
  identity: identity("shop-api", number, over),
  createdAt: epochMs(T0 - (50 - number) * 86_400_000),
  labels: {},
});

interface Stage {
  state: ServiceState;
  revisions: readonly ServiceRevision[];
  metricsFail: boolean;
  readonly world: PreparingWorld;
}

/** A world in which `shop-api:43` replaces `:42`; ports that preparing must not touch are missing, so that touching one fails loudly. */
const stage = (work: (it: Stage) => Promise<void>): Promise<void> =>
  withLedger(async (ledger) => {
    const parts: Partial<PreparingWorld> = {
      ...ledger,
      clock: { now: () => T0 },
      services: {
        describe: async () => [it.state],
        deployment: () => Promise.reject(new Error("not asked")),
        recentDeployments: async () => [
          {
            arn: it.state.currentDeployment ?? serviceDeploymentArn("none"),
            status: "IN_PROGRESS",
            createdAt: epochMs(BEGAN),
            finishedAt: undefined,
            source: [serviceRevisionArn("revision/42")],
            target: serviceRevisionArn("revision/43"),
            rollback: undefined,
            circuitBreaker: undefined,
            alarms: undefined,
          },
        ],
        revisions: async (arns) => arns.flatMap((arn) => it.revisions.filter((one) => one.arn === arn)),
        tasks: () => Promise.reject(new Error("not asked")),
      },
      taskDefinitions: { describe: async (arn) => ({ arn, active: true, pinned: true }) },
      images: { exists: async () => true },
      alarms: { describe: async (names) => names.map((name) => ({ name, value: "OK", since: epochMs(T0 - 86_400_000), reason: "fine" })) },
      metrics: {
        read: async (queries) => {
          if (it.metricsFail) throw new PortError("throttled", "cloudwatch:GetMetricData", "shop", "slow down");
          return queries.map(({ id }) => ({ id, points: [], complete: true }));
        },
      },
    };
    // The ports above are all that preparing uses.
    const it: Stage = { state: serviceState("shop-api"), revisions: [revision(43), revision(42)], metricsFail: false, world: parts as PreparingWorld };
    await work(it);
  });
const prepare = async ({ world }: Stage, started: DeploymentStarted) => {
  const [member, ...more] = (await prepareWatch(world, started, { settings, key: "guard/shop/x" })).members;
  expect(more).toEqual([]);
  if (member === undefined) throw new Error("nothing was prepared");
  return member;
};

describe("the deployment that is judged", () => {
  test.each<[string, string, number, string]>([
    ["the one the event named", "ecs-svc/shop-api-43", BEGAN, "ecs-svc/shop-api-43"],
    ["the one the event named, although a newer one is shown", "ecs-svc/shop-api-42", BEGAN, "ecs-svc/shop-api-42"],
    ["a newer one, when the named one is gone", "ecs-svc/older", BEGAN - 1, "ecs-svc/shop-api-43"],
    ["one that began in the very millisecond of the event", "ecs-svc/other", BEGAN, "ecs-svc/shop-api-43"],
  ])("is %s", (_, named, at, judged) =>
    stage(async (it) => {
      expect((await prepare(it, startedAt(named, at))).judged.deployment).toBe(judged);
    }),
  );

  test("is not shown yet when the newest is older than the event: asked again, not judged by what it replaces", () =>
    stage(async (it) => {
      await expect(prepare(it, startedAt("ecs-svc/shop-api-44", BEGAN + 1))).rejects.toMatchObject({
        kind: "unavailable",
        retryable: true,
        message: "ecs:DescribeServices on shop-api: the deployment ecs-svc/shop-api-44 is not shown yet",
      });
    }));

  test("is nobody's when ECS has started none", () =>
    stage(async (it) => {
      it.state = { ...it.state, deployments: [] };
      await expect(prepare(it, startedAt("ecs-svc/shop-api-43", BEGAN))).rejects.toThrow("shop-api has no deployment at all");
    }));
});

const began = startedAt("ecs-svc/shop-api-43", BEGAN);
const grades = async ({ world }: Stage) => (await world.revisions.list(serviceName("shop-api"))).map((row) => `${row.identity.key} ${row.grade}`).sort();

describe("what the ledger learns", () => {
  test("the new revision is a candidate and the replaced one, which ran quietly for a day, is provisionally good", () =>
    stage(async (it) => {
      const member = await prepare(it, began);
      expect(await grades(it)).toEqual(["shop-api/42 good", "shop-api/43 candidate"]);
      expect(member.candidate).toMatchObject({ record: { identity: { key: "shop-api/42" }, provisional: true }, imagePresent: true });
    }));

  test("preparing twice, after a crash, changes nothing", () =>
    stage(async (it) => {
      const first = await prepare(it, began);
      expect(await prepare(it, began)).toEqual(first);
    }));

  test("a revision whose digests are not resolved is not remembered", () =>
    stage(async (it) => {
      const images = [{ container: "app", image: "shop-api:latest", digest: undefined }];
      it.revisions = [revision(43, { images }), revision(42)];
      await prepare(it, began);
      expect(await grades(it)).toEqual(["shop-api/42 good"]);
    }));

  test.each(["bad", "suspect"] as const)("a replaced revision that was %s stays so, however long it ran", (grade) =>
    stage(async (it) => {
      await it.world.revisions.see(record("shop-api", 42, grade));
      await prepare(it, began);
      expect(await grades(it)).toEqual([`shop-api/42 ${grade}`, "shop-api/43 candidate"]);
    }),
  );

  test("bytes that failed before are known", () =>
    stage(async (it) => {
      await it.world.revisions.see(record("shop-api", 43, "bad"));
      expect((await prepare(it, began)).knownBad).toMatchObject({ grade: "bad", identity: { key: "shop-api/43" } });
    }));
});

test("a CloudWatch that does not answer is no reason not to watch: there is nothing to compare with yet", () =>
  stage(async (it) => {
    it.metricsFail = true;
    expect((await prepare(it, began)).baseline).toEqual({ before: [], lastWeek: [] });
  }));

test.each([
  ["every digest known", identity("a", 1), true],
  ["one digest missing", identity("a", 1, { images: [...identity("a", 1).images, { container: "b", image: "b:1", digest: undefined }] }), false],
  ["no image at all", identity("a", 1, { images: [] }), false],
])("an identity is settled or not: %s", (_, one, resolved) => {
  expect(isResolved(one)).toBe(resolved);
});

describe("what a pipeline saved", () => {
  const note = (at: number, saved = "nightshift-shop-1") => ({ service: serviceName("shop-api"), kind: "deployment" as const, at: epochMs(at), saved });
  test("right before the deployment is known to its watch", () =>
    stage(async (it) => {
      await it.world.signals.change(note(BEGAN - 60_000, "nightshift-shop-0"));
      await it.world.signals.change(note(BEGAN - 30_000));
      expect((await prepare(it, startedAt("ecs-svc/shop-api-43", BEGAN))).saved).toEqual({ at: BEGAN - 30_000, snapshots: "nightshift-shop-1" });
    }));
  test.each([
    ["more than two hours before it", BEGAN - 7_200_001],
    ["after it had begun", BEGAN + 1],
  ])("%s belongs to something else", (_, at) =>
    stage(async (it) => {
      await it.world.signals.change(note(at));
      expect((await prepare(it, startedAt("ecs-svc/shop-api-43", BEGAN))).saved).toBeUndefined();
    }),
  );
});
