import { resolve } from "@nightshift/config";
import config from "../../nightshift.config.ts";
import { lambdaWorldWithSlack, onFirstUse } from "../world.ts";
import { notifyBatch, type StreamBatch } from "./entry.ts";

const { channels } = resolve(config);
const world = onFirstUse(() => lambdaWorldWithSlack([]));

export const handler = (batch: StreamBatch) => notifyBatch(batch, { world: world(), channel: channels.incidents });
