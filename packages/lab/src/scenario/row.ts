import { keyPrefixes } from "@nightshift/model";
import type { Recorded } from "../kernel.ts";
import { names } from "../install.ts";
import { textOf } from "../slack/read.ts";
import { backupProblems } from "./backups.ts";
import { scalingProblems } from "./scaling.ts";
import type { Scenario } from "./scenario.ts";
import type { Deployed } from "../world/index.ts";
import type { Stage } from "./stage.ts";

/** One line of `lab run --json` (decision 25); null where it does not apply. */
export interface Row {
  readonly scenario: string;
  readonly seed: number;
  readonly expected: string;
  readonly verdict: string;
  readonly ok: boolean;
  /** What each rolled-back service serves at the end, by digest. */
  readonly target: Readonly<Record<string, string>> | null;
  /** AWS calls of the guard from the end of the look that showed the breach to the first accepted rollback call, both that call and retries included; durable checkpoints are not counted. */
  readonly awsCalls: number | null;
  /** From the arrival of the figures (or health) that showed the breach to the accepted call; null where a person was asked in between. */
  readonly alarmToCallMs: number | null;
  /** From the accepted call until only the good revision serves. */
  readonly trafficRestoredMs: number | null;
  /** From the accepted call until ECS calls the deployment that put it back complete. */
  readonly steadyMs: number | null;
  /** Rolled-back services that do not serve what they should. */
  readonly wrongTarget: number;
  /** Rolled-back services that serve the same bytes as before the call. */
  readonly noOp: number;
  /** Accepted rollback calls beyond the first of each bad deployment. */
  readonly double: number;
  /** Rollback calls that hit a deployment that nobody called bad. */
  readonly overNewer: number;
  /** Whether something was rolled back without a person's word. */
  readonly autoRollback: boolean;
}

type Call = Extract<Recorded, { kind: "call" }>;

/** The result of a scenario, read from the account's history and its tables, never from the guard's own memory. */
export function rowOf(scenario: Scenario, stage: Stage, seed: number): { readonly row: Row; readonly problems: readonly string[] } {
  const { history } = stage.lab;
  const rollbacks = history.filter(isRollback);
  const first = rollbacks[0];
  const asked = ledgerItems(stage, keyPrefixes.approval).length > 0;
  const recorded = verdictsOf(stage);
  const { watch, verdict: wanted } = scenario.expected;
  const told = (watch === "any" && recorded.includes(wanted) ? wanted : watch === "first" ? recorded[0] : recorded.at(-1)) ?? "none";
  const verdict = first !== undefined && !asked ? "roll-back" : asked ? "ask" : told;
  const services = [...new Set(rollbacks.map((call) => serviceOf(call, stage)))];
  const served = Object.fromEntries(services.map((service) => [service, mainDigest(stage, service)]));
  const clocks = first === undefined ? undefined : clocksOf(stage, services, first);
  const measured = {
    scenario: scenario.name,
    seed,
    expected: scenario.expected.verdict,
    verdict,
    target: first === undefined ? null : served,
    awsCalls: first === undefined || asked ? null : callsBefore(history, first),
    alarmToCallMs: first === undefined || asked ? null : first.at - lastSeen(history, first),
    trafficRestoredMs: clocks?.traffic ?? null,
    steadyMs: clocks?.steady ?? null,
    wrongTarget: services.filter((service) => !servesExpected(scenario, stage, service)).length,
    noOp: services.filter((service) => stage.bad.some((bad) => bad.service === service && stillServes(stage, bad))).length,
    double: rollbacks.length - new Set(rollbacks.map((call) => judgedAt(stage, call))).size,
    overNewer: rollbacks.filter((call) => !stage.bad.some((bad) => bad.deployment === judgedAt(stage, call))).length,
    autoRollback: first !== undefined && !asked,
  };
  const problems = problemsOf(scenario, stage, { row: measured, recorded, rollbacks: rollbacks.length });
  return { row: { ...measured, ok: problems.length === 0 }, problems };
}

type Happened = Extract<Recorded, { kind: "world" }>;
const isWorld = (line: Recorded): line is Recorded & Happened => line.kind === "world";
const isCall = (line: Recorded): line is Recorded & Call => line.kind === "call";
const isRollback = (line: Recorded): line is Recorded & Call =>
  isCall(line) &&
  line.caller === "guard" &&
  line.service === "ecs" &&
  line.result === "ok" &&
  (line.operation === "StopServiceDeployment" || line.operation === "UpdateService");

const field = (from: unknown, name: string): unknown => (typeof from === "object" && from !== null ? Reflect.get(from, name) : undefined);

/** `…:service-deployment/CLUSTER/SERVICE/ID`, or the service that UpdateService names. */
function serviceOf(call: Call, stage: Stage): string {
  const named = field(call.input, "service");
  const arn = String(named ?? field(call.input, "serviceDeploymentArn") ?? "");
  return [...stage.services.keys()].find((service) => arn === service || arn.includes(`/${service}/`)) ?? arn;
}

/** The newest deployment of the call's service that began before it: what the call hit. */
function judgedAt(stage: Stage, call: Recorded & Call): string {
  const service = serviceOf(call, stage);
  // The call's own deployment begins while the call is carried out, before the call's line: at the same moment.
  const begun = stage.lab.history.filter(
    (line) => line.at < call.at && line.kind === "world" && line.what === "service-deployment-in-progress" && line.about === service,
  );
  const last = begun.at(-1);
  return last === undefined || last.kind !== "world" ? "none" : String(last.detail["deployment"]);
}

/** The guard's calls after the checkpoint that ended its watch, up to and including the first rollback. */
function callsBefore(history: readonly Recorded[], first: Recorded): number {
  // Other executions of the guard may be at work in the same moment: only the calls of this invocation count.
  const own = (line: Recorded) => isCall(line) && isCall(first) && line.caller === "guard" && line.invocation === first.invocation;
  const ended = history.findLast((line) => line.n < first.n && own(line) && endsWatch(line));
  return history.filter(
    (line) =>
      isCall(line) &&
      own(line) &&
      line.n > (ended?.n ?? 0) &&
      line.n <= first.n &&
      line.operation !== "CheckpointDurableExecution" &&
      line.operation !== "GetDurableExecutionState",
  ).length;
}

function endsWatch(line: Recorded): boolean {
  if (!isCall(line) || line.operation !== "CheckpointDurableExecution") return false;
  const updates = field(line.input, "Updates");
  return Array.isArray(updates) && updates.some((update) => field(update, "Name") === "watch the deployment" && field(update, "Action") === "SUCCEED");
}

/** When the guard last read figures, health or tasks before the call. */
function lastSeen(history: readonly Recorded[], first: Recorded): number {
  const read = history.findLast(
    (line) =>
      line.n < first.n &&
      isCall(line) &&
      isCall(first) &&
      line.invocation === first.invocation &&
      ["GetMetricData", "DescribeTargetHealth", "DescribeTasks"].includes(line.operation),
  );
  return read?.at ?? first.at;
}

const mainDigest = (stage: Stage, service: string): string => [...stage.world.serving(service)].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "none";

function servesExpected(scenario: Scenario, stage: Stage, service: string): boolean {
  const wanted = scenario.expected.serves[service];
  if (wanted === undefined) return true;
  const handle = stage.services.get(service);
  const deployed = stage.deployed.findLast((one) => one.service === service);
  const proven = stage.deployed.find((one) => one.service === service);
  const digest =
    wanted === "proven" ? proven?.digest : wanted === "before" ? handle?.digest : wanted === "deployed" ? deployed?.digest : handle?.pastDigests[wanted];
  const share = stage.world.serving(service).get(digest ?? "none") ?? 0;
  if (share <= 0.999) return false;
  // Where only the settings changed, the bytes cannot tell the revisions apart.
  if (deployed === undefined || deployed.digest !== handle?.digest || deployed.taskDefinition === handle.taskDefinition) return true;
  return (stage.world.revisionOf(service) === deployed.taskDefinition) === (wanted === "deployed");
}

/** Whether the bad bytes still serve; bytes that were there before are bad only under the bad task definition. */
function stillServes(stage: Stage, bad: Deployed): boolean {
  if (mainDigest(stage, bad.service) !== bad.digest) return false;
  return bad.digest !== stage.services.get(bad.service)?.digest || stage.world.revisionOf(bad.service) === bad.taskDefinition;
}

/** The two clocks, from the truth: when the bad bytes stopped serving, and when ECS called the way back complete. */
function clocksOf(stage: Stage, services: readonly string[], first: Recorded): { readonly traffic: number | null; readonly steady: number | null } {
  // What a later deployment does is another story.
  const next =
    stage.lab.history.find((line) => line.n > first.n && isCall(line) && line.caller !== "guard" && line.operation === "UpdateService")?.n ??
    Number.POSITIVE_INFINITY;
  const world = stage.lab.history.filter(isWorld).filter((line) => line.n < next);
  const after = world.filter((line) => line.n > first.n);
  const traffic = services.flatMap((service) => {
    const bad = new Set(stage.bad.filter((one) => one.service === service).map((one) => one.digest));
    if (bad.has(stage.services.get(service)?.digest ?? "none")) return [];
    const shares = world.filter((line) => line.what === "serving" && line.about === service);
    const ever = shares.some((line) => line.n < first.n && !onlyGood(line.detail["shares"], bad));
    if (!ever) return [];
    const changes = shares.filter((line) => line.n > first.n);
    if (changes.length === 0 && onlyGood(shares.at(-1)?.detail["shares"], bad)) return [first.at];
    // The last change after which no bad byte serves any more; several dips count as one way.
    const back = changes.find((_, i) => changes.slice(i).every((later) => onlyGood(later.detail["shares"], bad)));
    return [back?.at];
  });
  const steady = services.map((service) => after.findLast((line) => line.what === "service-deployment-completed" && line.about === service)?.at);
  return { traffic: latest(traffic, first.at), steady: latest(steady, first.at) };
}

const onlyGood = (shares: unknown, bad: ReadonlySet<string>): boolean => {
  const entries = typeof shares === "object" && shares !== null ? Object.entries(shares) : [];
  return entries.length > 0 && entries.every(([digest, share]) => !bad.has(digest) || share === 0);
};
const latest = (times: readonly (number | undefined)[], from: number): number | null =>
  times.every((time) => time !== undefined) && times.length > 0 ? Math.max(...times.map((time) => time ?? 0)) - from : null;

/** Items of the ledger whose partition key begins so. */
const ledgerItems = (stage: Stage, prefix: string): readonly object[] =>
  stage.lab.dynamodb.table(names.ledger).items.filter((item) => String(field(item, "pk")).startsWith(prefix));

/** What every watch ended with, oldest first: a watch that tells at several stations is counted at its last one. */
function verdictsOf(stage: Stage): readonly string[] {
  const ends = new Map<string, { readonly at: number; readonly verdict: string }>();
  for (const item of stage.lab.dynamodb.table(names.audit).items) {
    const actor = String(field(item, "actor"));
    if (field(item, "kind") !== "verdict" || !actor.startsWith("guard/")) continue;
    const verdict = String(field(JSON.parse(String(field(item, "body"))), "verdict"));
    ends.set(actor, { at: Math.max(ends.get(actor)?.at ?? 0, Number(field(item, "at"))), verdict });
  }
  return [...ends.values()].toSorted((a, b) => a.at - b.at).map(({ verdict }) => verdict);
}

/** What the ledger says of the revision that the service deployed last. */
function gradeOf(stage: Stage, service: string): string {
  const deployed = stage.deployed.findLast((one) => one.service === service);
  const rows = ledgerItems(stage, `${keyPrefixes.revision}${service}`).filter(
    (item) => field(item, "grade") !== undefined && [deployed?.digest, deployed?.taskDefinition].every((part) => JSON.stringify(item).includes(`"${part}"`)),
  );
  return String(field(rows.at(-1), "grade") ?? "none");
}

/** Everything the incidents of this account say in Slack, header first. */
export const toldIn = (stage: Stage): string =>
  stage.lab.slack.channels.flatMap((channel) => channel.messages.flatMap((message) => [message, ...message.replies].map(textOf))).join("\n");

interface Judged {
  readonly row: Omit<Row, "ok">;
  readonly recorded: readonly string[];
  readonly rollbacks: number;
}

function problemsOf(scenario: Scenario, stage: Stage, { row, recorded, rollbacks }: Judged): readonly string[] {
  const { expected } = scenario;
  const told = toldIn(stage);
  const problems: string[] = [];
  const must = (holds: boolean, problem: string) => void (holds ? undefined : problems.push(problem));
  must(row.verdict === expected.verdict, `verdict ${row.verdict}, expected ${expected.verdict}`);
  for (const count of ["wrongTarget", "noOp", "double", "overNewer"] as const) must(row[count] === 0, `${count} is ${row[count]}`);
  must(expected.toBlame || !row.autoRollback, "rolled back by itself although the deployment was not to blame");
  // Whom the scaler protects is looked at, and lifted with an intent and an outcome on record.
  const calls = expected.scaling === undefined ? 6 : 10;
  must(row.awsCalls === null || row.awsCalls <= calls, `${row.awsCalls} AWS calls from the breach to the rollback call, at most ${calls} are allowed`);
  must(expected.rollbacks === undefined || rollbacks === expected.rollbacks, `${rollbacks} rollback calls, expected ${expected.rollbacks}`);
  must(
    expected.recorded === undefined || expected.recorded.join() === recorded.join(),
    `the watches ended with ${recorded.join(", ")}, expected ${expected.recorded?.join(", ")}`,
  );
  for (const service of Object.keys(expected.serves))
    must(servesExpected(scenario, stage, service), `${service} serves ${mainDigest(stage, service)}, expected ${String(expected.serves[service])}`);
  for (const [service, grade] of Object.entries(expected.grades ?? {}))
    must(gradeOf(stage, service) === grade, `${service} is graded ${gradeOf(stage, service)}, expected ${grade}`);
  for (const words of expected.tells) must(told.includes(words), `the thread does not say "${words}"`);
  for (const words of expected.pages ?? [])
    must(
      stage.lab.sns.published.some((one) => one.message.includes(words)),
      `no page says "${words}"`,
    );
  // A good night is a line in the channel.
  must(expected.tells.length > 0 || told === "" || expected.backups !== undefined, "a thread was opened although nothing was to be said");
  const scaling = expected.scaling === undefined ? [] : scalingProblems(stage, expected.scaling);
  const backups = expected.backups === undefined ? [] : backupProblems(stage, expected.backups);
  return [...problems, ...scaling, ...backups, ...unfinished(stage)];
}

/** Work that ended badly, or was given up. */
function unfinished({ lab }: Stage): readonly string[] {
  const failed = lab.engine.executions.filter((one) => one.status === "FAILED" || one.status === "TIMED_OUT");
  const given = lab.history.filter((line) => line.kind === "world" && line.what === "person-failed");
  return [
    ...(failed.length === 0 ? [] : [`${failed.length} executions ended badly: ${failed.map((one) => one.error?.ErrorMessage ?? one.status).join("; ")}`]),
    ...(lab.sqs.queue(names.deadLetters).bodies.length === 0 ? [] : ["messages ended in the dead-letter queue"]),
    ...given.map((line) => `a person failed: ${line.kind === "world" ? String(line.detail["because"]) : ""}`),
  ];
}
