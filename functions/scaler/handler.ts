import { resolve } from "@nightshift/config";
import { jsonLog } from "@nightshift/runtime/log";
import config from "../../nightshift.config.ts";
import { lambdaWorldWithBrokers, onFirstUse } from "../world.ts";
import { scale } from "./entry.ts";

const { workers, budgets } = resolve(config);
const world = onFirstUse(() => lambdaWorldWithBrokers(["EVENTS_QUEUE_URL", "GUARD_FUNCTION_ARN", "WAR_ROOM_FUNCTION_ARN"]));

export const handler = (raw: unknown) => scale(raw, { world: world(), workers, budgets, log: jsonLog });
