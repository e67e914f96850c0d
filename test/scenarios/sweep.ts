import { textOf } from "@nightshift/lab/slack/read";
import { defineNightshift, ecs, errorRate, minutes, percent, seconds } from "@nightshift/config";
import { type Fault, faultAt, type FaultPlan } from "@nightshift/lab/boundary/fault";
import { names } from "@nightshift/lab/install";
import { type Playing, runScenario } from "@nightshift/lab/scenario/run";
import type { Stage } from "@nightshift/lab/scenario/stage";
import { scenario } from "@nightshift/lab/scenario/scenario";
import { healthyBut5xx } from "@nightshift/lab/scenarios/healthy-but-5xx";
import { fiveHundreds } from "@nightshift/lab/world/index";

/** Healthy but 5xx, as short as it can be told: one service, tasks that start quickly, and nothing after the proof. */
const short = scenario({
  ...healthyBut5xx,
  before: (stage) => {
    const { loadBalancer, targetGroup } = apiOf(stage);
    const triggers = [errorRate({ above: percent(5), for: minutes(1) })];
    return defineNightshift({
      product: "shop",
      mode: "auto",
      channels: { incidents: "C0456EFGH" },
      people: { lead: { slack: "U0123LEAD", roles: ["operator"] } },
      services: { "shop-api": ecs({ cluster: "prod", traffic: { loadBalancer, targetGroup }, triggers }) },
    });
  },
  plot: (stage) => stage.at(seconds(10), () => void stage.deploy("shop-api", { bad: true, behaviour: fiveHundreds({ share: 0.3 }) })),
  world: { ecs: { start: { least: seconds(5), most: seconds(8) } } },
  lasts: minutes(8),
  expected: { ...healthyBut5xx.expected, serves: { "shop-api": "before" } },
});

function apiOf(stage: Stage): { readonly loadBalancer: string; readonly targetGroup: string } {
  const api = stage.product({
    name: "shop",
    cluster: "prod",
    services: [
      { name: "shop-api", desired: 2, firstRevision: 42, traffic: { rpm: 600 }, targetGroup: { interval: seconds(5), deregistrationDelay: seconds(10) } },
    ],
  })["shop-api"];
  if (api?.traffic === undefined) throw new Error("the api has a load balancer");
  return api.traffic;
}

const field = (from: unknown, name: string): unknown => (typeof from === "object" && from !== null ? Reflect.get(from, name) : undefined);

/** Everything that must be the same whatever went wrong on the way. Times may differ, and only those. */
interface Ending {
  /** Calls of ours that changed production and were accepted, each with what it sent. */
  readonly effects: readonly string[];
  readonly serving: Readonly<Record<string, readonly string[]>>;
  /** The lines that the thread says, without times and what follows from them: figures, and how far a deployment was at that moment. */
  readonly told: readonly string[];
  readonly audit: readonly string[];
  /** Executions that did not end well: by function, how they stand. A war room waits until its incident is closed. */
  readonly unfinished: readonly string[];
}

/** Only the first line of a message carries its zone, and which lines share a message follows from when they came. */
const timeless = (text: string): string =>
  text.replace(
    /\d+ m( \d+ s)?|\d+ s|\d\d:\d\d:\d\d( UTC)?|sha256 [0-9a-f]+|5xx [\d.]+ % of [\d,]+ requests|[\d.]+ % (before|now)|\d+ (log lines|of them errors|times)|pending|in progress/g,
    "·",
  );

/** How the story ended. */
export function endingOf(stage: Stage): Ending {
  const { history, dynamodb, engine, slack } = stage.lab;
  const effects = history.flatMap((line) =>
    line.kind === "call" && line.caller === "guard" && line.service === "ecs" && line.mutating && line.result === "ok"
      ? [`${line.operation} ${JSON.stringify(line.input)}`]
      : [],
  );
  // Which lines share a message follows from when they came.
  const lines = slack.channels
    .flatMap((channel) => channel.messages.flatMap((message) => [message, ...message.replies].map(textOf)))
    .flatMap((text) => text.split("\n"));
  const audit = dynamodb.table(names.audit).items.map((item) => `${String(field(item, "chain"))} ${String(field(item, "key"))}`);
  return {
    effects: effects.sort(),
    serving: Object.fromEntries([...stage.services.keys()].map((service) => [service, [...stage.world.serving(service).keys()].sort()])),
    told: lines.map((line) => timeless(line.trim())).sort(),
    audit: audit.sort(),
    unfinished: engine.executions.filter((one) => one.status !== "SUCCEEDED").map((one) => `${one.start.functionName} ${one.status}`),
  };
}

/** Plays the short story, with what is rough about it. */
export const play = (rough: Omit<Playing, "seed"> = {}) => runScenario(short, { seed: 1, ...rough });
/** Rollback calls that ECS took. */
const accepted = (stage: Stage): number =>
  stage.lab.history.filter(
    (line) =>
      line.kind === "call" &&
      line.caller === "guard" &&
      line.result === "ok" &&
      (line.operation === "StopServiceDeployment" || line.operation === "UpdateService"),
  ).length;

interface Met {
  readonly n: number;
  readonly name: string;
}

/**
 * The boundaries of the guard in the fault-free run. Looks are told apart by GetMetricData, the last read of each; a look whose
 * calls are those of the look before it and of the look after it tells nothing new, and is left out.
 */
async function boundaries(): Promise<readonly Met[]> {
  const looks: Met[][] = [[]];
  const plan: FaultPlan = ({ n, name, caller }) => {
    if (caller === "guard") looks.at(-1)?.push({ n, name });
    if (caller === "guard" && name === "cloudwatch:GetMetricData") looks.push([]);
    return { kind: "none" };
  };
  await play({ faults: () => plan });
  const calls = (at: number) => looks[at]?.map(({ name }) => name).join();
  return looks.flatMap((look, i) => (calls(i) === calls(i - 1) && calls(i) === calls(i + 1) ? [] : look));
}

/** The fault-free run, its ending, and every boundary to be tried. */
export const calm = await play();
export const expected = endingOf(calm.stage);
export const all = await boundaries();

/**
 * One boundary of each call with the two calls before it: an answer that is lost or refused is asked for again by the code that asked, which is the same
 * wherever these three follow each other. A crash is tried at every boundary, since what it leaves behind differs.
 */
export const inContext = all.filter((_, i) => all.findIndex((_, j) => callsUntil(j) === callsUntil(i)) === i);
function callsUntil(i: number): string {
  return all
    .slice(Math.max(0, i - 2), i + 1)
    .map(({ name }) => name)
    .join();
}

/** Tries one fault at these boundaries and collects those after which the ending differs. */
export async function sweep(fault: Fault, judge: (stage: Stage) => unknown, at: readonly Met[] = all): Promise<readonly string[]> {
  const different: string[] = [];
  for (const { n, name } of at) {
    const { stage } = await play({ faults: () => faultAt(n, fault) });
    const because = judge(stage);
    if (because !== undefined) different.push(`${fault.kind} at ${n} (${name}): ${String(because)}`);
  }
  return different;
}

/** Names the first part that differs. */
export function differs(stage: Stage): string | undefined {
  const ending = endingOf(stage);
  for (const part of ["effects", "serving", "audit", "told", "unfinished"] as const) {
    if (JSON.stringify(ending[part]) !== JSON.stringify(expected[part]))
      return `${part}: ${JSON.stringify(ending[part])} instead of ${JSON.stringify(expected[part])}`;
  }
  return undefined;
}

/** The good bytes serve and were put back once; undefined when all is well. */
export const sameEnd = (stage: Stage): string | undefined => {
  const ending = endingOf(stage);
  if (JSON.stringify(ending.serving) !== JSON.stringify(expected.serving)) return `serves ${JSON.stringify(ending.serving)}`;
  if (accepted(stage) > 1) return `${accepted(stage)} rollback calls were accepted`;
  return JSON.stringify(ending.unfinished) === JSON.stringify(expected.unfinished) ? undefined : `executions ended as ${ending.unfinished.join()}`;
};
