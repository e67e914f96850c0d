/** Blocks of the documentation that are told by the lab itself: a thread, and what a watch asks of AWS. */
import type { Recorded } from "@nightshift/lab/kernel";
import { runScenario } from "@nightshift/lab/scenario/run";
import { type Scenario, scenario } from "@nightshift/lab/scenario/scenario";
import type { Stage } from "@nightshift/lab/scenario/stage";
import { healthyBut5xx } from "@nightshift/lab/scenarios/healthy-but-5xx";
import { shop } from "@nightshift/lab/scenarios/shop";
import { hours, minutes } from "@nightshift/model";
import { manifests } from "../functions/index.ts";

/** The same evening each time, so that a difference is a difference in the code. */
const SEED = 1;

/** The thread that a bad deployment gets, as Slack shows it: the header, a rule, then the lines as they were posted. */
export async function threadMarkdown(): Promise<string> {
  const { stage } = await runScenario(healthyBut5xx, { seed: SEED });
  const [thread] = stage.lab.slack.channels.flatMap((channel) => channel.messages);
  if (thread === undefined) throw new Error("healthy-but-5xx opened no thread");
  return ["```text", thread.text, `  ${"─".repeat(58)}`, ...thread.replies.map((reply) => `  ${reply.text}`), "```"].join("\n");
}

/** A good deployment of the same shop: watched to the end of its hour, then left alone. */
const quiet: Scenario = scenario({
  name: "quiet",
  title: "A good deployment",
  source: "what most deployments are",
  before: (stage) => shop(stage),
  plot: (stage) => stage.at(minutes(1), () => void stage.deploy("shop-api")),
  lasts: minutes(80),
  expected: { verdict: "passed", toBlame: false, serves: {}, tells: [] },
});

/** US East (N. Virginia) list prices in dollars; their sources stand beside the table in docs/architecture.md. */
const PRICES = { invocation: 0.2e-6, gigabyteSecond: 0.0000133334, operation: 8e-6, metric: 0.01e-3, read: 0.125e-6, write: 0.625e-6 } as const;

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

/** What one watch asks of AWS, counted in the lab, and what that costs at list prices. */
export async function watchCallsMarkdown(): Promise<string> {
  const [good, bad] = [await runScenario(quiet, { seed: SEED }), await runScenario(healthyBut5xx, { seed: SEED })];
  if (good.row.autoRollback || !bad.row.ok)
    throw new Error(`the lab's two deployments ended otherwise than expected: ${[...good.problems, ...bad.problems].join("; ")}`);
  const [a, b] = [count(good.stage), count(bad.stage)];
  const row = (what: string, value: (of: Counted) => string | number): string => `| ${what} | ${value(a)} | ${value(b)} |`;
  return [
    "| the guard, for a group of two services | a good deployment, watched for an hour | a bad one, rolled back and verified |",
    "|---|---:|---:|",
    row("looks (one `GetMetricData` each, preparation included)", (of) => of.looks),
    row("Lambda invocations", (of) => of.invocations),
    row("durable operations", (of) => of.operations),
    row("metrics asked of CloudWatch", (of) => of.metrics),
    row("calls to ECS", (of) => of.ecs),
    row("calls to load balancing, logs and ECR", (of) => of.otherReads),
    row("DynamoDB reads / writes", (of) => `${of.reads} / ${of.writes}`),
    row("objects put into S3", (of) => of.puts),
    row(`list price, with ${ASSUMED_SECONDS} s an invocation assumed`, (of) => `$${dollars(of).toFixed(4)}`),
    "",
    ...idle(good.stage),
  ].join("\n");
}

/** The sweep runs whether anything is deployed or not. */
function idle(stage: Stage): readonly string[] {
  const calls = callsOf(stage, "sweep").filter((call) => call.service === "dynamodb");
  const manifest = manifests.find((one) => one.name === "sweep");
  const every = Number(/^rate\((\d+) minutes\)$/.exec(manifest !== undefined && manifest.trigger.kind === "schedule" ? manifest.trigger.expression : "")?.[1]);
  const runs = Math.floor(minutes(80) / minutes(every));
  const each = calls.length / runs;
  const month = 30 * Math.round(hours(24) / minutes(every));
  const price = month * (PRICES.invocation + memoryGb("sweep") * ASSUMED_SECONDS * PRICES.gigabyteSecond + each * PRICES.read);
  return [
    `When nothing is deployed, the sweep alone runs: ${month} times in 30 days, ${each.toFixed(1)} DynamoDB reads a time over these ${runs} runs, $${price.toFixed(2)} at the same prices.`,
  ];
}
