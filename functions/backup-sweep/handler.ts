import { resolve } from "@nightshift/config";
import config from "../../nightshift.config.ts";
import { lambdaBackupWorld } from "../backup-world.ts";
import { onFirstUse } from "../world.ts";
import { sweepBackups } from "./entry.ts";

const { backups, incidents } = resolve(config);
const channel = incidents.channels.ops ?? incidents.channels.incidents;
const world = onFirstUse(() => lambdaBackupWorld(["OUTBOX_QUEUE_URL"]));

export const handler = () => sweepBackups({ world: world(), backups, channel });
