import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { type CheckName, checkNames, compareManifests } from "@nightshift/decide/backups/compare";
import { explainRestore } from "@nightshift/decide/backups/restore-faults";
import { type DatabaseManifest, days } from "@nightshift/model";
import { describeDatabase } from "@nightshift/vault/postgres/describe-database";
import { sessionsOn } from "../support/address.ts";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { dumpSchema, restoreDump, takeDump } from "../support/night.ts";
import { createShop } from "../support/shop.ts";

/** One fault of `faults/*.sql`: in a restored copy, with the checks that must find it; or at the source, with what must be said of it. */
export type Fault = { readonly name: string; readonly title: string; readonly sql: string } & (
  | { readonly where: "restored"; readonly checks: readonly CheckName[] }
  | { readonly where: "source"; readonly says: string }
);

/** What became of one fault. */
export interface Tried {
  readonly fault: Fault;
  /** Checks that found it; at the source: what was said. */
  readonly found: readonly string[];
  /** What was still found with its checks left out: must be nothing. */
  readonly withoutThem: readonly string[];
  readonly ok: boolean;
}

const folder = path.join(import.meta.dirname, "../../../faults");

/** Every fault, in the order of the names. @throws {Error} for a file whose head cannot be read. */
export async function listFaults(): Promise<readonly Fault[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort();
  return Promise.all(files.map(async (file) => readFault(path.basename(file, ".sql"), await readFile(path.join(folder, file), "utf8"))));
}

function readFault(name: string, text: string): Fault {
  const head = (word: string): string | undefined => new RegExp(`^-- ${word}: (.+)$`, "m").exec(text)?.[1];
  const title = head("title");
  const where = head("where");
  const sql = text.replaceAll(/^--.*\n/gm, "").trim();
  if (title === undefined || sql === "") throw new Error(`faults/${name}.sql: expected "-- title: …" and a statement`);
  if (where === "source") {
    const says = head("says");
    if (says === undefined) throw new Error(`faults/${name}.sql: expected "-- says: …", since it is a fault of the source`);
    return { name, title, sql, where, says };
  }
  if (where !== "restored") throw new Error(`faults/${name}.sql: expected "-- where: restored" or "source", got ${where ?? "nothing"}`);
  const asked = (head("checks") ?? "").split(", ");
  const checks = checkNames.filter((check) => asked.includes(check));
  if (checks.length !== asked.length) throw new Error(`faults/${name}.sql: expected "-- checks:" out of ${checkNames.join(", ")}; got ${asked.join(", ")}`);
  return { name, title, sql, where, checks };
}

/** A source, its manifest, and a restored copy of it that every fault gets a fresh copy of. */
export interface FaultStage {
  /** What a copy without any fault differs in: nothing, or every result below is worth nothing. */
  readonly control: readonly string[];
  readonly attempt: (fault: Fault) => Promise<Tried>;
  readonly stop: () => Promise<void>;
}

/** Starts a server, fills a shop, dumps it, restores the dump. */
export async function openFaultStage(): Promise<FaultStage> {
  const cluster = await startCluster();
  await createShop(cluster, "source", 1);
  const { file, manifest } = await takeDump(cluster, "source", path.join(cluster.folder, "source.dump"), {
    fresh: [{ table: "shop.events", column: "at", within: forever }],
  });
  const { code, err } = await restoreDump(cluster, file, "restored");
  if (code !== 0) throw new Error(`the undamaged dump was not restored: ${err}`);
  const control = compareManifests(manifest, await describeCopy(cluster, "restored", manifest));
  return {
    control: control.map(({ sentence }) => sentence),
    attempt: (fault) => (fault.where === "restored" ? damageCopy(cluster, fault, manifest) : damageSource(cluster, fault)),
    stop: () => cluster.stop(),
  };
}

const forever = days(36_500);

async function damageCopy(cluster: Cluster, fault: Extract<Fault, { where: "restored" }>, like: DatabaseManifest): Promise<Tried> {
  await cluster.create("damaged", "restored");
  await cluster.query("damaged", fault.sql);
  const damaged = await describeCopy(cluster, "damaged", like);
  await cluster.drop("damaged");
  const found = checkNames.filter((check) => compareManifests(like, damaged).some((difference) => difference.check === check));
  const withoutThem = compareManifests(like, damaged, { without: fault.checks }).map(({ sentence }) => sentence);
  return { fault, found, withoutThem, ok: found.join() === fault.checks.join() && withoutThem.length === 0 };
}

/** A dump of a broken source may be perfect; only the restore shows it, and it must be said whose fault it is. */
async function damageSource(cluster: Cluster, fault: Extract<Fault, { where: "source" }>): Promise<Tried> {
  await cluster.create("broken", "source");
  await cluster.query("broken", fault.sql);
  const { file } = await takeDump(cluster, "broken", path.join(cluster.folder, "broken.dump"));
  const { code, err } = await restoreDump(cluster, file, "broken_copy");
  await cluster.drop("broken");
  await cluster.drop("broken_copy");
  const said = explainRestore(err);
  const found = said.map(({ sentence }) => sentence);
  const ok = code !== 0 && said.every(({ of }) => of === "source") && found.some((sentence) => sentence.includes(fault.says));
  return { fault, found, withoutThem: [], ok };
}

const describeCopy = (cluster: Cluster, database: string, like: DatabaseManifest): Promise<DatabaseManifest> =>
  describeDatabase({
    connect: sessionsOn(cluster, database),
    fresh: like.freshness.map(({ table, column }) => ({ table, column, within: forever })),
    like,
    schema: () => dumpSchema(cluster, database),
  });
