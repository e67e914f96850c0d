import { resolve } from "@nightshift/config";
import config from "../../nightshift.config.ts";
import { lambdaBackupWorld, runnerVariables } from "../backup-world.ts";
import { onFirstUse } from "../world.ts";
import { restoreHandler } from "./entry.ts";

const { backups } = resolve(config);

export const handler = restoreHandler({
  world: onFirstUse(() => lambdaBackupWorld([...runnerVariables, "RUNNER_RESTORE_DEFINITIONS"])),
  databases: backups.databases,
});
