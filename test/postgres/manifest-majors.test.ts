import path from "node:path";
import { minutes } from "@nightshift/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cluster, startCluster } from "./support/cluster.ts";
import { compareCopy, restoreDump, takeDump } from "./support/night.ts";
import { installedPrograms } from "./support/programs.ts";
import { leftBy, makePlace, refusalOf } from "./support/refused.ts";
import { nightOf } from "./support/runner.ts";
import { createShop } from "./support/shop.ts";

// Debian's own major everywhere, and a newer one where scripts/postgres/install.sh could have it.
const majors = installedPrograms().map(({ major }) => major);
let clusters: readonly Cluster[] = [];
beforeAll(async () => {
  clusters = await Promise.all(majors.map((major) => startCluster({ major })));
});
afterAll(() => Promise.all(clusters.map((cluster) => cluster.stop())));

test("a shop that has everything is restored without a difference on each major, and on the next one", async () => {
  for (const [n, cluster] of clusters.entries()) {
    await createShop(cluster, "shop", 2);
    await cluster.query("shop", "alter database shop set work_mem = '5MB'");
    const file = path.join(cluster.folder, "shop.dump");
    const fresh = [{ table: "shop.orders", column: "placed_at", within: minutes(5) }];
    const { manifest } = await takeDump(cluster, "shop", file, { fresh });
    expect(manifest.server.major).toBe(cluster.major);
    for (const target of clusters.slice(n, n + 2)) {
      if (target !== cluster) await target.query("postgres", 'create role shop_owner; create role "shop reader" login');
      expect(await restoreDump(target, file, "copy")).toEqual({ code: 0, err: "" });
      // Definitions are written otherwise by another major, and plpgsql may be newer.
      const without = target === cluster ? [] : (["schema"] as const);
      const differences = await compareCopy(target, { database: "copy", like: manifest, settings: { without } });
      expect(differences.map(({ sentence }) => sentence)).toEqual(["the database's setting work_mem is missing or other"]);
      await target.drop("copy");
    }
  }
});

test("a server newer than any program that is here is refused with the name of the package that it takes, and nothing is stored", async () => {
  const [oldest, newer] = clusters;
  // Where the second major cannot be had there is none to refuse; runner.test.ts tries the same with a program that lies about itself.
  if (oldest === undefined || newer === undefined) return;
  const place = await makePlace();
  const world = place.world();
  const machine = { ...world.machine, bin: oldest.bin };
  expect(await refusalOf({ ...world, machine }, nightOf(newer, "postgres", "0200"))).toMatch(
    new RegExp(
      `of PostgreSQL ${newer.major} are not installed here \\(found: .*PostgreSQL\\) ${oldest.major}\\..*: install the package postgresql-${newer.major}, or`,
    ),
  );
  expect(await leftBy(newer, world)).toEqual([]);
  await place.remove();
});
