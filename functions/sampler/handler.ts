import { resolve } from "@nightshift/config";
import { jsonLog } from "@nightshift/runtime/log";
import config from "../../nightshift.config.ts";
import { lambdaBackupWorld } from "../backup-world.ts";
import { onFirstUse } from "../world.ts";
import { sample } from "./entry.ts";

const { backups } = resolve(config);
const world = onFirstUse(() => lambdaBackupWorld([]));

export const handler = () => sample({ world: world(), backups, log: jsonLog });
