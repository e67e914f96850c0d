import { resolve } from "@nightshift/config";
import { mirroredIn } from "@nightshift/model";
import { jsonLog } from "@nightshift/runtime";
import config from "../../nightshift.config.ts";
import { lambdaWorld, onFirstUse, ownAccount } from "../world.ts";
import { dispatch, type QueueBatch } from "./entry.ts";

const { groups, incidents: policy, workers, backups, account, region } = resolve(config);
const world = onFirstUse(() => lambdaWorld(["DEAD_LETTER_QUEUE_URL", "GUARD_FUNCTION_ARN", "WAR_ROOM_FUNCTION_ARN", "SCALER_FUNCTION_ARN"]));
// A config that names another account or region than the one it was deployed to believes nobody: better silent than wrong.
const own = onFirstUse(() => {
  const here = ownAccount();
  return { account: account ?? here.account, region: region ?? here.region };
});

export const handler = (batch: QueueBatch) =>
  dispatch(batch, {
    world: world(),
    groups,
    policy,
    workers,
    repositories: mirroredIn(backups),
    own: own(),
    log: jsonLog,
  });
