import { ecsDeploymentId, epochMs, type Look, type Prepared } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { candidate, guarded, identity, memberLook, preparedMember, record, serviceState, settingsFor, T0, worker } from "./fixtures.ts";
import { callsOf, differencesOf, planByHand, preconditionsOf } from "./manual-rollback.ts";

const settings = settingsFor(guarded("shop-api"), worker("shop-worker"));
const prepared = (...members: Prepared["members"]): Prepared => ({ group: "shop", key: "command/1", preparedAt: T0, members });
const look = (over: Partial<Look> = {}): Look => ({
  at: T0,
  members: [memberLook("shop-api")],
  watchKey: "command/1",
  watched: { "shop-api": ecsDeploymentId("ecs-svc/shop-api-43") },
  heldBecause: undefined,
  ...over,
});
const plan = (member = preparedMember("shop-api"), over: Partial<Look> = {}) => planByHand(prepared(member), look(over), { settings, suffix: "a1b2c3" });

describe("a rollback by hand", () => {
  test("goes to the last known good, under a name of its own", () => {
    const made = plan();
    expect(made).toMatchObject({ kind: "plan", plan: { id: "shop-api-43-to-42-pi43-a1b2c3", members: [{ how: "stop-deployment", service: "shop-api" }] } });
  });

  test("asks nothing about blame: a quiet service goes back, too", () => {
    expect(plan(preparedMember("shop-api"), { members: [memberLook("shop-api", { alarms: [] })] }).kind).toBe("plan");
  });

  test.each<[string, ReturnType<typeof plan>, string]>([
    [
      "where nothing is known to be good",
      plan(preparedMember("shop-api", { candidate: undefined, candidateBecause: "this is the first one" })),
      "this is the first one",
    ],
    [
      "to an image that is gone",
      plan(preparedMember("shop-api", { candidate: candidate("shop-api", 42, { imagePresent: false }) })),
      "is gone from the registry",
    ],
    ["inside a hold", plan(undefined, { heldBecause: "ana holds everything" }), "nothing is done by itself: ana holds everything"],
    [
      "of a canary",
      plan(undefined, { members: [memberLook("shop-api", { state: { ok: true, value: serviceState("shop-api", { strategy: "CANARY" }) } })] }),
      "is deployed canary",
    ],
    ["of a service that cannot be read", plan(undefined, { members: [memberLook("shop-api", { state: { ok: false, because: "throttled" } })] }), "throttled"],
    ["that changes nothing", plan(preparedMember("shop-api", { candidate: candidate("shop-api", 43) })), "a rollback would change nothing"],
  ])("is refused %s", (_, made, because) => {
    expect(made).toEqual({ kind: "refused", because: expect.stringContaining(because) });
  });

  test("over a migration is a plan with a doubt to read, not a refusal", () => {
    const migrated = preparedMember("shop-api", {
      migrations: [{ service: preparedMember("shop-api").ref.service, kind: "migration", at: epochMs(T0 - 1_000), reversible: false, schemaHead: "0039" }],
    });
    expect(plan(migrated)).toMatchObject({ kind: "plan", doubts: [expect.stringContaining("the migration to 0039 cannot be undone")] });
  });

  test("moves nobody whom the person did not name, unless the group was good together", () => {
    const worker = preparedMember("shop-worker");
    const both = look({ members: [memberLook("shop-api"), memberLook("shop-worker")] });
    const alone = planByHand(prepared(preparedMember("shop-api"), worker), both, { settings, suffix: "x" });
    expect(alone.kind === "plan" ? alone.plan.members.map((one) => one.service) : []).toEqual(["shop-api"]);
    const together = { ...worker, candidate: candidate("shop-worker", 42, { together: true }) };
    const group = planByHand(prepared(preparedMember("shop-api"), together), both, { settings, suffix: "x" });
    expect(group.kind === "plan" ? group.plan.members.map((one) => one.service) : []).toEqual(["shop-api", "shop-worker"]);
  });
});

test("preconditions name deployment, revision, bytes, desired count and ringing alarms", () => {
  const ringing = memberLook("shop-api", {
    alarms: ["b", "a"]
      .map((name) => ({ name, value: "ALARM" as const, since: T0, reason: "" }))
      .concat([{ name: "c", value: "OK" as never, since: T0, reason: "" }]), // An alarm that is quiet.
  });
  expect(preconditionsOf(look({ members: [ringing] }), prepared(preparedMember("shop-api")))).toEqual({
    "deployment of shop-api": "ecs-svc/shop-api-43",
    "revision of shop-api": "shop-api:43",
    "image digests of shop-api": "sha256:0000000000000000000000000000000000000000000000000000000000000043",
    "desired count of shop-api": "2",
    "alarms ringing of shop-api": "a, b",
  });
});

test("differences say what was, and what is", () => {
  expect(differencesOf({ a: "1", b: "2", gone: "x" }, { a: "1", b: "3", more: "y" })).toEqual([
    "b was 2, is 3",
    "gone was x, is not known",
    "more was not known, is y",
  ]);
  expect(differencesOf({ a: "1" }, { a: "1" })).toEqual([]);
});

test("calls are printed as they will be sent", () => {
  const common = {
    service: preparedMember("shop-api").ref.service,
    cluster: "prod",
    expectDeployment: ecsDeploymentId("ecs-svc/43"),
    from: identity("shop-api", 43),
    to: record("shop-api", 42, "good").identity,
  };
  const by = (over: object) => callsOf({ id: "p", group: "shop", steps: [], members: [{ ...common, ...over } as never] }); // One member of either kind.
  expect(by({ how: "redeploy", taskDefinition: undefined })).toEqual([
    "ecs:RegisterTaskDefinition (a copy of shop-api:42 with every image named by digest)",
    "ecs:UpdateService cluster=prod service=shop-api taskDefinition=(that copy)",
  ]);
  expect(by({ how: "stop-deployment", serviceDeployment: "arn:sd", fallback: undefined })).toEqual([
    "ecs:StopServiceDeployment serviceDeploymentArn=arn:sd stopType=ROLLBACK",
  ]);
});
