import { resolve } from "@nightshift/config";
import { jsonLog } from "@nightshift/runtime";
import config from "../../nightshift.config.ts";
import { lambdaWorld, onFirstUse, ownAccount } from "../world.ts";
import { dispatch, type QueueBatch } from "./entry.ts";

const { groups } = resolve(config);
const world = onFirstUse(() => lambdaWorld(["DEAD_LETTER_QUEUE_URL", "GUARD_FUNCTION_ARN"]));
const own = onFirstUse(() => ownAccount());

export const handler = (batch: QueueBatch) => dispatch(batch, { world: world(), groups, own: own(), log: jsonLog });
