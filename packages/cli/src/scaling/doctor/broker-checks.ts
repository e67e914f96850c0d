import { right, unseen, type WorkerCheck } from "./facts.ts";

const CONNECT = "run this where the broker can be reached, with --broker env:CELERY_BROKER_URL";

/** A queue must not be thrown away to make room. Source: "Key eviction", https://redis.io/docs/latest/develop/reference/eviction/, 2026-11-21. */
export const eviction: WorkerCheck = {
  id: "S8",
  title: "eviction policy",
  look: ({ settings, redis }) => {
    if (settings.broker.kind !== "redis") return [];
    if (!redis.ok) return unseen(redis, CONNECT);
    const { evictionPolicy } = redis.value;
    if (evictionPolicy === undefined)
      return unseen({ because: "Redis did not tell its maxmemory-policy" }, "look at the parameter group: maxmemory-policy should be noeviction");
    if (evictionPolicy === "noeviction") return right("maxmemory-policy noeviction");
    const all = evictionPolicy.startsWith("allkeys");
    return [
      {
        kind: "wrong",
        severity: all ? "danger" : "warning",
        found: `maxmemory-policy ${evictionPolicy}: when memory is full ${all ? "Redis throws whole queues away" : "keys with an expiry go first, results among them"}, and nothing says so`,
        right: "noeviction: publishing fails loudly instead",
        next: "set maxmemory-policy = noeviction in the parameter group of the broker, and give caches a Redis of their own",
      },
    ];
  },
};

/** A database that a cache shares with queues. */
export const sharedBroker: WorkerCheck = {
  id: "S9",
  title: "broker of its own",
  look: ({ settings, redis }) => {
    if (settings.broker.kind !== "redis") return [];
    if (!redis.ok) return unseen(redis, CONNECT);
    const { sample, database, databases } = redis.value;
    const others = databases.filter((one) => one.database !== database && one.keys > 0);
    const next = "move the cache or the broker to another Redis; until then rates are taken from depths, which is less exact";
    const wanted = "a Redis for the broker alone: rates are counted by the server's own command statistics, and a full cache stops publishing";
    if (sample.foreign.length > 0) {
      const examples = sample.foreign.slice(0, 3).join(", ");
      const found = `${sample.foreign.length} of ${sample.keys} sampled keys of database ${database} are not Celery's, such as ${examples}`;
      return [{ kind: "wrong", severity: "warning", found, right: wanted, next }];
    }
    if (others.length > 0) {
      const found = `the same Redis has keys in ${others.map((one) => `database ${one.database} (${one.keys})`).join(", ")}`;
      return [{ kind: "wrong", severity: "note", found, right: wanted, next }];
    }
    return right(`${sample.keys} sampled keys of database ${database} are all Celery's, and no other database has any`);
  },
};

/** What the probe refuses: several nodes with a part of the keys each, and copies. */
export const oneNode: WorkerCheck = {
  id: "S13",
  title: "one Redis node",
  look: ({ settings, redis }) => {
    if (settings.broker.kind !== "redis") return [];
    if (!redis.ok) return unseen(redis, CONNECT);
    const { cluster, replica } = redis.value;
    if (!cluster && !replica) return right("a primary, without cluster mode");
    return [
      {
        kind: "wrong",
        severity: "danger",
        found: cluster
          ? "cluster mode is on: Celery's Redis transport does not work with it, and the probe refuses it"
          : "this is a replica: it is behind, and cannot be written to",
        right: "the primary endpoint of a replication group without cluster mode",
        next: "use the primary endpoint in the broker's secret; turn cluster mode off where it is on",
      },
    ];
  },
};

/** A name that nobody ever published to is most likely a slip. */
export const unknownQueue: WorkerCheck = {
  id: "S11",
  title: "queues",
  look: ({ settings, queues }) => {
    if (!queues.ok) return unseen(queues, CONNECT);
    const missing = queues.value.filter(({ known }) => known === false);
    const doubtful = queues.value.filter(({ known }) => known === undefined).map(({ name }) => name);
    if (missing.length === 0 && doubtful.length > 0) {
      const because = `${doubtful.join(", ")} may be empty or misspelt: nothing is in it and no worker that answered takes from it`;
      return unseen({ because }, "compare the name with task_default_queue, task_routes and -Q of the worker, or look again while a worker runs");
    }
    if (missing.length === 0) return right(`${settings.queues.map(({ name }) => name).join(", ")}: all known to the broker`);
    return missing.map(({ name }) => ({
      kind: "wrong",
      severity: "danger",
      found: `the broker has no queue "${name}"`,
      right: "the name as Celery has it: task_default_queue, task_routes, or -Q of the worker",
      next: "correct queues in nightshift.config.ts (keyPrefix, too, if global_keyprefix is set); a queue that was never used is made by its first task",
    }));
  },
};

/** Two scalers on one count undo each other. */
export const rival: WorkerCheck = {
  id: "S12",
  title: "one scaler",
  look: ({ rival: found }) => {
    if (!found.ok) return unseen(found, "give this command application-autoscaling:DescribeScalableTargets (docs/permissions.md), then look again");
    if (found.value === undefined) return right("nobody else scales this service");
    return [
      {
        kind: "wrong",
        severity: "danger",
        found: `${found.value}: Nightshift holds until it is gone`,
        right: "one scaler a service",
        next: "aws application-autoscaling deregister-scalable-target --service-namespace ecs --scalable-dimension ecs:service:DesiredCount --resource-id service/CLUSTER/SERVICE",
      },
    ];
  },
};
