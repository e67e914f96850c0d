import { labConnections } from "@nightshift/lab/connections";
import { names } from "@nightshift/lab/install/names";
import { loadConfig } from "@nightshift/cli/place/config";
import { crashOnBoot } from "@nightshift/lab/world/index";
import { epochMs, minutes, serviceName } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { nightshift, nowhere } from "../cli/harness.ts";
import saved from "../cli/saved.config.ts";
import { backupStage } from "./backup-stage.ts";

const config = "test/cli/saved.config.ts";
const command = ["gate", "deploy", "shop-api", "--snapshot", "--config", config];

/** A pipeline beside the lab's account. */
async function pipeline(told: readonly string[] = ["SNAPSHOT_FUNCTION_ARN"]) {
  const stage = await backupStage();
  const { lab } = stage;
  const connections = labConnections(lab, "ci");
  const known: Readonly<Record<string, string>> = {
    SNAPSHOT_FUNCTION_ARN: `arn:aws:lambda:${lab.kernel.region}:${lab.kernel.accountId}:function:snapshot:1`,
  };
  const place = nowhere({
    environment: {
      AWS_REGION: lab.kernel.region,
      LEDGER_TABLE: names.ledger,
      AUDIT_TABLE: names.audit,
      ...Object.fromEntries(told.map((name) => [name, known[name]])),
    },
    clock: lab.clock,
    patience: { pause: (length) => lab.clock.sleep(length), random: () => 0.5 },
    connections: () => connections,
  });
  await loadConfig(place, config);
  const gate = (...more: readonly string[]) => lab.run(() => nightshift([...command, ...more], place));
  return { stage, gate };
}

it("a pipeline waits until the snapshot before its deployment is available, and goes on", async () => {
  const { stage, gate } = await pipeline();
  const before = stage.lab.clock.now();
  const { exit, out } = await gate("--database", "shop");
  // The lab's time goes on while the config's file is read, so that the minute in its name is not known.
  const [, snapshot = ""] = /^The snapshot (nightshift-shop-260316-\d{4}-before-deploy-snapshot) of shop is available\.$/.exec(out[0] ?? "") ?? [];
  expect([exit, snapshot === "", out[1]]).toEqual([0, false, "shop-api may be deployed: nothing is frozen or held."]);
  expect(stage.lab.clock.now() - before).toBeGreaterThan(60_000);
  const found = await stage.lab.run(() => stage.person.databases.snapshot(snapshot));
  expect([found?.status, found?.tags["nightshift:state"]]).toEqual(["available", "before-deploy"]);
  const { changes } = await stage.lab.run(() => stage.person.signals.read(serviceName("shop-api"), before));
  expect(changes).toMatchObject([{ kind: "deployment", saved: snapshot }]);
}, 60_000);

it.each([
  ["RDS ends it as failed", "snapshot-fails", [], /there is no snapshot of shop: .*failed/],
  ["it is not there in time", undefined, ["--timeout", "30s"], /there is no snapshot of shop: it was \w+ after 30 s/],
] as const)(
  "the pipeline is stopped with 4 when %s",
  async (_, trouble, more, says) => {
    const { stage, gate } = await pipeline();
    if (trouble !== undefined) stage.lab.rds.expect(trouble);
    const { exit, out } = await gate("--database", "shop", ...more);
    expect(exit).toBe(4);
    expect(out[0]).toMatch(/^shop-api must not be deployed now: /);
    expect(out[0]).toMatch(says);
  },
  60_000,
);

it("the pipeline is stopped with 4 when the function takes nothing: the quota is full", async () => {
  const { stage, gate } = await pipeline();
  stage.lab.rds.fillQuota(0);
  const { exit, out } = await gate("--database", "shop", "--json");
  expect(exit).toBe(4);
  expect(JSON.parse(out[0] ?? "")).toMatchObject({ free: false, snapshots: [], because: [expect.stringContaining("nothing was asked of RDS within 5 m")] });
}, 60_000);

it("a frozen service is not saved: nothing is taken for a deployment that will not be", async () => {
  const { stage, gate } = await pipeline();
  const until = epochMs(Date.UTC(2026, 2, 17));
  await stage.lab.run(async () => {
    const before = await stage.person.control.read();
    const freezes = [{ scope: "shop-api", by: "ana", because: "sale", at: stage.lab.clock.now(), until }];
    await stage.person.control.replace({ ...before, version: before.version + 1, freezes });
  });
  expect((await gate("--database", "shop")).exit).toBe(4);
  const taken = await stage.lab.run(() => stage.person.databases.snapshots("shop-prod"));
  expect(taken.filter(({ id }) => id.includes("before-deploy"))).toEqual([]);
}, 60_000);

describe("the guard's thread of a deployment that crashes says", () => {
  const thread = async (first: (gate: Awaited<ReturnType<typeof pipeline>>["gate"]) => Promise<unknown>) => {
    const { stage, gate } = await pipeline();
    await first(gate);
    await stage.lab.run(async () => void stage.stage.deploy("shop-api", { bad: true, behaviour: crashOnBoot() }));
    await stage.lab.pass(minutes(15));
    return stage.lines().filter((line) => line.includes("before this deployment"));
  };

  it("the snapshot that the pipeline took before it", async () => {
    const said = await thread((gate) => gate("--database", "shop"));
    // The minute in its name: as above.
    expect(said.map((line) => line.replace(/^ {2}\d\d:\d\d:\d\d /, "").replace(/-260316-\d{4}-/, "-260316-MINUTE-"))).toEqual([
      "[shop-api] saved before this deployment: nightshift-shop-260316-MINUTE-before-deploy-snapshot",
    ]);
  }, 60_000);

  it("that nothing is known to have been saved, where nobody saved", async () => {
    expect(await thread(async () => {})).toEqual([
      "  03:00:00 [shop-api] nothing is known to have been saved before this deployment: npx nightshift gate deploy shop-api --snapshot takes a snapshot of shop first",
    ]);
  }, 60_000);
});

it("what cannot be saved is refused before anything is asked", async () => {
  const { gate } = await pipeline();
  expect(await gate()).toMatchObject({
    exit: 2,
    err: [expect.stringContaining("silent is in shadow mode: Nightshift takes no snapshot there.")],
  });
  const able = Object.entries(saved.databases ?? {}).flatMap(([name, { snapshots }]) => (snapshots === undefined ? [] : [name]));
  expect(able).toEqual(["shop", "silent"]);
  const { exit, err } = await gate("--database", "plain");
  expect([exit, err[0]?.includes('No snapshot can be taken of "plain"'), err[0]?.includes(`those that have are ${able.join(", ")}`)]).toEqual([2, true, true]);
  const { gate: unknown } = await pipeline([]);
  expect(await unknown("--database", "shop")).toMatchObject({ exit: 2, err: [expect.stringContaining("Set SNAPSHOT_FUNCTION_ARN")] });
}, 60_000);
