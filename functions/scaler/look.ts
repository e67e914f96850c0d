import { activeRollback, heldBecause } from "@nightshift/decide/control";
import { decideScaling } from "@nightshift/decide/scaling/decide-scaling";
import { firstScalingState } from "@nightshift/decide/scaling/first-state";
import { type Reads, whatToRead } from "@nightshift/decide/scaling/what-to-read";
import {
  type BrokerReading,
  before,
  type Datapoint,
  type EpochMs,
  type FleetState,
  hours,
  minutes,
  type Reading,
  type ScalingObservation,
  type ScalingState,
  type ScalingUpkeep,
  since,
  type WorkerReading,
  type WorkerSettings,
} from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { PortError } from "@nightshift/ports";
import type { ScalerFacts } from "./decide-look.ts";
import { isEffect, sortAnswers } from "./effects.ts";
import { type LookDue, refOf, type ScalerSettings, type ScalerWorld } from "./settings.ts";

/** Application Auto Scaling is asked about so often: somebody may set it up beside us at any time, and a call a minute would cost more than it finds. */
const RIVAL_EVERY = hours(1);

/**
 * Everything one look reads. Who holds the service is read only when something would be done: a quiet look is four calls at most (the
 * row, the service, the queue and the row's next version).
 */
export async function observe(world: ScalerWorld, look: LookDue, settings: ScalerSettings): Promise<ScalerFacts> {
  const { worker } = settings;
  const from = look.state ?? firstScalingState(look.at);
  const { upkeep, ...seen } = await read(world, look, { from, worker });
  const { heeding, unheeded } = sortAnswers(from, seen.observation.drained ?? []);
  const observation =
    seen.observation.drained === undefined || !guard("who still takes work is not empty") ? seen.observation : { ...seen.observation, drained: heeding };
  const facts = { ...settings, minute: look.minute, observation, unheeded, from, upkeep, approval: undefined, control: undefined };
  const wants = decideScaling(observation, from, worker);
  if (worker.mode === "shadow" || !isEffect(wants, facts)) return facts;
  const asked = upkeep.asked;
  const [control, approval] = await Promise.all([world.control.read(), asked === undefined ? undefined : world.approvals.find(asked.plan)]);
  const lease = activeRollback(control, worker.service, look.at);
  const rollback = lease === undefined ? undefined : `${lease.holder} is rolling ${worker.service} back`;
  return { ...facts, control, approval, observation: { ...observation, held: heldBecause(control, [worker.service, worker.group], look.at), rollback } };
}

interface Since {
  readonly from: ScalingState;
  readonly worker: WorkerSettings;
}

async function read(
  world: ScalerWorld,
  look: LookDue,
  { from, worker }: Since,
): Promise<{ readonly observation: ScalingObservation; readonly upkeep: ScalingUpkeep }> {
  const { at, order } = look;
  const kept = from.upkeep ?? {};
  const wants = whatToRead(from, worker, at);
  const [broker, fleet, drained, cpu, memory, rival] = await Promise.all([
    world.queues.probe({ broker: worker.broker, queues: worker.queues.map((one) => one.name), heartbeats: wants.heartbeats, acksLate: worker.acksLate }),
    readFleet(world, worker, wants),
    readDrained(world, worker, from),
    wants.cpu ? utilisation(world, worker, { metric: "CPUUtilization", at }) : undefined,
    wants.memory ? utilisation(world, worker, { metric: "MemoryUtilization", at }) : undefined,
    readRival(world, worker, { kept: kept.rival, at }),
  ]);
  const heardAt = heard(broker) ? at : kept.heardAt;
  return {
    observation: {
      at,
      broker,
      fleet,
      drained,
      cpu,
      memory,
      held: undefined,
      rollback: undefined,
      rival: rival?.says,
      order: order !== undefined && order.until > at ? order : undefined,
    },
    upkeep: { ...kept, ...(heardAt === undefined ? {} : { heardAt }), ...(rival === undefined ? {} : { rival }) },
  };
}

const heard = (broker: BrokerReading): boolean => broker.kind === "seen" && broker.workers !== undefined;

/** The service's counts, and its tasks where they are wanted. Tasks that cannot be read are unknown, not gone. */
async function readFleet(world: ScalerWorld, worker: WorkerSettings, { tasks, stopped }: Reads): Promise<Reading<FleetState>> {
  const ref = refOf(worker);
  const [fleet, seen] = await Promise.all([
    reading(async () => {
      const [found] = await world.fleets.describe([ref]);
      if (found === undefined) throw new PortError("not-found", "ecs:DescribeServices", worker.service, "ECS did not describe the service");
      return found;
    }),
    tasks ? reading(() => world.fleets.tasks(ref, { stopped, protection: true })) : undefined,
  ]);
  if (!fleet.ok || seen?.ok !== true) return fleet;
  return { ok: true, value: { ...fleet.value, tasks: seen.value.live, ...(stopped ? { stopped: seen.value.stopped } : {}) } };
}

/** What the drained workers say; who does not answer is absent. */
async function readDrained(world: ScalerWorld, worker: WorkerSettings, { draining }: ScalingState): Promise<readonly WorkerReading[] | undefined> {
  if (draining.length === 0 || worker.control !== "celery") return undefined;
  const answers = await reading(() =>
    world.workers.look(
      worker.broker,
      draining.map((one) => one.worker),
    ),
  );
  return answers.ok ? answers.value : [];
}

async function readRival(
  world: ScalerWorld,
  worker: WorkerSettings,
  { kept, at }: { readonly kept: ScalingUpkeep["rival"]; readonly at: EpochMs },
): Promise<ScalingUpkeep["rival"]> {
  if (kept !== undefined && since(kept.at, at) < RIVAL_EVERY) return kept;
  const found = await reading(() => world.fleets.rival(refOf(worker)));
  if (!found.ok) return kept;
  return found.value === undefined ? { at } : { at, says: found.value };
}

/** One-minute averages of the service ("Amazon ECS service utilization metrics", https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_utilization.html, 2026-11-21). */
function utilisation(
  world: ScalerWorld,
  { cluster, service, utilisation: rules }: WorkerSettings,
  { metric, at }: { readonly metric: "CPUUtilization" | "MemoryUtilization"; readonly at: EpochMs },
): Promise<Reading<readonly Datapoint[]>> {
  const longest = Math.max(...rules.flatMap((rule) => [rule.out?.for ?? 0, rule.in?.for ?? 0]));
  return reading(async () => {
    const query = {
      id: metric === "CPUUtilization" ? "cpu" : "memory",
      namespace: "AWS/ECS",
      metric,
      dimensions: { ClusterName: cluster, ServiceName: service },
      statistic: "Average",
      period: minutes(1),
    };
    // Figures come a minute or two late: as many more are read.
    const [series] = await world.metrics.read([query], before(at, minutes(Math.ceil(longest / minutes(1)) + 3)), at);
    if (series === undefined || !series.complete) throw new PortError("unavailable", "cloudwatch:GetMetricData", service, `${metric} is incomplete`);
    return series.points;
  });
}

/** An answer, or the port's sentence in its place: what could not be read is unknown. */
async function reading<T>(ask: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { ok: true, value: await ask() };
  } catch (error) {
    if (error instanceof PortError) return { ok: false, because: error.message };
    throw error;
  }
}
