/** Blocks of the documentation that are told by the lab itself: a thread, and what a watch asks of AWS. */
import type { Recorded } from "@nightshift/lab/kernel";
import { runScenario } from "@nightshift/lab/scenario/run";
import { type Scenario, scenario } from "@nightshift/lab/scenario/scenario";
import { linesOf } from "@nightshift/lab/slack/read";
import type { Stage } from "@nightshift/lab/scenario/stage";
import { healthyBut5xx } from "@nightshift/lab/scenarios/healthy-but-5xx";
import { shop } from "@nightshift/lab/scenarios/shop";
import { hours, minutes } from "@nightshift/model";
import { manifests } from "../functions/index.ts";
import { selfAlarms } from "./docs-operations.ts";

/** The same evening each time, so that a difference is a difference in the code. */
const SEED = 1;

/** The thread that a bad deployment gets, as Slack shows it: the header, a rule, then the lines as they were posted. */
export async function threadMarkdown(): Promise<string> {
  const { stage } = await runScenario(healthyBut5xx, { seed: SEED });
  const [thread] = stage.lab.slack.channels.flatMap((channel) => channel.messages);
  if (thread === undefined) throw new Error("healthy-but-5xx opened no thread");
  return ["```text", ...linesOf(thread), `  ${"─".repeat(58)}`, ...thread.replies.flatMap(linesOf).map((line) => `  ${line}`), "```"].join("\n");
}

/** A good deployment of the same shop: watched to the end of its hour, then left alone. */
const quiet: Scenario = scenario({
  name: "quiet",
  title: "A good deployment",
  source: "what most deployments are",
  before: (stage) => shop(stage),
  plot: (stage) => stage.at(minutes(1), () => void stage.deploy("shop-api")),
  lasts: minutes(80),
  expected: { verdict: "passed", toBlame: false, serves: { "shop-api": "deployed" }, tells: [] },
});

/** US East (N. Virginia) list prices in dollars; their sources stand beside the table in docs/architecture.md. */
const PRICES = { invocation: 0.2e-6, gigabyteSecond: 0.0000133334, operation: 8e-6, metric: 0.01e-3, read: 0.125e-6, write: 0.625e-6, alarm: 0.1 } as const;

/** One invocation is taken to run so long; nobody has measured it on AWS yet. */
const ASSUMED_SECONDS = 1;

interface Counted {
  readonly looks: number;
  readonly invocations: number;
  readonly operations: number;
  readonly metrics: number;
  readonly ecs: number;
  readonly otherReads: number;
  readonly reads: number;
  readonly writes: number;
  readonly puts: number;
}

type Call = Extract<Recorded, { kind: "call" }>;
const callsOf = (stage: Stage, caller: string): readonly Call[] =>
  stage.lab.history.filter((line): line is Recorded & Call => line.kind === "call" && line.caller === caller);

function count(stage: Stage): Counted {
  const calls = callsOf(stage, "guard");
  const of = (service: string, ...operations: readonly string[]) =>
    calls.filter((call) => call.service === service && (operations.length === 0 || operations.includes(call.operation))).length;
  return {
    looks: of("cloudwatch", "GetMetricData"),
    invocations: stage.lab.engine.executions.reduce((sum, one) => sum + one.invocations, 0),
    operations: stage.lab.engine.executions.length + calls.flatMap(updatesOf).filter(billed).length,
    metrics: calls
      .filter((call) => call.operation === "GetMetricData")
      .reduce((sum, call) => sum + listOf(call.input, "MetricDataQueries").filter((query) => field(query, "MetricStat") !== undefined).length, 0),
    ecs: of("ecs"),
    otherReads: of("elbv2") + of("logs") + of("ecr"),
    reads: of("dynamodb", "Get", "Query"),
    writes: of("dynamodb", "Put", "Update", "Delete"),
    puts: of("s3"),
  };
}

const field = (from: unknown, name: string): unknown => (typeof from === "object" && from !== null ? Reflect.get(from, name) : undefined);
const listOf = (from: unknown, name: string): readonly unknown[] => {
  const list = field(from, name);
  return Array.isArray(list) ? list : [];
};
const updatesOf = (call: Call): readonly unknown[] => (call.operation === "CheckpointDurableExecution" ? listOf(call.input, "Updates") : []);
/** Every attempt of a step that ended, and every wait or callback that began: more than AWS's wording asks for, never less. */
const billed = (update: unknown): boolean => {
  const [type, action] = [field(update, "Type"), field(update, "Action")];
  return type === "STEP" || type === "CONTEXT" ? action !== "START" : type === "WAIT" || type === "CALLBACK" ? action === "START" : false;
};

const memoryGb = (name: string): number => (manifests.find((manifest) => manifest.name === name)?.memoryMb ?? 0) / 1_024;
const dollars = (counted: Counted): number =>
  counted.invocations * (PRICES.invocation + memoryGb("guard") * ASSUMED_SECONDS * PRICES.gigabyteSecond) +
  counted.operations * PRICES.operation +
  counted.metrics * PRICES.metric +
  counted.reads * PRICES.read +
  counted.writes * PRICES.write;

/** Both deployments, played. @throws when one ends otherwise than it must: then its figures mean nothing. */
async function play(): Promise<{ readonly good: Stage; readonly bad: Stage }> {
  const [good, bad] = [await runScenario(quiet, { seed: SEED }), await runScenario(healthyBut5xx, { seed: SEED })];
  const problems = [...good.problems, ...bad.problems];
  if (problems.length > 0) throw new Error(`the lab's two deployments ended otherwise than expected: ${problems.join("; ")}`);
  return { good: good.stage, bad: bad.stage };
}

/** What one watch asks of AWS, counted in the lab, and what that costs at list prices. */
export async function watchCallsMarkdown(): Promise<string> {
  const { good, bad } = await play();
  const [a, b] = [count(good), count(bad)];
  const row = (what: string, value: (of: Counted) => string | number): string => `| ${what} | ${value(a)} | ${value(b)} |`;
  const { runs, reads } = idle(good);
  return [
    "| the guard, for a group of two services | a good deployment, watched for an hour | a bad one, rolled back and verified |",
    "|---|---:|---:|",
    row("times it asked `GetMetricData` (once a look, and for the baseline)", (of) => of.looks),
    row("Lambda invocations", (of) => of.invocations),
    row("durable operations", (of) => of.operations),
    row("metrics asked of CloudWatch", (of) => of.metrics),
    row("calls to ECS", (of) => of.ecs),
    row("calls to load balancing, logs and ECR", (of) => of.otherReads),
    row("DynamoDB reads / writes", (of) => `${of.reads} / ${of.writes}`),
    row("objects put into S3", (of) => of.puts),
    row(`list price, with ${ASSUMED_SECONDS} s an invocation assumed`, (of) => money(dollars(of))),
    "",
    `The sweep runs whether anything is deployed or not: ${runs} times in 30 days, with ${reads.toFixed(1)} DynamoDB reads a time.`,
  ].join("\n");
}

/** The same in four lines. */
export async function costMarkdown(): Promise<string> {
  const { good, bad } = await play();
  const alarms = selfAlarms().length;
  return [
    "| what | at list prices |",
    "|---|---:|",
    `| one good deployment of a group of two services, watched for an hour | ${money(dollars(count(good)))} |`,
    `| one bad one, rolled back and verified | ${money(dollars(count(bad)))} |`,
    `| the sweep, every five minutes, for 30 days | ${money(idle(good).dollars)} |`,
    `| ${alarms} alarms on Nightshift itself, for a month | ${money(alarms * PRICES.alarm)} |`,
  ].join("\n");
}

const money = (amount: number): string => `$${amount < 0.05 ? amount.toFixed(4) : amount.toFixed(2)}`;

/** What the sweep comes to in 30 days, from its runs beside a good deployment. */
function idle(stage: Stage): { readonly runs: number; readonly reads: number; readonly dollars: number } {
  const calls = callsOf(stage, "sweep").filter((call) => call.service === "dynamodb");
  const manifest = manifests.find((one) => one.name === "sweep");
  const every = Number(/^rate\((\d+) minutes\)$/.exec(manifest !== undefined && manifest.trigger.kind === "schedule" ? manifest.trigger.expression : "")?.[1]);
  const reads = calls.length / Math.floor(minutes(80) / minutes(every));
  const runs = 30 * Math.round(hours(24) / minutes(every));
  return { runs, reads, dollars: runs * (PRICES.invocation + memoryGb("sweep") * ASSUMED_SECONDS * PRICES.gigabyteSecond + reads * PRICES.read) };
}
