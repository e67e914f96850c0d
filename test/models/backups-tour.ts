import { awsWorld, reachOf } from "@nightshift/aws/world";
import { createAccount, LabWorld } from "@nightshift/lab";
import type { Tap } from "@nightshift/lab/boundary/tap";
import { labConnections, loadAdapters } from "@nightshift/lab/connections";
import { minutes, ms, seconds } from "@nightshift/model";

const secondRegion = "eu-west-1";
const key = ".nightshift/canary/nightshift-shop-1";
const drill = { "nightshift:purpose": "drill", "nightshift:expires": "2026-11-22T08:00:00Z" };

/** Calls every method that backups have of AWS once in the lab. */
export async function backupsTour(tap: Tap): Promise<void> {
  await loadAdapters();
  const account = createAccount({ seed: 7, tap });
  const world = new LabWorld(account.kernel, { ecs: { staleFor: ms(0) } });
  for (const module of world.modules) account.register(module);
  furnish(account, world);
  const aws = worldOver(account);
  await account.run(async () => {
    await snapshots(aws, account.clock);
    await restores(aws, account.clock);
    await stores(aws, account.clock);
    const { task } = await aws.runners.start({ run: "night/shop/1", of: "shop", do: "night", diskGiB: 60 });
    await aws.runners.start({ run: "night/shop/1", of: "shop", do: "night", diskGiB: 60 });
    await account.clock.sleep(minutes(2));
    await aws.runners.look(task);
    await aws.runners.stop(task, "the tour is over");
    await account.clock.sleep(minutes(20));
    await aws.restoreTests.job("job-1");
    await aws.restoreTests.answer("job-1", { passed: true, message: "214 tables, 0 differences" });
  });
}

type Account = ReturnType<typeof createAccount>;
type Aws = ReturnType<typeof worldOver>;

/** A database, a table, a cache, media, a parameter, a runner and a restore test of AWS Backup's. */
function furnish(account: Account, world: LabWorld): void {
  account.rds.add({ id: "shop-prod", bytes: 4e9, tags: { env: "prod" } });
  account.dynamodb.backups?.add({ name: "carts" });
  account.elasticache.add({ id: "carts" });
  account.s3.create("media-copy", { versioning: "Enabled" });
  account.s3.create("media", { versioning: "Enabled", replication: [{ to: "media-copy", status: "Enabled", prefix: "" }] });
  account.s3.create("bare");
  account.s3.create("backups", { versioning: "Enabled", locked: true });
  account.ssm.put("/shop/level", "info", false);
  account.ssm.put("/shop/db", "not a secret");
  account.backup.restoreTest({ id: "job-1", instance: "awsbackup-restore-test-1", source: "arn:aws:rds:eu-central-1:123456789012:db:shop-prod" });
  const container = { name: "runner", image: "shop/runner:17", stopTimeout: 120 };
  world.ecs.handle("RegisterTaskDefinition", { family: "runner", containerDefinitions: [container], cpu: "2048", memory: "4096" }, "tour");
  world.ecs.oneOff.program("runner", { started: () => undefined, terminate: (process) => process.exit(4) });
}

function worldOver(account: Account) {
  const { region, clock } = account.kernel;
  const connections = labConnections(account, "tour");
  return awsWorld({
    connections,
    clock: reachOf({ connections, clock: { now: () => clock.now() } }).clock,
    patience: { pause: async () => {}, random: () => 0 },
    environment: {
      AWS_REGION: region,
      BACKUP_BUCKET: "backups",
      RUNNER_CLUSTER: "default",
      RUNNER_TASK_DEFINITIONS: JSON.stringify({ shop: "runner" }),
      RUNNER_SUBNETS: "subnet-a,subnet-b",
      RUNNER_SECURITY_GROUPS: "sg-0runner",
    },
    ledger: {},
    print: () => undefined,
  });
}

async function snapshots({ databases, snapshotTaking, snapshotPruning }: Aws, clock: Account["clock"]): Promise<void> {
  const asked = { instance: "shop-prod", id: "nightshift-shop-1", tags: { "nightshift:state": "uploaded" } };
  await databases.instance("shop-prod");
  await databases.quota();
  for (let twice = 0; twice < 2; twice += 1) await snapshotTaking.take(asked);
  await databases.snapshots("shop-prod");
  await clock.sleep(minutes(30));
  const { arn = "" } = (await databases.snapshot(asked.id)) ?? {};
  const copy = { arn, id: "nightshift-shop-1", toRegion: secondRegion, kmsKey: "alias/nightshift", tags: {} };
  for (let twice = 0; twice < 2; twice += 1) await snapshotTaking.copy(copy);
  await clock.sleep(minutes(60));
  await databases.snapshots("shop-prod", secondRegion);
  for (let twice = 0; twice < 2; twice += 1) await snapshotPruning.delete(asked.id, secondRegion);
}

async function restores({ databases, restores: made }: Aws, clock: Account["clock"]): Promise<void> {
  const like = { instanceClass: "db.t4g.medium", subnetGroup: "isolated", securityGroups: ["sg-0drill"], parameterGroup: undefined, tags: drill };
  const copy = { ...like, instance: "nightshift-verify-shop-1", from: { snapshot: "nightshift-shop-1" } };
  for (let twice = 0; twice < 2; twice += 1) await made.restore(copy);
  await made.restore({ ...like, instance: "nightshift-verify-shop-2", from: { source: "shop-prod", at: "latest" } });
  await clock.sleep(minutes(60));
  await databases.disposable();
  await made.delete("nightshift-verify-shop-1");
}

async function stores({ tableBackups, cacheBackups, media, configurationCopies }: Aws, clock: Account["clock"]): Promise<void> {
  await tableBackups.look("carts");
  const arn = await tableBackups.take("carts", "nightshift-carts-1");
  await clock.sleep(minutes(10));
  await tableBackups.list("carts");
  for (let twice = 0; twice < 2; twice += 1) await tableBackups.delete(arn, "carts");
  await cacheBackups.look("nobody");
  for (let twice = 0; twice < 2; twice += 1) await cacheBackups.take("carts", "nightshift-carts-1");
  await clock.sleep(minutes(10));
  await cacheBackups.list("carts");
  for (let twice = 0; twice < 2; twice += 1) await cacheBackups.delete("nightshift-carts-1");
  for (const bucket of ["media", "bare"]) await media.look(bucket);
  await media.putCanary("media", key, "nightshift-shop-1");
  await clock.sleep(seconds(10));
  await media.canary("media-copy", key);
  await media.canary("media-copy", `${key}-none`);
  const text = await configurationCopies.read({ taskDefinitions: ["runner"], parameterPaths: ["/shop"] });
  for (let twice = 0; twice < 2; twice += 1) await configurationCopies.keep("configuration/1.json", text);
}
