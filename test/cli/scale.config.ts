import { celery, defineNightshift, ecs, minutes, redis, secret } from "@nightshift/config";

/** The shop with a worker service that follows its queue. */
export default defineNightshift({
  product: "shop",
  region: "eu-central-1",
  channels: { ops: "C0123ABCD" },
  people: { lead: { slack: "U0123LEAD", roles: ["operator"] } },
  services: { "shop-worker": ecs({ cluster: "shop-prod", group: "shop" }) },
  workers: { "shop-worker": celery({ broker: redis({ secret: secret("ShopBroker") }), queues: ["celery"], wait: minutes(2) }) },
  network: { subnets: ["subnet-0a1b2c3d4e5f60718", "subnet-0b1c2d3e4f5061728"], securityGroups: ["sg-0a1b2c3d4e5f60718"] },
});
