import { activeRollback, heldBecause } from "@nightshift/decide/control";
import { decideScaling } from "@nightshift/decide/scaling/decide-scaling";
import { firstScalingState } from "@nightshift/decide/scaling/first-state";
import { type ToRead, whatToRead } from "@nightshift/decide/scaling/what-to-read";
import {
  before,
  type Datapoint,
  type EpochMs,
  type FleetState,
  minutes,
  type Reading,
  type ScalingObservation,
  type ScalingState,
  type WorkerReading,
  type WorkerSettings,
} from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { PortError } from "@nightshift/ports";
import { reading } from "@nightshift/runtime/reading";
import { isOver } from "./ask.ts";
import type { ScalerFacts } from "./decide-look.ts";
import { isEffect, sortAnswers } from "./effects.ts";
import { type LookDue, refOf, type ScalerSettings, type ScalerWorld } from "./settings.ts";

/**
 * Everything one look reads. Who holds the service is read only when something would be done: a quiet look is four calls at most (the
 * row, the service, the queue and the row's next version).
 */
export async function observe(world: ScalerWorld, look: LookDue, settings: ScalerSettings): Promise<ScalerFacts> {
  const { worker } = settings;
  const left = look.state ?? firstScalingState(look.at);
  const seen = await read(world, look, { from: left, worker });
  const { heeding, unheeded } = sortAnswers(left, seen.drained ?? []);
  const observation = seen.drained === undefined || !guard("who still takes work is not empty") ? seen : { ...seen, drained: heeding };
  const { acting, ...upkeep } = left.upkeep ?? {};
  const sent = acting === true ? withoutUnsent(left, seen.fleet) : left;
  // What a drained worker turned out to take from is in its row before it is told, so that it gets all of it back.
  const from =
    unheeded.length === 0 ? sent : { ...sent, draining: sent.draining.map((row) => unheeded.find(({ worker: name }) => name === row.worker) ?? row) };
  const facts = { ...settings, minute: look.minute, observation, unheeded, from, upkeep, approval: undefined, control: undefined };
  const { asked } = upkeep;
  const find = async () => (asked === undefined ? undefined : world.approvals.find(asked.plan));
  const wants = decideScaling(observation, from, worker);
  // How a question ended is told when its time is over, whatever is wanted by then.
  if (worker.mode === "shadow" || !isEffect(wants, facts)) return asked === undefined || !isOver(asked, look.at) ? facts : { ...facts, approval: await find() };
  const [control, approval] = await Promise.all([world.control.read(), find()]);
  const lease = activeRollback(control, worker.service, look.at);
  const rollback = lease === undefined ? undefined : `${lease.holder} is rolling ${worker.service} back`;
  return { ...facts, control, approval, observation: { ...observation, held: heldBecause(control, [worker.service, worker.group], look.at), rollback } };
}

/**
 * What a look that died in the middle left: a count that it wanted and that ECS does not show was not sent, so that nothing of it is
 * to be proven. Who was drained meanwhile stays drained, and is told again.
 */
function withoutUnsent(left: ScalingState, fleet: Reading<FleetState>): ScalingState {
  if (!fleet.ok) return left;
  const { desired } = fleet.value;
  const unsent = left.changes.findLast((one) => one.at === left.at && one.from === desired && one.to !== desired);
  const { lowering: last } = left;
  // Whom it protected before it died is given free at this look.
  const lowering = last?.from === desired && last.at === left.at ? { ...last, victims: [] } : last;
  return { ...left, lowering, changes: left.changes.filter((one) => one !== unsent) };
}

interface Since {
  readonly from: ScalingState;
  readonly worker: WorkerSettings;
}

async function read(world: ScalerWorld, { at, order }: LookDue, { from, worker }: Since): Promise<ScalingObservation> {
  const wants = whatToRead(from, at, worker);
  const [broker, fleet, drained, cpu, memory, rival] = await Promise.all([
    world.queues.probe({
      broker: worker.broker,
      queues: worker.queues.map((one) => one.name),
      heartbeats: wants.heartbeats,
      acksLate: worker.acksLate,
      prefetch: worker.concurrency * worker.prefetch,
    }),
    readFleet(world, { from, worker }, wants),
    wants.drained.length === 0 ? undefined : readDrained(world, worker, wants),
    wants.cpu ? utilisation(world, worker, { metric: "CPUUtilization", at }) : undefined,
    wants.memory ? utilisation(world, worker, { metric: "MemoryUtilization", at }) : undefined,
    wants.rival ? readRival(world, { from, worker }) : undefined,
  ]);
  // Who holds the service is read when something would be done.
  const nobody = { held: undefined, rollback: undefined };
  return { at, broker, fleet, drained, cpu, memory, rival, ...nobody, order: order !== undefined && order.until > at ? order : undefined };
}

/** The service's counts, and its tasks where they are wanted. Tasks that cannot be read are unknown, not gone. */
async function readFleet(world: ScalerWorld, { from, worker }: Since, wants: ToRead): Promise<Reading<FleetState>> {
  const ref = refOf(worker);
  const [fleet, seen] = await Promise.all([
    reading(async () => {
      const [found] = await world.fleets.describe([ref]);
      if (found === undefined) throw new PortError("not-found", "ecs:DescribeServices", worker.service, "ECS did not describe the service");
      return found;
    }),
    wants.tasks ? reading(() => readTasks(world, { from, worker }, wants)) : undefined,
  ]);
  if (!fleet.ok || seen?.ok !== true) return fleet;
  return { ok: true, value: { ...fleet.value, ...seen.value } };
}

/** As much of the tasks as this look needs. */
async function readTasks(
  world: ScalerWorld,
  { from, worker }: Since,
  { namesOnly, theseOnly }: ToRead,
): Promise<Pick<FleetState, "listed"> | Pick<FleetState, "followed" | "stopped"> | Pick<FleetState, "tasks" | "stopped">> {
  const ref = refOf(worker);
  if (namesOnly) return { listed: await world.fleets.list(ref) };
  // Which tasks stopped is what proves a scale-in.
  const stopped = from.lowering !== undefined;
  const told = await world.fleets.tasks(ref, { stopped, protection: false, ...(theseOnly === undefined ? {} : { arns: theseOnly }) });
  if (theseOnly !== undefined) return { followed: told.live, stopped: told.stopped };
  return { tasks: told.live, ...(stopped ? { stopped: told.stopped } : {}) };
}

/** What the drained workers say; who does not answer is absent. */
async function readDrained(world: ScalerWorld, { broker }: WorkerSettings, { drained }: ToRead): Promise<readonly WorkerReading[]> {
  const answers = await reading(() => world.workers.look(broker, drained));
  return answers.ok ? answers.value : [];
}

/** Another scaler on the service. An answer that did not come now leaves what was known; @throws {PortError} where it never will: then nothing is done. */
async function readRival(world: ScalerWorld, { from, worker }: Since): Promise<string | undefined> {
  try {
    return await world.fleets.rival(refOf(worker));
  } catch (error) {
    if (!(error instanceof PortError) || !error.retryable) throw error;
    return from.memory.more["rival"] === 1 ? "it was there when last asked" : undefined;
  }
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
