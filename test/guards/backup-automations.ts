import { shopDatabase } from "@nightshift/decide/backups/database.fixture";
import type { RunDrill } from "@nightshift/decide/backups/decide-drill";
import type { RestoreOrder } from "@nightshift/decide/backups/decide-restore";
import { settingsFor } from "@nightshift/decide/fixtures";
import { type backupId, type BackupSettings, days, epochMs, hours, minutes, type StoredPlan } from "@nightshift/model";
import type { GuardName } from "@nightshift/model/guards";
import { PortError } from "@nightshift/ports";
import { play, runIn } from "@nightshift/runtime";
import { type BackupAccount, backupAccount } from "@nightshift/runtime/testing/backup-account";
import { instanceOf } from "@nightshift/runtime/testing/backup-cloud";
import { watchForBlocked } from "@nightshift/vault/postgres/watch-for-blocked";
import { closeForgotten } from "../../functions/backup-sweep/close-forgotten.ts";
import { restoreTarget } from "../../functions/drill/restore-target.ts";
import type { DrillSeen } from "../../functions/drill/settings.ts";
import { night } from "../../functions/night/automation.ts";
import { letDeploymentsPass } from "../../functions/night/see.ts";
import { pruneAll } from "../../functions/prune/entry.ts";
import { restore } from "../../functions/restore/automation.ts";
import { nightAgo, NIGHT, snapshotAgo } from "./backup-facts.ts";
import type { GuardCase } from "./case.ts";

const only = (off: GuardName, promise: string, kept: GuardCase["kept"]): GuardCase => ({ off: [off], promise, kept });
export const plan = "R-shop-7f3a";

/** An account where a restore was approved: to a moment, or of the newest proven dump. */
export function approved(what: Pick<RestoreOrder, "at"> = {}): BackupAccount {
  const account = backupAccount(NIGHT);
  account.cloud.instances.set("shop-prod", instanceOf("shop-prod"));
  account.rows.set(nightAgo(1).id, nightAgo(1));
  const order: RestoreOrder = { of: "shop", by: "lead", because: "a bad migration", asked: epochMs(NIGHT - minutes(4)), ...what };
  const hash = JSON.stringify(order);
  const stored: StoredPlan = {
    ...{ id: plan, hash, verb: "restore", service: "shop", requester: "lead", incident: undefined, because: order.because, madeAt: order.asked },
    ...{ expiresAt: epochMs(NIGHT + minutes(6)), calls: [], preconditions: {}, input: { order: hash } },
  };
  account.storedPlans.set(plan, stored);
  account.world.rows.set(plan, {
    ...{ plan, planHash: hash, what: "restore shop", because: order.because, service: "shop", askedAt: order.asked, expiresAt: stored.expiresAt },
    ...{ state: "approved", needs: { role: "owner", people: 2 }, requester: "lead", incident: undefined, given: [], by: "founder" },
    ...{ answeredAt: epochMs(NIGHT - minutes(1)), callbackId: undefined },
  });
  return account;
}

const playNight = ({ world, checkpoints }: BackupAccount) =>
  play(night, { event: { of: "shop", scheduled: NIGHT, series: "nightly" }, settings: { database: shopDatabase, channel: undefined }, world, checkpoints });

/** Whether a row that a person closed while a night ran is as that person left it afterwards. */
async function closedStays(): Promise<boolean> {
  const account = nightly();
  account.ends.night = { state: "uploaded", differences: [], findings: [], times: {} };
  const { runners } = account.world;
  const start: typeof runners.start = async (job) => {
    for (const [id, row] of account.rows) account.rows.set(id, { ...row, state: "failed", because: "ana closed it" });
    return runners.start(job);
  };
  Object.assign(account.world, { runners: { ...runners, start } });
  await playNight(account);
  return [...account.rows.values()].every(({ because }) => because === "ana closed it");
}

/** Whether a night whose run never ends has its task stopped. */
async function endlessIsStopped(): Promise<boolean> {
  const account = nightly();
  await playNight(account);
  return account.stopped.size === 1;
}

/** An account with a database that can be backed up. */
function nightly(): BackupAccount {
  const account = backupAccount(NIGHT);
  account.cloud.instances.set("shop-prod", instanceOf("shop-prod"));
  return account;
}

/** Forty proven nights in the store, and their rows. */
function shelved(): BackupAccount {
  const account = backupAccount(NIGHT);
  for (let n = 0; n < 40; n++) {
    const row = nightAgo(n);
    account.rows.set(row.id, row);
    account.shelved.push({
      id: row.id,
      of: "shop",
      contentsOf: row.scheduled,
      scheduled: row.scheduled,
      bytes: 1,
      verified: true,
      suspect: false,
      objects: [],
    });
  }
  return account;
}
/** Snapshots of which one is old and has a copy elsewhere, in an account that deletes as told. */
function snapshots(remove: BackupAccount["world"]["snapshotPruning"]["delete"]): BackupAccount {
  const account = backupAccount(NIGHT);
  const copy = (ago: number) => ({ copies: [{ region: "eu-central-1", where: `arn:copy-${ago}`, at: NIGHT }] });
  for (const row of [snapshotAgo(400, copy(400)), snapshotAgo(2), snapshotAgo(1), snapshotAgo(0, copy(0))]) account.rows.set(row.id, row);
  Object.assign(account.world, { snapshotPruning: { ...account.world.snapshotPruning, delete: remove } });
  return account;
}
const backups: BackupSettings = { databases: [shopDatabase], tables: [], caches: [], media: [], configuration: undefined, secondRegion: undefined };
const prune = ({ world }: BackupAccount, over: Partial<typeof shopDatabase> = {}): Promise<void> =>
  pruneAll({ world, backups: { ...backups, databases: [{ ...shopDatabase, ...over }] }, mode: "auto", log: () => {} });

/** A watch over a session that waits behind ours and goes on waiting: whether it says that we must yield within ten looks. */
async function yields(): Promise<boolean> {
  const over = Promise.withResolvers<void>();
  let looks = 0;
  const waiting = async () => [{ pid: "7", waitsFor: "AccessExclusiveLock on shop.orders" }];
  const watch = watchForBlocked({
    name: "backup",
    connect: async () => ({ pid: 1, query: waiting, close: async () => {} }),
    pause: async () => {
      if (++looks >= 10) over.resolve();
    },
  });
  watch.signal.addEventListener("abort", () => over.resolve());
  await over.promise;
  await watch.stop();
  return watch.signal.aborted;
}

/** What automations of backups do over an account, without each protective line. */
export const backupAutomationGuards: readonly GuardCase[] = [
  only("a backup yields to who waits for it", "a backup that stands in somebody's way lets go", yields),
  only("backup lets a deployment pass", "a backup begins after the deployment, not in it", async () => {
    const account = backupAccount(NIGHT);
    account.deployments.push({ service: "shop-api", until: epochMs(NIGHT + minutes(5)) });
    await letDeploymentsPass(runIn(account.world, account.checkpoints, "night/shop"));
    return account.world.clock.now() >= NIGHT + minutes(5);
  }),
  only("safety backup before a restore", "nothing is restored when what runs could not be saved", async () => {
    const account = approved({ at: epochMs(NIGHT - hours(2)) });
    const denied = async () => {
      throw new PortError("denied", "rds:CreateDBSnapshot", "shop-prod", "no");
    };
    const world = Object.assign(account.world, { snapshotTaking: { ...account.world.snapshotTaking, take: denied } });
    await play(restore, { event: { plan }, settings: [shopDatabase], world, checkpoints: account.checkpoints });
    return account.cloud.restores.length === 0;
  }),
  only("what is restored from is pinned", "a dump that is being restored is marked as used", async () => {
    const account = approved();
    account.ends.restore = { state: "restored", differences: [], findings: [], times: {} };
    const { runners } = account.world;
    let pinned = 0;
    const start: typeof runners.start = async (job) => {
      pinned = account.rows.get(nightAgo(1).id)?.pinnedUntil ?? 0;
      return runners.start(job);
    };
    Object.assign(account.world, { runners: { ...runners, start } });
    await play(restore, { event: { plan }, settings: [shopDatabase], world: account.world, checkpoints: account.checkpoints });
    return pinned > NIGHT;
  }),
  only("only what was compared is proven", "a restore that differs is not called restored", async () => {
    const account = approved();
    account.ends.restore = {
      state: "restored",
      differences: ["shop.orders lacks a row"],
      findings: [],
      times: {},
      restoredInto: "shop_new on shop-prod.example.internal:5432",
    };
    const { outcome } = await play(restore, { event: { plan }, settings: [shopDatabase], world: account.world, checkpoints: account.checkpoints });
    return outcome?.kind === "failed";
  }),
  only("a start without an answer is waited for", "a night whose start timed out and that runs all the same is not called failed", async () => {
    const account = nightly();
    account.ends.night = { state: "verified", contentsOf: NIGHT, differences: [], findings: [], times: { compare: minutes(2) }, verifierFails: true };
    const { runners } = account.world;
    let lost = 0;
    const start: typeof runners.start = async (job) => {
      const begun = await runners.start(job);
      if (lost++ < 3) throw new PortError("timeout", "ecs:RunTask", job.run, "no answer");
      return begun;
    };
    Object.assign(account.world, { runners: { ...runners, start } });
    await playNight(account);
    return account.jobs.size === 1 && [...account.rows.values()].every(({ state }) => state === "verified");
  }),
  only("a row that was closed stays", "a night that ends late changes no row that a person closed", closedStays),
  only("a run that takes too long is stopped", "a backup that does not end is stopped", endlessIsStopped),
  only("only a row that was left behind is closed", "the row of a backup that was begun an hour ago stays open", async () => {
    const account = backupAccount(NIGHT);
    const row = nightAgo(0, { state: "running", scheduled: epochMs(NIGHT - hours(1)) });
    account.rows.set(row.id, row);
    await closeForgotten(account.world, backups);
    return account.rows.get(row.id)?.state === "running";
  }),
  only("one drill at a time", "a drill whose rival was faster restores nothing", async () => {
    const account = nightly();
    account.cloud.instances.set("nightshift-verify-blog", instanceOf("nightshift-verify-blog"));
    // What restoring reads of a verdict, and of what was seen.
    const verdict = { instance: "nightshift-verify-shop", from: { snapshot: "s" }, tags: {}, parameterGroup: undefined, cost: 1 } as unknown as RunDrill;
    const facts = { due: { of: "shop", scheduled: NIGHT, series: "nightly" }, config: { drill: {}, budgets: settingsFor().budgets } } as unknown as DrillSeen;
    await restoreTarget(runIn(account.world, account.checkpoints, "drill/shop"), verdict, facts);
    return account.cloud.restores.length === 0;
  }),
  only("deletion is on record first", "the plan of what goes is written before anything goes", async () => {
    const account = shelved();
    await prune(account);
    return account.pruned[0]?.startsWith("plan ") === true;
  }),
  only("only what is gone is marked so", "a snapshot that RDS would not delete yet is not called gone", async () => {
    const account = snapshots(async () => "busy");
    await prune(account, { snapshots: { keep: days(30), copyTo: undefined } });
    return [...account.rows.values()].every(({ state }) => state !== "pruned");
  }),
  only("a copy goes before what it is of", "a snapshot whose copy is busy is not deleted", async () => {
    const deleted: string[] = [];
    const account = snapshots(async (id, region) => {
      deleted.push(`${region ?? "here"}/${id}`);
      return region === undefined ? "deleted" : "busy";
    });
    await prune(account, { snapshots: { keep: days(30), copyTo: undefined } });
    return deleted.length > 0 && !deleted.some((one) => one.startsWith("here/"));
  }),
  only("used backup is not pruned", "a backup that a restore began to read meanwhile is not deleted", async () => {
    const account = shelved();
    const [used] = await firstToGo(account);
    const { record } = account.world.backupPruning;
    // The restore begins right after the plan was written down.
    const pinning: typeof record = async (planned) => {
      await record(planned);
      account.rows.set(used, nightAgo(Number(used.split("-").at(-1)), { pinnedUntil: epochMs(NIGHT + days(2)) }));
    };
    Object.assign(account.world, { backupPruning: { ...account.world.backupPruning, record: pinning } });
    await prune(account);
    return account.shelved.some(({ id }) => id === used);
  }),
];

/** What a first day of retention deletes there. */
async function firstToGo(like: BackupAccount): Promise<readonly [ReturnType<typeof backupId>]> {
  const other = shelved();
  await prune(other);
  const [gone] = like.shelved.filter(({ id }) => !other.shelved.some((one) => one.id === id));
  if (gone === undefined) throw new Error("forty nights are more than are kept");
  return [gone.id];
}
