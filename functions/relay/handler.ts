import { resolve } from "@nightshift/config";
import config from "../../nightshift.config.ts";
import { lambdaWorld, onFirstUse } from "../world.ts";
import { relayBatch, type StreamBatch } from "./entry.ts";

const { incidents: policy } = resolve(config);
const world = onFirstUse(() => lambdaWorld(["OUTBOX_QUEUE_URL"]));

export const handler = (batch: StreamBatch) => relayBatch(batch, { world: world(), policy });
