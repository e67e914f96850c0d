import { after, type Approval, epochMs, minutes } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { type Ledgered, ledgered, nightshift, nowhere } from "./harness.ts";

const at = epochMs(Date.UTC(2026, 2, 14, 3, 12, 0));
const config = ["--config", "test/cli/shop.config.ts"];
const plan = (given: Partial<Approval> = {}): Approval => ({
  plan: "shop-api-43-to-42",
  planHash: '{"from":"43","to":"42"}',
  what: "stop service deployment of shop-api with rollback → api:42",
  because: "5xx 12.4 %",
  service: "shop-api",
  askedAt: at,
  expiresAt: after(at, minutes(15)),
  state: "pending",
  needs: { role: "operator", people: 1 },
  requester: "nightshift/guard",
  incident: undefined,
  given: [],
  by: undefined,
  answeredAt: undefined,
  callbackId: undefined,
  ...given,
});
const asking = async (given: Partial<Approval> = {}): Promise<Ledgered> => {
  const account = await ledgered();
  await account.lab.run(() => account.ports.approvals.ask(plan(given)));
  return account;
};
const chain = ({ lab, ports }: Ledgered) => lab.run(() => ports.audit.read("control"));

describe("hold and release", () => {
  it("hold everything until released, on the record", async () => {
    const account = await ledgered();
    const { exit, out } = await account.nightshift(["hold", "all", "--because", "database maintenance"]);
    expect(exit).toBe(0);
    expect(out).toEqual([
      "Held: everything, until `npx nightshift release`. Nothing is changed by itself meanwhile; watching and telling go on.",
      "Release with: npx nightshift release all",
    ]);
    const { holds } = await account.lab.run(() => account.ports.control.read());
    expect(holds).toEqual([{ scope: "all", by: "ada", because: "database maintenance", at: expect.any(Number), until: undefined }]);
    const [record] = await chain(account);
    expect([record?.kind, record?.actor, record?.body["does"]]).toEqual(["command", "ada", "hold"]);
  });

  it("list what stands and change nothing", async () => {
    const account = await ledgered();
    expect((await account.nightshift(["hold", "--list"])).out).toEqual(["Nothing is held.", "No lease is in force.", "Nothing was spent in the last 6 h."]);
    const hour = 3_600_000;
    const spend = (key: string, ago: number) => ({ key, service: "shop-api", group: "shop", kind: "rollback", at: epochMs(at - ago), mutations: 2 }) as const;
    await account.lab.run(async () => {
      const before = await account.ports.control.read();
      await account.ports.control.replace({
        ...before,
        version: before.version + 1,
        holds: [{ scope: "all", by: "ada", because: "tests", at, until: undefined }],
        leases: [
          { resource: "shop-api", holder: "guard/1", purpose: "rollback", epoch: 1, until: epochMs(at + hour) },
          { resource: "shop-worker", holder: "guard/0", purpose: "rollback", epoch: 0, until: epochMs(at - 1) },
        ],
        spent: [spend("old", 6 * hour), spend("new", 6 * hour - 60_000)],
      });
    });
    const { exit, out } = await account.nightshift(["hold", "--list"]);
    expect(exit).toBe(0);
    expect(out[0]).toBe("Held: everything, until it is released, by ada: tests");
    expect(out[1]).toMatch(/^Leased: shop-api, for a rollback, for .* more, by guard\/1$/);
    expect(out[2]).toBe("Spent: a rollback of shop-api, 2026-03-13 21:13:00 UTC, 2 calls");
    expect(out).toHaveLength(3);
    expect(await chain(account)).toEqual([]);
    expect((await account.nightshift(["hold", "all", "--list"])).exit).toBe(2);
  });

  it("hold one service for a while, and again without a second hold", async () => {
    const account = await ledgered();
    expect((await account.nightshift(["hold", "shop-api", "--for", "30m", ...config, "--as", "grace"])).exit).toBe(0);
    expect((await account.nightshift(["hold", "shop-api", "--for", "1h", ...config])).exit).toBe(0);
    const { holds } = await account.lab.run(() => account.ports.control.read());
    expect(holds.map(({ scope, by, at: from, until }) => [scope, by, (until ?? 0) - from])).toEqual([["shop-api", "ada", 3_600_000]]);
  });

  it("refuse a service that the config does not know, because that would hold nothing", async () => {
    const account = await ledgered();
    const { exit, err } = await account.nightshift(["hold", "shop-ap", ...config]);
    expect(exit).toBe(2);
    expect(err[0]).toContain('did you mean "shop-api"?');
    expect((await account.lab.run(() => account.ports.control.read())).holds).toEqual([]);
    expect(await chain(account)).toEqual([]);
  });

  it("refuse a length that is none", async () => {
    const { exit, err } = await nightshift(["hold", "all", "--for", "soon"]);
    expect([exit, err]).toEqual([2, ['--for "soon" is not a length: write a number and s, m, h or d, such as 30m.']]);
  });

  it("release what is held, say when nothing is, and list what still stands", async () => {
    const account = await ledgered();
    await account.nightshift(["hold", "all"]);
    await account.nightshift(["hold", "shop-api", ...config, "--because", "tests"]);
    expect((await account.nightshift(["release", "all"])).out).toEqual([
      "Released: everything. Automatic actions go on.",
      "Still held: shop-api, by ada: tests",
    ]);
    expect((await account.nightshift(["release"])).out[0]).toBe("There was no hold on everything; nothing was changed.");
    expect((await account.lab.run(() => account.ports.control.read())).holds.map((one) => one.scope)).toEqual(["shop-api"]);
  });

  it("say what is missing when nobody named the tables or a region", async () => {
    const { exit, err } = await nightshift(["hold", "all"]);
    expect(exit).toBe(2);
    expect(err[0]).toMatch(/^The ledger's tables are not known: .* Set LEDGER_TABLE and AUDIT_TABLE, or pass --ledger and --audit/);
    const regionless = await nightshift(["hold", "all", "--ledger", "l", "--audit", "a"]);
    expect([regionless.exit, regionless.err[0]?.slice(0, 24)]).toEqual([2, "No AWS region is known, "]);
  });
});

describe("approve and deny", () => {
  it("show the plan, ask, and write the word once", async () => {
    const account = await asking();
    const { exit, out, asked } = await account.nightshift(["approve", "shop-api-43-to-42"], ["yes"]);
    expect(exit).toBe(0);
    expect(asked).toEqual(["Approve this plan? Type yes: "]);
    expect(out[0]).toBe("Plan     shop-api-43-to-42");
    expect(out).toContain("Does     stop service deployment of shop-api with rollback → api:42");
    expect(out.some((line) => /^Hash {5}[0-9a-f]{16}$/.test(line))).toBe(true);
    expect(out.some((line) => line.startsWith("Expires  in 15 m"))).toBe(true);
    const row = await account.lab.run(() => account.ports.approvals.find("shop-api-43-to-42"));
    expect([row?.state, row?.by]).toEqual(["approved", "ada"]);
    expect((await chain(account)).map((record) => record.body["does"])).toEqual(["approved"]);
  });

  it("are idempotent: the same word again changes nothing, the other word comes too late", async () => {
    const account = await asking();
    await account.nightshift(["deny", "shop-api-43-to-42"]);
    expect((await account.nightshift(["deny", "shop-api-43-to-42"])).exit).toBe(0);
    const late = await account.nightshift(["approve", "shop-api-43-to-42", "--yes"]);
    expect(late.exit).toBe(1);
    expect(late.err[0]).toMatch(/^shop-api-43-to-42 was denied by ada at 03:12:\d\d UTC already; a word is given once and nothing was changed\.$/);
    expect(await chain(account)).toHaveLength(1);
  });

  it("approve nothing where nobody can be asked, or when the answer is no", async () => {
    const account = await asking();
    expect((await account.nightshift(["approve", "shop-api-43-to-42"])).exit).toBe(2);
    expect((await account.nightshift(["approve", "shop-api-43-to-42"], ["no"])).exit).toBe(1);
    expect((await account.lab.run(() => account.ports.approvals.find("shop-api-43-to-42")))?.state).toBe("pending");
  });

  it("say that a plan has expired", async () => {
    const account = await asking({ expiresAt: epochMs(at - 1) });
    const { exit, err } = await account.nightshift(["approve", "shop-api-43-to-42", "--yes"]);
    expect([exit, err[0]]).toEqual([1, "shop-api-43-to-42 expired at 03:11:59 UTC, so nothing was changed. A new sign of trouble makes a new plan."]);
  });

  it("list what waits when no plan, or a wrong one, is named", async () => {
    const account = await asking();
    expect((await account.nightshift(["approve"])).out[1]).toMatch(/^shop-api-43-to-42 {2}shop-api {2}in 1[45] m/);
    const { exit, err } = await account.nightshift(["approve", "shop-api-43-to-41"]);
    expect([exit, err]).toEqual([2, ['There is no plan "shop-api-43-to-41" in the ledger; did you mean "shop-api-43-to-42"? Waiting: shop-api-43-to-42.']]);
  });
});

describe("incidents", () => {
  const told = async (): Promise<Ledgered> => {
    const account = await ledgered();
    await account.lab.run(async () => {
      const { incidents } = account.ports;
      await incidents.open({
        id: "INC-260314-0312-shop-api",
        group: "shop",
        service: "shop-api",
        severity: "P2",
        title: "api:43 was rolled back to api:42, and it helped",
        openedAt: at,
        by: "guard",
      });
      await incidents.say("INC-260314-0312-shop-api", { key: "a", at: epochMs(at + 8_000), kind: "seen", text: "api:43 began taking traffic", announce: true });
      await incidents.say("INC-260314-0312-shop-api", {
        key: "b",
        at: epochMs(at + 341_000),
        kind: "resolved",
        text: "it helped",
        announce: true,
        change: { what: "resolved", how: "automation" },
      });
      await incidents.say("INC-260314-0312-shop-api", { key: "c", at: epochMs(at + 341_000), kind: "note", text: "for the record", announce: false });
    });
    return account;
  };

  it("are listed newest first, one line each", async () => {
    const { exit, out } = await (await told()).nightshift(["incidents", "list"]);
    expect(exit).toBe(0);
    expect(out[0]).toMatch(/^id +sev +state +opened \(UTC\) +title$/);
    expect(out[1]).toMatch(/^INC-260314-0312-shop-api {2}P2 {3}resolved {2}2026-03-14 03:12:00/);
  });

  it("are shown as their thread reads", async () => {
    const account = await told();
    expect((await account.nightshift(["incidents", "show", "INC-260314-0312-shop-api"])).out).toEqual([
      "● [shop-api] P2 resolved · api:43 was rolled back to api:42, and it helped · 5 m 41 s",
      "  ────────────────────────────────────────────────────────────",
      "  03:12:08  api:43 began taking traffic",
      "  03:17:41  it helped",
    ]);
    expect((await account.nightshift(["incidents", "show", "INC-260314-0312-shop-api", "--all"])).out.at(-1)).toBe("  03:17:41  for the record");
  });

  it("that are not there are named, with the nearest", async () => {
    const { exit, err } = await (await told()).nightshift(["incidents", "show", "INC-260314-0312-shop-ap"]);
    expect([exit, err[0]]).toEqual([
      2,
      'There is no incident "INC-260314-0312-shop-ap" in the ledger. Did you mean "INC-260314-0312-shop-api"? `npx nightshift incidents list` shows the newest.',
    ]);
  });

  it("are known by the end of their id, when it is the only one", async () => {
    const account = await told();
    expect((await account.nightshift(["incidents", "show", "shop-api"])).out[0]).toContain("[shop-api] P2 resolved");
    expect((await account.nightshift(["incidents", "show", "api"])).exit).toBe(2);
  });

  it("that are over are not open", async () => {
    expect((await (await told()).nightshift(["incidents", "list", "--open"])).out).toEqual(["Nothing is open."]);
  });

  it("leave as data, whole, one object a line", async () => {
    const account = await told();
    const { out } = await account.nightshift(["incidents", "export"]);
    const [record] = await account.lab.run(() => account.ports.incidents.list(1));
    expect(out.map((line) => JSON.parse(line))).toEqual([JSON.parse(JSON.stringify(record))]);
    expect((await account.nightshift(["incidents", "export", "INC-260314-0312-shop-api"])).out).toEqual(out);
  });

  it("are drafted as a post-mortem", async () => {
    const { out } = await (await told()).nightshift(["incidents", "postmortem", "INC-260314-0312-shop-api"]);
    expect(out[0]).toBe("# \\[shop-api\\] \\[P2\\] api:43 was rolled back to api:42, and it helped");
    expect(out).toContain("| 03:17:41 | Issue resolved: it helped | nightshift |");
  });

  it("refuse a limit that is none", async () => {
    expect((await nightshift(["incidents", "list", "--limit", "0"], nowhere())).exit).toBe(2);
  });
});
