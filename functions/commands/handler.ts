import { readEnvironment } from "@nightshift/aws/environment";
import { resolve } from "@nightshift/config";
import { jsonLog } from "@nightshift/runtime/log";
import config from "../../nightshift.config.ts";
import { lambdaWorldWithSlack, onFirstUse } from "../world.ts";
import { carryOutBatch, type CommandBatch } from "./entry.ts";
import { rememberingDirectory } from "./who.ts";

const { incidents, groups, workers, backups } = resolve(config);
const { STAGE } = readEnvironment(["STAGE"]);
const world = onFirstUse(() => lambdaWorldWithSlack(["GUARD_FUNCTION_ARN", "WAR_ROOM_FUNCTION_ARN", "SCALER_FUNCTION_ARN"]));
const people = onFirstUse(() => rememberingDirectory(world().directory, () => world().clock.now()));

export const handler = (batch: CommandBatch) =>
  carryOutBatch(batch, {
    world: world(),
    policy: incidents,
    groups,
    workers,
    databases: backups.databases,
    installed: `stage ${STAGE}`,
    people: people(),
    backupVerbs: () => import("./verbs/of-backups.ts"),
    log: jsonLog,
  });
