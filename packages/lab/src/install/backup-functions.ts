import { mirrorAskedDetail, mirrorAskedHeader } from "@nightshift/events/patterns";
import { backupSchedules } from "@nightshift/model";
import { sweepBackups } from "../../../../functions/backup-sweep/entry.ts";
import { manifest as backupSweep } from "../../../../functions/backup-sweep/manifest.ts";
import { drillHandler } from "../../../../functions/drill/entry.ts";
import { manifest as drill } from "../../../../functions/drill/manifest.ts";
import { nightHandler } from "../../../../functions/night/entry.ts";
import { manifest as night } from "../../../../functions/night/manifest.ts";
import { pruneAll } from "../../../../functions/prune/entry.ts";
import { manifest as prune } from "../../../../functions/prune/manifest.ts";
import { restoreHandler } from "../../../../functions/restore/entry.ts";
import { manifest as restore } from "../../../../functions/restore/manifest.ts";
import { sample } from "../../../../functions/sampler/entry.ts";
import { manifest as sampler } from "../../../../functions/sampler/manifest.ts";
import { snapshotHandler } from "../../../../functions/snapshot/entry.ts";
import { manifest as snapshot } from "../../../../functions/snapshot/manifest.ts";
import type { LambdaHandler } from "../services/lambda/function.ts";
import { onSchedule, onScheduler } from "../services/lambda/schedule.ts";
import type { Deploying, DeployOne } from "./functions.ts";

/** Deploys what backs up, proves, drills, watches and prunes. */
export function deployBackupFunctions({ config, reach }: Deploying, deploy: DeployOne): void {
  const { backups, budgets, incidents } = config;
  const channel = incidents.channels.ops ?? incidents.channels.incidents;
  deploy(night, ({ durable }) => nightHandler({ world: () => reach("night"), databases: backups.databases, channel, engine: durable }) as LambdaHandler);
  deploy(drill, ({ durable }) => drillHandler({ world: () => reach("drill"), databases: backups.databases, budgets, engine: durable }) as LambdaHandler);
  deploy(
    snapshot,
    ({ durable }) => snapshotHandler({ world: () => reach("snapshot"), backups, mode: config.mode, taskDefinitions: [], engine: durable }) as LambdaHandler,
  );
  deploy(restore, ({ durable }) => restoreHandler({ world: () => reach("restore"), databases: backups.databases, engine: durable }) as LambdaHandler);
  const log = () => {};
  deploy(sampler, () => () => sample({ world: reach("sampler"), backups, log }));
  deploy(backupSweep, () => () => sweepBackups({ world: reach("backup-sweep"), backups }));
  deploy(prune, () => () => pruneAll({ world: reach("prune"), backups, mode: config.mode, log }));
}

/** Every schedule of the config, as the stack makes it; one that the world broke never rings. */
export function scheduleBackups({ lab, world, config }: Pick<Deploying, "lab" | "world" | "config">, send: (event: unknown) => void): void {
  for (const { name, expression, mirrors } of backupSchedules(config.backups))
    onScheduler(lab.kernel, { name: `nightshift-lab-${name}`, expression }, (event) => {
      if (world.databases.silent.has(name)) return;
      if (mirrors === undefined) send(event);
      else lab.bus.publish({ ...mirrorAskedHeader, resources: [], detail: { ...mirrorAskedDetail(mirrors), scheduled: event.scheduledTime } });
    });
  const { databases, tables, caches, media } = config.backups;
  // What watches and prunes is deployed with what it watches.
  if ([databases, tables, caches, media].every((things) => things.length === 0)) return;
  for (const { name, trigger } of [sampler, backupSweep, prune])
    onSchedule(lab.kernel, { name, expression: trigger.expression }, (event) => {
      if (!world.databases.silent.has(name)) lab.lambda.invokeLater(name, event);
    });
}
