import { awsWorld } from "@nightshift/aws/world";
import { resolve } from "@nightshift/config";
import config from "../../nightshift.config.ts";
import { notifyBatch, type StreamBatch } from "./entry.ts";

const { channels } = resolve(config);

export const handler = async (batch: StreamBatch) => notifyBatch(batch, { world: awsWorld(), channel: channels.incidents });
