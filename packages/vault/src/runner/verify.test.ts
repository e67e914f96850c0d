import { epochMs, minutes, writeRecord } from "@nightshift/model";
import { expect, test } from "vitest";
import { keysOf } from "../store/layout.ts";
import { openStore } from "../store/open.ts";
import { look } from "../store/shelf.ts";
import type { Store } from "../store/store.ts";
import { temporaryFolder } from "../testing/archives.ts";
import { putBackup } from "../testing/shelves.ts";
import { writeProof, writeRefusal } from "./proof.ts";
import { sha256 } from "./digest.ts";
import { startReporter } from "./reporter.ts";
import { readCommitted, standingOf } from "./shelf-reading.ts";
import { type VerifyAsked, verifyBackup } from "./verify.ts";
import type { RunnerWorld } from "./world.ts";

const worldOf = (store: Store, scratch: string): RunnerWorld => ({
  store,
  clock: () => epochMs(1_773_540_000_000),
  pause: async () => undefined,
  machine: { path: "", scratch, memoryBytes: 1, cores: 1, node: "", nightshift: "" },
  tell: () => undefined,
  boundary: async () => undefined,
  signal: new AbortController().signal,
  deadAfter: minutes(2),
});
async function opened() {
  const store = openStore(await temporaryFolder());
  const backup = await putBackup(store, "shop-1", { roles: true });
  const world = worldOf(store, await temporaryFolder());
  const asked: VerifyAsked = { of: "shop", id: backup.id, run: "look", settings: {} };
  const verify = async (more: Partial<VerifyAsked> = {}) => {
    const report = await startReporter(world, { of: "shop", run: "look", backup: backup.id });
    return verifyBackup(world, { ...asked, ...more }, report).finally(() => report.stop());
  };
  const proven = async (): Promise<boolean | undefined> => (await look(store, "shop")).backups[0]?.verified;
  return { store, world, asked, verify, proven, ...backup, keys: keysOf("shop", backup.id) };
}
async function flip(store: Store, key: string): Promise<void> {
  const bytes = Buffer.from(await store.read(key));
  bytes[9] = (bytes[9] ?? 0) ^ 1;
  await store.put(key, bytes);
}
async function remove(store: Store, key: string): Promise<void> {
  for (const object of await store.list(key)) await store.delete(object);
}

test("a proven backup is read back whole, and says when it was proven", async () => {
  const { verify } = await opened();
  const end = await verify();
  expect(end).toMatchObject({ state: "verified", provenAt: 1_773_453_660_000 });
  expect(end.findings).toEqual(["proven on 2026-03-14 by the run run-shop-1, read back now: whole; nothing was restored this time"]);
});

test.each(["segment(1)", "segment(2)", "contents", "roles"] as const)(
  "a proven backup with a changed bit in %s is refused, and proven no more",
  async (name) => {
    const { store, verify, proven, keys } = await opened();
    const key = name === "segment(1)" ? keys.segment(1) : name === "segment(2)" ? keys.segment(2) : keys[name];
    expect(await proven()).toBe(true);
    await flip(store, key);
    expect(await proven()).toBe(true); // A length says nothing about a bit.
    await expect(verify()).rejects.toThrow(/SHA-256|decoded|not what was written/);
    expect(await proven()).toBe(false);
  },
);

test.each(["segment", "contents", "roles"] as const)("a proven backup whose %s is gone is refused, also by a night that begins again", async (name) => {
  const { store, verify, keys } = await opened();
  await remove(store, name === "segment" ? keys.segment(1) : keys[name]);
  await expect(verify()).rejects.toThrow("is missing; restore another backup");
  await expect(verify({ short: true })).rejects.toThrow("is missing; restore another backup");
});

test("a night that begins again believes its proof by lengths alone", async () => {
  const { store, verify, keys } = await opened();
  await flip(store, keys.segment(1));
  expect((await verify({ short: true })).findings).toEqual(["it was proven before, by the run run-shop-1"]);
});

test("a refused backup is proven again only by a proof that knew of every refusal", async () => {
  const { store, world, asked, proven, id, keys } = await opened();
  const committed = await readCommitted(store, "shop", id);
  if (committed === undefined) throw new Error("it was put there this moment");
  await writeRefusal(world, { asked, manifestSha256: committed.sha256, because: "a row is missing", differences: [] });
  const standing = await standingOf(store, committed);
  expect(standing).toMatchObject({ proven: false, refused: "its proof of 2026-03-15 failed: a row is missing" });
  const examined = { problems: [], count: 0, doubts: [], findings: [], checked: ["rows"], times: {}, restoredOn: "PostgreSQL 15.18" };
  const better = { ...examined, selfTests: [{ damage: "one row deleted", seen: true }] };
  await writeProof(world, { asked, committed, examined: better, verdict: "verified", standing });
  expect((await standingOf(store, committed)).refused).toBe(undefined);
  expect(await proven()).toBe(true);
  await writeRefusal(
    { ...world, clock: () => epochMs(1_773_540_000_001) },
    { asked, manifestSha256: committed.sha256, because: "a bit is another", differences: [] },
  );
  expect(await proven()).toBe(false);
  expect((await store.list(keys.folder)).map(({ key }) => key.slice(keys.folder.length)).filter((key) => key.endsWith(".json"))).toEqual([
    "manifest.json",
    "proof-20260315T020000000Z.json",
    "proof.json",
    "refused-20260315T020000000Z.json",
    "refused-20260315T020000001Z.json",
  ]);
});

test("a refusal that nobody can read refuses all the same", async () => {
  const { store, proven, commit, id, keys } = await opened();
  const bytes = writeRecord({ ...commit, record: "nightshift backup" }, sha256);
  await store.put(keys.refusal(epochMs(1_773_540_000_000)), bytes);
  expect(await proven()).toBe(false);
  const read = await readCommitted(store, "shop", id);
  expect(read === undefined ? "" : (await standingOf(store, read)).refused).toContain("nobody can read why");
});
