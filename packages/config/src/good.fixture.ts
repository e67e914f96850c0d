import { always } from "./build-incidents.ts";
import { ecs } from "./build.ts";
import { checkConfig } from "./check.ts";
import type { NightshiftConfig } from "./sections/index.ts";

export const traffic = { loadBalancer: "app/shop/50dc6c495c0c9188", targetGroup: "targetgroup/shop-api/73e2d6bc24d8a067" };
/** The smallest config without a word to say about it. */
export const good: NightshiftConfig = {
  product: "shop",
  channels: { ops: "C0123" },
  slack: { team: "T0123", app: "A0123" },
  people: { lead: { slack: "U0123", roles: ["operator"] } },
  onCall: always(["lead"]),
  services: { "shop-api": ecs({ cluster: "prod", traffic }) },
};

/** The config above with some of it replaced by anything at all. */
export const withTop = (over: Record<string, unknown>): unknown => ({ ...good, ...over });
/** The same for its one service. */
export const withService = (over: Record<string, unknown>): unknown =>
  withTop({ services: { "shop-api": { kind: "ecs", cluster: "prod", traffic, ...over } } });
export const problemsOf = (raw: unknown) => checkConfig(raw).problems;
export const warningsOf = (raw: unknown) => checkConfig(raw).warnings;
