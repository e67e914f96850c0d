import { resolve } from "@nightshift/config";
import config from "../../nightshift.config.ts";
import { lambdaWorldWithSlack, onFirstUse } from "../world.ts";
import { roomHandler } from "./entry.ts";

const { groups, incidents: policy } = resolve(config);

export const handler = roomHandler({ world: onFirstUse(() => lambdaWorldWithSlack(["EVIDENCE_BUCKET", "WAR_ROOM_FUNCTION_ARN"])), policy, groups });
