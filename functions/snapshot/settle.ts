import type { SnapshotSettled } from "@nightshift/decide/backups/decide-snapshot";
import { sandwichOf } from "@nightshift/decide/backups/snapshot-manifests";
import { type EpochMs, epochMs, minutes, type Ms, type SandwichRecord, seconds, serviceName } from "@nightshift/model";
import type { DatabaseSnapshot } from "@nightshift/ports";
import { readSource } from "./read-source.ts";
import type { SnapshotReceipt, SnapshotRun, SnapshotSeen, SnapshotWorld, Subject } from "./settings.ts";
import { snapshotTags } from "./take.ts";

/** Looked at every 30 s for ten minutes, then every two minutes, up to eight hours. */
const LIMIT = { quick: 20, most: 260 } as const;

/** Waits until what was asked for is there, or failed; has its source read again; then waits for its copy in the second region. */
export async function settleSnapshot(run: SnapshotRun, receipt: SnapshotReceipt, facts: SnapshotSeen): Promise<SnapshotSettled> {
  const { taken } = receipt;
  if (taken.kind !== "done") return { stands: "failed", because: `it was not taken: ${taken.because}` };
  const { subject } = facts.settings;
  const where = taken.value;
  // A canary has its own time to travel; what AWS makes takes as long as it takes.
  const limit = subject.kind === "media" ? { quick: Number.POSITIVE_INFINITY, most: Math.ceil(subject.media.within / seconds(30)) + 1 } : LIMIT;
  const settled = await wait(run, { name: "wait until it is there", ...limit }, (world) => standing(world, { subject, where, asked: facts.scheduled }));
  if (settled.stands !== "ready" || subject.kind !== "database") return settled;
  const slices = await slicesAround(run, receipt, facts.of);
  const kept = { ...settled, ...(slices === undefined ? {} : { slices }) };
  if (subject.snapshots.copyTo === undefined) return kept;
  return { ...kept, copy: await copyAway(run, receipt, { facts, to: subject.snapshots.copyTo, arn: settled.where ?? "" }) };
}

/** The second reading begins when the snapshot stands, and before the hours that its copy takes: the less lies between the two, the more is proven. */
async function slicesAround(run: SnapshotRun, { verdict, reads }: SnapshotReceipt, of: string): Promise<SandwichRecord | undefined> {
  const { id, manifests } = verdict;
  return sandwichOf(manifests.includes("after") ? [...reads, await readSource(run, "after", { of, id })] : reads);
}

type Settled = Pick<SnapshotSettled, "stands" | "because" | "where" | "contentsOf" | "bytes">;

/** A wait's name and its looks: so many quick ones, so many in all. */
interface Limit {
  readonly name: string;
  readonly quick: number;
  readonly most: number;
}

async function wait(run: SnapshotRun, { name, quick, most }: Limit, look: (world: SnapshotWorld) => Promise<Settled>): Promise<Settled> {
  const { looks: _, ...settled } = await run.watch<Settled & { readonly looks: number }>(name, {
    start: { stands: "waiting", looks: 0 },
    atMost: most,
    every: ({ looks }): Ms => (looks < quick ? seconds(30) : minutes(2)),
    look: async (world, { looks }) => ({ ...(await look(world)), looks: looks + 1 }),
    blind: (state, because) => ({ ...state, because: `nobody could see how it stands: ${because}`, looks: state.looks + 1 }),
    done: ({ stands }) => stands !== "waiting",
  });
  return settled;
}

async function standing(
  world: SnapshotWorld,
  { subject, where, asked }: { readonly subject: Subject; readonly where: string; readonly asked: EpochMs },
): Promise<Settled> {
  switch (subject.kind) {
    case "database":
      return ofSnapshot(await world.databases.snapshot(where));
    case "table": {
      const found = (await world.tableBackups.list(subject.table.table)).find(({ arn }) => arn === where);
      if (found === undefined || found.status === "CREATING") return { stands: "waiting" };
      if (found.status !== "AVAILABLE") return { stands: "failed", because: `DynamoDB says ${found.status}` };
      return { stands: "ready", where, contentsOf: found.at, bytes: found.bytes };
    }
    case "cache": {
      const found = (await world.cacheBackups.list(subject.cache.cache)).find(({ name }) => name === where);
      if (found === undefined || found.status === "creating") return { stands: "waiting" };
      if (found.status !== "available") return { stands: "failed", because: `ElastiCache says ${found.status}` };
      return { stands: "ready", where, bytes: found.bytes, ...(found.at === undefined ? {} : { contentsOf: found.at }) };
    }
    case "media":
      return arrived(world, { where, subject });
    case "configuration":
      return { stands: "ready", where, contentsOf: world.clock.now() };
    case "mirror":
      return answered(world, subject.repository, asked);
  }
}

/** Whoever mirrors said so since it was asked; an answer of an earlier night is none. */
async function answered({ signals, clock }: SnapshotWorld, repository: string, asked: EpochMs): Promise<Settled> {
  const { changes } = await signals.read(serviceName(repository), asked);
  const word = changes.findLast(({ kind, at }) => kind === "mirror" && at >= asked);
  if (word === undefined)
    return {
      stands: "waiting",
      because: "nobody said that it was mirrored: look at what nightshift.mirror-asked starts, and that it answers with nightshift.mirror",
    };
  // The sender wrote the time: a clock that is ahead makes nothing younger than now.
  return { stands: "ready", where: `${repository}@${word.commit ?? "?"}`, contentsOf: epochMs(Math.min(word.at, clock.now())) };
}

/** Source of the states: "Viewing DB snapshots", https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CreateSnapshot.html, 2026-11-21. */
function ofSnapshot(found: DatabaseSnapshot | undefined): Settled {
  if (found === undefined || found.status === "creating" || found.status === "copying" || found.status === "pending") return { stands: "waiting" };
  if (found.status !== "available") return { stands: "failed", because: `RDS says ${found.status}` };
  return { stands: "ready", where: found.arn, ...(found.contentsOf === undefined ? {} : { contentsOf: found.contentsOf }) };
}

/** The canary is in the replica, as it was sent; it has its time to travel. */
async function arrived(
  { media, clock }: SnapshotWorld,
  { where, subject }: { readonly where: string; readonly subject: Extract<Subject, { kind: "media" }> },
): Promise<Settled> {
  const { replica } = subject.media;
  if (replica === undefined) return { stands: "ready", where, contentsOf: clock.now() };
  const found = await media.canary(replica, where);
  if (found === undefined) return { stands: "waiting", because: "the canary has not arrived in the replica" };
  if (!where.endsWith(found.body)) return { stands: "failed", because: "the canary in the replica is not what was sent" };
  return { stands: "ready", where, contentsOf: found.at };
}

interface Away {
  readonly facts: SnapshotSeen;
  readonly to: { readonly region: string; readonly kmsKey: string | undefined };
  readonly arn: string;
}

/** A region that is lost takes its snapshots with it: the copy is made under the other region's own key. */
async function copyAway(run: SnapshotRun, { verdict }: SnapshotReceipt, { facts, to, arn }: Away): Promise<NonNullable<SnapshotSettled["copy"]>> {
  const { region, kmsKey } = to;
  const { name } = verdict;
  const asked = await run.mutate<"copying" | "already">({
    name: `copy ${name} to ${region}`,
    service: facts.of,
    intent: { backup: verdict.id, from: arn, to: region },
    epoch: undefined,
    look: async () => ({ kind: "go" }),
    call: ({ snapshotTaking }) => snapshotTaking.copy({ arn, id: name, toRegion: region, kmsKey, tags: snapshotTags(facts.of, facts.series) }),
  });
  if (asked.kind !== "done") return { region, stands: "failed", because: `was not made: ${asked.because}` };
  const copy = await wait(run, { name: `wait for the copy in ${region}`, ...LIMIT }, async ({ databases }) =>
    ofSnapshot(await databases.snapshot(name, region)),
  );
  return {
    region,
    stands: copy.stands,
    ...(copy.where === undefined ? {} : { where: copy.where }),
    ...(copy.because === undefined ? {} : { because: `failed: ${copy.because}` }),
  };
}
