import {
  type Digest,
  digest,
  ecsDeploymentId,
  epochMs,
  type Look,
  type MemberLook,
  type MemberPlan,
  minutes,
  type RecoveryMemory,
  type RollbackPlan,
  serviceName,
  type TaskFacts,
  taskDefinitionArn,
} from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { alarm, guarded, identity, memberLook, series, serviceState, settingsFor, T0, target, type Traffic } from "./fixtures.ts";
import { situation } from "./situation.ts";
import { carries, firstRecovery, judgeRecovery, recoveryLooks, rememberRecovery } from "./verify.ts";

const settings = settingsFor(guarded("shop-api"));
const member: MemberPlan = {
  how: "redeploy",
  service: serviceName("shop-api"),
  cluster: "prod",
  expectDeployment: ecsDeploymentId("ecs-svc/shop-api-43"),
  from: identity("shop-api", 43),
  to: identity("shop-api", 42),
  taskDefinition: identity("shop-api", 42).taskDefinition,
};
const plan: RollbackPlan = { id: "p", group: "shop", members: [member], steps: [] };
const bytes = (revision: number): Digest => digest(`sha256:${String(revision).padStart(64, "0")}`);
const task = (id: string, revision: number, over: Partial<TaskFacts> = {}): TaskFacts => ({
  id,
  startedBy: ecsDeploymentId(`ecs-svc/ours-${revision}`),
  taskDefinition: identity("shop-api", revision).taskDefinition,
  digests: [bytes(revision)],
  lastStatus: "RUNNING",
  health: "HEALTHY",
  startedAt: T0,
  stopped: undefined,
  ip: id,
  logs: [],
  ...over,
});
const goodTasks = [task("10.0.0.3", 42), task("10.0.0.4", 42)];
const state = (over: object = {}): Pick<MemberLook, "state"> => {
  const usual = serviceState("shop-api");
  const [primary] = usual.deployments;
  if (primary === undefined) throw new Error("a deployment");
  return {
    state: {
      ok: true,
      value: {
        ...usual,
        running: 2,
        deployments: [
          {
            ...primary,
            id: ecsDeploymentId("ecs-svc/ours-42"),
            taskDefinition: identity("shop-api", 42).taskDefinition,
            createdAt: epochMs(T0 + 1_000),
            rolloutState: "COMPLETED",
            ...over,
          },
        ],
      },
    },
  };
};
const look = (second: number, over: Partial<MemberLook> = {}, traffic: Traffic = { errors: () => 1 }): Look => ({
  at: epochMs(T0 + second * 1_000),
  watchKey: "k",
  watched: {},
  heldBecause: undefined,
  members: [
    memberLook("shop-api", {
      ...state(),
      targets: { ok: true, value: [target("10.0.0.3", false), target("10.0.0.4", false), target("10.0.0.1", true, "draining")] },
      metrics: { ok: true, value: series("shop-api", [-10, Math.floor(second / 60)], traffic) },
      ...over,
    }),
  ],
});
const start = firstRecovery(plan, T0, situation().prepared);
const fold = (looks: readonly Look[], tasks: readonly TaskFacts[] = goodTasks): RecoveryMemory =>
  looks.reduce((memory, one) => rememberRecovery(memory, { look: one, tasks: [{ service: serviceName("shop-api"), tasks }] }, settings), start);
const judge = (memory: RecoveryMemory) => judgeRecovery(memory, settings);

describe("verification", () => {
  it("waits until two good minutes have followed the good bytes", () => {
    expect(judge(fold([look(60)]))).toBe("wait");
    expect(judge(fold([look(60), look(170)]))).toBe("wait");
    expect(judge(fold([look(60), look(190)]))).toBe("restored");
  });
  it("stops two clocks, each at its first look", () => {
    const serving = fold([look(60, state({})), look(190)]);
    expect(serving).toMatchObject({ trafficRestoredAt: T0 + 60_000, steadyAt: T0 + 60_000 });
    const usual = serviceState("shop-api");
    expect(fold([look(60, { state: { ok: true, value: usual } })])).toMatchObject({ trafficRestoredAt: T0 + 60_000, steadyAt: undefined });
  });
  it("does not believe a target of the bad revision that still takes requests", () => {
    expect(
      fold([look(60, { targets: { ok: true, value: [target("10.0.0.3", false), target("10.0.0.1", true)] } })], [...goodTasks, task("10.0.0.1", 43)])
        .trafficRestoredAt,
    ).toBeUndefined();
  });
  it("does not believe a task definition whose tag moved to other bytes", () => {
    const memory = fold([look(60), look(190), look(400)], [task("10.0.0.3", 42, { digests: [bytes(43)] })]);
    expect(memory.members[0]).toMatchObject({ digestsVerified: false, trafficAt: undefined });
  });
  it("is ineffective when the errors go on after the trigger's length and two minutes", () => {
    const failing = { errors: () => 72 };
    const at = (second: number) => look(second, {}, failing);
    expect(judge(fold([at(60), at(479)]))).toBe("wait");
    expect(judge(fold([at(60), at(480)]))).toBe("ineffective");
  });
  it("takes no requests as no proof against, once the time is up", () => {
    const none: Traffic = { requests: () => undefined, errors: () => undefined, p95Seconds: () => undefined };
    expect(judge(fold([look(60, {}, none), look(300, {}, none)]))).toBe("wait");
    expect(judge(fold([look(60, {}, none), look(430, {}, none)]))).toBe("restored");
  });
  it("a failing smoke test is not clear", () => {
    expect(fold([look(60), look(190, { smoke: [{ name: "schema", ok: false, because: "500", took: 3 }] })]).members[0]).toMatchObject({
      clear: false,
      says: 'smoke test "schema" still fails: 500',
    });
  });
  it("fails when ECS says so, or when traffic is not back in a quarter of an hour", () => {
    const usual = memberLook("shop-api").deployment;
    const broken: Partial<MemberLook> =
      usual.ok && usual.value !== undefined ? { deployment: { ok: true, value: { ...usual.value, status: "ROLLBACK_FAILED" } } } : {};
    expect(judge(fold([look(60, broken)]))).toBe("failed");
    const stuck = { targets: { ok: true as const, value: [] } };
    expect(judge(fold([look(899, stuck)]))).toBe("wait");
    expect(judge(fold([look(900, stuck)]))).toBe("failed");
  });
  it("is overtaken by a newer deployment of other bytes, and by the bad one deployed again", () => {
    const newer = state({ id: ecsDeploymentId("ecs-svc/44"), taskDefinition: identity("shop-api", 44).taskDefinition });
    expect(judge(fold([look(60, newer)], [...goodTasks, task("10.0.0.9", 44, { startedBy: ecsDeploymentId("ecs-svc/44") })]))).toBe("overtaken");
    expect(judge(fold([look(60, state({ id: ecsDeploymentId("ecs-svc/again"), taskDefinition: identity("shop-api", 43).taskDefinition }))]))).toBe("overtaken");
  });
  it("is not overtaken by a pinned copy under another name that carries the good bytes", () => {
    const copy = taskDefinitionArn("arn:aws:ecs:eu-central-1:123456789012:task-definition/nightshift-shop-api:1");
    const memory = fold(
      [look(60, state({ taskDefinition: copy }))],
      [task("10.0.0.3", 42, { taskDefinition: copy, startedBy: ecsDeploymentId("ecs-svc/ours-42") })],
    );
    expect(memory.members[0]?.overtakenBy).toBeUndefined();
  });
  it("is overtaken at once, before any task, by whatever is no pinned copy of its target", () => {
    const by = (name: string, tasks: readonly TaskFacts[] = goodTasks) =>
      fold(
        [
          look(
            60,
            state({ id: ecsDeploymentId("ecs-svc/44"), taskDefinition: taskDefinitionArn(`arn:aws:ecs:eu-central-1:123456789012:task-definition/${name}`) }),
          ),
        ],
        tasks,
      ).members[0]?.overtakenBy;
    expect(by("shop-api:44")).toBe("shop-api:44");
    expect(by("shop-web:42")).toBe("shop-web:42");
    expect(by("nightshift-shop-web:1")).toBe("nightshift-shop-web:1");
    expect(by("nightshift-shop-api:1")).toBeUndefined();
    expect(by("shop-api:42")).toBeUndefined();
    expect(by("nightshift-shop-api:1", [task("10.0.0.9", 44, { startedBy: ecsDeploymentId("ecs-svc/44") })])).toBe("nightshift-shop-api:1");
  });
  it("is not kept from its end by an alarm that rang before the deployment, only by one that did not", () => {
    const ringing = [alarm({ value: "ALARM" })];
    const from = (value: "ALARM" | "OK") =>
      [look(60, { alarms: ringing }), look(190, { alarms: ringing })].reduce(
        (memory, one) => rememberRecovery(memory, { look: one, tasks: [{ service: serviceName("shop-api"), tasks: goodTasks }] }, settings),
        firstRecovery(plan, T0, situation({ member: { alarmsAtStart: [alarm({ value })] } }).prepared),
      );
    expect(judge(from("ALARM"))).toBe("restored");
    expect(judge(from("OK"))).toBe("wait");
    expect(from("OK").members[0]?.says).toBe("alarm shop-slo still rings");
  });
  it("counts a task with injected containers by the bytes it shares with the target", () => {
    const sidecar = bytes(7);
    expect(carries(task("a", 42, { digests: [bytes(42), sidecar] }), member)).toBe(true);
    expect(carries(task("a", 42, { digests: [sidecar] }), member)).toBe(false);
    expect(carries(task("a", 43, { digests: [bytes(43), sidecar] }), member)).toBe(false);
    expect(carries(task("a", 43, { digests: [bytes(42), sidecar] }), member)).toBe(false);
    const memory = fold([look(60), look(190)], [task("10.0.0.3", 42, { digests: [bytes(42), sidecar] })]);
    expect(judge(memory)).toBe("restored");
    const bad = fold(
      [look(60, { targets: { ok: true, value: [target("10.0.0.3", false), target("10.0.0.1", true)] } })],
      [...goodTasks, task("10.0.0.1", 43, { digests: [bytes(43), sidecar] })],
    );
    expect(bad.trafficRestoredAt).toBeUndefined();
  });
  it("says whether ECS failed or the time passed", () => {
    const stuck = { targets: { ok: true as const, value: [] } };
    expect(fold([look(899, stuck)]).members[0]?.failedBecause).toBeUndefined();
    expect(fold([look(900, stuck)]).members[0]?.failedBecause).toBe("it did not serve within 15 min");
    expect(fold([look(60), look(900)]).members[0]?.failedBecause).toBeUndefined();
    const failed = state({ rolloutState: "FAILED", rolloutReason: "tasks failed to start" });
    expect(fold([look(900, { ...stuck, ...failed })]).members[0]?.failedBecause).toBe("the deployment of shop-api:42 failed: tasks failed to start");
  });
  it("ends by count when nothing can be read", () => {
    expect(judge({ ...start, looks: recoveryLooks(settings) })).toBe("failed");
    expect(judge({ ...start, looks: recoveryLooks(settings) - 1 })).toBe("wait");
    expect(recoveryLooks(settings)).toBe((minutes(15) + minutes(7)) / 10_000 + 1);
  });
});
