import { defineNightshift, ecs, postgres, secret, taskCrashes } from "@nightshift/config";

/** A shop whose database is saved before its service is deployed: as the lab's databases (packages/lab/src/scenarios/databases.ts). */
export default defineNightshift({
  product: "shop",
  mode: "ask",
  region: "eu-central-1",
  channels: { ops: "C0123ABCD" },
  people: { ana: { slack: "U0123LEAD", roles: ["operator"] } },
  services: { "shop-api": ecs({ cluster: "prod", triggers: [taskCrashes()] }) },
  databases: {
    shop: postgres({ url: secret("ShopDatabase"), version: 17, instance: "shop-prod", nightly: "04:00", snapshots: {} }),
    silent: postgres({ url: secret("SilentDatabase"), version: 17, instance: "silent-prod", nightly: "05:00", snapshots: {}, mode: "shadow" }),
    plain: postgres({ url: secret("PlainDatabase"), version: 17, nightly: "06:00" }),
  },
  network: { subnets: ["subnet-0a11111111111111a"], securityGroups: ["sg-0b1111111111111bb"] },
});
