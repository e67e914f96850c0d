import { awsWorld } from "@nightshift/aws/world";
import { resolve } from "@nightshift/config";
import config from "../../nightshift.config.ts";
import { guardHandler } from "./entry.ts";

const { groups } = resolve(config);

export const handler = guardHandler({ world: awsWorld, groups });
