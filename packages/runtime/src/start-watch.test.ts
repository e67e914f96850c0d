import { type DeploymentStarted, ecsDeploymentId, epochMs, type Lease, serviceName, type WatchRecord } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { describe, expect, test } from "vitest";
import { executionName, startWatch, type WatchStarter } from "./start-watch.ts";
import { type FakeNeeds, fakeNeeds } from "./testing/fake-needs.ts";

interface Stage {
  readonly world: WatchStarter;
  readonly needs: FakeNeeds;
  readonly starts: (readonly [string, string, unknown])[];
  row: WatchRecord | undefined;
  /** Writes that another process wins. */
  lostWrites: number;
  writes: number;
  startFails: PortError | undefined;
}

/** A ledger of one watch row, and a starter that remembers. The clock stands at 1,000,000. */
function stage(row?: WatchRecord): Stage {
  const needs = fakeNeeds();
  const made: Stage = {
    needs,
    starts: [],
    row,
    lostWrites: 0,
    writes: 0,
    startFails: undefined,
    world: {
      clock: needs.clock,
      control: needs.control,
      watches: {
        find: async () => made.row,
        replace: async (_, next) => {
          made.writes++;
          if (made.lostWrites-- > 0) return false;
          made.row = next;
          return true;
        },
        all: async () => (made.row === undefined ? [] : [made.row]),
      },
      starter: {
        start: async (automation, name, input) => {
          if (made.startFails !== undefined) throw made.startFails;
          made.starts.push([automation, name, input]);
        },
        wake: async () => {},
      },
    },
  };
  return made;
}

const began = (service: string, deployment: string, at = 999_000): DeploymentStarted => ({
  group: "shop",
  service: serviceName(service),
  deployment: ecsDeploymentId(deployment),
  at: epochMs(at),
});
const api = began("shop-api", "ecs-svc/1");

describe("a deployment began", () => {
  test("and nobody watches its group: the watch is opened and its execution started", async () => {
    const it = stage();
    expect(await startWatch(it.world, api)).toBe("open: a watch over shop begins");
    expect(it.row).toEqual({
      group: "shop",
      key: "guard/shop/ecs-svc/1",
      members: { "shop-api": "ecs-svc/1" },
      openedAt: 1_000_000,
      state: "watching",
      ours: [],
      tailUntil: 87_400_000,
      verdict: undefined,
    });
    expect(it.starts).toEqual([["guard", "guard-shop-ecs-svc-1", api]]);
  });

  test("and the event comes twice: one row, and the same name started again with the same input", async () => {
    const it = stage();
    await startWatch(it.world, api);
    const first = it.row;
    expect(await startWatch(it.world, api)).toBe("no new watch: this deployment is watched already");
    expect(it.row).toBe(first);
    expect(it.starts[1]).toEqual(it.starts[0]);
    expect(it.starts).toHaveLength(2);
  });

  test("and the start is lost: the error is thrown, and the next delivery starts it", async () => {
    const it = stage();
    it.startFails = new PortError("unavailable", "lambda:InvokeFunction", "guard", "HTTP 503");
    await expect(startWatch(it.world, api)).rejects.toMatchObject({ kind: "unavailable", retryable: true });
    it.startFails = undefined;
    await startWatch(it.world, api);
    expect(it.starts).toEqual([["guard", "guard-shop-ecs-svc-1", api]]);
  });

  test("and its late event comes after the sweep started it with another moment: that is enough", async () => {
    const it = stage();
    await startWatch(it.world, began("shop-api", "ecs-svc/1", 998_500));
    it.startFails = new PortError("conflict", "lambda:InvokeFunction", "guard", "DurableExecutionAlreadyStartedException: another payload");
    expect(await startWatch(it.world, api)).toBe("no new watch: this deployment is watched already");
  });

  test("while the guard is being deployed: that conflict is no start, and the event stays in the queue", async () => {
    const it = stage();
    it.startFails = new PortError("conflict", "lambda:InvokeFunction", "guard", "ResourceConflictException: update in progress");
    await expect(startWatch(it.world, api)).rejects.toMatchObject({ kind: "conflict" });
  });

  test("in another service of a watched group: it joins, and no second execution starts", async () => {
    const it = stage();
    await startWatch(it.world, api);
    expect(await startWatch(it.world, began("shop-worker", "ecs-svc/2"))).toBe("join: shop-worker is judged together with its group");
    expect(it.row).toMatchObject({ key: "guard/shop/ecs-svc/1", members: { "shop-api": "ecs-svc/1", "shop-worker": "ecs-svc/2" } });
    await startWatch(it.world, began("shop-worker", "ecs-svc/2"));
    expect(it.starts).toHaveLength(1);
  });

  test("over a watched one: the newer takes the watch over under a name of its own", async () => {
    const it = stage();
    await startWatch(it.world, api);
    expect(await startWatch(it.world, began("shop-api", "ecs-svc/3", 1_000_001))).toBe(
      "supersede: a newer deployment of shop-api began; the watch over ecs-svc/1 ends",
    );
    expect(it.row?.key).toBe("guard/shop/ecs-svc/3");
    expect(it.starts.map(([, name]) => name)).toEqual(["guard-shop-ecs-svc-1", "guard-shop-ecs-svc-3"]);
  });

  test("and the older event comes after the newer watch: nothing changes", async () => {
    const it = stage();
    await startWatch(it.world, began("shop-api", "ecs-svc/3"));
    expect(await startWatch(it.world, api)).toBe("no new watch: the event is older than the watch, which has read the service since");
    expect(it.row?.key).toBe("guard/shop/ecs-svc/3");
    expect(it.starts).toHaveLength(1);
  });

  test("by our own rollback: nothing is watched", async () => {
    const it = stage();
    await startWatch(it.world, api);
    if (it.row !== undefined) it.row = { ...it.row, state: "closed", ours: ["ecs-svc/9"] };
    expect(await startWatch(it.world, began("shop-api", "ecs-svc/9"))).toBe("no new watch: it is a rollback of ours");
    expect(it.starts).toHaveLength(1);
  });

  test.each([
    ["at the last millisecond of a rollback's lease", 1_000_001, 0],
    ["at the millisecond at which it ran out", 1_000_000, 1],
  ])("%s", async (_, until, starts) => {
    const it = stage();
    const lease: Lease = { resource: "shop-api", holder: "guard/shop/ecs-svc/0", purpose: "rollback", epoch: 1, until: epochMs(until) };
    it.needs.state = { ...it.needs.state, leases: [lease] };
    await startWatch(it.world, api);
    expect(it.starts).toHaveLength(starts);
  });
});

describe("two processes at one row", () => {
  test("four writes lost to others: the fifth stands", async () => {
    const it = stage();
    it.lostWrites = 4;
    await startWatch(it.world, api);
    expect(it.writes).toBe(5);
    expect(it.starts).toHaveLength(1);
  });

  test("five writes lost: nothing is started, and the event stays in the queue", async () => {
    const it = stage();
    it.lostWrites = 5;
    await expect(startWatch(it.world, api)).rejects.toMatchObject({ kind: "throttled", retryable: true });
    expect(it.writes).toBe(5);
    expect(it.starts).toEqual([]);
  });

  test("the row is read again after a lost write: who lost to its duplicate does not open a second watch", async () => {
    const won: WatchRecord = {
      group: "shop",
      key: "guard/shop/ecs-svc/1",
      members: { "shop-api": ecsDeploymentId("ecs-svc/1") },
      openedAt: epochMs(999_999),
      state: "watching",
      ours: [],
      tailUntil: epochMs(2_000_000),
      verdict: undefined,
    };
    const it = stage();
    it.lostWrites = 1;
    const { replace } = it.world.watches;
    const world: WatchStarter = {
      ...it.world,
      watches: {
        ...it.world.watches,
        replace: async (previous, next) => {
          const written = await replace(previous, next);
          it.row = won;
          return written;
        },
      },
    };
    expect(await startWatch(world, api)).toBe("no new watch: this deployment is watched already");
    expect(it.row).toBe(won);
  });
});

describe("an execution's name", () => {
  test.each([
    ["guard/shop/ecs-svc/4719083255108276431", "guard-shop-ecs-svc-4719083255108276431", "slashes become hyphens"],
    ["sweep/shop/5984102", "guard-sweep-shop-5984102", "another key is put under the automation's name"],
    ["guard/shop.eu_1/ä ö", "guard-shop-eu-1-", "what Lambda does not take is one hyphen"],
    [`guard/${"a".repeat(58)}`, `guard-${"a".repeat(58)}`, "64 characters are kept whole"],
  ])("%s → %s: %s", (key, name) => {
    expect(executionName("guard", key)).toBe(name);
  });

  const long = [
    `guard/${"a".repeat(59)}`,
    `guard/${"a".repeat(58)}b`,
    `guard/${"a".repeat(300)}/1`,
    `guard/${"a".repeat(300)}/2`,
    `guard/${"a".repeat(300)}/3`,
  ];

  test("is cut to 64 characters of Lambda's alphabet from 65 on", () => {
    for (const key of long) expect(executionName("guard", key)).toMatch(/^guard-a{45}-[0-9a-f]{12}$/);
    expect(long.map((key) => executionName("guard", key).length)).toEqual([64, 64, 64, 64, 64]);
  });

  test("tells long keys apart that differ in one letter, and is the same for the same key", () => {
    expect(new Set(long.map((key) => executionName("guard", key))).size).toBe(5);
    expect(long.map((key) => executionName("guard", key))).toEqual(long.map((key) => executionName("guard", key)));
  });

  test("tells ten thousand deployments of one long group apart", () => {
    const names = Array.from({ length: 10_000 }, (_, n) => executionName("guard", `guard/${"group-".repeat(20)}/ecs-svc/${4_719_083_255_108_000 + n}`));
    expect(new Set(names).size).toBe(10_000);
  });
});
