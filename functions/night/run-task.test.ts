import { shopDatabase } from "@nightshift/decide/backups/database.fixture";
import { epochMs, seconds } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { play } from "@nightshift/runtime";
import { type BackupAccount, backupAccount } from "@nightshift/runtime/testing/backup-account";
import { instanceOf } from "@nightshift/runtime/testing/backup-cloud";
import { expect, test } from "vitest";
import { night } from "./automation.ts";

const at = epochMs(Date.UTC(2026, 10, 21, 2, 0));

/** An account whose first answers to a start are lost though the task starts. */
function losing(answers: number): BackupAccount {
  const account = backupAccount(at);
  account.cloud.instances.set("shop-prod", instanceOf("shop-prod"));
  account.ends.night = { state: "verified", contentsOf: at, differences: [], findings: [], times: { compare: seconds(90) }, verifierFails: true };
  const { runners } = account.world;
  let asked = 0;
  const start: typeof runners.start = async (job) => {
    const begun = await runners.start(job);
    if (asked++ < answers) throw new PortError("timeout", "ecs:RunTask", job.run, "no answer");
    return begun;
  };
  Object.assign(account.world, { runners: { ...runners, start } });
  return account;
}
const row = ({ rows }: BackupAccount) => rows.get("shop-261121-0200-nightly");
const playOn = ({ world, checkpoints }: BackupAccount) =>
  play(night, { event: { of: "shop", scheduled: at, series: "nightly" }, settings: { database: shopDatabase, channel: undefined }, world, checkpoints });

test.each([2, 3, 20])("a night whose start got no answer %i times runs once, and is proven as any other", async (answers) => {
  const account = losing(answers);
  await playOn(account);
  expect([row(account)?.state, account.jobs.size]).toEqual(["verified", 1]);
});

test("one whose start never got an answer is not said not to have been started", async () => {
  const account = losing(1_000);
  await playOn(account);
  expect([row(account)?.state, row(account)?.because]).toEqual(["failed", expect.stringContaining("nobody knows whether it was started: 3 attempts")]);
});
