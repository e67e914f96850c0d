import { readServiceFacts } from "@nightshift/aws/account-ecs";
import { readDefinition } from "@nightshift/aws/definitions";
import { type BrokerReading, type QueueReading, type Reading, seconds, type WorkerReading, type WorkerSettings } from "@nightshift/model";
import { PortError, type World } from "@nightshift/ports";
import type { Account } from "../../place/account.ts";
import type { OpenBroker } from "../../place/brokers.ts";
import type { RedisFacts, WorkerDefinition, WorkerPatient } from "./facts.ts";
import { sampleKeys } from "./redis-sample.ts";

interface Gathering {
  readonly settings: WorkerSettings;
  /** Undefined: no account can be asked, and why. */
  readonly account: Reading<Account>;
  /** Undefined: no address of the broker was given, and why. */
  readonly broker: Reading<OpenBroker>;
  readonly clock: World["clock"];
}

/** Reads what the doctor judges of one worker service. Only reads; what cannot be read says why, and the rest goes on. */
export async function gatherWorker({ settings, account, broker, clock }: Gathering): Promise<WorkerPatient> {
  const at = clock.now();
  const { cluster, service } = settings;
  const over = <T>(read: (open: OpenBroker) => Promise<T>): Promise<Reading<T>> => (broker.ok ? tried(() => read(broker.value)) : Promise.resolve(broker));
  const inAccount = <T>(read: (open: Account) => Promise<T>): Promise<Reading<T>> => (account.ok ? tried(() => read(account.value)) : Promise.resolve(account));
  const names = settings.queues.map(({ name }) => name);
  const probed = await over((open) => open.queues.probe({ broker: open.settings, queues: names, heartbeats: true, acksLate: settings.acksLate }));
  const answers: Reading<readonly WorkerReading[]> =
    settings.control === "celery"
      ? await over((open) => open.workers.look(open.settings, []))
      : { ok: false, because: `workers over ${settings.broker.kind} answer no questions` };
  const consumed = answers.ok ? answers.value.flatMap(({ queues }) => queues ?? []) : [];
  return {
    at,
    settings,
    definition: await inAccount((open) => definitionOf(open, settings)),
    redis: await over((open) => redisOf(open, names)),
    queues: seenOf(probed, (seen) =>
      seen.queues.map((queue) => ({
        name: queue.queue,
        known: isKnown(queue, seen, consumed),
        dueLater: queue.dueLater?.value,
        due: queue.due,
      })),
    ),
    workers: workersOf(settings, answers, probed),
    taskSeconds: await inAccount(async (open) => taskSecondsOf(open, settings.service)),
    rival: await inAccount((open) => open.world.fleets.rival({ cluster, service })),
  };
}

async function tried<T>(read: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { ok: true, value: await read() };
  } catch (error) {
    if (error instanceof PortError || error instanceof Unknown) return { ok: false, because: error.message };
    throw error;
  }
}

/** Something that was asked for and is not there: no fault of any call. */
class Unknown extends Error {}

type Seen = Extract<BrokerReading, { kind: "seen" }>;

function seenOf<T>(probed: Reading<BrokerReading>, pick: (seen: Seen) => T): Reading<T> {
  if (!probed.ok) return probed;
  return probed.value.kind === "seen" ? { ok: true, value: pick(probed.value) } : { ok: false, because: probed.value.because };
}

/** An empty queue leaves no trace in Redis: only what it holds, or a worker that takes from it, tells it from a misspelt one. */
export function isKnown({ queue, waiting, reserved }: QueueReading, { broker, doubts }: Seen, consumed: readonly string[]): boolean | undefined {
  if (doubts.some((doubt) => doubt.includes(` queue ${queue} `) && /declared|created/.test(doubt))) return false;
  if (broker !== "redis" || consumed.includes(queue)) return true;
  return (waiting?.value ?? 0) + (reserved?.value ?? 0) > 0 ? true : undefined;
}

function workersOf(settings: WorkerSettings, asked: Reading<readonly WorkerReading[]>, probed: Reading<BrokerReading>): WorkerPatient["workers"] {
  const stats = ({ name, slots, reserved, active }: WorkerReading) => ({ name, slots, reserved, active });
  if (settings.control !== "celery" && !asked.ok) return asked;
  if (asked.ok && asked.value.length > 0) return { ok: true, value: asked.value.map(stats) };
  const heard = seenOf(probed, ({ workers }) => workers ?? []);
  return heard.ok ? { ok: true, value: heard.value.map(stats) } : asked.ok ? heard : asked;
}

async function definitionOf({ reach }: Account, { cluster, service }: WorkerSettings): Promise<WorkerDefinition> {
  const { taskDefinition } = await readServiceFacts(reach, { cluster, service });
  const { definition } = await readDefinition(reach, taskDefinition);
  return {
    fargate: (definition.requiresCompatibilities ?? []).includes("FARGATE"),
    containers: (definition.containerDefinitions ?? [])
      .filter(({ essential }) => essential !== false)
      .map((container) => ({
        name: container.name ?? "",
        stopTimeout: container.stopTimeout === undefined ? undefined : seconds(container.stopTimeout),
        command: container.command ?? [],
        entryPoint: container.entryPoint ?? [],
        // The one variable that is read; the rest of an environment is nobody's business.
        remapSigterm: container.environment?.find(({ name }) => name === "REMAP_SIGTERM")?.value,
      })),
  };
}

async function redisOf(open: OpenBroker, queues: readonly string[]): Promise<RedisFacts> {
  const { settings } = open;
  if (settings.kind !== "redis") throw new Unknown(`the broker is ${settings.kind}`);
  return open.redis(async ({ link, server, database }) => ({
    evictionPolicy: server.evictionPolicy,
    cluster: server.cluster,
    replica: server.replica,
    database,
    databases: server.databases,
    sample: await sampleKeys(link, settings, queues),
  }));
}

/** As the scaler last measured it, from its own memory in the ledger. */
async function taskSecondsOf({ world }: Account, service: string): Promise<number> {
  if (world.scalingBook === undefined) throw new Unknown("the ledger's tables are not named (LEDGER_TABLE and AUDIT_TABLE)");
  const { state } = await world.scalingBook.read(service);
  const known = state?.memory.serviceSeconds;
  if (known === undefined) throw new Unknown("the scaler has not measured it yet");
  return known;
}
