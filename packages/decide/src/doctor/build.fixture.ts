import type { AccountFacts, AlarmFacts, ContainerFacts, GuardSettings, ServiceFacts, TargetGroupFacts } from "@nightshift/model";
import { alarm, container, group, healthy, service, settings } from "./healthy.fixture.ts";

/** A sick account: which check sees it, what is wrong, the account, what is said, and the settings where they differ. */
export type Sick = readonly [string, string, AccountFacts, readonly (readonly [string, string, string])[], GuardSettings?];

export const facts = (over: Partial<AccountFacts>): AccountFacts => ({ ...healthy, ...over });
export const withService = (over: Partial<ServiceFacts>): AccountFacts => facts({ services: [{ ...service, ...over }] });
export const withContainer = (over: Partial<ContainerFacts>, before: Partial<ContainerFacts> = {}): AccountFacts => {
  const [old, ...rest] = healthy.taskDefinitions;
  return facts({
    taskDefinitions: [
      ...(old === undefined ? [] : [{ ...old, containers: old.containers.map((it) => ({ ...it, ...before })) }]),
      ...rest.map((it) => ({ ...it, containers: [{ ...container, ...over }] })),
    ],
  });
};
export const withGroup = (over: Partial<TargetGroupFacts>): AccountFacts => facts({ targetGroups: [{ ...group, ...over }] });
export const withAlarm = (over: Partial<AlarmFacts>): AccountFacts => facts({ alarms: [{ ...alarm, ...over }] });
export const withMetric = (over: Partial<NonNullable<AlarmFacts["metric"]>>): AccountFacts =>
  withAlarm({
    metric: {
      namespace: "AWS/ApplicationELB",
      name: "TargetResponseTime",
      dimensions: { LoadBalancer: "app/shop/50dc6c495c0c9188" },
      statistic: "p95",
      ...over,
    },
  });
export const withSettings = (over: Partial<GuardSettings["services"][number]>): GuardSettings => ({
  ...settings,
  services: settings.services.map((it) => ({ ...it, ...over })),
});
