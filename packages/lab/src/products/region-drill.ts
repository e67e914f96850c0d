import { DescribeServicesCommand } from "@aws-sdk/client-ecs";
import { DescribeDBInstancesCommand, RestoreDBInstanceFromDBSnapshotCommand } from "@aws-sdk/client-rds";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { loadAdapters } from "../connections.ts";
import { beginScenario } from "../scenario/begin.ts";
import { scenario } from "../scenario/scenario.ts";
import type { Stage } from "../scenario/stage.ts";
import { DATABASE, databases, SECOND_REGION } from "../scenarios/databases.ts";
import { after, type EpochMs, epochMs, hours, minutes, type Ms, ms, seconds, since, tags } from "@nightshift/model";

/** One part of the drill, with the virtual time it took. */
export interface DrilledStep {
  readonly what: string;
  readonly took: Ms;
  /** `measured`: by the lab's clock. `assumed`: the lab does not play it. */
  readonly how: "measured" | "assumed";
  readonly says: string;
}

/** A region's loss, played in the lab. */
export interface RegionDrill {
  readonly from: string;
  readonly into: string;
  readonly bytes: number;
  readonly steps: readonly DrilledStep[];
  readonly total: Ms;
  /** What the copy had not seen when the region was lost. */
  readonly lost: Ms;
  readonly differences: number;
}

/** The drill could not go on, in one sentence: the lab's night was red, or something never came. */
export class DrillStopped extends Error {
  override readonly name = "DrillStopped";
}

/** The night is at 04:00 of the lab's day; its snapshot and copy are there long before. */
const LOST_AT: EpochMs = epochMs(Date.UTC(2026, 2, 16, 5, 30));
const INSTANCE = "nightshift-restore-shop-region";
/** DNS is not played: an address, secrets and webhooks change. */
const SWITCH = minutes(2);

/** Plays the loss of the lab's region: restores the copied snapshot in the second one, compares it, deploys the service, switches. @throws {DrillStopped} */
export async function playRegionDrill({ bytes, seed }: { readonly bytes: number; readonly seed: number }): Promise<RegionDrill> {
  await loadAdapters();
  const story = scenario({
    name: "region-lost",
    title: "The region is lost",
    source: "issue 5, part 8",
    before: (stage) => databases(stage, { database: { bytes, tables: 42, rows: Math.round(bytes / 430) } }),
    plot: () => {},
    lasts: minutes(1),
    expected: { verdict: "none", toBlame: false, serves: {}, tells: [] },
  });
  const { stage, installed } = beginScenario(story, { seed });
  const { lab } = stage;
  // A larger database's night and copy take longer.
  const lostAt = after(LOST_AT, ms(Math.round((bytes / 40e6) * 1_000)));
  await takeEarlierDump(stage);
  await lab.runUntil(lostAt);
  const { backupBook, runners, shelf } = installed.asPerson("ana");
  const rows = await lab.run(() => backupBook.all(DATABASE));
  const copied = rows.findLast(({ kind, copies }) => kind === "rds-snapshot" && copies?.some(({ region }) => region === SECOND_REGION) === true);
  const copy = copied?.copies?.find(({ region }) => region === SECOND_REGION);
  if (copied?.contentsOf === undefined || copy === undefined)
    throw new DrillStopped(
      `no snapshot was copied to ${SECOND_REGION} before the region was lost, in the night of seed ${seed}; there is nothing to restore there.`,
    );
  const restored = await restoreCopy(stage, { arn: copy.where, id: copied.id });
  const run = "region-drill";
  await lab.run(() => runners.start({ run, of: DATABASE, do: "compare-instance", scheduled: lostAt, target: restored.endpoint, diskGiB: 20 }));
  const end = await until(stage, hours(24), async () => (await shelf.report(DATABASE, run))?.ended);
  if (end.value === undefined) throw new DrillStopped("the comparison never ended in the lab.");
  if (end.value.state !== "verified") throw new DrillStopped(`the comparison ended ${end.value.state}: ${end.value.because ?? "it says no reason"}.`);
  const differences = end.value.differences.length;
  const deployed = await deploy(stage);
  const steps: readonly DrilledStep[] = [
    { what: "restore", took: restored.took, how: "measured", says: `${INSTANCE} out of the copy of ${copied.id} in ${SECOND_REGION}` },
    { what: "compare", took: end.took, how: "measured", says: `every table, ${differences} differences; blocks come from S3 meanwhile` },
    { what: "deploy", took: deployed, how: "measured", says: "shop-api, in the lab's one ECS: a region of its own is not played" },
    { what: "switch", took: SWITCH, how: "assumed", says: "DNS, secrets and webhooks are not played" },
  ];
  return {
    from: lab.kernel.region,
    into: SECOND_REGION,
    bytes,
    steps,
    total: ms(steps.reduce((sum, { took }) => sum + took, 0)),
    lost: since(copied.contentsOf, lostAt),
    differences,
  };
}

/** A dump at 03:00 that is surely older than the night's snapshot: it says what the copy must hold. */
async function takeEarlierDump(stage: Stage): Promise<void> {
  const { lab } = stage;
  const input = { of: DATABASE, scheduled: stage.now(), series: "manual", by: "ana" };
  const command = new InvokeCommand({
    FunctionName: `arn:aws:lambda:${lab.kernel.region}:${lab.kernel.accountId}:function:night:1`,
    InvocationType: "Event",
    DurableExecutionName: "night-region-drill",
    Payload: JSON.stringify(input),
  });
  await lab.run(async () => void (await lab.client("lambda", "ana").send(command)));
}

/** Restores as a person would by hand: isolated, with tags of its own. */
async function restoreCopy(
  stage: Stage,
  { arn, id }: { readonly arn: string; readonly id: string },
): Promise<{ readonly took: Ms; readonly endpoint: string }> {
  const { lab } = stage;
  const rds = lab.client("rds", "ana", SECOND_REGION);
  await lab.run(() =>
    rds.send(
      new RestoreDBInstanceFromDBSnapshotCommand({
        DBInstanceIdentifier: INSTANCE,
        DBSnapshotIdentifier: arn,
        DBInstanceClass: "db.t4g.medium",
        DBSubnetGroupName: "isolated",
        VpcSecurityGroupIds: ["sg-0d2111111111111aa"],
        MultiAZ: false,
        PubliclyAccessible: false,
        BackupRetentionPeriod: 0,
        Tags: [
          { Key: tags.owner, Value: "nightshift" },
          { Key: tags.purpose, Value: "restore" },
          { Key: "nightshift:of", Value: id },
        ],
      }),
    ),
  );
  const seen = await until(stage, hours(6), async () => {
    const answer = await rds.send<{
      readonly DBInstances?: readonly { readonly DBInstanceStatus?: string; readonly Endpoint?: { readonly Address?: string } }[];
    }>(new DescribeDBInstancesCommand({ DBInstanceIdentifier: INSTANCE }));
    const [found] = answer.DBInstances ?? [];
    return found?.DBInstanceStatus === "available" ? found.Endpoint?.Address : undefined;
  });
  if (seen.value === undefined) throw new DrillStopped(`${INSTANCE} never became available in the lab.`);
  return { took: seen.took, endpoint: seen.value };
}

/** A fresh deployment of the service until ECS says that it is complete. */
async function deploy(stage: Stage): Promise<Ms> {
  await stage.lab.run(async () => void stage.deploy("shop-api", { forceOnly: true }));
  // What ECS says of its services may be some seconds old.
  await stage.lab.pass(seconds(15));
  const ecs = stage.lab.client("ecs", "ana");
  const { took, value } = await until(stage, hours(1), async () => {
    const answer = await ecs.send<{ readonly services?: readonly { readonly deployments?: readonly { readonly rolloutState?: string }[] }[] }>(
      new DescribeServicesCommand({ cluster: "prod", services: ["shop-api"] }),
    );
    const deployments = answer.services?.[0]?.deployments ?? [];
    return deployments.length > 0 && deployments.every(({ rolloutState }) => rolloutState === "COMPLETED") ? true : undefined;
  });
  if (value === undefined) throw new DrillStopped("the service was never deployed in the lab.");
  return ms(took + seconds(15));
}

/** Looks every ten seconds of the lab's time until something is there. */
async function until<T>(stage: Stage, atMost: Ms, look: () => Promise<T | undefined>): Promise<{ readonly value: T | undefined; readonly took: Ms }> {
  const began = stage.now();
  for (let looks = Math.ceil(atMost / seconds(10)); looks > 0; looks -= 1) {
    const value = await stage.lab.run(look);
    if (value !== undefined) return { value, took: since(began, stage.now()) };
    await stage.lab.pass(seconds(10));
  }
  return { value: undefined, took: since(began, stage.now()) };
}
