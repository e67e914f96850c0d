import { resolve } from "@nightshift/config";
import config from "../../nightshift.config.ts";
import { lambdaWorld, onFirstUse } from "../world.ts";
import { guardHandler } from "./entry.ts";

const { groups } = resolve(config);

export const handler = guardHandler({ world: onFirstUse(() => lambdaWorld(["EVIDENCE_BUCKET", "WAR_ROOM_FUNCTION_ARN"])), groups });
