import { PortError, type World } from "@nightshift/ports";
import { once } from "./connect.ts";
import type { EnvironmentName, Given } from "./environment.ts";
import type { Reach } from "./reach.ts";

/** Ports of backups that AWS serves. */
export type BackupPortName =
  | "databases"
  | "snapshotTaking"
  | "snapshotPruning"
  | "restores"
  | "tableBackups"
  | "cacheBackups"
  | "media"
  | "configurationCopies"
  | "restoreTests"
  | "runners"
  | "recoveryGauges";

/** What the ports of backups are built from. */
export interface BackupParts {
  readonly environment: Given<"AWS_REGION">;
  /** The variable's value. @throws {PortError} `invalid` when this function was not given it */
  readonly given: (name: EnvironmentName) => string;
  readonly print: (line: string) => void;
}

/** Ports of backups; each loads its adapter and its client at first use. */
export const backupPorts = (reach: Reach, parts: BackupParts): Pick<World, BackupPortName> => ({
  ...databasePorts(reach),
  ...otherStores(reach, parts),
  ...runnerPort(reach, parts),
});

function databasePorts(reach: Reach): Pick<World, "databases" | "snapshotTaking" | "snapshotPruning" | "restores"> {
  const databases = once(async () => (await import("./rds-databases.ts")).databasesFrom(reach));
  const taking = once(async () => (await import("./rds-snapshots.ts")).snapshotTakingFrom(reach));
  const pruning = once(async () => (await import("./rds-snapshots.ts")).snapshotPruningFrom(reach));
  const restores = once(async () => (await import("./rds-restores.ts")).restoresFrom(reach));
  return {
    databases: {
      instance: async (instance) => (await databases()).instance(instance),
      snapshots: async (instance, region) => (await databases()).snapshots(instance, region),
      snapshot: async (id, region) => (await databases()).snapshot(id, region),
      quota: async (region) => (await databases()).quota(region),
      disposable: async () => (await databases()).disposable(),
    },
    snapshotTaking: { take: async (asked) => (await taking()).take(asked), copy: async (asked) => (await taking()).copy(asked) },
    snapshotPruning: { delete: async (id, region) => (await pruning()).delete(id, region) },
    restores: { restore: async (asked) => (await restores()).restore(asked), delete: async (instance) => (await restores()).delete(instance) },
  };
}

type OtherStore = "tableBackups" | "cacheBackups" | "media" | "configurationCopies" | "restoreTests" | "recoveryGauges";

function otherStores(reach: Reach, { given, print }: BackupParts): Pick<World, OtherStore> {
  const tables = once(async () => (await import("./dynamodb-backups.ts")).tableBackupsFrom(reach));
  const caches = once(async () => (await import("./elasticache-backups.ts")).cacheBackupsFrom(reach));
  const media = once(async () => (await import("./s3-media.ts")).mediaFrom(reach));
  const copies = once(async () => (await import("./configuration-copies.ts")).configurationCopiesFrom(reach, () => given("BACKUP_BUCKET")));
  const tests = once(async () => (await import("./restore-tests.ts")).restoreTestsFrom(reach));
  const gauges = once(async () => (await import("./recovery-gauges.ts")).recoveryGaugesFrom(print));
  return {
    tableBackups: {
      look: async (table) => (await tables()).look(table),
      list: async (table) => (await tables()).list(table),
      take: async (table, name) => (await tables()).take(table, name),
      delete: async (arn, table) => (await tables()).delete(arn, table),
    },
    cacheBackups: {
      look: async (cache) => (await caches()).look(cache),
      list: async (cache) => (await caches()).list(cache),
      take: async (cache, name) => (await caches()).take(cache, name),
      delete: async (name) => (await caches()).delete(name),
    },
    media: {
      look: async (bucket) => (await media()).look(bucket),
      putCanary: async (bucket, key, body) => (await media()).putCanary(bucket, key, body),
      canary: async (bucket, key) => (await media()).canary(bucket, key),
    },
    configurationCopies: { read: async (asked) => (await copies()).read(asked), keep: async (key, text) => (await copies()).keep(key, text) },
    restoreTests: { job: async (id) => (await tests()).job(id), answer: async (id, how) => (await tests()).answer(id, how) },
    recoveryGauges: { publish: async (of, at, figures) => (await gauges()).publish(of, at, figures) },
  };
}

function runnerPort(reach: Reach, { environment, given }: BackupParts): Pick<World, "runners"> {
  const list = (name: "RUNNER_SUBNETS" | "RUNNER_SECURITY_GROUPS") => given(name).split(",");
  const runners = once(async () =>
    (await import("./ecs-runners.ts")).runnersFrom(reach, {
      cluster: () => given("RUNNER_CLUSTER"),
      taskDefinition: (of) => definitionOf("RUNNER_TASK_DEFINITIONS", given("RUNNER_TASK_DEFINITIONS"), of),
      restoreDefinition: (of) => definitionOf("RUNNER_RESTORE_DEFINITIONS", given("RUNNER_RESTORE_DEFINITIONS"), of),
      subnets: () => list("RUNNER_SUBNETS"),
      securityGroups: () => list("RUNNER_SECURITY_GROUPS"),
      publicAddress: () => environment.RUNNER_PUBLIC_ADDRESS === "ENABLED",
    }),
  );
  return {
    runners: {
      start: async (job) => (await runners()).start(job),
      look: async (task) => (await runners()).look(task),
      stop: async (task, because) => (await runners()).stop(task, because),
    },
  };
}

/** The environment's form was checked: an object of texts. */
function definitionOf(variable: "RUNNER_TASK_DEFINITIONS" | "RUNNER_RESTORE_DEFINITIONS", definitions: string, of: string): string {
  const all: unknown = JSON.parse(definitions);
  const one: unknown = typeof all === "object" && all !== null && Object.hasOwn(all, of) ? Reflect.get(all, of) : undefined;
  if (typeof one === "string") return one;
  throw new PortError(
    "invalid",
    "ecs:RunTask",
    of,
    `${variable} names no task definition for it; deploy again with this database${variable === "RUNNER_RESTORE_DEFINITIONS" ? " and its restoreUrl" : ""} in the config`,
  );
}
