import { DeleteDBInstanceCommand, DeleteDBSnapshotCommand, RestoreDBInstanceToPointInTimeCommand } from "@aws-sdk/client-rds";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { createAccount } from "@nightshift/lab";
import { loadAdapters } from "@nightshift/lab/connections";
import { brokenInvariants } from "@nightshift/lab/invariants/index";
import { commitOf, proofOf } from "@nightshift/lab/runner/records";
import { backupId, epochMs, hours, minutes, ms } from "@nightshift/model";
import { describe, expect, it } from "vitest";

/** Somebody acts in an account with one database; what is broken afterwards is read from its history. */
async function acting() {
  await loadAdapters();
  const lab = createAccount({ seed: 1 });
  lab.s3.create("nightshift-backups", { versioning: "Enabled" });
  lab.rds.add({ id: "shop-prod", bytes: 1e9 });
  const send = (service: "s3" | "rds", command: object, region?: string) => lab.run(() => lab.client(service, "somebody", region).send(command));
  return {
    lab,
    send,
    prove: async (id: string) => {
      const of = { of: "shop", id: backupId(id) };
      const [scheduled, contentsOf, finished] = [epochMs(1), epochMs(2), epochMs(3)];
      const database = { bytes: 1, tables: 1, rows: 1 };
      const commit = commitOf({ ...of, run: id, series: "nightly", scheduled, contentsOf, finished, database, times: {} });
      const proof = proofOf(commit, of, { verdict: "verified", times: {}, run: id, at: epochMs(4) });
      for (const { key, body } of [commit, proof])
        await send("s3", new PutObjectCommand({ Bucket: "nightshift-backups", Key: key, Body: body, IfNoneMatch: "*" }));
    },
    drop: (id: string) => send("s3", new DeleteObjectCommand({ Bucket: "nightshift-backups", Key: `shop/data/${id}/segment-00001.zst` })),
    restore: (name: string, more: object = {}) =>
      send(
        "rds",
        new RestoreDBInstanceToPointInTimeCommand({
          TargetDBInstanceIdentifier: name,
          SourceDBInstanceIdentifier: "shop-prod",
          UseLatestRestorableTime: true,
          ...more,
        }),
      ),
  };
}
const careful = (expires: Date) => ({
  DBSubnetGroupName: "isolated",
  VpcSecurityGroupIds: ["sg-0drill"],
  BackupRetentionPeriod: 0,
  Tags: [
    { Key: "nightshift:owner", Value: "nightshift" },
    { Key: "nightshift:expires", Value: expires.toISOString() },
  ],
});

describe("an invariant is seen to be broken", () => {
  it("when the newest verified backup goes, and when the last one does; an older one may go", async () => {
    const { lab, prove, drop } = await acting();
    for (const id of ["one", "two", "three"]) await prove(id);
    await drop("one");
    expect(brokenInvariants(lab)).toEqual([]);
    await drop("three");
    await drop("two");
    expect(brokenInvariants(lab)).toEqual([
      "somebody deleted shop/data/three/segment-00001.zst: it is the newest verified backup of shop",
      "somebody deleted shop/data/two/segment-00001.zst: it is the newest verified backup of shop",
      "somebody deleted shop/data/two/segment-00001.zst: it was the last verified backup of shop",
    ]);
  });

  it("when a restore takes the source's tags, the default network, a name of its own, or backups", async () => {
    const { lab, restore } = await acting();
    await restore("playground");
    expect(brokenInvariants(lab)).toEqual([
      "somebody restored into playground, which is no name of ours",
      "somebody restored playground without our owner tag: the source's tags came along",
      "somebody restored playground without groups: it lies in the default network",
      "somebody restored playground with backups of its own",
    ]);
  });

  it("when a drill's instance stays an hour beyond its time, and not a minute before", async () => {
    const { lab, restore } = await acting();
    const expires = new Date(lab.clock.now() + hours(1));
    await restore("nightshift-verify-a", careful(expires));
    await lab.runUntil(epochMs(expires.getTime() + hours(1) - minutes(1)));
    expect(brokenInvariants(lab)).toEqual([]);
    await lab.pass(ms(minutes(1)));
    expect(brokenInvariants(lab)).toEqual(["nightshift-verify-a is still there, long after it expired"]);
  });

  it("when a drill's instance says no expiry, which no sweep would ever delete", async () => {
    const { lab, restore } = await acting();
    const { Tags, ...named } = careful(new Date(0));
    await restore("nightshift-verify-a", { ...named, Tags: Tags.slice(0, 1) });
    expect(brokenInvariants(lab)).toEqual([
      "somebody restored nightshift-verify-a without an expiry",
      "nightshift-verify-a is still there, long after it expired",
    ]);
  });

  it("when an instance is deleted that we did not make", async () => {
    const { lab, send } = await acting();
    lab.rds.add({ id: "crm-prod", bytes: 1e9, deletionProtection: false });
    await send("rds", new DeleteDBInstanceCommand({ DBInstanceIdentifier: "crm-prod", SkipFinalSnapshot: true }));
    expect(brokenInvariants(lab)).toEqual(["somebody deleted crm-prod, which we did not make"]);
  });

  it("when the runner puts a commit record or a proof over whatever lies there; a segment may be written again", async () => {
    const { lab } = await acting();
    const put = (caller: string, file: string, IfNoneMatch?: string) => {
      const Key = `shop/data/one/${file}`;
      return lab.run(() =>
        lab.client("s3", caller).send(new PutObjectCommand({ Bucket: "nightshift-backups", Key, Body: "{}", ...(IfNoneMatch && { IfNoneMatch }) })),
      );
    };
    await put("runner", "manifest.json", "*");
    await put("runner", "proof.json", "*");
    await put("runner", "segment-00001.zst");
    // A tombstone takes the place of a commit record, and is the pruning's.
    await put("prune", "manifest.json");
    expect(brokenInvariants(lab)).toEqual([]);
    await put("runner", "manifest.json");
    await put("runner", "proof.json");
    expect(brokenInvariants(lab)).toEqual([
      "runner put shop/data/one/manifest.json over whatever lay there",
      "runner put shop/data/one/proof.json over whatever lay there",
    ]);
  });

  it("when an instance is deleted that somebody asked for", async () => {
    const { lab, restore, send } = await acting();
    await restore("nightshift-restore-a", careful(new Date(0)));
    await lab.pass(minutes(15));
    await send("rds", new DeleteDBInstanceCommand({ DBInstanceIdentifier: "nightshift-restore-a", SkipFinalSnapshot: true }));
    expect(brokenInvariants(lab)).toEqual(["somebody deleted nightshift-restore-a, which somebody asked for"]);
  });

  it("when the newest copy in the second region is deleted", async () => {
    const { lab, send } = await acting();
    const { CreateDBSnapshotCommand, CopyDBSnapshotCommand } = await import("@aws-sdk/client-rds");
    await send("rds", new CreateDBSnapshotCommand({ DBInstanceIdentifier: "shop-prod", DBSnapshotIdentifier: "one" }));
    await lab.pass(minutes(5));
    const SourceDBSnapshotIdentifier = `arn:aws:rds:${lab.kernel.region}:${lab.kernel.accountId}:snapshot:one`;
    await send("rds", new CopyDBSnapshotCommand({ SourceDBSnapshotIdentifier, TargetDBSnapshotIdentifier: "copy", KmsKeyId: "alias/k" }), "eu-west-1");
    await lab.pass(minutes(5));
    await send("rds", new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: "copy" }), "eu-west-1");
    expect(brokenInvariants(lab)).toEqual(["copy was deleted: it was the newest copy in eu-west-1"]);
  });
});
