import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { syntheticNames } from "@nightshift/lab/flow/workloads/synthetic";
import { readChosen } from "./chosen.ts";
import { decisionMicroseconds } from "./decision-time.ts";
import { drained, nameOf, used } from "./grid.ts";
import { namedMisses } from "./named-misses.ts";
import { writePage } from "./page.ts";
import { type Played, playAll, type Round } from "./round.ts";
import { type Row, rowsOf, type Sum, sumsOf } from "./rows.ts";
import { reportedSeeds } from "./seeds.ts";
import { readStored, store } from "./stored.ts";
import { type Bounds, inFull, overview, plain, sayHolds, verdictTable } from "./tables.ts";
import { reportedTraces, traceSources } from "./traces.ts";
import { bestBaseline, judgedBaseline, cheapestOn, type Field, OURS, type Verdict, verdictsOf } from "./verdicts.ts";

/**
 * `npm run bench:scaling -- [--traces DIR] [--seeds a,b] [--quick] [--write]`: our scaling against the known ways, on reported seeds alone. Quick: our
 * policy against what the baselines came to in the last full run. Exit code 1 on a line that does not hold and is not a named miss.
 */
const { values } = parseArgs({
  options: {
    traces: { type: "string", default: "../shared/traces" },
    seeds: { type: "string" },
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});
/** Microseconds that one decision may take. */
const DECISION = 20;
const QUICK_SEEDS = 2;
/** Ours as other users have it; told, not judged. */
const variants = ["nightshift, no remote control", "nightshift, 3 min idle before zero"];

const seeds = seedsOf(values.seeds ?? reportedSeeds.slice(0, values.quick ? QUICK_SEEDS : undefined).join(","));
const began = performance.now();
const traces = reportedTraces(values.traces);
if (traces === undefined) {
  console.log(`Traces skipped: they are not in ${values.traces} (--traces DIR). They can be had here:`);
  for (const source of traceSources) console.log(`  ${source}`);
}
const workloads: readonly string[] = [...syntheticNames, ...(traces?.(0).map(({ name }) => name) ?? [])];
const chosen = readChosen();
/** The policy by which a quick run knows that workloads and simulator are those of the stored baselines. */
const witness = chosen.find((name) => name.startsWith("latency, with our drain")) ?? OURS;
const micros: Verdict = { id: "decision", says: "one decision, median microseconds", figure: decisionMicroseconds(seeds[0] ?? 1), atMost: DECISION };
process.exitCode = values.quick ? await quick() : await full();

async function full(): Promise<number> {
  const policies = [OURS, ...variants, ...[...used, ...drained].map(nameOf)];
  const played = await play(policies, true);
  const rows = played.flatMap(rowsOf);
  const bounds = boundsOf(played);
  const sums = sumsOf(rows);
  const single = [OURS, ...variants, ...chosen].flatMap((name) => sums.filter(({ policy }) => policy === name));
  for (const workload of workloads)
    console.log(
      ["", `${workload}: ${played.find(({ round }) => round.workload === workload)?.says ?? ""}`, ...plain(inFull(workload, single, bounds))].join("\n"),
    );
  console.log(["", "All workloads", ...plain(overview(single, bounds))].join("\n"));
  const best = [0, 1].flatMap((perWorkload) => [false, true].map((isDrained) => sayBest(sums, { drained: isDrained, perSlot: true, perWorkload })));
  for (const line of best) console.log(line);
  const verdicts = [...verdictsOf({ rows, chosen }), micros];
  if (values.write) {
    const today = new Date().toISOString().slice(0, 10);
    store({ date: today, baselines: kept(rows), witness: rows.filter(({ policy }) => policy === witness) });
    writePage({ date: today, seeds, played, rows, bounds, chosen, verdicts, best });
  }
  return tell(verdicts);
}

/** The best baseline for all workloads, so that decision and actuator are told apart. */
function sayBest(sums: readonly Sum[], field: Field): string {
  const best = bestBaseline(sums, field);
  const ours = sums.find(({ policy }) => policy === OURS);
  const among = `Best single setting of the whole grid ${field.perWorkload === 0 ? "without violating minutes" : "with our own tolerance, one violating minute a workload"}, ${field.drained ? "with our drain" : "as it is used"}`;
  if (best === undefined || ours === undefined) return `${among}: there is none.`;
  return `${among}: ${best.policy}, ${best.hours.toFixed(1)} h, ${best.worstAbove} minutes, ${best.killed} killed; ours is ${(ours.hours / best.hours).toFixed(3)} of it.`;
}

async function quick(): Promise<number> {
  const stored = readStored();
  const rows = (await play([OURS, witness], false)).flatMap(rowsOf);
  const changed = rows.filter((row) => row.policy === witness && stored.witness.some((one) => isOtherRun(one, row)));
  if (changed.length > 0) {
    console.log(
      `The workloads or the simulator are not those of the stored baselines (${changed.map(({ workload }) => workload).join(", ")}): run \`npm run bench:scaling -- --write\`.`,
    );
    return 1;
  }
  console.log(`Ours on seeds ${seeds.join(", ")}; baselines as of ${stored.date}.`);
  const baselines = stored.baselines.filter(({ workload, seed }) => workloads.includes(workload) && seeds.includes(seed));
  return tell([...verdictsOf({ rows: [...rows.filter(({ policy }) => policy === OURS), ...baselines], chosen }), micros]);
}

function isOtherRun(a: Row, b: Row): boolean {
  return a.workload === b.workload && a.seed === b.seed && (a.hours !== b.hours || a.above !== b.above || a.killed !== b.killed);
}

async function play(policies: readonly string[], bound: boolean): Promise<readonly Played[]> {
  const rounds: readonly Round[] = seeds.flatMap((seed) => workloads.map((workload) => ({ workload, seed, traces: values.traces, bound, policies })));
  const played = await playAll(
    rounds,
    Math.min(4, availableParallelism()),
    (done) => process.stderr.isTTY && process.stderr.write(`\r${done} of ${rounds.length} rounds`),
  );
  if (process.stderr.isTTY) process.stderr.write("\r");
  return played;
}

function boundsOf(played: readonly Played[]): Bounds {
  return new Map(
    [...Map.groupBy(played, ({ round }) => round.workload)].map(([workload, some]) => [
      workload,
      some.reduce((sum, { bound }) => sum + bound, 0) / some.length,
    ]),
  );
}

/** Rows that a quick run needs: the best settings for all workloads everywhere, and on each workload the best single setting and the best in hindsight. */
function kept(rows: readonly Row[]): readonly Row[] {
  const sums = sumsOf(rows);
  const others = sums.filter(({ policy }) => !policy.startsWith(OURS));
  const everywhere = new Set([false, true].map((perSlot) => judgedBaseline(sums, perSlot)?.policy));
  const onOne = new Set(
    workloads.flatMap((workload) =>
      [others, others.filter(({ policy }) => chosen.includes(policy))].map((some) => `${workload} ${cheapestOn(workload, some)?.policy}`),
    ),
  );
  return rows.filter(({ workload, policy }) => everywhere.has(policy) || onOne.has(`${workload} ${policy}`));
}

function tell(verdicts: readonly Verdict[]): number {
  console.log(["", ...plain(verdictTable(verdicts))].join("\n"));
  const missed = verdicts.filter((verdict) => sayHolds(verdict) === "named miss");
  for (const { id } of missed) console.log(`${id}: ${namedMisses.find((miss) => miss.id === id)?.because ?? ""}`);
  const broken = verdicts.filter((verdict) => sayHolds(verdict) === "MISS").length;
  const took = `${((performance.now() - began) / 1_000).toFixed(0)} s`;
  console.log(
    broken === 0 ? `All lines hold or are named (${took}, seeds ${seeds.join(", ")}).` : `${broken} lines do not hold (${took}, seeds ${seeds.join(", ")}).`,
  );
  return broken === 0 ? 0 : 1;
}

function seedsOf(text: string): readonly number[] {
  const read = text.split(",").map(Number);
  if (read.every((seed) => Number.isInteger(seed) && seed >= 0)) return read;
  console.error(`--seeds "${text}": expected whole numbers from 0 on, such as 1,2,3.`);
  process.exit(2);
}
