import { backupSchedules } from "@nightshift/model";
import { drillHandler } from "../../../../functions/drill/entry.ts";
import { manifest as drill } from "../../../../functions/drill/manifest.ts";
import { nightHandler } from "../../../../functions/night/entry.ts";
import { manifest as night } from "../../../../functions/night/manifest.ts";
import { snapshotHandler } from "../../../../functions/snapshot/entry.ts";
import { manifest as snapshot } from "../../../../functions/snapshot/manifest.ts";
import type { LambdaHandler } from "../services/lambda/function.ts";
import { onScheduler } from "../services/lambda/schedule.ts";
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
}

/** Every schedule of the config, as the stack makes it; one that the world broke never rings. */
export function scheduleBackups({ lab, world, config }: Pick<Deploying, "lab" | "world" | "config">, send: (event: unknown) => void): void {
  for (const { name, expression } of backupSchedules(config.backups))
    onScheduler(lab.kernel, { name: `nightshift-lab-${name}`, expression }, (event) => {
      if (!world.databases.silent.has(name)) send(event);
    });
}
