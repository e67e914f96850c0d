import { awsWorld } from "@nightshift/aws/world";
import { resolve } from "@nightshift/config";
import { jsonLog } from "@nightshift/runtime";
import config from "../../nightshift.config.ts";
import { dispatch, type QueueBatch } from "./entry.ts";

const { groups } = resolve(config);

export const handler = async (batch: QueueBatch) => dispatch(batch, { world: awsWorld(), groups, log: jsonLog });
