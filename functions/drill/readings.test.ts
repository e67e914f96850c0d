import { backupId, type EpochMs, epochMs, hours, minutes } from "@nightshift/model";
import { play } from "@nightshift/runtime";
import type { BackupAccount } from "@nightshift/runtime/testing/backup-account";
import { instanceOf } from "@nightshift/runtime/testing/backup-cloud";
import { describe, expect, test } from "vitest";
import { at, database, equal, playOn, stage, told } from "./drill.fixture.ts";
import { validate } from "./validate.ts";

const manifestAt = (name: string, when: EpochMs) => ({ key: `shop/slices/${name}.json.zst`, bytes: 43_000, sha256: name.padEnd(64, "0"), at: when });

test("a snapshot whose source was read around it is held against those two manifests, by their digests; its line says so, red or not", async () => {
  const moment = epochMs(at - hours(2));
  const slices = { before: manifestAt("b", epochMs(moment - minutes(4))), after: manifestAt("a", epochMs(moment + minutes(9))) };
  const findings = ["held against the manifests of 2026-11-03 02:11:00 UTC and 2026-11-03 02:24:00 UTC", "99.34 % of the rows are proven"];
  for (const end of [equal, { ...equal, state: "failed", because: "orders: 1 row is missing", differences: ["orders: 1 row is missing"] } as const]) {
    const account = stage({ ...end, findings });
    // Without any proven dump: the manifests are enough.
    account.rows.clear();
    const id = backupId("shop-261103-0215-nightly-snapshot");
    const where = "arn:aws:rds:eu-west-1:123456789012:snapshot:nightshift-shop-1";
    const row = { id, of: "shop", kind: "rds-snapshot", series: "nightly", state: "uploaded", proof: "exists", scheduled: moment, times: {} } as const;
    account.rows.set(id, { ...row, where, slices, version: 1 });
    await playOn(account);
    expect([...account.jobs.values()]).toEqual([
      {
        run: "shop-261103-0415-drill",
        of: "shop",
        do: "compare-instance",
        slices: {
          before: { key: "shop/slices/b.json.zst", sha256: "b".padEnd(64, "0") },
          after: { key: "shop/slices/a.json.zst", sha256: "a".padEnd(64, "0") },
        },
        scheduled: at,
        target: "nightshift-verify-shop-261103-0415.example.internal:5432",
        diskGiB: 20,
      },
    ]);
    expect(told(account)).toContain(findings[0]);
    expect(account.rows.get(id)?.state).toBe(end === equal ? "verified" : "uploaded");
  }
});

describe("a restore test of AWS Backup", () => {
  const testOn = (account: BackupAccount, job: Partial<{ status: string; created: string; source: string }> = {}) => {
    account.cloud.jobs.set("job-1", {
      status: "COMPLETED",
      created: "arn:aws:rds:eu-west-1:123456789012:db:awsbackup-restore-test-1",
      source: "arn:aws:rds:eu-west-1:123456789012:db:shop-prod",
      ...job,
    });
    account.cloud.instances.set("awsbackup-restore-test-1", instanceOf("awsbackup-restore-test-1"));
    return play(validate, { event: { job: "job-1", at }, settings: [database], world: account.world, checkpoints: account.checkpoints });
  };
  test("of a database of ours is compared and answered; AWS Backup deletes its instance", async () => {
    const account = stage();
    await testOn(account);
    expect(account.cloud.answers.get("job-1")).toEqual({ passed: true, message: "restored and compared without a difference" });
    expect(account.cloud.deleted).toEqual([]);
  });
  test("says which readings it was held against", async () => {
    const account = stage({ ...equal, findings: ["held against the manifests of 02:11 and 02:24", "99.34 % of the rows are proven"] });
    await testOn(account);
    expect(account.cloud.answers.get("job-1")?.message).toBe("restored and compared without a difference; held against the manifests of 02:11 and 02:24");
  });
  test("that differs has failed", async () => {
    const account = stage({ ...equal, state: "failed", because: "orders: 1 row is missing" });
    await testOn(account);
    expect(account.cloud.answers.get("job-1")).toEqual({ passed: false, message: "orders: 1 row is missing" });
  });
  test("of which too little could be compared has not passed, and says so", async () => {
    const because = "too little could be compared to call it proven: 0.49 % of the rows";
    const account = stage({ ...equal, state: "restored", because });
    await testOn(account);
    expect(account.cloud.answers.get("job-1")).toEqual({ passed: false, message: because });
  });
  test("that is not compared in time has failed, and its comparison is stopped", async () => {
    const account = stage();
    delete account.ends["compare-instance"];
    await testOn(account);
    expect(account.cloud.answers.get("job-1")).toEqual({ passed: false, message: "it was not compared within 8 hours" });
    expect(account.stopped.size).toBe(1);
  });
  test.each([
    ["of something else", { source: "arn:aws:rds:eu-west-1:123456789012:db:other" }],
    ["that is not over", { status: "RUNNING" }],
    ["whose instance is gone", { created: "arn:aws:rds:eu-west-1:123456789012:db:gone" }],
  ])("%s is left alone", async (_, job) => {
    const account = stage();
    expect((await testOn(account, job)).ending).toBe("left");
    expect(account.cloud.answers.size).toBe(0);
  });
});
