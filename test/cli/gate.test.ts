import { epochMs } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { type Ledgered, ledgered } from "./harness.ts";

const config = ["--config", "test/cli/shop.config.ts"];
const at = epochMs(Date.UTC(2026, 2, 14, 3, 12, 0));
const until = epochMs(Date.UTC(2026, 2, 14, 5, 12, 0));

const stands = async (account: Ledgered, what: { readonly freeze?: string; readonly hold?: string }): Promise<void> => {
  await account.lab.run(async () => {
    const before = await account.ports.control.read();
    await account.ports.control.replace({
      ...before,
      version: before.version + 1,
      freezes: what.freeze === undefined ? [] : [{ scope: what.freeze, by: "ana", because: "sale", at, until }],
      holds: what.hold === undefined ? [] : [{ scope: what.hold, by: "lead", because: "migration", at, until: undefined }],
    });
  });
};

describe("gate deploy", () => {
  it("lets a pipeline go on where nobody froze or holds the service", async () => {
    const account = await ledgered();
    await stands(account, { freeze: "blog", hold: "blog" });
    expect(await account.nightshift(["gate", "deploy", "shop-api", ...config])).toMatchObject({
      exit: 0,
      out: ["shop-api may be deployed: nothing is frozen or held."],
    });
  });

  it.each(["all", "shop-api"])("stops it with 4 while %s is frozen, and says who froze it and why", async (scope) => {
    const account = await ledgered();
    await stands(account, { freeze: scope });
    const { exit, out } = await account.nightshift(["gate", "deploy", "shop-api", ...config]);
    expect(exit).toBe(4);
    expect(out[0]).toMatch(/^shop-api must not be deployed now: ana froze (everything|shop-api) for .* more: sale\.$/);
  });

  it("stops it with 4 inside a hold, and says so as data", async () => {
    const account = await ledgered();
    await stands(account, { hold: "shop-api" });
    const { exit, out } = await account.nightshift(["gate", "deploy", "shop-api", "--json", ...config]);
    expect(exit).toBe(4);
    expect(JSON.parse(out[0] ?? "")).toEqual({ service: "shop-api", free: false, because: ["lead holds shop-api until it is released: migration"] });
  });

  it("changes nothing, and refuses a service that the config does not know", async () => {
    const account = await ledgered();
    await account.nightshift(["gate", "deploy", "shop-api", ...config]);
    expect((await account.lab.run(() => account.ports.control.read())).version).toBe(0);
    expect((await account.nightshift(["gate", "deploy", "shop-ap", ...config])).exit).toBe(2);
  });
});

describe("approving a plan that a person asked for in Slack", () => {
  const plan = "shop-api-43-to-42-9k2p-a1b2c3";
  it("is refused where the guard's address is not known, and the word is not spent", async () => {
    const account = await ledgered();
    await account.lab.run(async () => {
      await account.ports.plans.keep({
        id: plan,
        hash: "{}",
        verb: "rollback",
        service: "shop-api",
        requester: "ana",
        incident: undefined,
        because: "5xx",
        madeAt: at,
        expiresAt: until,
        calls: [],
        preconditions: {},
        input: { group: "shop", plan: "{}" },
      });
      await account.ports.approvals.ask({
        plan,
        planHash: "{}",
        what: "deploy shop-api:42",
        because: "5xx",
        service: "shop-api",
        askedAt: at,
        expiresAt: until,
        state: "pending",
        needs: { role: "operator", people: 1 },
        requester: "ana",
        incident: undefined,
        given: [],
        by: undefined,
        answeredAt: undefined,
        callbackId: undefined,
      });
    });
    const { exit, err } = await account.nightshift(["approve", plan, "--yes"]);
    expect(exit).toBe(2);
    expect(err[0]).toContain("Approve it in Slack, or set GUARD_FUNCTION_ARN.");
    expect((await account.lab.run(() => account.ports.approvals.find(plan)))?.state).toBe("pending");
    expect((await account.nightshift(["deny", plan])).exit).toBe(0);
  });
});
