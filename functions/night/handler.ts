import { resolve } from "@nightshift/config";
import config from "../../nightshift.config.ts";
import { lambdaBackupWorld, runnerVariables } from "../backup-world.ts";
import { onFirstUse } from "../world.ts";
import { nightHandler } from "./entry.ts";

const { backups, incidents } = resolve(config);

export const handler = nightHandler({
  world: onFirstUse(() => lambdaBackupWorld(["OUTBOX_QUEUE_URL", ...runnerVariables])),
  databases: backups.databases,
  channel: incidents.channels.ops ?? incidents.channels.incidents,
});
