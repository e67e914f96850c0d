import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadSamples } from "../../events/samples/load.ts";
import { nightshift, nowhere, root } from "./harness.ts";

const config = "test/cli/shop.config.ts";
const sample = (name: string): string => path.join(root, "events", "samples", `${name}.json`);
const replayed = async (name: string, ...more: readonly string[]) => {
  const { exit, out, err } = await nightshift(["replay", sample(name), "--config", config, "--json", ...more]);
  expect(err).toEqual([]);
  expect(exit).toBe(0);
  return JSON.parse(out[0] ?? "null");
};

describe("replay against a simulated account", () => {
  it("names the world first and gives a verdict with reasons for every sample there is", async () => {
    for (const { about } of loadSamples()) {
      const { exit, out, err } = await nightshift(["replay", path.join(root, "events", "samples", about.file), "--config", config]);
      expect([about.file, exit, err]).toEqual([about.file, 0, []]);
      expect(out[0]).toMatch(/^World +a simulated account made from test\/cli\/shop.config.ts/);
      expect(out.some((line) => line.startsWith("Verdict     "))).toBe(true);
      expect(out.length).toBeLessThan(31);
    }
  }, 120_000);

  it("lets a good deployment pass and would change nothing that runs", async () => {
    const { verdict, calls, dispatcher } = await replayed("ecs-deployment-in-progress");
    expect(dispatcher).toEqual(["open: a watch over shop begins"]);
    expect([verdict.kind, verdict.reason]).toEqual(["leave", "passed"]);
    expect(calls.map((call: { operation: string }) => call.operation)).toEqual(["ecs:RegisterTaskDefinition"]);
  });

  it("would stop a deployment that answers with 5xx, and says why", async () => {
    const { verdict, calls } = await replayed("ecs-deployment-in-progress", "--code", "five-hundreds");
    expect([verdict.kind, verdict.consent]).toEqual(["roll-back", "given"]);
    expect(verdict.because[0]).toMatch(/^shop-api: 5xx \d+\.\d % of \d+ requests, 2 of 2 minutes/);
    expect(calls.at(-1).operation).toBe("ecs:StopServiceDeployment");
    expect(calls.at(-1).input.stopType).toBe("ROLLBACK");
  });

  it("would stop a deployment that crashes on boot", async () => {
    const { verdict } = await replayed("ecs-deployment-in-progress", "--code", "crash-on-boot");
    expect(verdict.kind).toBe("roll-back");
    expect(verdict.because[0]).toContain("crashed");
  });

  it("replays an alarm in the minutes after a deployment", async () => {
    const { world, dispatcher, verdict } = await replayed("alarm-metric");
    expect(world).toContain('shop-api is deployed 3 minutes before this alarm with code that behaves "five-hundreds"');
    expect(dispatcher).toEqual([
      "open: a watch over shop begins",
      "remembered that shop-api/5xx is ALARM; it is about shop-api (P3) and goes into the incident of shop",
    ]);
    expect(verdict.kind).toBe("roll-back");
  });

  it("says the same every time", async () => {
    const once = await nightshift(["replay", sample("alarm-metric"), "--config", config]);
    const again = await nightshift(["replay", sample("alarm-metric"), "--config", config]);
    expect(again).toEqual(once);
  });

  it("explains events that no automation waits for", async () => {
    const { verdict, calls } = await replayed("ecs-task-crashed");
    expect([verdict.kind, verdict.reason, calls]).toEqual(["leave", "not-acted-on", []]);
  });

  it("explains a service that the config does not guard", async () => {
    const text = readFileSync(sample("ecs-deployment-in-progress"), "utf8").replaceAll("shop-api", "billing");
    const { exit, out } = await nightshift(["replay", "-", "--config", config], nowhere({ input: async () => text }));
    expect(exit).toBe(0);
    expect(out.join("\n")).toContain("billing is not in nightshift.config.ts");
  });
});

describe("replay of what is no event of ours", () => {
  const refused = async (text: string) => {
    const { exit, out, err } = await nightshift(["replay", "-"], nowhere({ input: async () => text }));
    expect([exit, out]).toEqual([2, []]);
    expect(err).toHaveLength(1);
    expect(err[0]).not.toMatch(/\n|\bat .*\.ts:\d/);
    return err[0] ?? "";
  };
  const whole = readFileSync(sample("ecs-deployment-in-progress"), "utf8");

  it("is one paragraph for a truncated, an empty, a wrong-typed and a foreign event", async () => {
    expect(await refused(whole.slice(0, 200))).toContain("expected one event as JSON");
    expect(await refused("")).toContain("Cannot read this event");
    expect(await refused(JSON.stringify({ ...JSON.parse(whole), detail: { ...JSON.parse(whole).detail, deploymentId: 7 } }))).toContain(
      "detail.deploymentId: expected",
    );
    expect(await refused(JSON.stringify({ ...JSON.parse(whole), source: "aws.ec2", "detail-type": "EC2 Instance State-change Notification" }))).toContain(
      "aws.ec2",
    );
  });

  it("is one paragraph for a file that is not there, and for a folder", async () => {
    expect((await nightshift(["replay", "nowhere.json"])).err[0]).toBe(
      "nowhere.json: the event could not be read: there is no such file. Give the file of one event, or - for standard input; events/samples holds one of each kind.",
    );
    expect((await nightshift(["replay", "events"])).err[0]).toContain("it is a folder");
  });
});

describe("replay's options", () => {
  it("refuses --act without --account", async () => {
    const { exit, err } = await nightshift(["replay", sample("alarm-metric"), "--act"]);
    expect(exit).toBe(2);
    expect(err).toEqual(["--act needs --account: a simulated account has nothing to act on. Nothing was changed."]);
  });

  it("refuses code that the simulated account does not know", async () => {
    const { exit, err } = await nightshift(["replay", sample("ecs-deployment-in-progress"), "--config", config, "--code", "perfect"]);
    expect(exit).toBe(2);
    expect(err[0]).toContain("choose healthy, five-hundreds, crash-on-boot, latency-creep");
  });
});
