import { heldBecause } from "@nightshift/decide/control";
import { decideGuard } from "@nightshift/decide/decide-guard";
import { trafficQueries, windowToRead } from "@nightshift/decide/queries";
import { siblingsNow } from "@nightshift/decide/signs/siblings";
import { blindLook, firstMemory, remember, smokeDue } from "@nightshift/decide/remember";
import type {
  ControlState,
  EpochMs,
  GuardedService,
  GuardSettings,
  Look,
  MemberLook,
  MetricSeries,
  Prepared,
  PreparedMember,
  Reading,
  ServiceName,
  ServiceState,
  TaskFacts,
  WatchMemory,
} from "@nightshift/model";
import { epochMs } from "@nightshift/model";
import { saveEvidence } from "./evidence.ts";
import { baselineOf, isResolved, lacksBaseline, prepareMember } from "@nightshift/runtime/prepare-watch";
import { reading } from "@nightshift/runtime/reading";
import { type GuardWorld, settingsOf } from "./settings.ts";

/** What the watch carries from look to look: its memory, and members whose deployment began after the watch did. */
export interface WatchState {
  readonly joined: readonly PreparedMember[];
  readonly memory: WatchMemory;
  /** The control row as the last look read it: taking the lease starts from it. */
  readonly control: ControlState | undefined;
}

/** The watch before its first look. */
export const firstState = (prepared: Prepared): WatchState => ({ joined: [], memory: firstMemory(prepared), control: undefined });

/** What one look read: what the decision sees, and the control row it came with. */
export interface Observed {
  readonly look: Look;
  readonly control: ControlState;
  /** The tasks as they were read for the look: verification needs each one, and must not ask a throttled account twice. A service whose tasks could not be read is missing. */
  readonly tasks: readonly { readonly service: ServiceName; readonly tasks: readonly TaskFacts[] }[];
}

/** The prepared group with later joiners in place of what was known of them before. */
export const withJoined = (prepared: Prepared, joined: readonly PreparedMember[]): Prepared => ({
  ...prepared,
  members: prepared.members.map((member) => joined.find((one) => one.ref.service === member.ref.service) ?? member),
});

/** A look that failed as a whole: counted, and nothing concluded from it. */
export const blindState = (state: WatchState, because: string): WatchState => ({ ...state, memory: blindLook(state.memory, because) });

/** Everything one look reads, over the whole group. */
export async function observe(
  world: GuardWorld,
  { prepared, memory, settings }: { prepared: Prepared; memory: WatchMemory; settings: GuardSettings },
): Promise<Observed> {
  const at = world.clock.now();
  const control = await world.control.read();
  const watches = await world.watches.all();
  const watch = watches.find((row) => row.group === settings.group);
  const states = await world.services.describe(prepared.members.map((member) => member.ref));
  const members: MemberLook[] = [];
  const read: Observed["tasks"][number][] = [];
  for (const member of prepared.members) {
    const state = states.find((one) => one.ref.service === member.ref.service);
    const tasks = await reading(() => world.services.tasks(member.ref));
    if (tasks.ok) read.push({ service: member.ref.service, tasks: tasks.value });
    members.push(await lookAtMember(world, { tasks, member, service: settingsOf(settings, member.ref.service), state, at, memory }));
  }
  // A service that is being deployed itself is no witness: it may fail for a reason of its own.
  const calm = (settings.siblings ?? []).filter((one) => !watches.some((row) => row.state !== "closed" && row.members[one.name] !== undefined));
  const figures = await withMetrics(world, { members, settings: { ...settings, siblings: calm }, at, since: begun(prepared, at) });
  const look: Look = {
    at,
    members: figures.members,
    siblings: figures.siblings,
    watchKey: watch?.key ?? prepared.key,
    watched: watch?.members ?? {},
    heldBecause: heldBecause(
      control,
      settings.services.map((one) => one.name),
      at,
    ),
  };
  return { look, control, tasks: read };
}

/** One look folded into the memory; later joiners prepared, evidence saved at the first suspicion. */
export async function lookOnce(
  world: GuardWorld,
  state: WatchState,
  { prepared: first, settings }: { prepared: Prepared; settings: GuardSettings },
): Promise<WatchState> {
  const before = withJoined(first, state.joined);
  const { look, control } = await observe(world, { prepared: before, memory: state.memory, settings });
  const joined = await prepareJoined(world, { prepared: before, look, state, settings });
  const prepared = withJoined(first, joined);
  const memory = remember(prepared, state.memory, look, settings);
  const verdict = decideGuard(prepared, memory, settings);
  const suspicious = verdict.kind === "wait" ? verdict.suspicious : verdict.kind !== "leave";
  if (!suspicious || memory.evidence !== undefined) return { joined, memory, control };
  return { joined, control, memory: { ...memory, evidence: await saveEvidence(world, { prepared, look, memory }) } };
}

/**
 * Members that must be prepared (again): those whose own deployment began after ours, and those whose digests ECS had
 * not resolved yet (it does when the first task of a revision has pulled its image): without digests nothing can be
 * compared, remembered or called known-bad.
 */
async function prepareJoined(
  world: GuardWorld,
  { prepared, look, state, settings }: { prepared: Prepared; look: Look; state: WatchState; settings: GuardSettings },
): Promise<readonly PreparedMember[]> {
  let joined = state.joined;
  // Another execution watches the group by now: what it judges is not ours to prepare.
  if (look.watchKey !== prepared.key) return joined;
  for (const { service, state: now } of look.members) {
    const member = prepared.members.find((one) => one.ref.service === service);
    if (member === undefined || !now.ok) continue;
    const deployment = look.watched[service] ?? member.judged.deployment;
    const same = deployment === member.judged.deployment;
    if (same && !(await newlyResolved(world, member))) {
      const baseline = await missingBaseline(world, member, settingsOf(settings, service));
      if (baseline !== undefined) joined = [...joined.filter((one) => one.ref.service !== service), { ...member, baseline }];
      continue;
    }
    const tuples = await world.tuples.list(settings.group);
    const expected = { group: settings.group, service, deployment, at: member.judged.startedAt };
    const again = await prepareMember(world, {
      state: now.value,
      service: settingsOf(settings, service),
      tuples,
      expected,
      ...(same ? { earlier: member } : {}),
    });
    joined = [...joined.filter((one) => one.ref.service !== service), again];
  }
  return joined;
}

/** The figures to compare with, where CloudWatch would not give them before; undefined: they are there, or it still does not. */
async function missingBaseline(world: GuardWorld, member: PreparedMember, service: GuardedService): Promise<PreparedMember["baseline"] | undefined> {
  if (!lacksBaseline(member, service)) return undefined;
  const baseline = await baselineOf(world, service, member.judged.startedAt);
  return baseline.before.length === 0 ? undefined : baseline;
}

/** Whether a revision whose digests were missing has them now. */
async function newlyResolved(world: GuardWorld, { judged }: PreparedMember): Promise<boolean> {
  if (judged.revision === undefined || isResolved(judged.identity)) return false;
  const [now] = await world.services.revisions([judged.revision]);
  return now !== undefined && isResolved(now.identity);
}

interface ToSee {
  readonly member: PreparedMember;
  readonly service: GuardedService;
  readonly state: ServiceState | undefined;
  readonly tasks: Reading<readonly TaskFacts[]>;
  readonly at: EpochMs;
  readonly memory: WatchMemory;
}

async function lookAtMember(world: GuardWorld, { member, service, tasks, state: now, at, memory }: ToSee): Promise<MemberLook> {
  const { judged } = member;
  const serviceDeployment = now?.currentDeployment ?? judged.serviceDeployment;
  const deployment = await reading(() => (serviceDeployment === undefined ? Promise.resolve(undefined) : world.services.deployment(serviceDeployment)));
  const mine = tasks.ok ? tasks.value.filter((task) => task.startedBy === judged.deployment) : [];
  const older = tasks.ok ? tasks.value.filter((task) => task.startedBy !== judged.deployment) : [];
  const signals = await world.signals.read(service.name, judged.startedAt);
  return {
    service: service.name,
    state: now === undefined ? { ok: false, because: "ECS did not describe the service" } : { ok: true, value: now },
    deployment,
    stopped: mine.flatMap((task) => (task.stopped === undefined ? [] : [{ ...task.stopped, id: task.id }])),
    judged: judged.deployment,
    judgedRunning: mine.filter(running).length,
    judgedSince: earliest(mine.filter(running)),
    olderRunning: older.filter(running).length,
    targets: await targetsOf(world, now, mine),
    metrics: { ok: true, value: [] },
    smoke: smokeDue(service, memory, at) ? await smoke(world, service) : [],
    alarms: signals.alarms,
    tasksKnown: tasks.ok,
    changes: signals.changes,
  };
}

/** When the first of these tasks started. */
const earliest = (tasks: readonly TaskFacts[]): EpochMs | undefined => {
  const starts = tasks.flatMap((task) => (task.startedAt === undefined ? [] : [task.startedAt]));
  return starts.length === 0 ? undefined : epochMs(Math.min(...starts));
};

const running = (task: TaskFacts) => task.lastStatus === "RUNNING" && task.stopped === undefined;

async function targetsOf(world: GuardWorld, state: ServiceState | undefined, mine: readonly TaskFacts[]): Promise<MemberLook["targets"]> {
  const ips = new Set(mine.flatMap((task) => (task.ip === undefined ? [] : [task.ip])));
  return reading(async () => {
    const all = [];
    for (const group of state?.targetGroups ?? []) all.push(...(await world.targets.health(group)));
    return all.map((target) => ({ ...target, judged: ips.has(target.id) }));
  });
}

async function smoke(world: GuardWorld, service: GuardedService): Promise<MemberLook["smoke"]> {
  const results = [];
  for (const test of service.smoke) results.push(await world.probes.run(test));
  return results;
}

/** When the first judged deployment of the group began. */
const begun = (prepared: Prepared, at: EpochMs): EpochMs => epochMs(Math.min(at, ...prepared.members.map((member) => member.judged.startedAt)));

/** One GetMetricData for the whole group: the last read of a look, so that what it shows is acted on at once. */
async function withMetrics(
  world: GuardWorld,
  { members, settings, at, since }: { members: readonly MemberLook[]; settings: GuardSettings; at: EpochMs; since: EpochMs },
): Promise<{ readonly members: readonly MemberLook[]; readonly siblings: NonNullable<Look["siblings"]> }> {
  const others = settings.siblings ?? [];
  const queries = [...settings.services, ...others].flatMap(trafficQueries);
  if (queries.length === 0) return { members, siblings: [] };
  const { from, to } = windowToRead(at, settings);
  const answer: Reading<readonly MetricSeries[]> = await reading(() => world.metrics.read(queries, from, to));
  const siblings = answer.ok ? siblingsNow(others, answer.value, { now: at, since }) : [];
  const seen = members.map((member) => {
    const service = settingsOf(settings, member.service);
    const ids = new Set(trafficQueries(service).map((query) => query.id));
    const metrics: MemberLook["metrics"] = answer.ok ? { ok: true, value: answer.value.filter((series) => ids.has(series.id)) } : answer;
    return { ...member, metrics };
  });
  return { members: seen, siblings };
}
