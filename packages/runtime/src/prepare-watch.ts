import { baselineWindows, trafficQueries } from "@nightshift/decide/queries";
import { bootstrapRecord, chooseCandidate, isGood } from "@nightshift/decide/last-known-good";
import type {
  AlarmState,
  Candidate,
  ChangeNote,
  DeploymentStarted,
  EcsDeployment,
  EpochMs,
  GoodTuple,
  GuardedService,
  GuardSettings,
  Identity,
  IdentityKey,
  Prepared,
  PreparedMember,
  RevisionRecord,
  ServiceDeployment,
  ServiceRevision,
  ServiceState,
} from "@nightshift/model";
import { before, days, epochMs, hours, identityKey } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { PortError, type World } from "@nightshift/ports";

/** What preparing reads, and the rows of revisions that it enters. */
export type PreparingWorld = Pick<World, "clock" | "services" | "taskDefinitions" | "metrics" | "alarms" | "images" | "revisions" | "tuples" | "signals">;

/** How far back migration notes count when the candidate's age is unknown: the life of a GOOD grade. */
const NOTES_FOR = days(30);

/**
 * Reads everything the way back needs while nothing burns, so that the alarm path is short (§6.1 of the rollback facts).
 * Without a named deployment (a person asks), the newest of each service is taken.
 */
export async function prepareWatch(
  world: PreparingWorld,
  started: DeploymentStarted | undefined,
  { settings, key }: { settings: GuardSettings; key: string },
): Promise<Prepared> {
  const states = await world.services.describe(settings.services.map((one) => ({ cluster: one.cluster, service: one.name })));
  const tuples = await world.tuples.list(settings.group);
  const members: PreparedMember[] = [];
  for (const state of states) {
    const service = settings.services.find((one) => one.name === state.ref.service);
    if (service === undefined) continue;
    members.push(await prepareMember(world, { state, service, tuples, expected: state.ref.service === started?.service ? started : undefined }));
  }
  const saves = settings.saves === undefined ? {} : { saves: settings.saves };
  return { group: settings.group, key, preparedAt: world.clock.now(), members, ...saves };
}

interface ToPrepare {
  readonly state: ServiceState;
  readonly service: GuardedService;
  readonly tuples: readonly GoodTuple[];
  /** The deployment that the event named, for its own service. */
  readonly expected: DeploymentStarted | undefined;
  /** The same deployment as it was prepared before: how things were at its start is not asked again. */
  readonly earlier?: PreparedMember;
}

/** One member's way back: what is judged, what it replaces, what it could return to. */
export async function prepareMember(world: PreparingWorld, { state, service, tuples, expected, earlier }: ToPrepare): Promise<PreparedMember> {
  const judgedRow = judgedOf(state, expected);
  const { deployment, target, source } = await revisionsOf(world, state);
  const alarmsAtStart = earlier?.alarmsAtStart ?? (await alarmsOf(world, service));
  const judged = {
    deployment: judgedRow.id,
    serviceDeployment: deployment?.arn,
    revision: target?.arn,
    identity: target?.identity ?? nameOnly(state),
    startedAt: deployment?.createdAt ?? judgedRow.createdAt,
  };
  const known = target === undefined ? [] : await remembered(world, { service, target, source, alarmsAtStart, at: judged.startedAt });
  const notes = await world.signals.read(service.name, before(judged.startedAt, NOTES_FOR));
  const migrations = notes.changes.filter((note) => note.kind === "migration");
  const { candidate, because } = await candidateFor(world, { service, known, tuples, judged, migrations });
  return {
    ref: state.ref,
    judged,
    source: source === undefined ? undefined : { revision: source.arn, identity: source.identity, createdAt: source.createdAt },
    known: keptOf(known, { judged: judged.identity.key, candidate: candidate?.record.identity.key, source: source?.identity.key }),
    candidate,
    candidateBecause: because,
    knownBad: known.find((row) => row.identity.key === judged.identity.key && row.grade === "bad"),
    alarmsAtStart,
    baseline: earlier?.baseline ?? (await baselineOf(world, service, judged.startedAt)),
    migrations,
    ...savedBefore(notes.changes, judged.startedAt, source?.createdAt),
  };
}

/** A pipeline deploys right after it saved. */
const SAVED_WITHIN = hours(2);

/** The newest snapshot note between the deployment that is replaced and this one. */
function savedBefore(notes: readonly ChangeNote[], startedAt: EpochMs, replaced: EpochMs | undefined): Pick<PreparedMember, "saved"> {
  const note = notes.findLast(({ saved, at }) => saved !== undefined && at <= startedAt && at >= before(startedAt, SAVED_WITHIN) && at >= (replaced ?? 0));
  return note?.saved === undefined ? {} : { saved: { at: note.at, snapshots: note.saved } };
}

/**
 * The row of the deployment that the event named. DescribeServices may lag behind the event by some seconds: a newest
 * deployment that is older than the event means "ask again", a newer one that we were overtaken.
 */
function judgedOf(state: ServiceState, expected: DeploymentStarted | undefined): EcsDeployment {
  const primary = primaryOf(state);
  if (expected === undefined) return primary;
  const named = state.deployments.find((row) => row.id === expected.deployment);
  if (named === undefined && guard("stale description is asked again", primary.createdAt < expected.at)) {
    throw new PortError("unavailable", "ecs:DescribeServices", state.ref.service, `the deployment ${expected.deployment} is not shown yet`);
  }
  return named ?? primary;
}

const primaryOf = (state: ServiceState): EcsDeployment => {
  const first = state.deployments[0];
  if (first === undefined) throw new Error(`${state.ref.service} has no deployment at all: ECS has not started it, there is nothing to watch.`);
  return first;
};

/** The revision that is being deployed (or runs) and the one it replaces. */
async function revisionsOf(
  world: PreparingWorld,
  state: ServiceState,
): Promise<{ deployment: ServiceDeployment | undefined; target: ServiceRevision | undefined; source: ServiceRevision | undefined }> {
  // Other controllers have task sets instead of service revisions; the decision explains such a service and leaves it alone.
  if (state.controller !== "ECS") return { deployment: undefined, target: undefined, source: undefined };
  const recent = await world.services.recentDeployments(state.ref);
  const deployment = recent.find((one) => one.arn === state.currentDeployment) ?? recent[0];
  const targetArn = deployment?.target ?? state.currentRevisions[0]?.arn;
  // Last deployed before 2024-10-25, when ECS began to keep revisions: there is nothing to compare by digest yet.
  if (targetArn === undefined) return { deployment, target: undefined, source: undefined };
  const sourceArn = deployment?.source.find((arn) => arn !== targetArn);
  const [target, source] = await world.services.revisions(sourceArn === undefined ? [targetArn] : [targetArn, sourceArn]);
  return { deployment, target, source };
}

/** What little is known of a revision that ECS keeps no record of: enough to name it, never enough to call two of them the same. */
const nameOnly = (state: ServiceState): Identity => ({
  key: identityKey(`unrecorded/${state.taskDefinition}/${state.deployments[0]?.id ?? ""}`),
  images: [],
  taskDefinition: state.taskDefinition,
  taskDefinitionHash: "",
  configHash: "",
});

/** Of an alarm's reason, as much as the thread shows. */
const REASON_KEPT = 120;

const alarmsOf = async (world: PreparingWorld, service: GuardedService): Promise<readonly AlarmState[]> => {
  const names = service.triggers.flatMap((trigger) => (trigger.kind === "alarms" ? trigger.names : []));
  const alarms = names.length === 0 ? [] : await world.alarms.describe(names);
  return alarms.map((alarm) => ({ ...alarm, reason: alarm.reason.slice(0, REASON_KEPT) }));
};

/** Ledger rows that go into the checkpoint: a step's result may have 256 KiB, and a group shares it. */
const ROWS_KEPT = 5;

/** The newest rows, and in any case those the decision asks for by name. */
const keptOf = (known: readonly RevisionRecord[], named: Readonly<Record<string, IdentityKey | undefined>>): readonly RevisionRecord[] =>
  known.filter((row, i) => i < ROWS_KEPT || Object.values(named).includes(row.identity.key));

interface ToRemember {
  readonly service: GuardedService;
  readonly target: ServiceRevision;
  readonly source: ServiceRevision | undefined;
  readonly alarmsAtStart: readonly AlarmState[];
  readonly at: EpochMs;
}

/** Whether every image of the revision is known by digest. */
export const isResolved = (identity: Identity): boolean => identity.images.length > 0 && identity.images.every((image) => image.digest !== undefined);

/** Enters both revisions in the ledger (the replaced one as provisionally GOOD where its record allows) and lists what is known. */
async function remembered(world: PreparingWorld, { service, target, source, alarmsAtStart, at }: ToRemember): Promise<readonly RevisionRecord[]> {
  if (source !== undefined) await renew(world, bootstrapRecord({ service: service.name, revision: source, alarmsAtStart, at }), at);
  // Without digests its identity is not settled: a row filed under a tag could match other bytes later.
  if (!guard("only settled bytes are remembered", !isResolved(target.identity)))
    await world.revisions.see({
      service: service.name,
      identity: target.identity,
      grade: "candidate",
      gradedAt: at,
      because: "seen in a deployment",
      firstSeen: at,
      labels: target.labels,
      provisional: false,
      pinned: undefined,
    });
  return world.revisions.list(service.name);
}

/**
 * Enters the replaced revision, or renews its grade: what ran for a day without an alarm is good again even if its watch is
 * more than 30 days ago, or was too quiet to earn the grade. What was bad or suspect stays so.
 */
async function renew(world: PreparingWorld, now: RevisionRecord, at: EpochMs): Promise<void> {
  if (guard("only settled bytes are remembered", !isResolved(now.identity))) return;
  const stands = await world.revisions.see(now);
  const ranWell = now.grade === "good" && !isGood(stands, at) && !guard("bad stays bad", stands.grade === "bad" || stands.grade === "suspect");
  if (ranWell) await world.revisions.grade(now.service, now.identity.key, "good", now.because, at);
}

interface ToChoose {
  readonly service: GuardedService;
  readonly known: readonly RevisionRecord[];
  readonly tuples: readonly GoodTuple[];
  readonly judged: PreparedMember["judged"];
  readonly migrations: readonly ChangeNote[];
}

/** An answer, or undefined where AWS has none now: what is not known makes the way back doubtful, and never the watch impossible. */
export async function maybe<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof PortError) return undefined;
    throw error;
  }
}

/** The last known good, checked. */
async function candidateFor(
  world: PreparingWorld,
  { service, known, tuples, judged, migrations }: ToChoose,
): Promise<{ candidate: PreparedMember["candidate"]; because: string }> {
  const { record, because, together } = chooseCandidate({ service, known, tuples, current: judged.identity.key, migrations, at: judged.startedAt });
  if (record === undefined) return { candidate: undefined, because };
  const candidate = await candidateOf(world, record);
  return { candidate: together === true ? { ...candidate, together } : candidate, because };
}

/** One revision as a way back, checked: is its image still there, can its task definition be deployed as it is? */
export async function candidateOf(world: Pick<PreparingWorld, "images" | "taskDefinitions">, record: RevisionRecord): Promise<Candidate> {
  let imagePresent: boolean | undefined = true;
  for (const { image, digest } of record.identity.images) {
    const exists = digest === undefined ? undefined : await maybe(() => world.images.exists(image, digest));
    if (exists !== true) imagePresent = exists;
    if (exists === false) break;
  }
  // A copy that somebody deleted or deregistered is no way back: another one is registered then.
  const facts = await maybe(() => world.taskDefinitions.describe(record.pinned ?? record.identity.taskDefinition));
  return { record, imagePresent, deployable: facts?.active === true && facts.pinned ? facts.arn : undefined };
}

/**
 * The figures to compare with, or none when CloudWatch does not answer: that is no reason not to watch (finding 1 of the
 * rollback facts). They are asked for again at later looks.
 */
export async function baselineOf(world: PreparingWorld, service: GuardedService, startedAt: EpochMs): Promise<PreparedMember["baseline"]> {
  const queries = trafficQueries(service);
  if (queries.length === 0) return { before: [], lastWeek: [] };
  const windows = baselineWindows(startedAt);
  try {
    return {
      before: await world.metrics.read(queries, windows.before.from, windows.before.to),
      lastWeek: await world.metrics.read(queries, windows.lastWeek.from, epochMs(windows.lastWeek.to)),
    };
  } catch (error) {
    if (error instanceof PortError) return { before: [], lastWeek: [] };
    throw error;
  }
}

/** Whether there should be figures to compare with, and none could be read so far. */
export const lacksBaseline = ({ baseline }: PreparedMember, service: GuardedService): boolean =>
  baseline.before.length === 0 && trafficQueries(service).length > 0;
