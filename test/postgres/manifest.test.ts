import { rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { findSourceFaults } from "@nightshift/decide/backups/restore-faults";
import { countRows, type DatabaseManifest, minutes } from "@nightshift/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Cluster, startCluster } from "./support/cluster.ts";
import { compareCopy, restoreDump, takeDump } from "./support/night.ts";
import { createShop } from "./support/shop.ts";
import { startWriter, type Writer } from "./support/writer.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
  await createShop(cluster, "template_shop", 20);
});
afterAll(() => cluster.stop());

/** What a copy that was restored from a dump taken now differs in, and the manifest; the dump and its copy are gone afterwards. */
async function round(source: string, race?: () => void): Promise<{ readonly manifest: DatabaseManifest; readonly differences: readonly string[] }> {
  const file = path.join(cluster.folder, `${source}.dump`);
  const fresh = [{ table: "shop.orders", column: "placed_at", within: minutes(5) }];
  const { manifest } = await takeDump(cluster, source, file, { jobs: 2, fresh, ...(race === undefined ? {} : { held: race }) });
  const copy = `${source}_copy`;
  const restored = await restoreDump(cluster, file, copy);
  const differences = await compareCopy(cluster, { database: copy, like: manifest });
  await rm(file);
  await cluster.drop(copy);
  return { manifest, differences: [...(restored.code === 0 ? [] : [restored.err]), ...differences.map(({ sentence }) => sentence)] };
}

/** Whether pg_dump reads rows: by then it has every lock that it will ever ask for. */
async function dumping(): Promise<boolean> {
  const rows = await cluster.query("shop", "select from pg_stat_activity where application_name = 'pg_dump' and query like 'COPY %'");
  return rows.length > 0;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < 1_000 && !(await holds()); look += 1) await pause(10);
}

describe("under somebody who writes 500 transactions a second", () => {
  let writer: Writer;
  beforeAll(async () => {
    await cluster.create("shop", "template_shop");
    writer = await startWriter({ url: cluster.url("shop"), tps: 500, seed: 1 });
  });
  afterAll(async () => {
    await writer.stop();
    await cluster.drop("shop");
  });

  test("what is restored equals the manifest", async () => {
    const before = writer.committed();
    const { manifest, differences } = await round("shop");
    expect(differences).toEqual([]);
    expect(countRows(manifest)).toBeGreaterThan(70_000);
    expect(writer.committed()).toBeGreaterThan(before);
  });

  test("a TRUNCATE that comes while the snapshot is taken is either in both or in neither", async () => {
    for (const delay of [0, 20, 60]) {
      const truncated = pause(delay).then(() => cluster.query("shop", "truncate shop.no_key"));
      const { differences } = await round("shop");
      await truncated;
      expect(differences).toEqual([]);
    }
  });

  test("a TRUNCATE under the snapshot waits until the dump is done", async () => {
    let truncated: Promise<unknown> | undefined;
    const { manifest, differences } = await round("shop", () => {
      // Not before pg_dump has its own locks, or it would stand behind this, and the dump would begin again.
      truncated ??= until(dumping).then(() => cluster.query("shop", "truncate shop.measurements"));
    });
    await truncated;
    expect(differences).toEqual([]);
    expect(manifest.tables.find(({ table }) => table === "shop.measurements")?.rows).toBe(7_600);
    expect(await cluster.query("shop", "select count(*)::int as rows from shop.measurements")).toEqual([{ rows: 0 }]);
  });

  test("tables made, changed and dropped meanwhile are in both or in neither", async () => {
    let racing = true;
    const raced = (async () => {
      for (let n = 0; racing; n += 1) {
        await cluster.query("shop", `create table shop.raced_${n} as select 1 as a; alter table shop.raced_${n} add b text default 'x'`);
        await pause(500);
        await cluster.query("shop", `drop table shop.raced_${n}`);
        await pause(500);
      }
    })();
    try {
      expect((await round("shop")).differences).toEqual([]);
    } finally {
      racing = false;
      await raced;
    }
  });

  test("a sequence that is set back meanwhile is no fault of the copy, and is told of the source", async () => {
    let reset: Promise<unknown> = Promise.resolve();
    const { manifest, differences } = await round("shop", () => {
      reset = cluster.query("shop", "alter sequence shop.vehicles_id_seq restart with 1");
    });
    await reset;
    expect(differences).toEqual([]);
    expect(findSourceFaults(manifest)).toContain("sequence shop.vehicles_id_seq was set back while the dump ran");
  });
});
