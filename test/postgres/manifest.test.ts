import { rm } from "node:fs/promises";
import path from "node:path";
import { minutes } from "@nightshift/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Cluster, startCluster } from "./support/cluster.ts";
import { compareCopy, restoreDump, takeDump } from "./support/night.ts";
import { createShop } from "./support/shop.ts";
import { startWriter } from "./support/writer.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
  await createShop(cluster, "template_shop", 20);
});
afterAll(() => cluster.stop());

/** What a copy that was restored from a dump taken now differs in; the dump, its copy and the source are gone afterwards. */
async function differencesOf(source: string, race?: () => void): Promise<readonly string[]> {
  const { file, manifest } = await takeDump(cluster, source, path.join(cluster.folder, `${source}.dump`), {
    jobs: 2,
    fresh: [{ table: "shop.orders", column: "placed_at", within: minutes(5) }],
    ...(race === undefined ? {} : { held: race }),
  });
  const copy = `${source}_copy`;
  const restored = await restoreDump(cluster, file, copy);
  const differences = await compareCopy(cluster, { database: copy, like: manifest });
  await rm(file);
  await cluster.drop(copy);
  return [...(restored.code === 0 ? [] : [restored.err]), ...differences.map(({ sentence }) => sentence)];
}

describe("under somebody who writes 500 transactions a second", () => {
  test("what is restored equals the manifest, round after round", async () => {
    await cluster.create("written", "template_shop");
    const writer = await startWriter({ url: cluster.url("written"), tps: 500, seed: 1 });
    const rounds: (readonly string[])[] = [];
    for (let round = 0; round < 5; round += 1) rounds.push(await differencesOf("written"));
    const { failed } = await writer.stop();
    expect(rounds).toEqual([[], [], [], [], []]);
    expect(failed).toEqual({});
    await cluster.drop("written");
  });
});
