import { CopyDBSnapshotCommand, CreateDBSnapshotCommand, DeleteDBSnapshotCommand } from "@aws-sdk/client-rds";
import { guard } from "@nightshift/model/guards";
import { PortError, type SnapshotPruning, type SnapshotTaking } from "@nightshift/ports";
import { isFault } from "./faults.ts";
import { readSnapshot, regionOf, where } from "./rds-reading.ts";
import type { Reach } from "./reach.ts";
import { isOurs, ownTags } from "./tags.ts";

/**
 * Takes and copies snapshots under names of the caller's, so that a second time meets the first. A copy is made by a client of
 * the region it goes to; the SDK signs the request that the source's region gets.
 * Sources: "CreateDBSnapshot", https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSnapshot.html; "CopyDBSnapshot",
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CopyDBSnapshot.html, 2026-11-21.
 */
export const snapshotTakingFrom = (reach: Reach): SnapshotTaking => ({
  async take({ instance, id, tags }) {
    const call = { operation: "rds:CreateDBSnapshot", on: `${instance} as ${id}` };
    const input = { DBInstanceIdentifier: instance, DBSnapshotIdentifier: id, Tags: ownTags(tags) };
    const made = await unlessStanding(() => reach.calls.change(call, async () => (await reach.connections.rds()).send(new CreateDBSnapshotCommand(input))));
    if (made) return "taken";
    await refuseForeign(reach, { call, id, instance, region: undefined });
    return "already";
  },
  async copy({ arn, id, toRegion, kmsKey, tags }) {
    const call = { operation: "rds:CopyDBSnapshot", on: `${arn} to ${id} in ${toRegion}` };
    const source = await readSource(reach, call, arn);
    // A key belongs to one region: without one of its own the copy has nothing to be encrypted with.
    if (source.encrypted && source.region !== toRegion && kmsKey === undefined)
      throw new PortError("invalid", call.operation, call.on, `the snapshot is encrypted and no key of ${toRegion} is set; give the config one for its copies`);
    const input = {
      SourceDBSnapshotIdentifier: arn,
      TargetDBSnapshotIdentifier: id,
      CopyTags: false,
      Tags: ownTags(tags),
      ...(kmsKey === undefined ? {} : { KmsKeyId: kmsKey }),
    };
    const made = await unlessStanding(() =>
      reach.calls.change(call, async () => (await reach.connections.rds(toRegion)).send(new CopyDBSnapshotCommand(input))),
    );
    if (made) return "copying";
    await refuseForeign(reach, { call, id, instance: source.instance, region: toRegion });
    return "already";
  },
});

/**
 * Deletes manual snapshots that we made. RDS deletes what is `available` (and ends a copy of it that is under way); a failed one is tried, and left where RDS
 * refuses it; one that is being made or copied is left alone.
 * Source: "DeleteDBSnapshot", https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBSnapshot.html, 2026-11-21.
 */
export const snapshotPruningFrom = (reach: Reach): SnapshotPruning => ({
  async delete(id, region) {
    const call = { operation: "rds:DeleteDBSnapshot", on: where(id, region) };
    const found = await readSnapshot(reach, id, region);
    if (found === undefined) return "gone";
    if (!(found.manual && isOurs(found.tags)) && guard("only our own snapshot is deleted"))
      throw new PortError("denied", call.operation, call.on, "it is not a manual snapshot with our owner tag; it is never deleted by us");
    if (!deletable.has(found.status)) return "busy";
    try {
      await reach.calls.change(call, async () => (await reach.connections.rds(region)).send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: id })));
      return "deleted";
    } catch (error) {
      if (isFault(error, "DBSnapshotNotFoundFault")) return "gone";
      if (isFault(error, "InvalidDBSnapshotStateFault")) return "busy";
      throw error;
    }
  },
});

const deletable: ReadonlySet<string> = new Set(["available", "failed"]);

/** False where a snapshot of that name stands already. */
async function unlessStanding(make: () => Promise<unknown>): Promise<boolean> {
  try {
    await make();
    return true;
  } catch (error) {
    if (isFault(error, "DBSnapshotAlreadyExistsFault")) return false;
    throw error;
  }
}

interface Standing {
  readonly call: { readonly operation: string; readonly on: string };
  readonly id: string;
  readonly instance: string;
  readonly region: string | undefined;
}

/** What stands under the name must be ours and of that instance: another's snapshot is no backup that we took. */
async function refuseForeign(reach: Reach, { call, id, instance, region }: Standing): Promise<void> {
  const found = await readSnapshot(reach, id, region);
  if (found === undefined) throw new PortError("conflict", call.operation, call.on, "a snapshot of this name was there and is gone; ask again");
  if (found.instance === instance && isOurs(found.tags)) return;
  if (guard("a foreign snapshot is not taken for ours"))
    throw new PortError("invalid", call.operation, call.on, `a snapshot of this name stands that is not ours (of ${found.instance}); rename or remove it`);
}

async function readSource(reach: Reach, call: Standing["call"], arn: string) {
  const region = regionOf(arn);
  // `arn:aws:rds:REGION:ACCOUNT:snapshot:ID`, where the id of an automated one is `rds:…`.
  const id = arn.split(":").slice(6).join(":");
  const source = region === "" || id === "" ? undefined : await readSnapshot(reach, id, region);
  if (source === undefined) throw new PortError("not-found", call.operation, call.on, "there is no such snapshot to copy");
  return source;
}
