/// <reference path="../.sst/platform/config.d.ts" />
import type { Resolved } from "@nightshift/config";
import type { BackupSettings } from "@nightshift/model";
import { deadManAlarms } from "./backup-alarms.ts";
import { type Runner, runner } from "./backup-runner.ts";
import { schedulesOfBackups } from "./backup-schedules.ts";
import { backupStore } from "./backup-store.ts";
import type { Boundaries } from "./boundary.ts";
import type { GivenBackups } from "./environment.ts";
import { here, named } from "./names.ts";
import type { BackedUp } from "./permissions.ts";

/** What backups stand on. */
export interface Backups {
  readonly store: sst.aws.Bucket;
  readonly runner: Runner;
  readonly given: GivenBackups;
}

interface Around {
  readonly events: sst.aws.Queue;
  readonly deadLetters: sst.aws.Queue;
  readonly bus: sst.aws.Bus;
  readonly topic: sst.aws.SnsTopic;
  readonly boundaries: Boundaries;
}

/** Store, runner, schedules and dead-man alarms; undefined where the config backs nothing up. */
export function backups({ backups: settings, network }: Resolved, { events, deadLetters, bus, topic, boundaries }: Around): Backups | undefined {
  if (!isAnything(settings)) return undefined;
  const store = backupStore(settings);
  const made = runner(settings, store, boundaries.runner);
  schedulesOfBackups(settings, { events, deadLetters, bus, boundaries });
  deadManAlarms(settings.databases, topic);
  return {
    store,
    runner: made,
    given: {
      bucket: store.name,
      runnerCluster: made.cluster.name,
      runnerDefinitions: sayDefinitions(made.definitions),
      restoreDefinitions: sayDefinitions(made.restoring.definitions),
      network,
    },
  };
}

/** ARNs with their revision, by database, as JSON. */
function sayDefinitions(definitions: Runner["definitions"]): $util.Output<string> {
  const names = Object.keys(definitions);
  return $util
    .all(Object.values(definitions).map(({ arn }) => arn))
    .apply((arns) => JSON.stringify(Object.fromEntries(names.map((name, index) => [name, arns[index]]))));
}

const isAnything = ({ databases, tables, caches, media, configuration }: BackupSettings): boolean =>
  databases.length + tables.length + caches.length + media.length > 0 || configuration !== undefined;

/** The names that the grants of backups are bound to. */
export function backedUp({ backups: settings }: Resolved, made: Backups | undefined): BackedUp {
  const { partition, region, account } = here();
  const { databases, tables, caches, media, configuration } = settings;
  const copyRegions = [...new Set(databases.flatMap(({ snapshots }) => snapshots?.copyTo?.region ?? []))];
  const instances = [...new Set(databases.flatMap(({ instance }) => instance ?? []))];
  const bucket = (name: string) => $interpolate`arn:${partition}:s3:::${name}`;
  return {
    backups: made === undefined ? [] : [made.store.arn],
    vault: made === undefined ? [] : [made.store.arn],
    prefix: [""],
    vaultKey: [],
    database: instances,
    copyRegion: copyRegions,
    // Which key is said by the instance; a grant for RDS in the caller's name is all that is allowed with any (packages/aws/src/backup-grants.ts).
    databaseKey: instances.length === 0 ? [] : [region, ...copyRegions].map((one) => $interpolate`arn:${partition}:kms:${one}:${account}:key/*`),
    restoreSubnetGroup: [...new Set([...databases.flatMap(({ drill }) => drill?.subnetGroup ?? []), ...instances.map(subnetGroupOf)])],
    table: tables.map(({ table }) => $interpolate`arn:${partition}:dynamodb:${region}:${account}:table/${table}`),
    cache: caches.map(({ cache }) => cache),
    media: media.map(({ bucket: name }) => bucket(name)),
    mediaReplica: media.flatMap(({ replica }) => (replica === undefined ? [] : [bucket(replica)])),
    parameterPath: (configuration?.parameterPaths ?? []).flatMap((path) =>
      [path, `${path.replace(/\/$/, "")}/*`].map((one) => $interpolate`arn:${partition}:ssm:${region}:${account}:parameter${one}`),
    ),
    runnerCluster: made === undefined ? [] : [named("runner")],
    runnerTask: Object.values(made?.runner.definitions ?? {}).map(({ arn }) => arn),
    runnerRole: (made?.runner.roles ?? []).map(({ arn }) => arn),
    restoreTask: Object.values(made?.runner.restoring.definitions ?? {}).map(({ arn }) => arn),
    restoreRole: (made?.runner.restoring.roles ?? []).map(({ arn }) => arn),
  };
}

/** The subnet group that an instance stands in today, read from the account while deploying: a restore goes beside it. */
const subnetGroupOf = (instance: string): $util.Output<string> => aws.rds.getInstanceOutput({ dbInstanceIdentifier: instance }).dbSubnetGroup;
