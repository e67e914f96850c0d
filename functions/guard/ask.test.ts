import { guarded, identity, settingsFor } from "@nightshift/decide/fixtures";
import { type Ask, ecsDeploymentId, minutes, type Mode, type RollBack, type RollbackPlan, serviceName } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { consentTo } from "./ask.ts";

const plan: RollbackPlan = {
  id: "shop-api-43-to-42-9k2p",
  group: "shop",
  members: [
    {
      how: "redeploy",
      service: serviceName("shop-api"),
      cluster: "prod",
      expectDeployment: ecsDeploymentId("ecs-svc/43"),
      from: identity("shop-api", 43),
      to: identity("shop-api", 42),
      taskDefinition: identity("shop-api", 42).taskDefinition,
    },
  ],
  steps: ["deploy shop-api:42 to shop-api", "look again"],
};
const explained = { because: ["5xx 12 %", "it is the deployment"], breaches: [], blame: undefined, severity: "P2", otherwise: undefined } as const;
const ask = (over: Partial<Ask> = {}): Ask => ({ kind: "ask", plan, ...explained, ...over });
const rollBack = (consent: RollBack["consent"]): RollBack => ({ kind: "roll-back", plan, consent, ...explained });
const inMode = (mode: Mode) => settingsFor(guarded("shop-api", { mode, askFor: minutes(7) }));

describe("a verdict to roll back", () => {
  test.each(["given", "shadow"] as const)("with consent %s", (consent) => {
    expect(consentTo(rollBack(consent), inMode("auto"))).toBe(consent === "given" ? "given" : "told");
  });
});

describe("a question", () => {
  test.each(["ask", "auto"] as const)("in %s mode is put to a person, bound to its plan", (mode) => {
    expect(consentTo(ask(), inMode(mode))).toMatchObject({
      plan: "shop-api-43-to-42-9k2p",
      what: "deploy shop-api:42 to shop-api; look again",
      because: "5xx 12 %; it is the deployment",
      service: "shop-api",
      askFor: 420_000,
    });
  });

  test.each<[string, Ask, ReturnType<typeof settingsFor>]>([
    ["in shadow mode", ask(), inMode("shadow")],
    ["without a plan there is nothing to approve", ask({ plan: undefined }), inMode("auto")],
    ["a plan that moves nobody", ask({ plan: { ...plan, members: [] } }), inMode("auto")],
    ["a plan for a service that is not configured any more", ask(), settingsFor(guarded("blog"))],
    [
      "a plan of two of which one is in shadow",
      ask({ plan: { ...plan, members: plan.members.flatMap((one) => [one, { ...one, service: serviceName("shop-web") }]) } }),
      settingsFor(guarded("shop-api"), guarded("shop-web", { mode: "shadow" })),
    ],
  ])("is only told: %s", (_, verdict, settings) => {
    expect(consentTo(verdict, settings)).toBe("told");
  });

  test("a service in shadow that the plan does not move silences nobody", () => {
    expect(consentTo(ask(), settingsFor(guarded("shop-api"), guarded("shop-web", { mode: "shadow" })))).toMatchObject({ service: "shop-api" });
  });

  const hashOf = (over: Partial<RollbackPlan>) => {
    const consent = consentTo(ask({ plan: { ...plan, ...over } }), inMode("ask"));
    return typeof consent === "string" ? consent : consent.planHash;
  };
  test.each<[string, Partial<RollbackPlan>, boolean]>([
    ["the same plan", {}, true],
    ["the same plan in other words", { steps: ["put 42 back"] }, true],
    ["another name", { id: "shop-api-43-to-42-zzzz" }, false],
    ["another target", { members: plan.members.map((one) => ({ ...one, to: identity("shop-api", 41) })) }, false],
    ["another deployment", { members: plan.members.map((one) => ({ ...one, expectDeployment: ecsDeploymentId("ecs-svc/44") })) }, false],
  ])("binds the word to the plan: %s", (_, over, same) => {
    expect(hashOf(over) === hashOf({})).toBe(same);
  });
});
