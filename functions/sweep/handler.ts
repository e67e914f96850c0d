import { resolve } from "@nightshift/config";
import config from "../../nightshift.config.ts";
import { lambdaWorldWithSlack, onFirstUse } from "../world.ts";
import { sweep } from "./entry.ts";

const { groups, channels } = resolve(config);
const world = onFirstUse(() => lambdaWorldWithSlack(["GUARD_FUNCTION_ARN"]));

export const handler = () => sweep({ world: world(), groups, channel: channels.incidents });
