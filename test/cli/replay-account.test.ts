import { writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fiveHundreds } from "@nightshift/lab/world/index";
import { type EpochMs, hours, minutes } from "@nightshift/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleText } from "../../events/samples/load.ts";
import { type Ledgered, ledgered } from "./harness.ts";

let folder = "";
let config = "";
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "nightshift-replay-"));
  config = path.join(folder, "shop.config.ts");
  // The simulated account makes the same names in every test.
  const { traffic } = shopIn(await ledgered())["shop-api"] ?? {};
  writeFileSync(
    config,
    `import { defineNightshift, ecs, errorRate } from "@nightshift/config";
export default defineNightshift({ product: "shop", mode: "auto", channels: { ops: "C0123ABCD" }, services: {
  "shop-api": ecs({ cluster: "shop-prod", group: "shop", traffic: { loadBalancer: "${traffic?.loadBalancer}", targetGroup: "${traffic?.targetGroup}" }, triggers: [errorRate()] }),
  "shop-worker": ecs({ cluster: "shop-prod", group: "shop" }) } });`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const shopIn = ({ world }: Ledgered) =>
  world.product({
    name: "shop",
    cluster: "shop-prod",
    services: [
      { name: "shop-api", traffic: { rpm: 600 } },
      { name: "shop-worker", worker: { queue: "q", jobsPerMinute: 60 } },
    ],
  });

/** An account in which a bad deployment of shop-api began a minute ago, and the event that told so. */
async function burning(environment?: Readonly<Record<string, string>>): Promise<Ledgered & { readonly event: string }> {
  const account = await ledgered(environment);
  shopIn(account);
  await account.lab.pass(minutes(10));
  const { deployment } = account.world.deploy("shop-api", { behaviour: fiveHundreds({ share: 0.2 }) });
  const at = account.lab.clock.now();
  await account.lab.pass(minutes(1));
  return { ...account, event: eventAt(at, deployment) };
}

function eventAt(at: EpochMs, deployment: string): string {
  const event = JSON.parse(sampleText("ecs-deployment-in-progress"));
  const time = new Date(at).toISOString();
  return JSON.stringify({ ...event, time, detail: { ...event.detail, deploymentId: deployment, updatedAt: time } });
}

const changes = ({ lab }: Ledgered) =>
  lab.history.filter((line) => line.kind === "call" && line.caller === "person" && line.mutating).map((line) => (line.kind === "call" ? line.operation : ""));

describe("replay --account", () => {
  it("reads the real account, gives the verdict, and changes nothing, not even the ledger", async () => {
    const account = await burning();
    const { exit, out } = await account.nightshift(["replay", "-", "--config", config, "--account", "--watch", "10m"], [], account.event);
    expect(exit).toBe(0);
    expect(out[0]).toBe("World       the real account in eu-central-1, read only, with its ledger");
    expect(out.some((line) => line.startsWith("Verdict     roll back (P2)"))).toBe(true);
    expect(changes(account)).toEqual([]);
  });

  it("says that the ledger is empty where its tables are not named", async () => {
    const account = await burning({ AWS_REGION: "eu-central-1" });
    const { out } = await account.nightshift(["replay", "-", "--config", config, "--account"], [], account.event);
    expect(out.slice(0, 2).join(" ").replace(/ +/g, " ")).toContain("with an empty ledger, because LEDGER_TABLE and AUDIT_TABLE are not set");
    expect(out.some((line) => line.startsWith("Verdict     wait"))).toBe(true);
  });

  it("leaves an event that is more than an hour old", async () => {
    const account = await burning();
    const old = eventAt((account.lab.clock.now() - hours(2)) as EpochMs, "ecs-svc/1"); // A moment minus a length.
    const { exit, out } = await account.nightshift(["replay", "-", "--config", config, "--account", "--act"], ["shop-api"], old);
    expect(exit).toBe(0);
    expect(out.join("\n")).toContain("no new watch: the event is more than an hour old");
    expect(out.some((line) => line.startsWith("Verdict     leave"))).toBe(true);
    expect(changes(account)).toEqual([]);
  });
});

describe("replay --account --act", () => {
  it("names account and calls, asks, and rolls back through every gate", async () => {
    const account = await burning();
    const { exit, asked, err } = await account.nightshift(
      ["replay", "-", "--config", config, "--account", "--act", "--watch", "10m"],
      ["shop-api"],
      account.event,
    );
    expect([exit, err[0], err.at(-1)]).toEqual([
      0,
      "Ended: acted, restored.",
      "The incident has no war room, so nobody is called about it: WAR_ROOM_FUNCTION_ARN is not set here.",
    ]);
    expect(asked).toEqual([
      expect.stringMatching(/^This changes production: 2 calls, as shown, in account 111122223333, eu-central-1\. Type shop-api to go on: $/),
    ]);
    expect(changes(account).filter((operation) => ["StopServiceDeployment", "UpdateService"].includes(operation))).toHaveLength(1);
    const records = await account.lab.run(() => account.ports.audit.read("shop-api"));
    expect(records.filter((record) => record.kind === "intent").length).toBeGreaterThan(0);
  });

  it("does nothing without the typed name, or where nobody can be asked", async () => {
    const account = await burning();
    const command = ["replay", "-", "--config", config, "--account", "--act", "--watch", "10m"];
    expect(await account.nightshift(command, ["yes"], account.event)).toMatchObject({ exit: 1, err: ["Not confirmed; nothing was changed."] });
    expect(changes(account)).toEqual([]);
    const another = await burning();
    expect((await another.nightshift(command, [], another.event)).exit).toBe(2);
    expect(changes(another)).toEqual([]);
  });

  it("obeys a hold", async () => {
    const account = await burning();
    await account.nightshift(["hold", "all", "--because", "maintenance"]);
    const { exit, out } = await account.nightshift(["replay", "-", "--config", config, "--account", "--act", "--watch", "10m"], ["shop-api"], account.event);
    expect(exit).toBe(0);
    expect(out.join("\n")).toContain("Verdict     leave (held)");
  });

  it("needs the ledger, because holds and budgets live there", async () => {
    const account = await burning({ AWS_REGION: "eu-central-1" });
    const { exit, err } = await account.nightshift(["replay", "-", "--config", config, "--account", "--act"], [], account.event);
    expect([exit, err[0]?.slice(0, 38)]).toEqual([2, "The ledger's tables are not known: hol"]);
  });
});
