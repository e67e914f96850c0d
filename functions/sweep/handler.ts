import { awsWorld } from "@nightshift/aws/world";
import { resolve } from "@nightshift/config";
import config from "../../nightshift.config.ts";
import { sweep, type SweepDue } from "./entry.ts";

const { groups, channels } = resolve(config);

export const handler = async (due: SweepDue) => sweep(due, { world: awsWorld(), groups, channel: channels.incidents });
