import { type EpochMs, epochMs, minutes, type Ms } from "@nightshift/model";
import { type DatabaseInstance, type DatabaseSnapshot, PortError, type RestoreAsked, type World } from "@nightshift/ports";

/** What AWS keeps in the fake account; tests set it up and look at it. */
export interface Cloud {
  readonly instances: Map<string, DatabaseInstance & { readonly availableAt: EpochMs }>;
  /** By region and id. */
  readonly snapshots: Map<string, DatabaseSnapshot & { readonly availableAt: EpochMs }>;
  quota: { readonly used: number; readonly most: number };
  /** How long a snapshot, a copy, a restore takes. */
  takes: Ms;
  /** Every restore asked for. */
  readonly restores: RestoreAsked[];
  readonly deleted: string[];
  readonly tables: Map<string, Awaited<ReturnType<World["tableBackups"]["look"]>>>;
  readonly tableBackups: Map<
    string,
    { readonly arn: string; readonly name: string; readonly status: string; readonly at: EpochMs; readonly bytes: number; readonly table: string }
  >;
  readonly caches: Map<string, NonNullable<Awaited<ReturnType<World["cacheBackups"]["look"]>>>>;
  readonly cacheSnapshots: Map<string, { readonly cache: string; readonly at: EpochMs; readonly automatic: boolean }>;
  readonly buckets: Map<string, Awaited<ReturnType<World["media"]["look"]>>>;
  /** When an object arrives where it is copied to; undefined: never. */
  travels: Ms | undefined;
  readonly canaries: Map<string, { readonly body: string; readonly at: EpochMs }>;
  readonly kept: Map<string, string>;
  readonly answers: Map<string, { readonly passed: boolean; readonly message: string }>;
  readonly jobs: Map<string, { readonly status: string; readonly created: string | undefined; readonly source: string | undefined }>;
}

type CloudPorts = Pick<
  World,
  "databases" | "snapshotTaking" | "snapshotPruning" | "restores" | "tableBackups" | "cacheBackups" | "media" | "configurationCopies" | "restoreTests"
>;

export const HERE = "eu-west-1";

/** An RDS instance as it usually is. */
export const instanceOf = (instance: string, over: Partial<DatabaseInstance> = {}): DatabaseInstance & { readonly availableAt: EpochMs } => ({
  instance,
  arn: `arn:aws:rds:${HERE}:123456789012:db:${instance}`,
  status: "available",
  engine: "postgres",
  engineVersion: "17.2",
  endpoint: `${instance}.example.internal:5432`,
  instanceClass: "db.m6g.large",
  allocatedGiB: 100,
  multiAz: true,
  encrypted: true,
  kmsKey: "key-1",
  parameterGroup: "shop-17",
  subnetGroup: "production",
  securityGroups: ["sg-production"],
  retentionDays: 7,
  latestRestorable: undefined,
  deletionProtection: true,
  tags: {},
  availableAt: epochMs(0),
  ...over,
});

export function fakeCloud(now: () => EpochMs): { readonly cloud: Cloud; readonly ports: CloudPorts } {
  const cloud: Cloud = {
    instances: new Map(),
    snapshots: new Map(),
    quota: { used: 3, most: 100 },
    takes: minutes(10),
    restores: [],
    deleted: [],
    tables: new Map(),
    tableBackups: new Map(),
    caches: new Map(),
    cacheSnapshots: new Map(),
    buckets: new Map(),
    travels: minutes(1),
    canaries: new Map(),
    kept: new Map(),
    answers: new Map(),
    jobs: new Map(),
  };
  return { cloud, ports: { ...rds(cloud, now), ...stores(cloud, now) } };
}

function rds(cloud: Cloud, now: () => EpochMs): Pick<CloudPorts, "databases" | "snapshotTaking" | "snapshotPruning" | "restores"> {
  const stands = (one: DatabaseInstance & { readonly availableAt: EpochMs }): DatabaseInstance =>
    one.status === "creating" && one.availableAt <= now() ? { ...one, status: "available" } : one;
  const seen = (one: DatabaseSnapshot & { readonly availableAt: EpochMs }): DatabaseSnapshot =>
    one.status === "creating" && one.availableAt <= now() ? { ...one, status: "available", progress: 100 } : one;
  const put = (snapshot: Omit<DatabaseSnapshot, "arn" | "status" | "progress" | "created" | "manual">) => {
    const arn = `arn:aws:rds:${snapshot.region}:123456789012:snapshot:${snapshot.id}`;
    const made = { ...snapshot, arn, manual: true, status: "creating", progress: 0, created: now(), availableAt: epochMs(now() + cloud.takes) };
    cloud.snapshots.set(`${snapshot.region}/${snapshot.id}`, made);
  };
  return {
    databases: {
      instance: async (name) => {
        const found = cloud.instances.get(name);
        return found === undefined ? undefined : stands(found);
      },
      snapshots: async (instance, region = HERE) => [...cloud.snapshots.values()].filter((one) => one.instance === instance && one.region === region).map(seen),
      snapshot: async (id, region = HERE) => {
        const found = cloud.snapshots.get(`${region}/${id}`);
        return found === undefined ? undefined : seen(found);
      },
      quota: async () => cloud.quota,
      disposable: async () => [...cloud.instances.values()].filter(({ instance }) => /^nightshift-(verify|restore)-/.test(instance)).map(stands),
    },
    snapshotTaking: {
      take: async ({ instance, id, tags }) => {
        if (cloud.snapshots.has(`${HERE}/${id}`)) return "already";
        put({ id, instance, region: HERE, contentsOf: now(), allocatedGiB: 100, encrypted: true, tags });
        return "taken";
      },
      copy: async ({ arn, id, toRegion, tags }) => {
        if (cloud.snapshots.has(`${toRegion}/${id}`)) return "already";
        const source = [...cloud.snapshots.values()].find((one) => one.arn === arn);
        if (source === undefined) throw new PortError("not-found", "rds:CopyDBSnapshot", id, "no such snapshot");
        put({ id, instance: source.instance, region: toRegion, contentsOf: source.contentsOf, allocatedGiB: 100, encrypted: true, tags });
        return "copying";
      },
    },
    snapshotPruning: {
      delete: async (id, region = HERE) => {
        cloud.deleted.push(`${region}/${id}`);
        return cloud.snapshots.delete(`${region}/${id}`) ? "deleted" : "gone";
      },
    },
    restores: {
      restore: async (asked) => {
        if (cloud.instances.has(asked.instance)) return "already";
        cloud.restores.push(asked);
        const { instance, instanceClass, parameterGroup, securityGroups, subnetGroup, tags } = asked;
        const made = instanceOf(instance, { status: "creating", instanceClass, parameterGroup, securityGroups, subnetGroup, tags });
        cloud.instances.set(instance, { ...made, availableAt: epochMs(now() + cloud.takes) });
        return "restoring";
      },
      delete: async (instance) => {
        if (!instance.startsWith("nightshift-verify-")) throw new PortError("denied", "rds:DeleteDBInstance", instance, "it is not ours");
        cloud.deleted.push(instance);
        return cloud.instances.delete(instance) ? "deleting" : "gone";
      },
    },
  };
}

function stores(cloud: Cloud, now: () => EpochMs): Pick<CloudPorts, "tableBackups" | "cacheBackups" | "media" | "configurationCopies" | "restoreTests"> {
  const missing = (what: string) => new PortError("not-found", "fake", what, `there is no ${what}`);
  const ready = (at: EpochMs): boolean => at + cloud.takes <= now();
  return {
    tableBackups: {
      look: async (table) => {
        const found = cloud.tables.get(table);
        if (found === undefined) throw missing(table);
        return found;
      },
      list: async (table) =>
        [...cloud.tableBackups.values()].filter((one) => one.table === table).map((one) => ({ ...one, status: ready(one.at) ? "AVAILABLE" : "CREATING" })),
      take: async (table, name) => {
        const arn = `arn:aws:dynamodb:${HERE}:123456789012:table/${table}/backup/${name}`;
        if (!cloud.tableBackups.has(arn)) cloud.tableBackups.set(arn, { arn, name, status: "CREATING", at: now(), bytes: 1_000, table });
        return arn;
      },
      delete: async (arn) => {
        cloud.deleted.push(arn);
        return cloud.tableBackups.delete(arn) ? "deleted" : "gone";
      },
    },
    cacheBackups: {
      look: async (cache) => cloud.caches.get(cache),
      list: async (cache) =>
        [...cloud.cacheSnapshots]
          .filter(([, one]) => one.cache === cache)
          .map(([name, one]) => ({ name, status: ready(one.at) ? "available" : "creating", at: one.at, automatic: one.automatic, bytes: 500 })),
      take: async (cache, name) => {
        if (cloud.cacheSnapshots.has(name)) return "already";
        cloud.cacheSnapshots.set(name, { cache, at: now(), automatic: false });
        return "taken";
      },
      delete: async (name) => {
        cloud.deleted.push(name);
        return cloud.cacheSnapshots.delete(name) ? "deleted" : "gone";
      },
    },
    media: {
      look: async (bucket) => {
        const found = cloud.buckets.get(bucket);
        if (found === undefined) throw missing(bucket);
        return found;
      },
      putCanary: async (_bucket, key, body) => {
        if (!cloud.canaries.has(key)) cloud.canaries.set(key, { body, at: now() });
        return "v1";
      },
      canary: async (_bucket, key) => {
        const sent = cloud.canaries.get(key);
        return sent === undefined || cloud.travels === undefined || sent.at + cloud.travels > now() ? undefined : sent;
      },
    },
    configurationCopies: {
      read: async ({ taskDefinitions, parameterPaths }) => JSON.stringify({ taskDefinitions, parameterPaths }),
      keep: async (key, text) => {
        cloud.kept.set(key, text);
        return { key, sha256: `sha-of-${text.length}` };
      },
    },
    restoreTests: {
      job: async (id) => {
        const found = cloud.jobs.get(id);
        if (found === undefined) throw missing(id);
        return found;
      },
      answer: async (id, how) => {
        if (!cloud.answers.has(id)) cloud.answers.set(id, how);
      },
    },
  };
}
