import { type DeploymentStarted, ecsDeploymentId, epochMs, type EpochMs, minutes, serviceName, type WatchRecord } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { routeDeployment } from "./watches.ts";

const now = epochMs(1_773_457_200_000);
const id = (n: number) => ecsDeploymentId(`ecs-svc/${n}`);
const started = (n: number, over: Partial<DeploymentStarted> = {}): DeploymentStarted => ({
  group: "shop",
  service: serviceName("shop-api"),
  deployment: id(n),
  at: now,
  ...over,
});
const open: WatchRecord = {
  group: "shop",
  key: "guard/shop/1",
  members: { "shop-api": id(1) },
  openedAt: epochMs(now - minutes(2)),
  state: "watching",
  ours: [id(9)],
  tailUntil: now,
  verdict: undefined,
};
const route = (existing: WatchRecord | undefined, start: DeploymentStarted, over: { key?: string; now?: EpochMs; rollback?: EpochMs } = {}) =>
  routeDeployment(existing, {
    started: start,
    key: over.key ?? "guard/shop/2",
    now: over.now ?? now,
    rollbackUnderWay: over.rollback === undefined ? undefined : { resource: "shop-api", holder: "g", purpose: "rollback", epoch: 1, until: over.rollback },
  });

describe("a deployment that began", () => {
  it("opens a watch where there is none", () => {
    expect(route(undefined, started(2))).toMatchObject({
      kind: "open",
      next: { key: "guard/shop/2", members: { "shop-api": id(2) }, state: "watching", tailUntil: now + 86_400_000 },
    });
  });
  it("opens a new one after the last was closed, and remembers which rollbacks were ours", () => {
    expect(route({ ...open, state: "closed" }, started(2))).toMatchObject({ kind: "open", next: { ours: [id(9)], members: { "shop-api": id(2) } } });
  });
  it("joins when another member of the group is watched", () => {
    expect(route(open, started(2, { service: serviceName("shop-worker") }))).toMatchObject({
      kind: "join",
      next: { key: "guard/shop/1", members: { "shop-api": id(1), "shop-worker": id(2) } },
    });
  });
  it("supersedes the watch over an older deployment of the same service", () => {
    expect(route(open, started(2))).toMatchObject({ kind: "supersede", next: { key: "guard/shop/2", members: { "shop-api": id(2) } } });
  });
  it("is a duplicate when it is watched already; its start is repeated only for its own execution", () => {
    expect(route(open, started(1), { key: "guard/shop/1" })).toMatchObject({ kind: "ignore", restart: true });
    expect(route(open, started(1))).toMatchObject({ kind: "ignore", restart: false });
  });
  it("is ignored when it is our own rollback", () => {
    expect(route(open, started(9))).toMatchObject({ kind: "ignore", because: "it is a rollback of ours" });
    expect(route(open, started(2), { rollback: epochMs(now + 1) })).toMatchObject({ kind: "ignore" });
    expect(route({ ...open, state: "acting" }, started(2))).toMatchObject({ kind: "ignore" });
  });
  it("is ignored when its event is older than the watch, or more than an hour old", () => {
    expect(route(open, started(2, { at: epochMs(open.openedAt - 1) }))).toMatchObject({ kind: "ignore" });
    expect(route(open, started(2, { at: open.openedAt }))).toMatchObject({ kind: "supersede" });
    expect(route(undefined, started(2), { now: epochMs(now + minutes(60)) })).toMatchObject({ kind: "open" });
    expect(route(undefined, started(2), { now: epochMs(now + minutes(60) + 1) })).toMatchObject({ kind: "ignore" });
  });
  it("is not blocked by a watch that died", () => {
    expect(route({ ...open, state: "acting", openedAt: epochMs(now - minutes(151)) }, started(2))).toMatchObject({ kind: "open" });
  });
});
