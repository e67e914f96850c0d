import { resolve } from "@nightshift/config";
import { jsonLog } from "@nightshift/runtime/log";
import config from "../../nightshift.config.ts";
import { lambdaBackupWorld } from "../backup-world.ts";
import { onFirstUse } from "../world.ts";
import { pruneAll } from "./entry.ts";

const { backups, mode } = resolve(config);
const world = onFirstUse(() => lambdaBackupWorld([]));

export const handler = () => pruneAll({ world: world(), backups, mode, log: jsonLog });
