import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { drawBars, drawFlow } from "@nightshift/lab/flow/chart";
import { catalogue } from "@nightshift/lab/flow/policies/catalogue";
import { simulate } from "@nightshift/lab/flow/simulate";
import { synthetic, type SyntheticName } from "@nightshift/lab/flow/workloads/synthetic";
import { start } from "@nightshift/lab/flow/policies/observe";
import { namedMisses } from "./named-misses.ts";
import type { Played } from "./round.ts";
import { type OfWorkload, type Row, type Sum, sumsOf } from "./rows.ts";
import { tuningSeeds } from "./seeds.ts";
import { type Bounds, inFull, markdown, matrix, overview, verdictTable } from "./tables.ts";
import { cheapestOn, OURS, type Verdict } from "./verdicts.ts";

const docs = new URL("../../docs/", import.meta.url);
const MINUTE = 60_000;

/** What a full run came to. */
export interface FullRun {
  readonly date: string;
  readonly seeds: readonly number[];
  readonly played: readonly Played[];
  readonly rows: readonly Row[];
  readonly bounds: Bounds;
  readonly chosen: readonly string[];
  readonly verdicts: readonly Verdict[];
  /** The best baselines for all workloads, in words. */
  readonly best: readonly string[];
}

/** Writes the figures of `docs/scaling-benchmark.md` between its markers, and the charts beside it. The words around them are written by hand. */
export function writePage(run: FullRun): void {
  const file = new URL("scaling-benchmark.md", docs);
  let page = readFileSync(file, "utf8");
  for (const [name, lines] of Object.entries(blocksOf(run))) page = between(page, name, lines);
  writeFileSync(file, page);
  writeFileSync(new URL("scaling-benchmark-hours.svg", docs), hoursChart(run));
  for (const name of ["diurnal", "flash"] as const) writeFileSync(new URL(`scaling-benchmark-${name}.svg`, docs), dayChart(name, run.seeds[0] ?? 1));
}

function blocksOf(run: FullRun): Readonly<Record<string, readonly string[]>> {
  const { date, seeds, played, rows, bounds, chosen, verdicts, best } = run;
  const sums = sumsOf(rows);
  const workloads = [...bounds.keys()];
  const single = singlesOf(sums, chosen);
  const families = [...Map.groupBy(sums, ({ family }) => family)].filter(([family]) => !family.startsWith(OURS));
  return {
    run: [
      `Written on ${date} by \`npm run bench:scaling -- --write\` on ${cpus().length} × ${cpus()[0]?.model.trim() ?? "an unknown processor"}. Reported seeds: ${seeds.join(", ")}. Tuning seeds: ${tuningSeeds.join(", ")}.`,
    ],
    verdicts: [
      ...markdown(verdictTable(verdicts)),
      ...(namedMisses.length === 0 ? [] : ["", ...namedMisses.map(({ id, because }) => `- **${id}**: ${because}`)]),
    ],
    workloads: [
      "| workload | what | promise | bound, worker-hours | floor, minutes by seed |",
      "|---|---|---:|---:|---|",
      ...workloads.map((workload) => {
        const some = played.filter(({ round }) => round.workload === workload);
        const [first] = some;
        return `| ${workload} | ${first?.says ?? ""} | ${first?.promiseSeconds ?? 0} s | ${(bounds.get(workload) ?? 0).toFixed(1)} | ${some.map(({ floor }) => floor).join(", ")} |`;
      }),
    ],
    overview: [...markdown(overview(single, bounds)), "", ...best.map((line) => `- ${line}`)],
    single: markdown(
      matrix(
        workloads,
        single.map((sum) => ({ name: sum.policy, of: (workload) => sum.byWorkload.get(workload) })),
        bounds,
      ),
    ),
    hindsight: markdown(
      matrix(
        workloads,
        families.map(([family, members]) => ({ name: family, of: (workload) => bestOf(workload, members) })),
        bounds,
      ),
    ),
    full: workloads.flatMap((workload) => ["", `<details><summary>${workload}</summary>`, "", ...markdown(inFull(workload, single, bounds)), "", "</details>"]),
  };
}

const singlesOf = (sums: readonly Sum[], chosen: readonly string[]): readonly Sum[] =>
  [...sums.filter(({ policy }) => policy.startsWith(OURS)).map(({ policy }) => policy), ...chosen].flatMap((name) =>
    sums.filter(({ policy }) => policy === name),
  );

/** A family's best setting on one workload: fewest minutes, then fewest kills, then fewest hours. */
const bestOf = (workload: string, members: readonly Sum[]): OfWorkload | undefined =>
  members
    .flatMap(({ byWorkload }) => byWorkload.get(workload) ?? [])
    .sort((a, b) => a.worstAbove - b.worstAbove || a.killed - b.killed || a.hours - b.hours)[0];

function between(page: string, name: string, lines: readonly string[]): string {
  const [from, to] = [`<!-- bench:scaling ${name} -->`, `<!-- /bench:scaling ${name} -->`];
  const [start, end] = [page.indexOf(from), page.indexOf(to)];
  if (start < 0 || end < start) throw new Error(`docs/scaling-benchmark.md has no block ${from} … ${to}: put it back where its figures belong.`);
  return `${page.slice(0, start + from.length)}\n\n${lines.join("\n")}\n\n${page.slice(end)}`;
}

function hoursChart({ rows, bounds, chosen }: FullRun): string {
  const sums = sumsOf(rows);
  const shown = [OURS, ...chosen.filter((name) => !name.includes("with our drain"))];
  const workloads = [...bounds.keys()];
  const ratio = (sum: Sum | undefined, workload: string): number | undefined => {
    const hours = sum?.byWorkload.get(workload)?.hours;
    return hours === undefined ? undefined : Math.min(CUT, hours / (bounds.get(workload) ?? Number.NaN));
  };
  const hindsight = workloads.map((workload) => {
    const found = cheapestOn(
      workload,
      sums.filter(({ policy }) => !policy.startsWith(OURS)),
    );
    return found === undefined ? undefined : Math.min(CUT, found.hours / (bounds.get(workload) ?? Number.NaN));
  });
  return drawBars({
    title: "Worker-hours over the lower bound",
    unit: `× bound, cut at ${CUT}`,
    categories: workloads,
    series: [
      ...shown.map((name) => ({
        name: name.split(" · ")[0] ?? name,
        values: workloads.map((workload) =>
          ratio(
            sums.find(({ policy }) => policy === name),
            workload,
          ),
        ),
      })),
      { name: "best in hindsight, nothing broken or killed", values: hindsight },
    ],
  });
}
/** Bars longer than this say no more. */
const CUT = 12;

function dayChart(name: SyntheticName, seed: number): string {
  const workload = synthetic(name, seed);
  const step = Math.max(1, Math.ceil(workload.length / MINUTE / 480));
  const arrivals = new Float64Array(Math.ceil(workload.length / MINUTE / step));
  for (const due of workload.tasks.due) {
    const place = Math.floor(due / MINUTE / step);
    arrivals[place] = (arrivals[place] ?? 0) + 1 / step;
  }
  const policies = ["nightshift", "keda-ready-unacked", "target-tracking", "latency"].flatMap((policy) => {
    const found = catalogue[policy];
    if (found === undefined) return [];
    const workers: (readonly [number, number])[] = [];
    simulate(workload, found, { seed, eachMinute: ({ now, ready, starting }) => now % (step * MINUTE) === 0 && workers.push([start + now, ready + starting]) });
    return [{ name: policy, workers }];
  });
  const points = Array.from(arrivals, (value, i) => [start + i * step * MINUTE, value] as const);
  return drawFlow({ title: `${name}, seed ${seed}: workers by policy`, from: start, to: start + workload.length, arrivals: points, policies });
}
