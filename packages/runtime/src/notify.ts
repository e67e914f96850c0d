import { awayFor, isNoticed, nextStep, queueGroupOf, type Step } from "@nightshift/decide/delivery/index";
import { type EpochMs, epochMs, hours, type Ms, ms, type Severity, seconds } from "@nightshift/model";
import type { NotifierWorld, NotifyHow } from "./delivery/how.ts";
import { pageIncident } from "./delivery/page.ts";
import { type Case, openCase, type Pass, situationOf } from "./delivery/pass.ts";
import { postMessage } from "./delivery/post.ts";
import { updateHeader } from "./delivery/update.ts";

export { type BeatHow, beat, type HeartWorld } from "./delivery/heartbeat.ts";
export type { NotifierWorld, NotifyHow, Rendering } from "./delivery/how.ts";
export { pingAddress } from "./delivery/ping.ts";

/** Brings Slack up to date with one incident, as far as is possible now; what has to wait is nudged again. */
export async function notify(world: NotifierWorld, id: string, how: NotifyHow): Promise<void> {
  for (const [, error] of await tellIncidents(world, [id], how)) throw error;
}

/** Steps in one invocation; time ends it long before. */
const STEPS = 200;
/** A wait so short is waited here; a longer one in the queue, so that newer notices of the channel are not held up. */
const SHORT_WAIT = ms(1_100);
/** All waits of an invocation together, at most. */
const WAITS = seconds(4);
/** Before a nudge that cannot be followed at once: the queue delays no single message (`later`). */
const BREATH = seconds(1);
/** So long away, the sweep's look every five minutes is enough. */
const LONG_AWAY = hours(1);
/** A Slack call takes 4 s at most; with its rows, and looking twice before it, this much. */
const takes: Readonly<Record<"post" | "update" | "page", Ms>> = { post: seconds(5), update: seconds(5), page: seconds(5) };
const LOOKING = seconds(10);

/**
 * Brings Slack up to date with these incidents of one channel: first notices before all else, the gravest first, a step of each in turn.
 * What cannot go now is nudged again. Returns what failed of our own side, by incident; the others are not held up by it.
 */
export async function tellIncidents(world: NotifierWorld, ids: Iterable<string>, how: NotifyHow): Promise<ReadonlyMap<string, unknown>> {
  const pass: Pass = { world, how, budgets: new Map() };
  const failures = new Map<string, unknown>();
  const cases = new Map<string, Case>();
  for (const id of new Set(ids)) {
    await guarded(failures, id, async () => {
      const one = await openCase(pass, id);
      // Two names of one incident are one case.
      if (one !== undefined && ![...cases.values()].some(({ incident }) => incident.id === one.incident.id)) cases.set(id, one);
    });
  }
  await tellAll(pass, cases, failures);
  return failures;
}

async function tellAll(pass: Pass, cases: Map<string, Case>, failures: Map<string, unknown>): Promise<void> {
  let waited = 0;
  for (let taken = 0; taken < STEPS; taken++) {
    const next = bestOf(pass, cases);
    if (next === undefined) return;
    const { id, one, step } = next;
    const now = pass.world.clock.now();
    if (step.do === "wait") {
      const length = ms(step.until - now);
      waited += length;
      if (length > SHORT_WAIT || waited > WAITS || now + length > pass.how.until) break;
      await pass.how.pause(length);
    } else if (step.do !== "nothing") {
      if (now + takes[step.do] + (step.do === "post" && step.lost ? LOOKING : 0) > pass.how.until) break;
      if (!(await guarded(failures, id, () => carryOut(pass, one, step)))) cases.delete(id);
    }
  }
  await later(pass, cases, failures);
}

interface Next {
  readonly id: string;
  readonly one: Case;
  readonly step: Step;
}

const rank: Readonly<Record<Severity, number>> = { P1: 1, P2: 2, P3: 3, P4: 4 };

/** The most urgent step that can be done now; else the shortest wait; undefined when all is told. */
function bestOf(pass: Pass, cases: ReadonlyMap<string, Case>): Next | undefined {
  const all = [...cases].map(([id, one]) => ({ id, one, step: nextStep(situationOf(pass, one)) })).filter(({ step }) => step.do !== "nothing");
  // What has to be looked for takes most of an invocation: among equals it comes first, or it never would.
  const order = ({ one, step }: Next): number => (isNoticed(one.rows) ? 10 : 0) + rank[one.incident.severity] - (step.do === "post" && step.lost ? 0.5 : 0);
  const ready = all.filter(({ step }) => step.do !== "wait").toSorted((a, b) => order(a) - order(b));
  return ready[0] ?? all.toSorted((a, b) => untilOf(a.step) - untilOf(b.step))[0];
}

const untilOf = (step: Step): EpochMs => (step.do === "wait" ? step.until : epochMs(0));

function carryOut(pass: Pass, one: Case, step: Extract<Step, { readonly do: "post" | "update" | "page" }>): Promise<void> {
  switch (step.do) {
    case "post":
      return postMessage(pass, one, step);
    case "update":
      return updateHeader(pass, one, step);
    case "page":
      return pageIncident(pass, one, step);
  }
}

/**
 * What is left comes again behind what is new. A FIFO queue delays no single message, so the wait before it is ours; the occasion is this
 * very moment, since SQS would swallow one that it has seen within five minutes.
 * Source: "SendMessage", https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html (2026-11-21).
 */
async function later(pass: Pass, cases: ReadonlyMap<string, Case>, failures: Map<string, unknown>): Promise<void> {
  const { world, how, budgets } = pass;
  const left = [...cases].filter(([, one]) => nextStep(situationOf(pass, one)).do !== "nothing");
  if (left.length === 0) return;
  if (world.clock.now() + BREATH <= how.until) await how.pause(BREATH);
  for (const [id, { incident, channels }] of left) {
    const budget = budgets.get(channels[0] ?? "");
    if (budget !== undefined && awayFor(budget, LONG_AWAY, world.clock.now())) continue;
    await guarded(failures, id, () => world.outbox.nudge(queueGroupOf(incident, how.policy), incident.id, `later/${world.clock.now()}`));
  }
}

/** Whether it went well; what went wrong is kept under the incident. */
async function guarded(failures: Map<string, unknown>, id: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    failures.set(id, error);
    return false;
  }
}
