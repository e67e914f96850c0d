import { resolve } from "@nightshift/config";
import config from "../../nightshift.config.ts";
import { lambdaBackupWorld, runnerVariables } from "../backup-world.ts";
import { onFirstUse } from "../world.ts";
import { snapshotHandler } from "./entry.ts";

const { backups, groups, mode } = resolve(config);

export const handler = snapshotHandler({
  world: onFirstUse(() => lambdaBackupWorld(runnerVariables)),
  backups,
  mode,
  taskDefinitions: [],
  services: groups.flatMap((group) => group.services.map(({ cluster, name }) => ({ cluster, service: name }))),
});
