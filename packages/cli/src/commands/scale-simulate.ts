import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { FlowPolicy } from "@nightshift/lab/flow/policy";
import type { FleetShape, Workload } from "@nightshift/lab/flow/workload";
import { type Ms, sayLength } from "@nightshift/model";
import { type Asked, type Command, Refusal, textOf } from "../frame/command.ts";
import { answer, table } from "../frame/format.ts";
import { nearest } from "../frame/nearest.ts";
import { lengthOf } from "../place/length.ts";
import type { Place } from "../place/place.ts";
import { type PlayedPolicy, playPolicies } from "./scale-simulate-play.ts";
import { readTrace, type Trace } from "./scale-simulate-trace.ts";

/**
 * What an hour of a worker with 0.25 vCPU and 0.5 GB costs on Fargate, Linux on x86, US East (N. Virginia): 0.25 × $0.04048 + 0.5 × $0.004445.
 * Source: "Fargate Pricing", https://www.vantage.sh/blog/fargate-pricing, read 2026-11-21; a third party's copy of AWS's prices.
 */
const DOLLARS_AN_HOUR = 0.0123425;

const text = (value: string, says: string, fallback?: string) => ({
  type: "text" as const,
  value,
  says,
  ...(fallback === undefined ? {} : { default: fallback }),
});

/** Plays a team's own arrivals under several policies. Asks no account. */
export const scaleSimulate = (place: Place): Command => ({
  path: ["scale", "simulate"],
  group: "Try it",
  summary: "Play your own arrivals under several scaling policies: cost, waits, killed tasks",
  more: [
    "--trace is a CSV file: one timestamp a line; or `timestamp,seconds`, with how long each task ran; or `minute,count`. A first line may name the columns; without it, two columns are minute and count. Timestamps: 2026-11-21T03:14:05Z, or seconds or milliseconds since 1970. UTC unless they say otherwise.",
    "What the file does not hold is drawn by --seed: running times, start times, and which worker ECS stops. The same seed gives the same answer.",
    "Policies: nightshift, keda-llen, keda-ready-unacked, target-tracking, step-1m, step-5m, documents, latency; with +drain the same rule with our way to take workers away; maximum-at-once is what waits least.",
  ],
  options: {
    trace: text("FILE", "the recorded arrivals"),
    "service-time": text("LENGTH", "how long a task runs: a mean (8s), or evenly between two (2s-90s)"),
    slo: text("LENGTH", "how soon a task shall start"),
    policy: text("A,B", "policies to play", "nightshift,keda-ready-unacked,target-tracking,latency"),
    min: text("N", "workers at least", "1"),
    max: text("N", "workers at most", "20"),
    concurrency: text("N", "tasks a worker executes at once", "4"),
    prefetch: text("N", "Celery's worker_prefetch_multiplier", "1"),
    "early-ack": { type: "switch", says: "tasks are acknowledged before they run, and lost when their worker is killed" },
    "start-time": text("LENGTH", "the longest that a worker takes to start; half of it the shortest", "60s"),
    "stop-timeout": text("LENGTH", "SIGTERM to SIGKILL", "30s"),
    "hour-price": text("DOLLARS", "what an hour of a worker costs; unless given, 0.25 vCPU and 0.5 GB on Fargate", String(DOLLARS_AN_HOUR)),
    seed: text("N", "a whole number; another one, another draw", "1"),
    chart: text("FILE.svg", "draw arrivals and workers into this file"),
  },
  example: "npx nightshift scale simulate --trace arrivals.csv --service-time 8s --slo 60s",
  run: async (asked) => {
    const file = textOf(asked, "trace");
    if (file === undefined) throw new Refusal("scale simulate: --trace FILE is missing: the recorded arrivals. See npx nightshift scale simulate --help.");
    const seed = wholeNumber(asked, "seed", 0);
    const trace = readTrace(await textIn(place, file), file);
    const { catalogue } = await import("@nightshift/lab/flow/policies/catalogue");
    const policies = chosenPolicies(asked, catalogue);
    const workload = await workloadOf(asked, { file, trace, seed });
    const price = dollarsOf(asked);
    const played = playPolicies(workload, policies, seed, (name) => asked.io.progress(`playing ${name}`));
    asked.io.progress(undefined);
    const chart = textOf(asked, "chart");
    if (chart !== undefined) {
      const { chartOf } = await import("./scale-simulate-chart.ts");
      await writeChart(path.resolve(place.directory, chart), chart, chartOf(workload, played.policies, trace.from));
    }
    const rows = played.policies.map(({ name, setting, outcome }) => ({ policy: name, setting, dollars: round(outcome.workerHours * price), ...outcome }));
    answer(asked, { trace: file, tasks: trace.tasks, seed, promise: workload.wait, floor: played.floor, hourPrice: price, policies: rows, chart }, [
      ...linesOf(workload, played.policies, price),
      "",
      `${trace.tasks} tasks in ${sayLength(workload.length)}, promised to start within ${sayLength(workload.wait)}; a minute breaks the promise when more than 1 % of its tasks start later.`,
      `${played.floor === 0 ? "No minute had to break it" : `${played.floor} minutes break it even with every worker at once`}. Arrivals are yours; ${allRecorded(trace) ? "start times are" : "running and start times are"} drawn (seed ${seed}).`,
      ...(chart === undefined ? [] : [`Drawn: ${chart}`]),
    ]);
    return 0;
  },
});

const allRecorded = ({ arrivals }: Trace): boolean => arrivals.kind === "moments" && arrivals.tasks.every(({ service }) => service !== undefined);

function linesOf(workload: Workload, played: readonly PlayedPolicy[], price: number): readonly string[] {
  const seconds = (value: number): string => (value < 10 ? value.toFixed(1) : value.toFixed(0));
  const whole = workload.length >= 172_800_000 ? 1 : 2;
  return table(
    ["policy", "worker-hours", "dollars", "broken min", "wait p50/p95/p99 s", "killed", "re-run", "changes", "most"],
    played.map(({ name, outcome }) => [
      name,
      outcome.workerHours.toFixed(whole),
      `$${(outcome.workerHours * price).toFixed(2)}`,
      String(outcome.violatingMinutes),
      [outcome.wait.p50, outcome.wait.p95, outcome.wait.p99].map(seconds).join(" / "),
      String(outcome.killed),
      String(outcome.reRun),
      String(outcome.actions),
      String(outcome.peakWorkers),
    ]),
  );
}

async function workloadOf(asked: Asked, { file, trace, seed }: { readonly file: string; readonly trace: Trace; readonly seed: number }): Promise<Workload> {
  const { ownWorkload } = await import("@nightshift/lab/flow/workloads/own");
  const slo = textOf(asked, "slo");
  if (slo === undefined) throw new Refusal("scale simulate: --slo LENGTH is missing: how soon a task shall start, such as 60s.");
  const service = textOf(asked, "service-time");
  if (service === undefined && !allRecorded(trace))
    throw new Refusal(
      "scale simulate: --service-time LENGTH is missing: how long a task runs, such as 8s or 2s-90s. Or give it per task: `timestamp,seconds`.",
    );
  const [least = "1s", most] = (service ?? "1s").split("-");
  const first = lengthOf(least, "service-time");
  const last = most === undefined ? undefined : lengthOf(most, "service-time");
  if (last !== undefined && last < first) throw new Refusal(`--service-time "${service}": expected the shorter length first, such as 2s-90s.`);
  return ownWorkload({
    name: path.basename(file),
    arrivals: trace.arrivals,
    service: last === undefined ? { kind: "around", mean: first } : { kind: "between", least: first, most: last },
    wait: lengthOf(slo, "slo"),
    fleet: fleetOf(asked),
    seed,
  });
}

function fleetOf(asked: Asked): FleetShape {
  const min = wholeNumber(asked, "min", 0);
  const max = wholeNumber(asked, "max", 1);
  if (min > max) throw new Refusal(`--min ${min} is more than --max ${max}: lower one or raise the other.`);
  const startAtMost = lengthOf(textOf(asked, "start-time") ?? "60s", "start-time");
  return {
    concurrency: wholeNumber(asked, "concurrency", 1),
    prefetch: wholeNumber(asked, "prefetch", 1),
    acksLate: asked.options["early-ack"] !== true,
    min,
    max,
    startAtLeast: (startAtMost / 2) as Ms, // Half a length is a length.
    startAtMost,
    stopTimeout: lengthOf(textOf(asked, "stop-timeout") ?? "30s", "stop-timeout"),
    redeliverAfter: 0 as Ms, // At once, as RabbitMQ gives it back.
  };
}

function chosenPolicies(asked: Asked, catalogue: Readonly<Record<string, FlowPolicy>>): readonly (readonly [string, FlowPolicy])[] {
  const names = (textOf(asked, "policy") ?? "").split(",").map((name) => name.trim());
  return [...new Set(names)].map((name) => {
    const policy = Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;
    if (policy !== undefined) return [name, policy] as const;
    const close = nearest(name, Object.keys(catalogue));
    throw new Refusal(
      `--policy "${name}" is not a policy.${close === undefined ? "" : ` Did you mean "${close}"?`} There are ${Object.keys(catalogue).join(", ")}.`,
    );
  });
}

function wholeNumber(asked: Asked, name: string, least: number): number {
  const word = textOf(asked, name) ?? "";
  if (!/^\d{1,9}$/.test(word) || Number(word) < least) throw new Refusal(`--${name} "${word}": expected a whole number from ${least} on.`);
  return Number(word);
}

function dollarsOf(asked: Asked): number {
  const word = textOf(asked, "hour-price") ?? "";
  if (!/^\d{1,4}(\.\d{1,8})?$/.test(word)) throw new Refusal(`--hour-price "${word}": expected dollars, such as 0.05.`);
  return Number(word);
}

async function writeChart(target: string, shown: string, svg: string): Promise<void> {
  try {
    await writeFile(target, svg);
  } catch (error) {
    throw new Refusal(`--chart ${shown} could not be written: ${error instanceof Error ? error.message : String(error)}. Choose another file.`);
  }
}

async function textIn(place: Place, file: string): Promise<string> {
  try {
    return await readFile(path.resolve(place.directory, file), "utf8");
  } catch (error) {
    throw new Refusal(`${file}: the arrivals could not be read: ${error instanceof Error ? error.message : String(error)}. Give the path of a CSV file.`);
  }
}

const round = (dollars: number): number => Math.round(dollars * 10_000) / 10_000;
