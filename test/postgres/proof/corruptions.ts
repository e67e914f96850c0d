import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { backupId, type CommitRecord, type DatabaseManifest, epochMs } from "@nightshift/model";
import { carryOut } from "@nightshift/vault";
import { readAddress } from "@nightshift/vault/runner/address";
import { readCommit, readCommitted, standingOf } from "@nightshift/vault/runner/shelf-reading";
import { keysOf } from "@nightshift/vault/store/layout";
import { openStore } from "@nightshift/vault/store/open";
import type { StoreReading } from "@nightshift/vault/store/store";
import { readSegments } from "@nightshift/vault/stream/read-back";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { compareCopy } from "../support/night.ts";
import { createShop } from "../support/shop.ts";
import { chanceOf, damage } from "./damage.ts";
import { runnerWorld } from "./runner-world.ts";

/** The sets of damages: where the bytes are damaged, and what is left to catch it. */
export const sets = ["stored object", "stored object, digests ignored", "between pg_dump and the compressor", "manifest.json"] as const;
/** Name of a set. */
type SetName = (typeof sets)[number];

/** What a set of damages came to. */
export interface SetResult {
  readonly set: SetName;
  readonly tried: number;
  /** How many were caught, by what caught them first. */
  readonly caught: Readonly<Record<string, number>>;
  /** Restored contents are the same by another way of looking (the text of the whole dump): letters' case in a hex digit, a time in a header. */
  readonly harmless: number;
  /** Harmful and not caught. Must be empty. */
  readonly missed: readonly string[];
}

/** A proven backup of a small shop, and its bytes at each stage of the way. */
export interface CorruptionStage {
  readonly play: (set: SetName, count: number, seed: number) => Promise<SetResult>;
  readonly stop: () => Promise<void>;
}

interface Stage {
  readonly cluster: Cluster;
  readonly store: StoreReading;
  readonly record: CommitRecord;
  readonly contents: DatabaseManifest;
  readonly stored: Buffer;
  readonly archive: Buffer;
  readonly manifest: Buffer;
  /** The source as plain text. */
  readonly text: string;
}

const of = "shop";
const id = backupId("shop-261121-0200-nightly");

/** Takes and proves a backup of a shop of about a megabyte with the real runner. */
export async function openCorruptionStage(): Promise<CorruptionStage> {
  // As a scratch server is: nothing of it is ever to be recovered.
  const cluster = await startCluster({ inMemory: true, settings: { wal_level: "minimal", max_wal_senders: "0", autovacuum: "off" } });
  await createShop(cluster, "source", 1);
  const place = path.join(cluster.folder, "store");
  const world = await runnerWorld({ place, scratch: path.join(cluster.folder, "scratch") });
  const job = { run: "proof", of, do: "night", backup: id, scheduled: epochMs(Date.UTC(2026, 10, 21, 2)), diskGiB: 20 } as const;
  const end = await carryOut(world, { job, source: readAddress(cluster.url("source")), settings: {} });
  if (end.state !== "verified") throw new Error(`the undamaged backup is ${end.state}: ${end.because ?? end.differences.join("; ")}`);
  const store = openStore(place);
  const committed = await readCommitted(store, of, id);
  const [segment] = committed?.record.segments ?? [];
  if (committed === undefined || segment === undefined) throw new Error("the backup is not in its store");
  const signal = new AbortController().signal;
  const stage: Stage = {
    cluster,
    store,
    record: committed.record,
    contents: committed.contents,
    stored: Buffer.from(await store.read(segment.key)),
    archive: await buffer(readSegments({ store, segments: committed.record.segments, signal })),
    manifest: Buffer.from(await store.read(keysOf(of, id).manifest)),
    text: await plainText(cluster, "source"),
  };
  return { play: (set, count, seed) => playSet(stage, { set, count, seed }), stop: () => cluster.stop() };
}

async function playSet(stage: Stage, { set, count, seed }: { readonly set: SetName; readonly count: number; readonly seed: number }): Promise<SetResult> {
  const chance = chanceOf(seed + sets.indexOf(set) * 1_000_003);
  const caught: Record<string, number> = {};
  const missed: string[] = [];
  let harmless = 0;
  for (let n = 0; n < count; n += 1) {
    const { kind, bytes } = damage(
      set === "manifest.json" ? stage.manifest : set === "between pg_dump and the compressor" ? stage.archive : stage.stored,
      chance,
    );
    const by = await catcherOf(stage, { set, bytes, n });
    if (by === "harmless") harmless += 1;
    else if (by === undefined) missed.push(`number ${n}: ${kind}`);
    else caught[by] = (caught[by] ?? 0) + 1;
  }
  return { set, tried: count, caught, harmless, missed };
}

/** What caught it; `harmless`: nothing had to; undefined: nothing did. */
function catcherOf(stage: Stage, { set, bytes, n }: { readonly set: SetName; readonly bytes: Buffer; readonly n: number }): Promise<string | undefined> {
  switch (set) {
    case "stored object":
      return refusedBy(stage, bytes, false).then((read) => ("because" in read ? read.because : undefined));
    case "stored object, digests ignored":
      return refusedBy(stage, bytes, true).then((read) => ("because" in read ? read.because : caughtByRestoring(stage, read.archive, n)));
    case "between pg_dump and the compressor":
      return caughtByRestoring(stage, bytes, n);
    case "manifest.json":
      return refusedAsRecord(stage, bytes);
  }
}

async function refusedBy(stage: Stage, bytes: Buffer, ignoreDigests: boolean): Promise<{ readonly because: string } | { readonly archive: Buffer }> {
  const signal = new AbortController().signal;
  try {
    return { archive: await buffer(readSegments({ store: holding(stage.store, bytes), segments: stage.record.segments, signal, ignoreDigests })) };
  } catch (error) {
    const said = String(error);
    if (!said.includes("is damaged")) throw error;
    return { because: said.includes("cannot be decoded") ? "decode" : "digests" };
  }
}

/** A store that hands out other bytes for every object that is streamed. */
const holding = (store: StoreReading, bytes: Buffer): StoreReading => ({ ...store, place: store.place, stream: async () => Readable.from([bytes]) });

async function caughtByRestoring({ cluster, contents, text }: Stage, archive: Buffer, n: number): Promise<string | undefined> {
  const file = path.join(cluster.folder, `damaged-${n}.dump`);
  const copy = `damaged_${n}`;
  await writeFile(file, archive);
  await cluster.create(copy);
  try {
    const { code } = await cluster.run("pg_restore", ["-d", copy, file]);
    if (code !== 0) return "restore";
    if ((await compareCopy(cluster, { database: copy, like: contents })).length > 0) return "compare";
    return (await plainText(cluster, copy)) === text ? "harmless" : undefined;
  } finally {
    await cluster.drop(copy);
    await rm(file);
  }
}

/** The oracle, which shares nothing with our comparison: the whole database as pg_dump writes it. */
async function plainText(cluster: Cluster, database: string): Promise<string> {
  const { code, out, err } = await cluster.run("pg_dump", ["-Fp", "--no-unlogged-table-data", "--no-comments", database]);
  if (code !== 0) throw new Error(`pg_dump: ${err}`);
  return out.replaceAll(/^\\(un)?restrict .*$/gm, "").replaceAll(/^--.*$/gm, "");
}

/** A record that is not whole must never make a backup count: neither as committed nor, with its old proof beside it, as verified. */
async function refusedAsRecord({ store }: Stage, bytes: Buffer): Promise<string | undefined> {
  const manifest = keysOf(of, id).manifest;
  const changed: StoreReading = { ...store, place: store.place, read: async (key) => (key === manifest ? bytes : store.read(key)) };
  try {
    const commit = await readCommit(changed, of, id);
    return commit !== undefined && (await standingOf(changed, commit)).proven ? undefined : "the proof names another record";
  } catch {
    return "the record's own digest";
  }
}
