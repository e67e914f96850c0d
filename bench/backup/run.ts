import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import type { StreamedSegment } from "../../packages/vault/src/stream/segments.ts";
import { type Cluster, startCluster } from "../../test/postgres/support/cluster.ts";
import { createShop } from "../../test/postgres/support/shop.ts";
import { type Measured, median, ratio, table, type Verdict, verdictTable } from "./rows.ts";

/**
 * `npm run bench:backup -- [--rounds N] [--major N] [--write]`: what a dump into the store costs against `pg_dump` alone, on a database of 570 MB or more,
 * and how much memory it takes. Everything is measured in turns within one run, so that a busy machine is busy for all. Exit code 1 on a bound that does not hold.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    major: { type: "string" },
    megabytes: { type: "string", default: "720" },
    write: { type: "boolean", default: false },
  },
});
const here = import.meta.dirname;
const root = path.join(here, "..", "..");
// Below this figures say more about the start of programs than about rates.
const leastArchive = 570e6;
const fakeMegabytes = 2_200;

process.env["AWS_ACCESS_KEY_ID"] ??= "local";
process.env["AWS_SECRET_ACCESS_KEY"] ??= "local";
// Measured as it runs in its container: one built file, no types to strip.
const measurements = path.join(await mkdtemp(path.join(tmpdir(), "ns-measure-")), "measure.mjs");
execFileSync(process.execPath, [path.join(root, "containers/runner/build.mjs"), measurements, path.join(here, "measure.ts")], { stdio: "inherit" });
const cluster = await startCluster(values.major === undefined ? {} : { major: Number(values.major) });
const s3 = spawn(process.execPath, ["--no-warnings", path.join(here, "s3.ts")], { stdio: ["ignore", "pipe", "inherit"] });
const scratch = await mkdtemp(path.join(tmpdir(), "ns-bench-"));
try {
  process.exitCode = await bench(cluster, await firstLine(s3));
} finally {
  s3.kill();
  await cluster.stop();
  for (const folder of [scratch, path.dirname(measurements)]) await rm(folder, { recursive: true, force: true });
}

async function bench(on: Cluster, endpoint: string): Promise<number> {
  // A tenth is the shop's small rows, the rest long text: what facts/backups.md 3.3 measured was of that kind (600 bytes a row).
  await createShop(on, "bench", Number(values.megabytes) / 10, (Number(values.megabytes) * 9) / 10);
  const [pgDump, shell] = [path.join(on.bin, "pg_dump"), shellOn(on)];
  const measure = measureOn(on, endpoint);
  const row = (name: string): Measured => ({ name, seconds: [], megabytesResident: [] });
  const limit = row("`pg_dump -Fp >/dev/null` (the limit)");
  const ours = row("`pg_dump -Fc -Z0` → zstd → digests → local S3 (ours)");
  const night = row("ours, and the manifest beside it");
  const usual = row("`pg_dump -Fc >/dev/null` (as it comes)");
  const plain = row("`pg_dump -Fp \\| zstd -1 -T0 >/dev/null`");
  const folder = row("`pg_dump -Fd -j2` to disk");
  const download = row("read back, digests and frame checked");
  const restore = row("read back and restored with `pg_restore`");
  const compare = row("a restored copy described, two sessions");
  let archiveBytes = 0;
  for (let round = 0; round < Number(values.rounds); round += 1) {
    limit.seconds.push(await shell(`"${pgDump}" -Fp bench >/dev/null`));
    const stored = take(ours, await measure("dump", [`--key=ours-${round}`]));
    take(night, await measure("night", [`--key=night-${round}`]));
    usual.seconds.push(await shell(`"${pgDump}" -Fc bench >/dev/null`));
    plain.seconds.push(await shell(`"${pgDump}" -Fp bench | zstd -q -1 -T0 >/dev/null`));
    folder.seconds.push(await shell(`rm -rf "${scratch}/d" && "${pgDump}" -Fd -j2 -f "${scratch}/d" bench`));
    const listed = `--segments=${JSON.stringify(stored)}`;
    take(download, await measure("download", [listed]));
    await on.create(`copy_${round}`);
    take(restore, await measure("restore", [listed, `--into=copy_${round}`]));
    take(compare, await measure("compare", [listed], `copy_${round}`));
    await on.drop(`copy_${round}`);
    archiveBytes = stored.reduce((sum, segment) => sum + segment.archiveBytes, 0);
    folder.storedBytes = await bytesIn(`${scratch}/d`);
    console.log(
      `round ${round + 1}: limit ${limit.seconds.at(-1)?.toFixed(2)} s, ours ${ours.seconds.at(-1)?.toFixed(2)} s, with manifest ${night.seconds.at(-1)?.toFixed(2)} s`,
    );
  }
  if (archiveBytes < leastArchive) throw new Error(`the archive has ${archiveBytes} bytes, and rates are told from ${leastArchive} on: raise --megabytes`);
  const large = row("2.2 GB as fast as they come, memory alone");
  take(large, await measure("fake", ["--key=large", `--fake=${fakeMegabytes}`]));
  const rows = [limit, ours, night, usual, plain, folder, download, restore, compare];
  const verdicts = verdictsOf({ limit, ours, night, usual, large });
  const text = [table(rows, archiveBytes, limit), "", verdictTable(verdicts)].join("\n");
  console.log(`\n${text}`);
  if (values.write) {
    await writePage(on, archiveBytes, text);
    if (values.major === undefined) await writeRates({ dump: night, download, restore, compare }, archiveBytes);
  }
  return verdicts.every(({ holds }) => holds) ? 0 : 1;
}

function verdictsOf({ limit, ours, night, usual, large }: Readonly<Record<"limit" | "ours" | "night" | "usual" | "large", Measured>>): readonly Verdict[] {
  const old = Number(values.major ?? 15) < 17;
  const atLeast = (says: string, figure: number, bound: number): Verdict => ({ says, figure, unit: "×", bound: `≥ ${bound} ×`, holds: figure >= bound });
  const resident = Math.max(...large.megabytesResident, ...ours.megabytesResident, ...night.megabytesResident);
  return [
    atLeast("ours against the limit", ratio(limit, ours), old ? 0.75 : 0.5),
    ...(old ? [atLeast("ours with the manifest against the limit", ratio(limit, night), 0.55)] : []),
    atLeast("ours against `pg_dump -Fc` as it comes", ratio(usual, ours), 4),
    { says: "most memory of the Node process", figure: resident, unit: "MB", bound: "≤ 200 MB", holds: resident <= 200 },
  ];
}

/** Adds a measurement to its row. */
function take(row: Measured, { seconds, megabytesResident, segments }: Report): readonly StreamedSegment[] {
  row.seconds.push(seconds);
  row.megabytesResident.push(megabytesResident);
  row.storedBytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  return segments;
}

interface Report {
  readonly seconds: number;
  readonly megabytesResident: number;
  readonly segments: readonly StreamedSegment[];
}

function measureOn(on: Cluster, endpoint: string): (what: string, more: readonly string[], database?: string) => Promise<Report> {
  const always = [`--endpoint=${endpoint}`, `--bin=${on.bin}`, `--port=${on.port}`];
  return async (what, more, database = "bench") => {
    const args = [measurements, `--what=${what}`, `--database=${database}`, ...always, ...more];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], cwd: root });
    const report = await firstLine(child);
    // Printed by measure.ts out of the same fields.
    return JSON.parse(report) as Report;
  };
}

function shellOn(on: Cluster): (command: string) => Promise<number> {
  const env = { PATH: process.env["PATH"] ?? "", PGHOST: "127.0.0.1", PGPORT: String(on.port), PGUSER: "postgres" };
  return async (command) => {
    const began = performance.now();
    const child = spawn("bash", ["-o", "pipefail", "-c", command], { env, stdio: ["ignore", "inherit", "inherit"] });
    const [code] = await once(child, "close");
    if (code !== 0) throw new Error(`${command} ended with ${String(code)}`);
    return (performance.now() - began) / 1_000;
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("the child has no output");
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error("a measurement ended without a word; its own is above");
}

async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder)) bytes += (await stat(path.join(folder, name))).size;
  return bytes;
}

async function writePage(on: Cluster, archiveBytes: number, text: string): Promise<void> {
  const machine = `${availableParallelism()} × ${cpus()[0]?.model ?? "an unknown processor"}, ${process.platform}, Node ${process.version}`;
  const lines = [
    "# What a dump costs",
    "",
    `Measured on ${new Date().toISOString().slice(0, 10)} by \`npm run bench:backup -- --write\`: PostgreSQL ${on.major}, ${(archiveBytes / 1e6).toFixed(0)} MB of archive, medians of ${values.rounds}`,
    `rounds taken in turns in one run, on ${machine}. Server, S3 and dump share those processors.`,
    "",
    text,
    "",
    "The limit is what PostgreSQL and `pg_dump` can give at all. Restores are into a server without fsync, as the scratch server is: the estimates of",
    "how long a restore takes begin from these rates until a team's own are known.",
    "",
  ];
  await writeFile(path.join(root, "docs", `backup-benchmark${values.major === undefined ? "" : `-${values.major}`}.md`), lines.join("\n"));
}

/** What the estimates of the products' nights are made of. */
async function writeRates(rows: Readonly<Record<"dump" | "download" | "restore" | "compare", Measured>>, archiveBytes: number): Promise<void> {
  const rate = ([name, row]: [string, Measured]): string => `  ${name}: ${Math.round(archiveBytes / median(row.seconds) / 1e6)}e6,`;
  const packed = (rows.dump.storedBytes ?? 0) / archiveBytes;
  const source = `bench:backup of ${new Date().toISOString().slice(0, 10)}: ${availableParallelism()} cores, PostgreSQL 15, fsync off`;
  const file = path.join(root, "packages/lab/src/products/bench-rates.ts");
  const written = await readFile(file, "utf8");
  const made = [
    "export const benchRates: MeasuredRates = {",
    ...Object.entries(rows).map(rate),
    `  packed: ${packed.toFixed(2)},`,
    `  source: "${source}",`,
    "};",
  ];
  await writeFile(file, written.replace(/export const benchRates[\s\S]*$/, `${made.join("\n")}\n`));
}
