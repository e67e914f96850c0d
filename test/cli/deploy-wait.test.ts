import { endOf, type Seen } from "@nightshift/cli/commands/deploy-wait";
import { ecsDeploymentId, epochMs, minutes, serviceName, type GuardedService } from "@nightshift/model";
import { resolve } from "@nightshift/config";
import { describe, expect, it } from "vitest";
import { ledgered } from "./harness.ts";
import config from "./shop.config.ts";

const [group] = resolve(config).groups;
const found = group?.services[0];
if (found === undefined) throw new Error("the shop has an API");
const service: GuardedService = found;
const judged = ecsDeploymentId("ecs-svc/2");
const completedAt = epochMs(1_000_000);
const row = { id: judged, status: "PRIMARY", rolloutState: "COMPLETED", taskDefinition: "arn:aws:ecs:eu-central-1:111122223333:task-definition/api:43" };
// Only what the decision reads; the rest of a service's state does not matter to it.
const seen = (given: Partial<Seen> & { readonly at?: number; readonly primary?: string } = {}) =>
  endOf({
    state: { observedAt: epochMs(given.at ?? 1_000_000), deployments: [{ ...row, id: given.primary ?? row.id }] } as unknown as Seen["state"],
    watch: given.watch,
    rollingBack: given.rollingBack ?? false,
    native: given.native,
    incident: undefined,
    service,
    judged,
    completedAt,
  });
const watch = (verdict: string | undefined, state: "watching" | "closed" = "closed") => ({
  group: "shop",
  key: "guard/shop/ecs-svc/2",
  members: { "shop-api": judged },
  openedAt: epochMs(0),
  state,
  ours: [],
  tailUntil: epochMs(0),
  verdict,
});

describe("a deployment that is waited for", () => {
  it("stands once ECS completed it and the hot window of 5 min has passed, not a millisecond before", () => {
    expect(seen({ at: completedAt + minutes(5) - 1 })).toBeUndefined();
    expect(seen({ at: completedAt + minutes(5) })).toEqual({ kind: "passed", because: "ECS completed it, and nothing was wrong for 5 m after" });
  });

  it("was rolled back when the guard or ECS says so", () => {
    for (const verdict of ["restored", "ineffective", "failed", "yield"]) expect(seen({ watch: watch(verdict) })?.kind).toBe("rolled-back");
    expect(seen({ native: { status: "ROLLBACK_SUCCESSFUL", reason: "circuit breaker" } })).toEqual({ kind: "rolled-back", because: "circuit breaker" });
  });

  it("stands with a warning when the guard would have rolled it back, or was not allowed to", () => {
    expect(seen({ watch: watch("would-roll-back") })).toEqual({
      kind: "passed",
      because: "ECS completed it",
      warning: "shadow mode: the guard would have rolled it back",
    });
    expect(seen({ watch: watch("kept") })?.warning).toBe("the guard wanted to roll it back; that was denied or not answered, so it was kept");
    expect(seen({ watch: watch("kept"), native: { status: "ROLLBACK_SUCCESSFUL", reason: "circuit breaker" } })?.kind).toBe("rolled-back");
  });

  it("is not clear when the guard's own ending is not", () => {
    for (const verdict of ["overtaken", "not-sent", "unclear", "asked", "not-deploy"]) expect(seen({ watch: watch(verdict) })?.kind).toBe("unclear");
  });

  it("is waited for while a rollback is under way, whatever else is seen", () => {
    expect(seen({ rollingBack: true, at: completedAt + minutes(60) })).toBeUndefined();
    expect(seen({ native: { status: "ROLLBACK_IN_PROGRESS", reason: "" }, at: completedAt + minutes(60) })).toBeUndefined();
  });

  it("is not clear when a newer one took its place or the watch ended without a word on it", () => {
    expect(seen({ primary: "ecs-svc/3" })).toEqual({ kind: "unclear", because: "a newer deployment (api:43) took its place" });
    expect(seen({ watch: watch("held") })).toEqual({ kind: "unclear", because: 'the watch ended with "held"' });
  });
});

describe("deploy wait", () => {
  const shop = async () => {
    const account = await ledgered();
    account.world.product({
      name: "shop",
      cluster: "shop-prod",
      services: [
        { name: "shop-api", traffic: { rpm: 600 } },
        { name: "shop-worker", worker: { queue: "q", jobsPerMinute: 60 } },
      ],
    });
    return account;
  };

  it("exits 0 when the deployment stands", async () => {
    const account = await shop();
    account.world.deploy("shop-api");
    const { exit, out } = await account.nightshift(["deploy", "wait", "shop-api", "--config", "test/cli/shop.config.ts"]);
    expect([exit, out]).toEqual([0, ["shop-api: stands: ECS completed it, and nothing was wrong for 5 m after"]]);
  });

  it("exits 3 when it was rolled back, with the incident's title", async () => {
    const account = await shop();
    const { deployment } = account.world.deploy("shop-api");
    const now = account.lab.clock.now();
    await account.lab.run(async () => {
      await account.ports.watches.replace(undefined, {
        group: "shop",
        key: `guard/shop/${deployment}`,
        members: { "shop-api": ecsDeploymentId(deployment) },
        openedAt: now,
        state: "closed",
        ours: [],
        tailUntil: now,
        verdict: "restored",
      });
      await account.ports.incidents.open({
        id: "INC-1",
        group: "shop",
        service: serviceName("shop-api"),
        severity: "P2",
        title: "api:2 was rolled back to api:1, and it helped",
        openedAt: now,
        by: "nightshift/guard",
      });
    });
    const { exit, out } = await account.nightshift(["deploy", "wait", "shop-api", "--config", "test/cli/shop.config.ts"]);
    expect([exit, out]).toEqual([3, ["shop-api: was rolled back: api:2 was rolled back to api:1, and it helped"]]);
  });

  it("exits 4 when nothing was certain in time", async () => {
    const account = await shop();
    account.world.deploy("shop-api");
    const { exit, out } = await account.nightshift(["deploy", "wait", "shop-api", "--timeout", "1m", "--config", "test/cli/shop.config.ts"]);
    expect(exit).toBe(4);
    expect(out[0]).toMatch(/^shop-api: still not certain: .*, after 1 m$/);
  });

  it("asks whether another service was meant", async () => {
    const { exit, err } = await (await shop()).nightshift(["deploy", "wait", "shop-app", "--config", "test/cli/shop.config.ts"]);
    expect(exit).toBe(2);
    expect(err[0]).toContain('did you mean "shop-api"?');
  });
});
