import { celery, defineNightshift, hours, minutes, seconds, sqs } from "../packages/config/src/index.ts";
import { type Ms, ms } from "../packages/model/src/index.ts";
import { runScenario } from "../packages/lab/src/scenario/run.ts";
import { scenario } from "../packages/lab/src/scenario/scenario.ts";
import type { Stage } from "../packages/lab/src/scenario/stage.ts";
import { PROMISE, QUIET, workers, WORKERS } from "../packages/lab/src/scenarios/workers.ts";
import { manifest as dispatcher } from "../functions/dispatcher/manifest.ts";
import { manifest as scaler } from "../functions/scaler/manifest.ts";

/** List prices, US East (N. Virginia), without free tiers: the sources stand in docs/architecture.md; SQS $0.40 a million requests (facts/reliability.md 4). */
const PRICES = { invocation: 0.2e-6, gigabyteSecond: 0.0000133334, read: 0.125e-6, write: 0.625e-6, sqs: 0.4e-6, logGigabyte: 0.5 } as const;
/** What a service-month may cost (issue 4). */
const BOUNDS = { redis: 0.6, sqs: 0.05 } as const;
/** The runtime's own time around our first and last call. */
const AROUND_MS = 30;
/** A line of figures in the log, each look. */
const LINE_BYTES = 520;
const DAYS = 30;

/** A day as offices have it: work comes for eight hours, and none for sixteen; and a day on which none comes. */
const profiles = { office: hours(8), quiet: hours(0) } as const;
const FROM = hours(6);

const day = (kind: keyof typeof BOUNDS, busy: Ms) =>
  scenario({
    name: `a-day-of-${kind}`,
    title: "Eight hours of work, sixteen of none",
    source: "issue 4: cost per service-month from counted calls",
    before: (stage) => {
      const config = workers(stage, { desired: 1, jobs: { jobsPerMinute: kind === "redis" ? 60 : 0 } });
      if (kind === "redis") return config;
      stage.lab.sqs.create({ name: "celery", visibility: seconds(1_800) });
      return defineNightshift({
        ...config,
        workers: { [WORKERS]: celery({ broker: sqs(), queues: ["celery"], wait: PROMISE, min: 1, max: 10, control: "none" }) },
      });
    },
    plot: (stage) => (kind === "redis" ? officeHours(stage, busy) : messages(stage, busy)),
    lasts: hours(24),
    expected: { ...QUIET },
  });

function officeHours(stage: Stage, busy: Ms): void {
  stage.world.spike(WORKERS, { from: seconds(0), for: FROM, times: 0 });
  stage.world.spike(WORKERS, { from: ms(FROM + busy), for: hours(24), times: 0 });
}

/** Three messages every ten seconds, gone before the next three. */
function messages(stage: Stage, busy: Ms): void {
  const queue = stage.lab.sqs.queue("celery");
  const take = (): void => {
    for (const { receiptHandle } of queue.receive(10)) queue.delete(receiptHandle);
  };
  for (let at: number = FROM; at < FROM + busy; at += 10_000)
    stage.at(ms(at), () => {
      take();
      for (let i = 0; i < 3; i += 1) queue.send("{}");
    });
  stage.at(ms(FROM + busy), take);
}

interface Line {
  readonly what: string;
  readonly count: number;
  readonly dollars: number;
}

const bytesOf = (input: unknown): number => JSON.stringify(input).length;

/** What one day cost, by kind of call, for a month of such days. */
async function monthOf(kind: keyof typeof BOUNDS, busy: Ms): Promise<readonly Line[]> {
  const { stage } = await runScenario(day(kind, busy), { seed: 1 });
  const calls = new Map<string, { count: number; units: number }>();
  const runs = new Map<number, { readonly memoryMb: number; from: number; to: number; readonly name: string }>();
  const add = (what: string, units: number): void => {
    const known = calls.get(what) ?? { count: 0, units: 0 };
    calls.set(what, { count: known.count + 1, units: known.units + units });
  };
  for (const line of stage.lab.history) {
    if (line.kind !== "call" || line.invocation === undefined) continue;
    // The dispatcher also beats for the whole installation each minute; only the runs that start a look are the service's.
    const starts = line.caller === "dispatcher" && line.service === "lambda";
    if (line.caller !== "scaler" && !starts) continue;
    const run = runs.get(line.invocation) ?? {
      name: line.caller,
      memoryMb: line.caller === "scaler" ? scaler.memoryMb : dispatcher.memoryMb,
      from: line.at,
      to: line.at,
    };
    run.to = line.at;
    runs.set(line.invocation, run);
    if (line.service === "dynamodb") {
      const write = line.mutating;
      add(write ? "DynamoDB writes (units of 1 kB)" : "DynamoDB reads (units of 4 kB)", write ? Math.ceil(bytesOf(line.input) / 1_024) : 2);
    } else if (line.service === "sqs") add("SQS requests", 1);
    else if (line.service !== "broker") add(`${line.service} calls (free)`, 0);
    else add(`broker ${line.operation} (free)`, 0);
  }
  const seconds = (name: string) => [...runs.values()].filter((run) => run.name === name);
  const gbs = (name: string) => seconds(name).reduce((sum, run) => sum + ((run.to - run.from + AROUND_MS) / 1_000) * (run.memoryMb / 1_024), 0);
  const looks = seconds("scaler").length;
  const priced = [...calls].map(([what, { count, units }]): Line => {
    const price = what.startsWith("DynamoDB w") ? PRICES.write : what.startsWith("DynamoDB r") ? PRICES.read : what.startsWith("SQS") ? PRICES.sqs : 0;
    const counted = what.startsWith("DynamoDB") ? units : count;
    return { what, count: counted * DAYS, dollars: counted * DAYS * price };
  });
  return [
    { what: "looks of the scaler (Lambda invocations)", count: looks * DAYS, dollars: looks * DAYS * PRICES.invocation },
    { what: "scaler, GB-seconds", count: gbs("scaler") * DAYS, dollars: gbs("scaler") * DAYS * PRICES.gigabyteSecond },
    {
      what: "dispatcher for looks between minutes (Lambda invocations)",
      count: seconds("dispatcher").length * DAYS,
      dollars: seconds("dispatcher").length * DAYS * PRICES.invocation,
    },
    { what: "dispatcher, GB-seconds", count: gbs("dispatcher") * DAYS, dollars: gbs("dispatcher") * DAYS * PRICES.gigabyteSecond },
    { what: "log lines of figures, MB", count: (looks * DAYS * LINE_BYTES) / 1e6, dollars: ((looks * DAYS * LINE_BYTES) / 1e9) * PRICES.logGigabyte },
    ...priced.toSorted((a, b) => b.dollars - a.dollars),
  ];
}

let beyond = false;
for (const kind of ["redis", "sqs"] as const) {
  for (const [profile, busy] of Object.entries(profiles)) {
    const lines = await monthOf(kind, busy);
    const sum = lines.reduce((total, { dollars }) => total + dollars, 0);
    const ok = sum <= BOUNDS[kind];
    beyond ||= !ok;
    console.log(`\n${kind}, ${profile}: one service alone for 30 days, work for ${busy / hours(1)} hours a day; promised are ${PROMISE / minutes(1)} m`);
    for (const { what, count, dollars } of lines) console.log(`  ${Math.round(count).toLocaleString("en").padStart(10)}  $${dollars.toFixed(4)}  ${what}`);
    console.log(`  ${ok ? "✓" : "✗"} $${sum.toFixed(3)} a service-month, at most $${BOUNDS[kind].toFixed(2)}`);
  }
}
console.log("\nRabbitMQ has the same looks and the same heartbeat window as Redis.");
console.log(
  "Not calls, and not in the sums: four CloudWatch metrics $1.20, the backlog alarm $0.10; Lambda's polling of the events queue, which is there anyway.",
);
process.exitCode = beyond ? 1 : 0;
