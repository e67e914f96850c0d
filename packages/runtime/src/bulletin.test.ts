import { policyFixture } from "@nightshift/decide/incidents/policy.fixture";
import { type EpochMs, epochMs, type IncidentPolicy, type Ms, ms } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { describe, expect, test } from "vitest";
import { nudgeBulletins, postBulletin } from "./bulletin.ts";
import type { NightCard } from "./bulletin-card.ts";
import { type FakeTelling, fakeTelling } from "./testing/fake-telling.ts";

const at = policyFixture();
const key = "bulletin/handoff/2026-03-17";
/** Nine in the morning in Berlin. */
const NINE = 1_773_734_400_000;

function stage() {
  const fake = fakeTelling();
  fake.now = epochMs(NINE);
  const logged: Readonly<Record<string, unknown>>[] = [];
  const waits: number[] = [];
  const post = (over: { readonly policy?: IncidentPolicy; readonly until?: EpochMs; readonly key?: string } = {}): Promise<boolean> =>
    postBulletin(fake, over.key ?? key, {
      policy: over.policy ?? at,
      pause: async (length: Ms) => {
        waits.push(length);
        await fake.pause(length);
      },
      until: over.until ?? epochMs(fake.now + 17_500),
      log: (line) => void logged.push(line),
    });
  return { fake, logged, waits, post };
}

const posts = (fake: FakeTelling): number => fake.calls.filter(({ method }) => method === "post").length;
const row = (fake: FakeTelling) => fake.rows.get(`${key}/message`);
const refusal = (kind: ConstructorParameters<typeof PortError>[0], because: string, retryAfter?: Ms) =>
  new PortError(kind, "slack:chat.postMessage", "C0OPS", because, undefined, retryAfter);

test("a bulletin is posted once, however often it is asked for", async () => {
  const { fake, post } = stage();
  expect(await post()).toBe(true);
  expect(await post()).toBe(false);
  expect(fake.slack.map(({ card }) => card.summary)).toEqual(["shop: hand-over. Nothing is open, 0 in the last 24 h."]);
});

test.each([
  ["before", false],
  ["after", true],
] as const)("an answer that is lost %s it was done leaves one bulletin, and is no failure", async (_, applied) => {
  const { fake, post } = stage();
  fake.trouble = ({ method }) => (method === "post" && posts(fake) === 1 ? { error: refusal("timeout", "no answer"), applied } : undefined);
  expect(await post()).toBe(false);
  expect(row(fake)?.state).toBe("trying");
  // Its sender may be at work for six seconds.
  fake.now = epochMs(NINE + 5_999);
  expect([await post(), posts(fake)]).toEqual([false, 1]);
  await fake.pause(ms(300_000));
  expect(await post()).toBe(!applied);
  expect(fake.slack).toHaveLength(1);
});

describe("what Slack does not take is no failure", () => {
  test("for now: the channel is left alone as long as Slack says, then it is tried again", async () => {
    const { fake, logged, post } = stage();
    fake.trouble = () => ({ error: refusal("throttled", "ratelimited", ms(30_000)) });
    expect(await post()).toBe(false);
    expect([row(fake)?.state, fake.budgetRows.get("C0OPS")?.failures]).toEqual(["refused", 1]);
    expect(logged).toMatchObject([{ key, outcome: "refused" }]);
    fake.trouble = () => undefined;
    fake.now = epochMs(NINE + 150 + 30_000 - 1_101);
    expect([await post(), posts(fake)]).toEqual([false, 1]);
    await fake.pause(ms(1_101));
    expect([await post(), posts(fake)]).toEqual([true, 2]);
  });

  test("for good: it is parked, and tried again after ten minutes, or at once in another channel", async () => {
    const { fake, post } = stage();
    fake.trouble = ({ on }) => (on === "C0OPS" ? { error: refusal("denied", "is_archived: the channel is archived") } : undefined);
    expect([await post(), row(fake)?.state]).toEqual([false, "parked"]);
    fake.now = epochMs(NINE + 599_999);
    expect([await post(), posts(fake)]).toEqual([false, 1]);
    fake.now = epochMs(NINE + 600_000);
    expect([await post(), posts(fake)]).toEqual([false, 2]);
    expect(await post({ policy: { ...at, channels: { ...at.channels, ops: "C0NEW" } } })).toBe(true);
    expect(fake.slack.map(({ channel }) => channel)).toEqual(["C0NEW"]);
  });

  test("one that could not be looked for stays as unknown as it was", async () => {
    const { fake, post } = stage();
    fake.trouble = ({ method }) => ({ error: refusal(method === "post" ? "timeout" : "unavailable", "away"), applied: true });
    await post();
    await fake.pause(ms(300_000));
    expect([await post(), row(fake)?.state]).toEqual([false, "trying"]);
    fake.trouble = () => undefined;
    await fake.pause(ms(300_000));
    expect(await post()).toBe(false);
    expect(fake.slack).toHaveLength(1);
  });

  test("nor is a rota that Slack does not tell: nothing is begun", async () => {
    const { fake, logged, post } = stage();
    const tiers: IncidentPolicy["tiers"] = [
      { name: "lead", rota: { kind: "slack-group", name: "lead", group: "S1" }, by: ["slack-mention"], after: {} },
    ] as never; // as far as it is read
    fake.directory.groupMembers = async () => Promise.reject(refusal("unavailable", "away"));
    expect(await post({ policy: { ...at, tiers } })).toBe(false);
    expect([row(fake), logged.length]).toEqual([undefined, 1]);
  });
});

test("a post that the ledger did not note is looked for, not posted again", async () => {
  const { fake, post } = stage();
  const { settle } = fake.deliveries;
  fake.deliveries.settle = async () => Promise.reject(new PortError("unavailable", "ledger:settle", key, "away"));
  expect(await post()).toBe(false);
  fake.deliveries.settle = settle;
  await fake.pause(ms(300_000));
  expect(await post()).toBe(false);
  expect([row(fake)?.state, fake.slack.length]).toEqual(["sent", 1]);
});

test("it takes its turn in the channel: a second after the last message, and not at the end of an invocation", async () => {
  const { fake, waits, post } = stage();
  fake.budgetRows.set("C0OPS", { scope: "C0OPS", version: 1, notBefore: epochMs(0), spent: [epochMs(NINE - 400)], failures: 0, failingSince: undefined });
  expect(await post({ until: epochMs(NINE + 9_599) })).toBe(false);
  expect(await post({ until: epochMs(NINE + 9_600) })).toBe(true);
  expect(waits).toEqual([600]);
  expect(fake.budgetRows.get("C0OPS")?.spent[0]).toBe(NINE + 600 + 150);
});

test("a key that names none posts nothing", async () => {
  const { fake, post } = stage();
  expect(await post({ key: "INC-1" })).toBe(false);
  expect(fake.calls).toEqual([]);
});

test("what is due is nudged until it stands in its channel; at another hour nothing is", async () => {
  const { fake, post } = stage();
  const nine = { ...at, timeZone: "Europe/Berlin" };
  await nudgeBulletins(fake, nine, "1");
  await post({ policy: nine });
  await nudgeBulletins(fake, nine, "2");
  await nudgeBulletins(fake, { ...at, timeZone: "Asia/Tokyo" }, "3");
  expect(fake.nudges).toEqual([{ channel: "C0OPS", incident: key, occasion: "1" }]);
});

describe("a night's line that changes in place", () => {
  const of = "bulletin/backup/shop/shop-260317-0800-nightly";
  const line = (text: string, stands?: "going" | "replaces"): NightCard => ({ summary: text, parts: [], ...(stands === undefined ? {} : { stands }) });
  function nightly() {
    const { fake, logged } = stage();
    Object.assign(fake, { backupBook: {} });
    let says: NightCard | undefined;
    const show = async (card: NightCard | undefined): Promise<readonly string[]> => {
      says = card;
      const until = epochMs(fake.now + 17_500);
      await postBulletin(fake, of, { policy: at, tellNight: async () => says, pause: fake.pause, until, log: (one) => void logged.push(one) });
      await fake.pause(ms(60_000));
      return fake.slack.map(({ card: { summary } }) => String(summary));
    };
    return { fake, show, calls: () => fake.calls.map(({ method }) => method).filter((method) => method === "post" || method === "update") };
  }

  test("is posted once, changed when there is news, and its end is the last word", async () => {
    const { show, calls, fake } = nightly();
    expect(await show(line("dumping", "going"))).toEqual(["dumping"]);
    expect(await show(line("dumping", "going"))).toEqual(["dumping"]);
    expect(await show(line("restoring", "going"))).toEqual(["restoring"]);
    expect(await show(line("proven"))).toEqual(["proven"]);
    expect(await show(line("proven, said otherwise"))).toEqual(["proven"]);
    expect(await show(line("restoring again", "going"))).toEqual(["proven"]);
    expect(calls()).toEqual(["post", "update", "update"]);
    expect(fake.rows.get(`${of}/message`)).toMatchObject({ state: "sent", shown: "ended" });
  });

  test("is replaced by a red night's, which is never posted by itself", async () => {
    const { show, calls } = nightly();
    expect(await show(line("red", "replaces"))).toEqual([]);
    await show(line("dumping", "going"));
    expect(await show(line("red", "replaces"))).toEqual(["red"]);
    expect(calls()).toEqual(["post", "update"]);
  });

  test("that Slack does not change now is changed by the next", async () => {
    const { show, fake } = nightly();
    await show(line("dumping", "going"));
    fake.trouble = ({ method }) => (method === "update" ? { error: refusal("throttled", "ratelimited", ms(30_000)) } : undefined);
    expect(await show(line("proven"))).toEqual(["dumping"]);
    fake.trouble = () => undefined;
    expect(await show(line("proven"))).toEqual(["proven"]);
  });

  test("that a person took away does not come back before its end", async () => {
    const { show, fake, calls } = nightly();
    await show(line("dumping", "going"));
    fake.trouble = ({ method }) => (method === "update" ? { error: refusal("not-found", "message_not_found") } : undefined);
    await show(line("restoring", "going"));
    await fake.pause(ms(600_000));
    await show(line("comparing", "going"));
    expect(calls()).toEqual(["post", "update"]);
    await show(line("proven"));
    expect(calls()).toEqual(["post", "update", "post"]);
  });
});

test("without Slack there is nowhere to post it", async () => {
  const { fake, post } = stage();
  expect(await post({ policy: policyFixture({ channels: { ops: undefined, incidents: undefined, byService: {} } }) })).toBe(false);
  expect(fake.calls).toEqual([]);
});
