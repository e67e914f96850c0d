import { resolve } from "@nightshift/config";
import config from "../../nightshift.config.ts";
import { lambdaBackupWorld, runnerVariables } from "../backup-world.ts";
import { onFirstUse } from "../world.ts";
import { drillHandler } from "./entry.ts";

const { backups, budgets } = resolve(config);

export const handler = drillHandler({ world: onFirstUse(() => lambdaBackupWorld(runnerVariables)), databases: backups.databases, budgets });
