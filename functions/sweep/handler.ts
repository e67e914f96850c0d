import { awsWorld } from "@nightshift/aws/world";
import { resolve } from "@nightshift/config";
import config from "../../nightshift.config.ts";
import { sweep } from "./entry.ts";

const { groups, channels } = resolve(config);

export const handler = async () => sweep({ world: awsWorld(), groups, channel: channels.incidents });
