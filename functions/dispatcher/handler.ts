import { resolve } from "@nightshift/config";
import { jsonLog } from "@nightshift/runtime";
import config from "../../nightshift.config.ts";
import { lambdaWorld, onFirstUse } from "../world.ts";
import { dispatch, type QueueBatch } from "./entry.ts";

const { groups } = resolve(config);
const world = onFirstUse(() => lambdaWorld(["DEAD_LETTER_QUEUE_URL", "GUARD_FUNCTION_ARN"]));

export const handler = (batch: QueueBatch) => dispatch(batch, { world: world(), groups, log: jsonLog });
