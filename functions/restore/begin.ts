import { type DoRestore, PLAN_TAG, sayTaken } from "@nightshift/decide/backups/decide-restore";
import { backupIdOf, cloudName, minuteOf } from "@nightshift/decide/backups/names";
import { type BackupId, type EpochMs, minutes, since, tags } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { MutationOutcome } from "@nightshift/runtime";
import { writeRow } from "@nightshift/runtime/backup-rows";
import { pinRead } from "./pin.ts";
import type { RestoreReceipt, RestoreRun, RestoreWorld } from "./settings.ts";

/** Pins what is restored from, saves what runs, then makes the new database or instance: in this order, each looked at first. */
export async function beginRestore(run: RestoreRun, verdict: DoRestore): Promise<RestoreReceipt> {
  const { way } = verdict;
  const pin = await pinRead(run, verdict);
  if (pin === "gone") {
    const at = await run.step("see when it was found gone", async ({ clock }) => clock.now());
    return { verdict, safety: undefined, begun: { kind: "refused", because: "retention deleted it meanwhile: choose another backup", at } };
  }
  const pinned = pin === undefined ? {} : { pin };
  if (way.kind === "database") return { verdict, ...pinned, safety: undefined, begun: await startRunner(run, verdict, way.row.id) };
  const safety = await saveWhatRuns(run, verdict);
  if (guard("safety backup before a restore", safety.kind !== "done")) {
    const because = safety.kind === "done" ? "" : safety.because;
    return { verdict, ...pinned, safety, begun: { kind: "refused", because: `what runs could not be saved first: ${because}`, at: safety.at } };
  }
  return { verdict, ...pinned, safety, begun: await makeInstance(run, verdict, way) };
}

/** What the runner's task is called: one a plan, since by this name ECS, the store and we tell one run from another. */
export const runNameOf = ({ order, tags: own }: DoRestore): string => {
  const minute = `restore-${order.of}-${minuteOf(order.asked)}`;
  return guard("a restore's run is its own plan's") ? `${minute}-${own[PLAN_TAG] ?? ""}` : minute;
};

/** The runner takes the safety backup itself, before it makes the new database (packages/vault/src/runner/restore.ts). */
const startRunner = (
  run: RestoreRun,
  verdict: DoRestore,
  backup: Extract<DoRestore["way"], { kind: "database" }>["row"]["id"],
): Promise<MutationOutcome<string>> =>
  run.mutate<string>({
    name: `start the restore of ${backup}`,
    service: verdict.order.of,
    intent: { backup, plan: run.key },
    epoch: undefined,
    look: async () => ({ kind: "go" }),
    call: async ({ runners }) => {
      const target = verdict.source.endpoint ?? "";
      return (await runners.start({ run: runNameOf(verdict), of: verdict.order.of, do: "restore", backup, target, diskGiB: 20 })).task;
    },
  });

/** A snapshot of what runs now, before anything is made from an older one; waited for, because it is what one goes back to. */
async function saveWhatRuns(run: RestoreRun, { order, way }: DoRestore): Promise<MutationOutcome<string>> {
  const id = backupIdOf({ of: order.of, scheduled: minuteOf(order.asked), series: "safety", kind: "rds-snapshot" });
  const name = cloudName("snapshot", id);
  const taken = await run.mutate<string>({
    name: `take the safety snapshot ${name}`,
    service: order.of,
    intent: { backup: id, name },
    epoch: undefined,
    look: async ({ databases }) => ((await databases.snapshot(name)) === undefined ? { kind: "go" } : { kind: "already", value: name }),
    call: async (world) => {
      const instance = way.kind === "instance" && "source" in way.from ? way.from.source : await instanceOf(world, way);
      await world.snapshotTaking.take({ instance, id: name, tags: { [tags.owner]: "nightshift", [tags.state]: "safety", "nightshift:of": order.of } });
      return name;
    },
  });
  if (taken.kind !== "done") return taken;
  const stands = await run.watch(`wait until ${name} is available`, {
    start: { status: "creating" as string },
    atMost: 240,
    every: () => minutes(1),
    look: async ({ databases }) => ({ status: (await databases.snapshot(name))?.status ?? "creating" }),
    blind: (state) => state,
    done: ({ status }) => status !== "creating",
  });
  if (stands.status === "available") {
    await run.step(`write down ${name}`, (world) => rememberSafety(world, { of: order.of, id, name, scheduled: minuteOf(order.asked) }));
    return taken;
  }
  await run.step(`write down that ${name} failed`, (world) => rememberSafety(world, { of: order.of, id, name, scheduled: minuteOf(order.asked) }));
  return { kind: "failed", because: `the safety snapshot ${name} is ${stands.status}`, at: taken.at };
}

/** The book knows it, too: people find it there, and retention deletes it one day. */
async function rememberSafety(
  world: RestoreWorld,
  { of, id, name, scheduled }: { readonly of: string; readonly id: BackupId; readonly name: string; readonly scheduled: EpochMs },
): Promise<void> {
  const found = await world.databases.snapshot(name);
  const finished = world.clock.now();
  await writeRow(world, { of, id }, (row) =>
    row !== undefined || found === undefined
      ? undefined
      : {
          id,
          of,
          kind: "rds-snapshot",
          series: "safety",
          ...(found.status === "available" ? { state: "uploaded", proof: "exists" } : { state: "failed", proof: "none", because: `RDS says ${found.status}` }),
          scheduled,
          where: found.arn,
          finished,
          times: { available: since(scheduled, finished) },
          ...(found.contentsOf === undefined ? {} : { contentsOf: found.contentsOf }),
        },
  );
}

/** The instance that a snapshot was taken of. */
async function instanceOf({ databases }: RestoreWorld, way: DoRestore["way"]): Promise<string> {
  const id = way.kind === "instance" && "snapshot" in way.from ? way.from.snapshot : "";
  const found = await databases.snapshot(id);
  if (found === undefined) throw new Error(`the snapshot ${id} is gone: choose another one.`);
  return found.instance;
}

const makeInstance = (
  run: RestoreRun,
  { order, source, tags: own }: DoRestore,
  way: Extract<DoRestore["way"], { kind: "instance" }>,
): Promise<MutationOutcome<string>> =>
  run.mutate<string>({
    name: `restore into ${way.instance}`,
    service: order.of,
    intent: { instance: way.instance, from: way.from },
    epoch: undefined,
    look: async ({ databases }) => {
      const found = await databases.instance(way.instance);
      if (found === undefined) return { kind: "go" };
      // Another order of the same minute may have been first.
      if (guard("restore never goes over what runs", found.tags[PLAN_TAG] !== own[PLAN_TAG])) return { kind: "refuse", because: sayTaken(way.instance) };
      return { kind: "already", value: way.instance };
    },
    call: async ({ restores }) => {
      const { instanceClass, subnetGroup, securityGroups, parameterGroup } = source;
      await restores.restore({
        instance: way.instance,
        from: way.from,
        instanceClass,
        subnetGroup: subnetGroup ?? "default",
        securityGroups,
        parameterGroup,
        tags: own,
      });
      return way.instance;
    },
  });
