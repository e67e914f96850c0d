import { databasesFrom } from "@nightshift/aws/rds-databases";
import { snapshotPruningFrom, snapshotTakingFrom } from "@nightshift/aws/rds-snapshots";
import { epochMs } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { elements, faultXml, LoopbackStage, okXml, reach } from "./loopback-stage.ts";
import { instances, instanceXml, ownerTag, rds, snapshots, snapshotXml } from "./rds-answers.ts";

/** RDS over real HTTP through the real SDK: requests as they go out, answers in the query protocol's XML. */
const aws = new LoopbackStage();

describe("databases over HTTP", () => {
  it("DescribeDBInstances: an instance arrives in our words", async () => {
    aws.answers = { DescribeDBInstances: () => instances(instanceXml("shop", { env: "prod" })) };
    expect(await databasesFrom(reach()).instance("shop")).toEqual({
      instance: "shop",
      arn: rds("db:shop"),
      status: "available",
      engine: "postgres",
      engineVersion: "17.6",
      endpoint: "shop.local:5432",
      instanceClass: "db.t4g.medium",
      allocatedGiB: 100,
      multiAz: true,
      encrypted: true,
      kmsKey: "arn:aws:kms:eu-central-1:123456789012:key/1",
      parameterGroup: "shop-17",
      subnetGroup: "private",
      securityGroups: ["sg-1"],
      retentionDays: 7,
      latestRestorable: epochMs(1_795_229_700_000),
      deletionProtection: true,
      tags: { env: "prod" },
    });
    expect(aws.requests).toEqual([["DescribeDBInstances", { DBInstanceIdentifier: "shop" }]]);
  });

  it("DescribeDBInstances: an unknown name is no instance, and any other failure is none of that", async () => {
    aws.answers = { DescribeDBInstances: () => faultXml("DBInstanceNotFound", 404) };
    expect(await databasesFrom(reach()).instance("shop")).toBeUndefined();
    aws.answers = { DescribeDBInstances: () => faultXml("AccessDenied", 403) };
    await expect(databasesFrom(reach()).instance("shop")).rejects.toMatchObject({ kind: "denied" });
  });

  it("DescribeDBInstances: only what is ours by name is disposable, on every page", async () => {
    aws.answers = {
      DescribeDBInstances: ({ body }) =>
        String(body).includes("Marker")
          ? instances(instanceXml("nightshift-restore-shop", ownerTag), instanceXml("shop-nightshift-verify-"))
          : okXml(
              "DescribeDBInstances",
              `<Marker>m</Marker><DBInstances>${instanceXml("shop")}${instanceXml("nightshift-verify-shop", ownerTag)}</DBInstances>`,
            ),
    };
    expect((await databasesFrom(reach()).disposable()).map((one) => one.instance)).toEqual(["nightshift-verify-shop", "nightshift-restore-shop"]);
    expect(aws.requests.map(([, input]) => input)).toEqual([{ MaxRecords: "100" }, { MaxRecords: "100", Marker: "m" }]);
  });

  it("DescribeDBSnapshots: newest first, one that is being made before all, with the moment that its contents are of", async () => {
    aws.answers = {
      DescribeDBSnapshots: () =>
        snapshots(
          snapshotXml(),
          snapshotXml({ DBSnapshotIdentifier: "rds:shop-2026", SnapshotType: "automated", OriginalSnapshotCreateTime: "2026-11-21T02:30:00Z" }, {}),
          `<DBSnapshot>${elements({ DBSnapshotIdentifier: "young", DBInstanceIdentifier: "shop", Status: "creating", SnapshotType: "manual", PercentProgress: 12, Encrypted: false, DBSnapshotArn: rds("snapshot:young") })}</DBSnapshot>`,
        ),
    };
    const found = await databasesFrom(reach()).snapshots("shop");
    expect(found.map(({ id, manual, status, progress }) => [id, manual, status, progress])).toEqual([
      ["young", true, "creating", 12],
      ["rds:shop-2026", false, "available", 100],
      ["nightshift-shop-1", true, "available", 100],
    ]);
    expect(found[2]).toEqual({
      id: "nightshift-shop-1",
      arn: rds("snapshot:nightshift-shop-1"),
      instance: "shop",
      region: "eu-central-1",
      manual: true,
      status: "available",
      progress: 100,
      contentsOf: epochMs(1_795_226_412_500),
      created: epochMs(1_795_226_430_000),
      allocatedGiB: 100,
      encrypted: true,
      tags: ownerTag,
    });
  });

  it("DescribeDBSnapshots: another region is asked by a client of that region", async () => {
    aws.answers = { DescribeDBSnapshots: () => faultXml("DBSnapshotNotFound", 404) };
    expect(await databasesFrom(reach()).snapshot("nightshift-shop-1", "eu-west-1")).toBeUndefined();
    expect(aws.heard[0]?.headers["authorization"]).toMatch(/\/eu-west-1\/rds\/aws4_request/);
  });

  it("DescribeAccountAttributes: how many manual snapshots there are and may be; without a word of them it is unknown", async () => {
    const quota = (name: string) => `<AccountQuota>${elements({ AccountQuotaName: name, Used: 91, Max: 100 })}</AccountQuota>`;
    const quotas = (...of: readonly string[]) => okXml("DescribeAccountAttributes", `<AccountQuotas>${of.map(quota).join("")}</AccountQuotas>`);
    aws.answers = { DescribeAccountAttributes: () => quotas("DBInstances", "ManualSnapshots") };
    expect(await databasesFrom(reach()).quota()).toEqual({ used: 91, most: 100 });
    aws.answers = { DescribeAccountAttributes: () => quotas("DBInstances") };
    await expect(databasesFrom(reach()).quota()).rejects.toMatchObject({ kind: "unavailable" });
  });
});

describe("snapshots over HTTP", () => {
  const take = () => snapshotTakingFrom(reach()).take({ instance: "shop", id: "nightshift-shop-1", tags: { "nightshift:state": "uploaded" } });

  it("CreateDBSnapshot: under our name, with our tags", async () => {
    aws.answers = { CreateDBSnapshot: () => okXml("CreateDBSnapshot", snapshotXml({ Status: "creating" })) };
    expect(await take()).toBe("taken");
    expect(aws.requests).toEqual([
      [
        "CreateDBSnapshot",
        {
          DBInstanceIdentifier: "shop",
          DBSnapshotIdentifier: "nightshift-shop-1",
          "Tags.Tag.1.Key": "nightshift:owner",
          "Tags.Tag.1.Value": "nightshift",
          "Tags.Tag.2.Key": "nightshift:state",
          "Tags.Tag.2.Value": "uploaded",
        },
      ],
    ]);
  });

  it("CreateDBSnapshot: one that stands is ours only by its tags and its instance", async () => {
    aws.answers = { CreateDBSnapshot: () => faultXml("DBSnapshotAlreadyExists"), DescribeDBSnapshots: () => snapshots(snapshotXml()) };
    expect(await take()).toBe("already");
    aws.answers = { ...aws.answers, DescribeDBSnapshots: () => snapshots(snapshotXml({}, { owner: "somebody" })) };
    await expect(take()).rejects.toMatchObject({ kind: "invalid" });
    aws.answers = { ...aws.answers, DescribeDBSnapshots: () => snapshots(snapshotXml({ DBInstanceIdentifier: "other" })) };
    await expect(take()).rejects.toMatchObject({ kind: "invalid" });
  });

  it.each([
    ["SnapshotQuotaExceeded", 400, "invalid"],
    ["InvalidDBInstanceState", 400, "conflict"],
    ["DBInstanceNotFound", 404, "not-found"],
    ["InternalFailure", 500, "timeout"],
  ])("CreateDBSnapshot: %s is %s, and not repeated", async (code, status, kind) => {
    aws.answers = { CreateDBSnapshot: () => faultXml(code, status) };
    await expect(take()).rejects.toMatchObject({ kind });
    expect(aws.requests.length).toBe(1);
  });

  const copy = (kmsKey: string | undefined) =>
    snapshotTakingFrom(reach()).copy({ arn: rds("snapshot:rds:shop-2026"), id: "nightshift-shop-1", toRegion: "eu-west-1", kmsKey, tags: {} });

  it("CopyDBSnapshot: asked in the destination, under its key, with a request that the SDK signed for the source", async () => {
    aws.answers = {
      DescribeDBSnapshots: () => snapshots(snapshotXml({ DBSnapshotIdentifier: "rds:shop-2026", DBSnapshotArn: rds("snapshot:rds:shop-2026") })),
      CopyDBSnapshot: () => okXml("CopyDBSnapshot", snapshotXml({ Status: "copying" })),
    };
    expect(await copy("arn:aws:kms:eu-west-1:123456789012:key/2")).toBe("copying");
    const [, sent] = aws.requests[1] ?? [];
    expect(sent).toMatchObject({
      SourceDBSnapshotIdentifier: rds("snapshot:rds:shop-2026"),
      TargetDBSnapshotIdentifier: "nightshift-shop-1",
      KmsKeyId: "arn:aws:kms:eu-west-1:123456789012:key/2",
      CopyTags: "false",
      "Tags.Tag.1.Key": "nightshift:owner",
    });
    expect(aws.requests[0]?.[1]).toEqual({ DBSnapshotIdentifier: "rds:shop-2026" });
    expect(aws.heard.map(({ headers }) => /\/([\w-]+)\/rds\//.exec(String(headers["authorization"]))?.[1])).toEqual(["eu-central-1", "eu-west-1"]);
    const signed = new URL(String(Reflect.get(Object(sent), "PreSignedUrl")));
    expect([signed.hostname, signed.searchParams.get("Action"), signed.searchParams.get("DestinationRegion")]).toEqual([
      "rds.eu-central-1.amazonaws.com",
      "CopyDBSnapshot",
      "eu-west-1",
    ]);
    expect(signed.searchParams.get("X-Amz-Credential")).toMatch(/^local\/\d{8}\/eu-central-1\/rds\/aws4_request$/);
  });

  it("CopyDBSnapshot: an encrypted snapshot does not leave its region without a key there; one that is not encrypted does", async () => {
    aws.answers = { DescribeDBSnapshots: () => snapshots(snapshotXml()), CopyDBSnapshot: () => okXml("CopyDBSnapshot", snapshotXml()) };
    await expect(copy(undefined)).rejects.toMatchObject({ kind: "invalid", message: expect.stringContaining("no key of eu-west-1") });
    expect(aws.requests.map(([operation]) => operation)).toEqual(["DescribeDBSnapshots"]);
    aws.answers = { ...aws.answers, DescribeDBSnapshots: () => snapshots(snapshotXml({ Encrypted: false })) };
    expect(await copy(undefined)).toBe("copying");
    expect(String(Reflect.get(Object(aws.requests.at(-1)?.[1]), "PreSignedUrl"))).not.toContain("undefined");
  });

  it("CopyDBSnapshot: a copy that stands in the other region is ours by its tags", async () => {
    aws.answers = { CopyDBSnapshot: () => faultXml("DBSnapshotAlreadyExists"), DescribeDBSnapshots: () => snapshots(snapshotXml({ Encrypted: false })) };
    expect(await copy(undefined)).toBe("already");
  });

  const prune = () => snapshotPruningFrom(reach()).delete("nightshift-shop-1", "eu-west-1");

  it("DeleteDBSnapshot: a manual one of ours, where it is told; gone or busy is an answer", async () => {
    aws.answers = {
      DescribeDBSnapshots: () => snapshots(snapshotXml()),
      DeleteDBSnapshot: () => okXml("DeleteDBSnapshot", snapshotXml({ Status: "deleted" })),
    };
    expect(await prune()).toBe("deleted");
    expect(aws.requests.at(-1)).toEqual(["DeleteDBSnapshot", { DBSnapshotIdentifier: "nightshift-shop-1" }]);
    aws.answers = { ...aws.answers, DeleteDBSnapshot: () => faultXml("InvalidDBSnapshotState") };
    expect(await prune()).toBe("busy");
    aws.answers = { ...aws.answers, DeleteDBSnapshot: () => faultXml("DBSnapshotNotFound", 404) };
    expect(await prune()).toBe("gone");
    aws.answers = { DescribeDBSnapshots: () => faultXml("DBSnapshotNotFound", 404) };
    expect(await prune()).toBe("gone");
  });

  it.each([
    ["somebody's", snapshotXml({}, {})],
    ["RDS's own", snapshotXml({ SnapshotType: "automated" })],
  ])("DeleteDBSnapshot: %s is never deleted", async (_whose, xml) => {
    aws.answers = { DescribeDBSnapshots: () => snapshots(xml) };
    await expect(prune()).rejects.toMatchObject({ kind: "denied" });
    expect(aws.requests.map(([operation]) => operation)).toEqual(["DescribeDBSnapshots"]);
  });

  it("DeleteDBSnapshot: one that is being copied is left alone", async () => {
    aws.answers = { DescribeDBSnapshots: () => snapshots(snapshotXml({ Status: "copying" })) };
    expect(await prune()).toBe("busy");
  });
});
