import { epochMs, type MemberLook, type ServiceDeployment, type ServiceState, serviceName } from "@nightshift/model";
import { memberLook, preparedMember, serviceState, T0, target, type Traffic } from "./fixtures.ts";
import { type Change, type Situation, situation } from "./situation.ts";

/** One row of the decision table. */
export interface DecisionCase {
  readonly name: string;
  /** What was seen, in a few words for the documentation. */
  readonly seen: string;
  readonly given: Situation;
  /** `roll-back given|shadow`, `ask with plan|without plan`, `leave REASON` or `wait`. */
  readonly verdict: string;
  /** Why this is right: the reason for the row. */
  readonly because: string;
}

export const failing = (share: number, from = 0): Traffic => ({ errors: (minute) => (minute >= from ? 6 * share : 1) });
export const bad: Change = { minutesIn: 2, traffic: failing(12) };
export const crash = (id: string, second: number) => ({
  id,
  at: epochMs(T0 + second * 1_000),
  code: "EssentialContainerExited",
  reason: "Essential container in task exited",
  exitCodes: [1],
  cause: "app" as const,
});
export const crashed = { crashed: [crash("a", 20), crash("b", 40)] };
export const deployment = (over: Partial<ServiceDeployment>): Pick<MemberLook, "deployment"> => {
  const usual = memberLook("shop-api").deployment;
  return { deployment: usual.ok && usual.value !== undefined ? { ok: true, value: { ...usual.value, ...over } } : usual };
};
export const state = (over: Partial<ServiceState>): Pick<MemberLook, "state"> => ({ state: { ok: true, value: serviceState("shop-api", over) } });
export const completed = deployment({ status: "SUCCESSFUL" });
export const onlyNew: Pick<MemberLook, "targets" | "olderRunning"> = {
  olderRunning: 0,
  targets: { ok: true, value: [target("10.0.0.1", true), target("10.0.0.2", true)] },
};
export const migration = (over: object = {}) => [{ service: serviceName("shop-api"), kind: "migration" as const, at: epochMs(T0 - 300_000), ...over }];
export const row = (name: string, seen: string, given: Change, [verdict, because]: readonly [string, string]): DecisionCase => ({
  name,
  seen,
  given: situation(given),
  verdict,
  because,
});

export function first() {
  const [primary] = serviceState("shop-api").deployments;
  if (primary === undefined) throw new Error("the fixture has a deployment");
  return primary;
}
export function source() {
  const { source: usual } = preparedMember("shop-api");
  if (usual === undefined) throw new Error("the fixture has a source");
  return usual;
}
