import { baselineWindows, trafficQueries } from "@nightshift/decide/queries";
import { bootstrapRecord, chooseCandidate } from "@nightshift/decide/last-known-good";
import type {
  AlarmState, ChangeNote, DeploymentStarted, EcsDeployment, EpochMs, GoodTuple, GuardedService, GuardSettings, Prepared, PreparedMember,
  RevisionRecord, ServiceDeployment, ServiceRevision, ServiceState,
} from "@nightshift/model";
import { before, days, epochMs } from "@nightshift/model";
import type { GuardWorld } from "./settings.ts";

/** How far back migration notes count when the candidate's age is unknown: the life of a GOOD grade. */
const NOTES_FOR = days(30);

/** Reads everything the way back needs while nothing burns, so that the alarm path is short (§6.1 of the rollback facts). */
export async function prepareWatch(world: GuardWorld, started: DeploymentStarted, { settings, key }: { settings: GuardSettings; key: string }): Promise<Prepared> {
  const states = await world.services.describe(settings.services.map((one) => ({ cluster: one.cluster, service: one.name })));
  const tuples = await world.tuples.list(settings.group);
  const members: PreparedMember[] = [];
  for (const state of states) {
    const service = settings.services.find((one) => one.name === state.ref.service);
    if (service === undefined) continue;
    members.push(await prepareMember(world, { state, service, tuples, expected: state.ref.service === started.service ? started : undefined }));
  }
  return { group: settings.group, key, preparedAt: world.clock.now(), members };
}

interface ToPrepare {
  readonly state: ServiceState;
  readonly service: GuardedService;
  readonly tuples: readonly GoodTuple[];
  /** The deployment that the event named, for its own service. */
  readonly expected: DeploymentStarted | undefined;
}

/** One member's way back: what is judged, what it replaces, what it could return to. */
export async function prepareMember(world: GuardWorld, { state, service, tuples, expected }: ToPrepare): Promise<PreparedMember> {
  const judgedRow = state.deployments.find((row) => row.id === expected?.deployment) ?? primaryOf(state);
  const { deployment, target, source } = await revisionsOf(world, state);
  const alarmsAtStart = await alarmsOf(world, service);
  const judged = {
    deployment: judgedRow.id,
    serviceDeployment: deployment?.arn,
    revision: target.arn,
    identity: target.identity,
    startedAt: deployment?.createdAt ?? judgedRow.createdAt,
  };
  const known = await remembered(world, { service, target, source, alarmsAtStart, at: judged.startedAt });
  const notes = await world.signals.read(service.name, before(judged.startedAt, NOTES_FOR));
  const migrations = notes.changes.filter((note) => note.kind === "migration");
  const { candidate, because } = await candidateFor(world, { service, known, tuples, judged, migrations });
  return {
    ref: state.ref,
    judged,
    source: source === undefined ? undefined : { revision: source.arn, identity: source.identity, createdAt: source.createdAt },
    known,
    candidate,
    candidateBecause: because,
    knownBad: known.find((row) => row.identity.key === target.identity.key && row.grade === "bad"),
    alarmsAtStart,
    baseline: await baselineOf(world, service, judged.startedAt),
    migrations,
  };
}

const primaryOf = (state: ServiceState): EcsDeployment => {
  const first = state.deployments[0];
  if (first === undefined) throw new Error(`${state.ref.service} has no deployment at all: ECS has not started it, there is nothing to watch.`);
  return first;
};

/** The revision that is being deployed (or runs) and the one it replaces. */
async function revisionsOf(world: GuardWorld, state: ServiceState): Promise<{ deployment: ServiceDeployment | undefined; target: ServiceRevision; source: ServiceRevision | undefined }> {
  const recent = await world.services.recentDeployments(state.ref);
  const deployment = recent.find((one) => one.arn === state.currentDeployment) ?? recent[0];
  const targetArn = deployment?.target ?? state.currentRevisions[0]?.arn;
  if (targetArn === undefined) throw new Error(`${state.ref.service} has no service revision: it was last deployed before 2024-10-25. Deploy it once, then Nightshift can watch it.`);
  const sourceArn = deployment?.source.find((arn) => arn !== targetArn);
  const [target, source] = await world.services.revisions(sourceArn === undefined ? [targetArn] : [targetArn, sourceArn]);
  if (target === undefined) throw new Error(`ECS gave no service revision ${targetArn}.`);
  return { deployment, target, source };
}

const alarmsOf = async (world: GuardWorld, service: GuardedService): Promise<readonly AlarmState[]> => {
  const names = service.triggers.flatMap((trigger) => (trigger.kind === "alarms" ? trigger.names : []));
  return names.length === 0 ? [] : world.alarms.describe(names);
};

interface ToRemember {
  readonly service: GuardedService;
  readonly target: ServiceRevision;
  readonly source: ServiceRevision | undefined;
  readonly alarmsAtStart: readonly AlarmState[];
  readonly at: EpochMs;
}

/** Enters both revisions in the ledger (the replaced one as provisionally GOOD where its record allows) and lists what is known. */
async function remembered(world: GuardWorld, { service, target, source, alarmsAtStart, at }: ToRemember): Promise<readonly RevisionRecord[]> {
  if (source !== undefined) await world.revisions.see(bootstrapRecord({ service: service.name, revision: source, alarmsAtStart, at }));
  await world.revisions.see({
    service: service.name, identity: target.identity, grade: "candidate", gradedAt: at, because: "seen in a deployment",
    firstSeen: at, labels: target.labels, provisional: false, pinned: undefined,
  });
  return world.revisions.list(service.name);
}

interface ToChoose {
  readonly service: GuardedService;
  readonly known: readonly RevisionRecord[];
  readonly tuples: readonly GoodTuple[];
  readonly judged: PreparedMember["judged"];
  readonly migrations: readonly ChangeNote[];
}

/** The last known good, checked: is its image still there, can its task definition be deployed as it is? */
async function candidateFor(world: GuardWorld, { service, known, tuples, judged, migrations }: ToChoose): Promise<{ candidate: PreparedMember["candidate"]; because: string }> {
  const { record, because } = chooseCandidate({ service, known, tuples, current: judged.identity.key, migrations, at: judged.startedAt });
  if (record === undefined) return { candidate: undefined, because };
  let imagePresent: boolean | undefined = true;
  for (const { image, digest } of record.identity.images) {
    const exists = digest === undefined ? undefined : await world.images.exists(image, digest);
    if (exists !== true) imagePresent = exists;
    if (exists === false) break;
  }
  const facts = await world.taskDefinitions.describe(record.pinned ?? record.identity.taskDefinition);
  return { candidate: { record, imagePresent, deployable: facts.active && facts.pinned ? facts.arn : undefined }, because };
}

async function baselineOf(world: GuardWorld, service: GuardedService, startedAt: EpochMs): Promise<PreparedMember["baseline"]> {
  const queries = trafficQueries(service);
  if (queries.length === 0) return { before: [], lastWeek: [] };
  const windows = baselineWindows(startedAt);
  return {
    before: await world.metrics.read(queries, windows.before.from, windows.before.to),
    lastWeek: await world.metrics.read(queries, windows.lastWeek.from, epochMs(windows.lastWeek.to)),
  };
}
