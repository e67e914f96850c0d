import { ecsDeploymentId, epochMs, serviceName } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { decideGuard } from "./decide-guard.ts";
import { candidate, identity, preparedMember, record, serviceState, T0, worker } from "./fixtures.ts";
import { type Change, situation } from "./situation.ts";
import { canonicalPlan } from "./plan.ts";

const bad: Change = { minutesIn: 2, traffic: { errors: (minute) => (minute >= 0 ? 72 : 1) } };
const alongside = (change: Change = {}) => ({
  name: "shop-worker",
  service: worker("shop-worker"),
  change: {
    ...change,
    look: { targets: { ok: true as const, value: [] }, state: { ok: true as const, value: serviceState("shop-worker", { targetGroups: [] }) }, ...change.look },
  },
});
const plan = (change: Change, others: Parameters<typeof situation>[1] = []) => {
  const { prepared, memory, settings } = situation(change, others);
  const verdict = decideGuard(prepared, memory, settings);
  if ((verdict.kind !== "roll-back" && verdict.kind !== "ask") || verdict.plan === undefined) throw new Error(`no plan: ${verdict.because.join("; ")}`);
  return verdict.plan;
};
const status = (value: "SUCCESSFUL" | "PENDING"): Change["look"] => {
  const deployment = situation().memory.latest?.members[0]?.deployment;
  return deployment?.ok && deployment.value !== undefined ? { deployment: { ok: true, value: { ...deployment.value, status: value } } } : {};
};

describe("the plan", () => {
  it("stops the deployment while ECS carries it out", () => {
    expect(plan(bad)).toMatchObject({
      id: "shop-api-43-to-42-pi43",
      members: [{ how: "stop-deployment", from: { key: "shop-api/43" }, to: { key: "shop-api/42" } }],
    });
    expect(plan(bad).steps).toEqual(["stop service deployment of shop-api with rollback → shop-api:42 (sha256:000000000000…, good)"]);
    expect(plan({ ...bad, look: status("PENDING") ?? {} }).members[0]?.how).toBe("stop-deployment");
  });
  it("redeploys the good revision once the deployment is complete", () => {
    const done = plan({ ...bad, look: status("SUCCESSFUL") ?? {} });
    expect(done.members[0]).toMatchObject({ how: "redeploy", taskDefinition: identity("shop-api", 42).taskDefinition });
    expect(done.steps).toEqual(["deploy shop-api:42 to shop-api → shop-api:42 (sha256:000000000000…, good)"]);
  });
  it("does not stop a deployment whose source is not the candidate: ECS would return to the wrong one", () => {
    const known = [record("shop-api", 43, "candidate"), record("shop-api", 42, "bad"), record("shop-api", 41, "good")];
    expect(plan({ ...bad, member: { known, candidate: candidate("shop-api", 41) } }).members[0]).toMatchObject({ how: "redeploy", to: { key: "shop-api/41" } });
  });
  it("moves api and worker together, the worker first after a migration", () => {
    expect(plan(bad, [alongside()]).members.map((one) => one.service)).toEqual(["shop-api", "shop-worker"]);
    expect(plan(bad, [alongside()]).id).toBe("shop-api-43-to-42-and-1-more-pi43");
    const migrations = [{ service: serviceName("shop-api"), kind: "migration" as const, at: epochMs(T0 - 60_000), schemaHead: "42" }];
    const fits = candidate("shop-api", 42, { record: record("shop-api", 42, "good", { labels: { schema: { min: "40", head: "42" } } }) });
    expect(plan({ ...bad, member: { migrations, candidate: fits } }, [alongside()]).members.map((one) => one.service)).toEqual(["shop-worker", "shop-api"]);
  });
  it("leaves a member alone that nobody deployed and that has no good set to return to", () => {
    const { prepared, memory, settings } = situation(bad, [alongside()]);
    const latest = memory.latest === undefined ? undefined : { ...memory.latest, watched: { "shop-api": ecsDeploymentId("ecs-svc/shop-api-43") } };
    const verdict = decideGuard(prepared, { ...memory, latest }, settings);
    expect(verdict.kind === "roll-back" ? verdict.plan.members.map((one) => one.service) : verdict).toEqual(["shop-api"]);
    const together = {
      ...prepared,
      members: prepared.members.map((one) =>
        one.ref.service === "shop-worker" ? { ...one, candidate: { ...candidate("shop-worker", 42), together: true } } : one,
      ),
    };
    const whole = decideGuard(together, { ...memory, latest }, settings);
    expect(whole.kind === "roll-back" ? whole.plan.members.map((one) => one.service) : whole).toEqual(["shop-api", "shop-worker"]);
  });
  it("has one canonical form, whatever the order of its keys and the wording of its steps", () => {
    const one = plan(bad);
    const { id, group, members } = one;
    expect(canonicalPlan({ steps: ["other words"], members, group, id })).toBe(canonicalPlan(one));
    expect(canonicalPlan({ ...one, group: "other" })).not.toBe(canonicalPlan(one));
  });
  it("is named after what it does, each time anew", () => {
    const member = preparedMember("shop-api");
    const again = plan({ ...bad, member: { judged: { ...member.judged, deployment: ecsDeploymentId("ecs-svc/shop-api-43") } } });
    expect(again.id).toBe(plan(bad).id);
  });
});
