import { resolve } from "@nightshift/config";
import config from "../../nightshift.config.ts";
import { lambdaBackupWorld } from "../backup-world.ts";
import { onFirstUse } from "../world.ts";
import { sweepBackups } from "./entry.ts";

const { backups } = resolve(config);
const world = onFirstUse(() => lambdaBackupWorld([]));

export const handler = () => sweepBackups({ world: world(), backups });
