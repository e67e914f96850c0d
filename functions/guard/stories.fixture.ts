import { at, identity, memberMemory, preparedMember, settingsFor, T0, guarded } from "@nightshift/decide/fixtures";
import {
  type Ask,
  type DeploymentStarted,
  ecsDeploymentId,
  epochMs,
  type LeaveAlone,
  type MemberRecovery,
  type RecoveryMemory,
  type RollBack,
  type RollbackPlan,
  serviceName,
} from "@nightshift/model";
import type { GuardFacts } from "./automation.ts";
import type { Receipt } from "./put-back.ts";
import type { Recovered } from "./recovery.ts";

/** `shop-api:43` began at 02:58:30 and took traffic at 03:00:00. Tests only; production imports nothing from here. */
export const event: DeploymentStarted = {
  group: "shop",
  service: serviceName("shop-api"),
  deployment: ecsDeploymentId("ecs-svc/shop-api-43"),
  at: epochMs(T0 - 90_000),
};

/** All that is known at 03:02:10. */
export const facts: GuardFacts = {
  prepared: { group: "shop", key: "guard/shop/ecs-svc/shop-api-43", preparedAt: event.at, members: [preparedMember("shop-api")] },
  memory: {
    looks: 13,
    startedAt: event.at,
    members: [memberMemory("shop-api")],
    latest: { at: at(130_000), members: [], watchKey: "guard/shop/ecs-svc/shop-api-43", watched: {}, heldBecause: undefined },
    suspectedAt: at(100_000),
    evidence: { key: "evidence/guard/shop/ecs-svc/shop-api-43.txt", sha256: "0123456789abcdef0123456789abcdef" },
    blindLooks: 0,
  },
  settings: settingsFor(guarded("shop-api")),
  control: undefined,
};

/** Back to `shop-api:42`. */
export const plan: RollbackPlan = {
  id: "shop-api-43-to-42-ai43",
  group: "shop",
  members: [
    {
      how: "redeploy",
      service: serviceName("shop-api"),
      cluster: "prod",
      expectDeployment: ecsDeploymentId("ecs-svc/shop-api-43"),
      from: identity("shop-api", 43),
      to: identity("shop-api", 42),
      taskDefinition: identity("shop-api", 42).taskDefinition,
    },
  ],
  steps: ["deploy shop-api:42 to shop-api → shop-api:42 (good)"],
};

const explained = {
  because: ["shop-api: 5xx 12.4 %", "it is the deployment", "a hard sign"],
  breaches: [{ service: serviceName("shop-api"), trigger: "error-rate", strength: "hard", says: "5xx 12.4 %", since: at(60_000), errorShare: 12.4 }],
  blame: { verdict: "deployment", signs: [{ points: "deployment", says: "began 1 m after the deployment" }] },
  severity: "P2",
  otherwise: "the old revision failing, too",
} as const;

/** A verdict of each kind over the same facts. */
export const rollBack: RollBack = { kind: "roll-back", plan, consent: "given", ...explained };
export const ask = (over: Partial<Ask> = {}): Ask => ({ kind: "ask", plan, ...explained, ...over });
export const leave = (over: Partial<LeaveAlone>): LeaveAlone => ({ kind: "leave", reason: "not-deploy", ...explained, ...over });

/** ECS accepted at 03:02:15. */
export const receipt: Receipt = {
  plan,
  startedAt: at(134_000),
  moved: [{ service: serviceName("shop-api"), to: identity("shop-api", 42), outcome: { kind: "done", value: "accepted", already: false, at: at(135_000) } }],
  refused: undefined,
};

/** What looking again found: traffic back at 03:03:44, steady at 03:05:14. */
export const recovered = (kind: Exclude<Recovered["kind"], "not-sent">, member: Partial<MemberRecovery> = {}): Recovered => {
  const memory: RecoveryMemory = {
    plan,
    startedAt: at(134_000),
    looks: 19,
    lastAt: at(320_000),
    trafficRestoredAt: at(224_000),
    steadyAt: at(314_000),
    members: [
      {
        service: serviceName("shop-api"),
        trafficAt: at(224_000),
        steadyAt: at(314_000),
        digestsVerified: true,
        clear: true,
        overtakenBy: undefined,
        failedBecause: undefined,
        says: "5xx 0.1 %",
        ...member,
      },
    ],
  };
  return { kind, memory };
};
