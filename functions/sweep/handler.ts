import { resolve } from "@nightshift/config";
import config from "../../nightshift.config.ts";
import { lambdaWorld, onFirstUse } from "../world.ts";
import { sweep } from "./entry.ts";

const { groups, incidents: policy } = resolve(config);
const world = onFirstUse(() => lambdaWorld(["GUARD_FUNCTION_ARN", "WAR_ROOM_FUNCTION_ARN", "OUTBOX_QUEUE_URL"]));

export const handler = () => sweep({ world: world(), groups, policy });
