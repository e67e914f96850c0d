import { bucket, defineNightshift, dynamodb, ecs, elasticache, hours, minutes, type NightshiftConfig, postgres, secret, taskCrashes } from "@nightshift/config";
import type { LabDatabase } from "../runner/databases.ts";
import type { Stage } from "../scenario/stage.ts";
import type { InstanceSpec } from "../services/rds/records.ts";
import { shopTeam } from "./team.ts";

/** What differs from the ordinary databases. */
export interface DatabasesOptions {
  readonly mode?: "shadow" | "ask" | "auto";
  readonly database?: Partial<LabDatabase>;
  readonly instance?: Partial<InstanceSpec>;
  /** Settings of backups beyond the ordinary ones. */
  readonly backups?: NonNullable<NightshiftConfig["backups"]>;
  /** Settings of the database beyond the ordinary ones. */
  readonly settings?: Partial<Parameters<typeof postgres>[0]>;
}

/** The database of every story about backups, and the instance that it lives on. */
export const DATABASE = "shop";
export const INSTANCE = "shop-prod";
/** Where copies of snapshots go. */
export const SECOND_REGION = "eu-west-1";

/** A shop with a database of four gigabytes, a table, a cache and a bucket of media: small, so that a night is over in minutes of the story. */
export function databases(stage: Stage, options: DatabasesOptions = {}): NightshiftConfig {
  const { lab, world } = stage;
  const database = { bytes: 4e9, tables: 42, rows: 9_300_000, ...options.database };
  world.databases.add(DATABASE, database);
  lab.rds.add({ id: INSTANCE, bytes: database.bytes, tags: { env: "prod" }, ...options.instance });
  lab.dynamodb.backups?.add({ name: "shop-sessions" });
  lab.elasticache.add({ id: "shop-cache" });
  lab.s3.create("shop-media-copy", { versioning: "Enabled" });
  lab.s3.create("shop-media", { versioning: "Enabled", replication: [{ to: "shop-media-copy", status: "Enabled", prefix: "" }] });
  stage.product({ name: "shop", cluster: "prod", services: [{ name: "shop-api", desired: 1, traffic: { rpm: 30 } }] });
  return defineNightshift({
    ...shopTeam,
    mode: options.mode ?? "auto",
    services: { "shop-api": ecs({ cluster: "prod", triggers: [taskCrashes()] }) },
    databases: {
      [DATABASE]: postgres({
        url: secret("ShopDatabase"),
        restoreUrl: secret("ShopRestore"),
        version: 17,
        instance: INSTANCE,
        nightly: "04:00",
        maxDuration: hours(2),
        rpo: minutes(15),
        rto: hours(1),
        // Readings of their own have stories of their own.
        snapshots: { copyTo: { region: SECOND_REGION, kmsKey: "alias/nightshift" }, manifests: "never" },
        drill: { day: 16, at: "06:00", subnetGroup: "isolated", securityGroups: ["sg-0d2111111111111aa"], instanceClass: "db.t4g.medium" },
        ...options.settings,
      }),
    },
    tables: { sessions: dynamodb({ table: "shop-sessions", nightly: "03:10" }) },
    caches: { cache: elasticache({ cache: "shop-cache", nightly: "03:20" }) },
    media: { pictures: bucket({ bucket: "shop-media", replica: "shop-media-copy", within: minutes(15) }) },
    network: { subnets: ["subnet-0a11111111111111a"], securityGroups: ["sg-0b1111111111111bb"] },
    backups: { secondRegion: SECOND_REGION, ...options.backups },
  });
}

/** Most stories of backups begin at 03:00 and have their night at once. */
export const EARLY = { nightly: "03:05" } as const;

/** How a story about backups ends as far as deployments go: nothing was deployed. */
export const NIGHT = { verdict: "none", toBlame: false, rollbacks: 0, serves: {}, tells: [] } as const;
