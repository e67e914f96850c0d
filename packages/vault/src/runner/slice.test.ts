import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { backupId, type DatabaseManifest, epochMs, hashSum, type SliceFile, writeRecord } from "@nightshift/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sliceKey } from "../store/layout.ts";
import { openStore } from "../store/open.ts";
import type { Store } from "../store/store.ts";
import { sha256, squeeze } from "./digest.ts";
import { readSlice } from "./slice.ts";
import { findBread } from "./slice-before.ts";

const id = backupId("shop-261103-0200-nightly-snapshot");
const contents = (at: number): DatabaseManifest => ({
  format: 1,
  server: {
    version: "17.5",
    major: 17,
    database: "shop",
    dataChecksums: true,
    encoding: "UTF8",
    collate: "C",
    ctype: "C",
    localeProvider: "libc",
    inRecovery: false,
    bytes: 1,
  },
  at: epochMs(at),
  tables: [],
  leftOut: [],
  sequences: [],
  extensions: [],
  largeObjects: { count: 0, hash: hashSum("0") },
  validity: { invalidIndexes: [], notValidated: [], unpopulated: [] },
  roles: [],
  settings: [],
  freshness: [],
  schema: { sha256: "", objects: [] },
});
const textOf = (over: Partial<SliceFile> = {}) =>
  new TextDecoder().decode(
    writeRecord({ record: "nightshift slice", format: 1, id, of: "shop", side: "before", run: "one", contents: contents(1), ...over }, sha256),
  );

let folder: string;
let store: Store;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "ns-slice-"));
  store = openStore(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const put = async (key: string, body: Uint8Array) => {
  await store.put(key, body);
  return { key, sha256: sha256(body) };
};

test("a slice is read by its digest, or by its own last line alone", async () => {
  const asked = await put(sliceKey("shop", id, "before"), await squeeze(textOf()));
  expect(asked.key).toBe("shop/slices/shop-261103-0200-nightly-snapshot/before.json.zst");
  expect(await readSlice(store, "shop", asked)).toEqual({ id, side: "before", contents: contents(1) });
  expect(await readSlice(store, "shop", { key: asked.key })).toMatchObject({ side: "before" });
});

test("one that is missing, changed, cut, moved or not the one of the ledger is refused", async () => {
  const key = sliceKey("shop", id, "before");
  const whole = await squeeze(textOf());
  const refuses = async (body: Uint8Array, over: { readonly key?: string; readonly sha256?: string } = {}) => {
    await put(over.key ?? key, body);
    return readSlice(store, "shop", { key, ...over }).then(
      () => "read",
      (error: unknown) => `${(error as Error).name}: ${(error as Error).message}`,
    );
  };
  await expect(readSlice(store, "shop", { key: sliceKey("shop", backupId("other"), "after") })).rejects.toThrow("other/after.json.zst is missing");
  expect(await refuses(await squeeze(textOf().replace('"major": 17', '"major": 18')))).toMatch(/^DamagedBackup: .*its SHA-256 is not the one in its last line/);
  expect(await refuses(whole.subarray(0, whole.length - 20))).toMatch(/^DamagedBackup: .*is refused/);
  expect(await refuses(whole, { key: sliceKey("shop", id, "after") })).toMatch(/^DamagedBackup: .*so it was moved or copied over$/);
  expect(await refuses(await squeeze(textOf({ of: "other" })))).toMatch(/^DamagedBackup: .*so it was moved or copied over$/);
  expect(await refuses(whole, { sha256: "0".repeat(64) })).toMatch(/^DamagedBackup: .*is not what was written/);
  expect(await refuses(whole)).toBe("read");
});

test("a copy lies between the two that are named; a damaged one is left out, and said", async () => {
  const nothing = () => Promise.reject(new Error("nobody asks the copy when the slices are named"));
  const before = await put(sliceKey("shop", id, "before"), await squeeze(textOf()));
  const after = await put(sliceKey("shop", id, "after"), await squeeze(textOf({ side: "after", contents: contents(2) })));
  const bread = () => findBread(store, { of: "shop", before: undefined, slices: { before, after }, copy: nothing });
  expect(await bread()).toMatchObject({ before: { kind: "slice", contents: { at: 1 } }, after: { kind: "slice", contents: { at: 2 } }, complaints: [] });
  await writeFile(path.join(folder, after.key), "garbage");
  const left = await bread();
  expect(left.after).toBeUndefined();
  expect(left.complaints[0]).toMatch(/^the manifest after the snapshot was not used: .*after\.json\.zst is not what was written/);
});
