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
/**
 * What a service-month may cost (issue 4). SQS's bound is that of a service at rest: while it is busy four looks a minute each make a
 * request that SQS bills, so that its office hours have a bound of their own, what was reached rounded up to a cent.
 */
const BOUNDS = { redis: { office: 0.6, quiet: 0.6 }, sqs: { office: 0.18, quiet: 0.05 } } as const;
/**
 * Billed time that the history does not show: a call stands in it when it has ended, so that the first one's 5 to 45 ms are missing,
 * and our own work, a few milliseconds of a machine of which 256 MB are a seventh.
 */
const AROUND_MS = 25 + 10;
/** A line of figures, and one of what a look did; the first and its fellow are printed once in five quiet minutes. */
const FIGURES_BYTES = 520;
const DID_BYTES = 200;
/** Lambda's own two lines of JSON about each run, which no call of ours makes: told beside the sums. */
const PLATFORM_BYTES = 450;
const DAYS = 30;
const MINUTES = DAYS * 1_440;

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

type Input = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

/**
 * Units of DynamoDB: a write costs by the whole row in steps of 1 kB, a strongly consistent read by all rows it answers in steps of
 * 4 kB. Read and write operations, https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html, 2026-11-21.
 */
function dynamoUnits(): { write(input: Input): number; read(input: Input): number } {
  const rows = new Map<string, number>();
  return {
    write({ Item, Key, ExpressionAttributeValues }) {
      const key = Item ?? Key;
      const bytes = bytesOf(Item ?? { ...Key, ...ExpressionAttributeValues });
      rows.set(`${String(key?.["pk"])} ${String(key?.["sk"])}`, bytes);
      return Math.ceil(bytes / 1_024);
    },
    read({ Key, ExpressionAttributeValues }) {
      const state = Key === undefined ? `${String(ExpressionAttributeValues?.[":pk"])} ${String(ExpressionAttributeValues?.[":to"])}` : "";
      const row = Key === undefined ? state : `${String(Key["pk"])} ${String(Key["sk"])}`;
      return Math.max(1, Math.ceil((rows.get(row) ?? 0) / 4_096));
    },
  };
}

/** What one day cost, by kind of call, for a month of such days. */
async function monthOf(kind: keyof typeof BOUNDS, busy: Ms): Promise<readonly Line[]> {
  const { stage } = await runScenario(day(kind, busy), { seed: 1 });
  const calls = new Map<string, { count: number; units: number }>();
  const units = dynamoUnits();
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
      // The document client's input, as its commands are typed.
      const input = line.input as Input;
      if (line.mutating) add("DynamoDB writes (units of 1 kB)", units.write(input));
      else add("DynamoDB reads (units of 4 kB)", units.read(input));
    } else if (line.service === "sqs") add("SQS requests", 1);
    else if (line.service !== "broker") add(`${line.service} calls (free)`, 0);
    else add(`broker ${line.operation} (free)`, 0);
  }
  const printed = figuresPrinted(stage);
  const seconds = (name: string) => [...runs.values()].filter((run) => run.name === name);
  const gbs = (name: string) => seconds(name).reduce((sum, run) => sum + ((run.to - run.from + AROUND_MS) / 1_000) * (run.memoryMb / 1_024), 0);
  const looks = seconds("scaler").length;
  const logged = printed * (FIGURES_BYTES + DID_BYTES) + seconds("dispatcher").length * DID_BYTES;
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
    { what: "log lines, MB", count: (logged * DAYS) / 1e6, dollars: ((logged * DAYS) / 1e9) * PRICES.logGigabyte },
    ...priced.toSorted((a, b) => b.dollars - a.dollars),
  ];
}

/** Minutes of the day for which figures were printed. */
function figuresPrinted(stage: Stage): number {
  // As `packages/aws/src/gauges.ts` names it.
  const metric = { namespace: "Nightshift", name: "DesiredWorkers", dimensions: { Service: WORKERS } };
  const { size } = stage.world.store.read(metric, { from: stage.startedAt, to: stage.now(), period: minutes(1) }, "SampleCount");
  if (size === 0) throw new Error("no figures were printed in a whole day: is DesiredWorkers still the name of a metric?");
  return size;
}

let beyond = false;
for (const kind of ["redis", "sqs"] as const) {
  for (const profile of ["office", "quiet"] as const) {
    const busy = profiles[profile];
    const lines = await monthOf(kind, busy);
    const sum = lines.reduce((total, { dollars }) => total + dollars, 0);
    const bound = BOUNDS[kind][profile];
    const ok = sum <= bound;
    beyond ||= !ok;
    console.log(`\n${kind}, ${profile}: one service alone for 30 days, work for ${busy / hours(1)} hours a day; promised are ${PROMISE / minutes(1)} m`);
    for (const { what, count, dollars } of lines) console.log(`  ${Math.round(count).toLocaleString("en").padStart(10)}  $${dollars.toFixed(4)}  ${what}`);
    const why = kind === "sqs" && profile === "office" ? ": a look every 15 s while busy, each with a request to SQS" : "";
    console.log(`  ${ok ? "✓" : "✗"} $${sum.toFixed(3)} a service-month, at most $${bound.toFixed(2)}${why}`);
  }
}
console.log("\nRabbitMQ has the same looks and the same heartbeat window as Redis.");
console.log(
  `Not calls, and not in the sums: four CloudWatch metrics $1.20, the backlog alarm $0.10; Lambda's own log lines, about $${((MINUTES * PLATFORM_BYTES * PRICES.logGigabyte) / 1e9).toFixed(3)} for a run a minute; its polling of the events queue, which is there anyway.`,
);
process.exitCode = beyond ? 1 : 0;
