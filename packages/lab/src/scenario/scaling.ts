import { inflateRawSync } from "node:zlib";
import { type EpochMs, keyPrefixes, minutes, type Ms } from "@nightshift/model";
import { names } from "../install/names.ts";
import { dueAt } from "../celery/jobs.ts";
import type { Recorded } from "../kernel.ts";
import type { Stage } from "./stage.ts";

/** How the workers of a service must have fared, judged by the world's own truth and never by what the scaler believes. */
export interface ExpectedScaling {
  readonly service: string;
  /** Jobs cut off while they ran, by anything but their own worker's crash; default 0. */
  readonly cutOff?: number;
  /** Minutes that may break the promise of the config; default 0. */
  readonly violating?: { readonly promise: Ms; readonly atMost: number };
  /** Jobs that may still wait at the end although they were due two minutes ago; default none. */
  readonly late?: number;
  /** Desired count at the end. */
  readonly desired?: Range;
  /** Largest desired count that was ever set. */
  readonly peak?: Range;
  /** Changes of the desired count that ECS accepted from us. */
  readonly changes?: Range;
  /** Stretches in which we must not have changed it at all, or not downwards; they count from the start of the story. */
  readonly still?: readonly { readonly from: Ms; readonly to: Ms; readonly what: "changes" | "scale-ins" }[];
  /** Once the scaler has told these words, it adds nobody for so long. */
  readonly addsNobodyAfter?: { readonly words: string; readonly for: Ms };
  /** No scale-in of ours while ECS says that a deployment is in progress. */
  readonly stillWhileDeploying?: boolean;
  /** Kinds of verdict that must be among the recorded decisions. */
  readonly decided?: readonly string[];
  /** Words that so many entries of incidents say. */
  readonly told?: readonly { readonly words: string; readonly times: Range }[];
  /** Whether workers may still be drained or tasks protected at the end; default no. */
  readonly unfinished?: boolean;
}

/** From, and up to; one number is both. */
export type Range = number | { readonly from: number; readonly to: number };

/** Longer than any promise of these stories. */
const LATE = minutes(2);

const within = (n: number, range: Range): boolean => (typeof range === "number" ? n === range : n >= range.from && n <= range.to);
const say = (range: Range): string => (typeof range === "number" ? String(range) : `${range.from} to ${range.to}`);

/** A desired count that ECS accepted from us. */
export interface CountSet {
  readonly at: EpochMs;
  /** The line of the history. */
  readonly n: number;
  readonly from: number;
  readonly to: number;
}

/** Every desired count that the scaler set, oldest first. */
export function countsSet(stage: Stage, service: string): readonly CountSet[] {
  const sets: CountSet[] = [];
  let desired = stage.initialDesired(service);
  for (const line of stage.lab.history) {
    if (line.kind !== "call" || line.operation !== "UpdateService" || line.result !== "ok" || field(line.input, "service") !== service) continue;
    const to = field(line.input, "desiredCount");
    if (typeof to !== "number") continue;
    if (line.caller === "scaler") sets.push({ at: line.at, n: line.n, from: desired, to });
    desired = to;
  }
  return sets;
}

/** What is not as it must be with the workers of a story. */
export function scalingProblems(stage: Stage, expected: ExpectedScaling): readonly string[] {
  const { service } = expected;
  const problems: string[] = [];
  const must = (holds: boolean, problem: string) => void (holds ? undefined : problems.push(problem));
  const fleet = stage.world.celery.fleet(service);
  const { queues, broker } = fleet;
  const now = stage.now();
  const cutOff = cutOffJobs(stage, service);
  const sets = countsSet(stage, service);
  const peak = Math.max(stage.initialDesired(service), ...sets.map(({ to }) => to));
  must(cutOff === (expected.cutOff ?? 0), `${cutOff} jobs were cut off, expected ${expected.cutOff ?? 0}`);
  if (expected.violating !== undefined) {
    const minutes = broker.jobs.violatingMinutes(expected.violating.promise, now, queues).length;
    must(minutes <= expected.violating.atMost, `${minutes} minutes broke the promise, at most ${expected.violating.atMost} may`);
  }
  const late = broker.jobs.all.filter((job) => job.startedAt === undefined && queues.includes(job.queue) && now - dueAt(job) > LATE).length;
  must(late <= (expected.late ?? 0), `${late} jobs that were due long ago still wait`);
  const desired = stage.world.desired(service);
  if (expected.desired !== undefined) must(within(desired, expected.desired), `${desired} workers are wanted at the end, expected ${say(expected.desired)}`);
  if (expected.peak !== undefined) must(within(peak, expected.peak), `at most ${peak} workers were wanted, expected ${say(expected.peak)}`);
  if (expected.changes !== undefined)
    must(
      within(sets.length, expected.changes),
      `the count was changed ${sets.length} times (${sets.map(({ from, to }) => `${from}→${to}`).join(", ")}), expected ${say(expected.changes)}`,
    );
  for (const { from, to, what } of expected.still ?? []) {
    const begun = stage.startedAt;
    const moved = sets.filter((one) => one.at >= begun + from && one.at < begun + to && (what === "changes" || one.to < one.from));
    must(moved.length === 0, `between ${from / 60_000} and ${to / 60_000} min the count went ${moved.map((one) => `${one.from}→${one.to}`).join(", ")}`);
  }
  for (const { words, times } of expected.told ?? []) {
    const count = entriesThatSay(stage, words).length;
    must(within(count, times), `"${words}" is told ${count} times, expected ${say(times)}`);
  }
  if (expected.addsNobodyAfter !== undefined) {
    const { words, for: length } = expected.addsNobodyAfter;
    const told = Number(field(entriesThatSay(stage, words)[0], "at"));
    const added = sets.filter((one) => one.to > one.from && one.at > told && one.at < told + length);
    must(added.length === 0, `after "${words}" the count went ${added.map((one) => `${one.from}→${one.to}`).join(", ")}`);
  }
  if (expected.stillWhileDeploying === true)
    for (const one of sets)
      must(one.to >= one.from || !deploying(stage, service, one.n), `the count went ${one.from}→${one.to} while a deployment was in progress`);
  for (const kind of expected.decided ?? []) must(decisions(stage, service).includes(kind), `no decision "${kind}" is on record`);
  return [...problems, ...unsafeStops(stage, service), ...(expected.unfinished === true ? [] : leftOver(stage, service))];
}

/** Jobs that ECS cut off, for whatever reason: what a bad revision does to its own jobs is not ours. */
export const cutOffJobs = (stage: Stage, service: string): number =>
  stage.lab.history.reduce((sum, line) => {
    if (line.kind !== "world" || line.what !== "jobs-cut-off" || line.about !== service || line.detail["code"] === "EssentialContainerExited") return sum;
    return sum + Number(line.detail["cutOff"]);
  }, 0);

/** Invariant 8 in the words of decision 42: what a scale-in of ours ends takes nothing and has nothing. */
function unsafeStops(stage: Stage, service: string): readonly string[] {
  return stage.lab.history.flatMap((line) => {
    if (line.kind !== "world" || line.what !== "worker-terminated" || line.about !== service) return [];
    if (!isScaleIn(stage, line)) return [];
    const { task, active, reserved, scheduled, consuming } = line.detail;
    const idle = active === 0 && reserved === 0 && scheduled === 0 && Array.isArray(consuming) && consuming.length === 0;
    return idle ? [] : [`task ${String(task).slice(0, 8)} was scaled in while it had ${JSON.stringify({ active, reserved, scheduled, consuming })}`];
  });
}

/** Deployments stop tasks with the same words; they are told apart by whether one was in progress. */
const isScaleIn = (stage: Stage, line: Recorded & { readonly kind: "world" }): boolean =>
  String(line.detail["reason"]).startsWith("Scaling activity") && !deploying(stage, line.about, line.n);

/** Whether a deployment of the service was in progress when the n-th line was written. */
function deploying(stage: Stage, service: string, n: number): boolean {
  const last = stage.lab.history.findLast((one) => one.n < n && one.kind === "world" && one.about === service && one.what.startsWith("service-deployment-"));
  return last?.kind === "world" && last.what === "service-deployment-in-progress";
}

/** The scaler's own entries in all incidents that contain these words; a template repeats some of them, and is none. */
const entriesThatSay = (stage: Stage, words: string): readonly object[] =>
  stage.lab.dynamodb
    .table(names.ledger)
    .items.filter(
      (item) =>
        String(field(item, "pk")).startsWith(keyPrefixes.incident) &&
        String(field(item, "sk")).startsWith("ENTRY#scaling/") &&
        JSON.stringify(item).includes(words),
    );

/** Kinds of the decisions on record, oldest first. */
const decisions = (stage: Stage, service: string): readonly string[] =>
  stage.lab.dynamodb
    .table(names.ledger)
    .items.filter((item) => field(item, "pk") === `${keyPrefixes.scaling}${service}`)
    .flatMap(decisionIn)
    .map((decision) => String(field(field(JSON.parse(decision), "verdict"), "kind")));

/** A long decision is stored packed (`packages/aws/src/ledger/texts.ts`). */
function decisionIn(item: unknown): readonly string[] {
  const [plain, packed] = [field(item, "decision"), field(item, "decisionPacked")];
  if (typeof plain === "string") return [plain];
  return typeof packed === "string" ? [inflateRawSync(Buffer.from(packed, "base64")).toString("utf8")] : [];
}

function leftOver(stage: Stage, service: string): readonly string[] {
  const { draining } = stage.world.celery.fleet(service);
  const kept = stage.world.protectedTasks(service);
  return [...(draining === 0 ? [] : [`${draining} workers are left that take no work`]), ...(kept === 0 ? [] : [`${kept} tasks are left protected`])];
}

const field = (from: unknown, name: string): unknown => (typeof from === "object" && from !== null ? Reflect.get(from, name) : undefined);
