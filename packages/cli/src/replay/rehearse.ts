import { decideGuard } from "@nightshift/decide/decide-guard";
import type { Ask, DeploymentStarted, GuardSettings, LeaveAlone, RollBack, Wait } from "@nightshift/model";
import { type Checkpoints, runIn } from "@nightshift/runtime";
import { carryOut } from "../../../../functions/dispatcher/carry-out.ts";
import type { Routed } from "../../../../functions/dispatcher/route.ts";
import { guard, type GuardFacts } from "../../../../functions/guard/automation.ts";
import { parseStarted } from "../../../../functions/guard/started.ts";
import { tail } from "../../../../functions/sweep/automation.ts";
import type { Rehearsal, UnmadeCall } from "./rehearsal.ts";

/** What was decided; `leave` with the reason `not-acted-on` when no automation has anything to decide about the event. */
export type Verdict =
  | RollBack
  | Ask
  | LeaveAlone
  | Wait
  | { readonly kind: "leave"; readonly reason: "not-acted-on" | "suggested" | "warned" | "quiet"; readonly because: readonly string[] };

/** How an event would be dealt with. */
export interface Rehearsed {
  /** What the dispatcher would do, one line for each thing the event asks for. */
  readonly dispatcher: readonly string[];
  readonly verdict: Verdict;
  /** Calls that change production, in order. */
  readonly calls: readonly UnmadeCall[];
  /** The work that the guard would have been started for. */
  readonly started: DeploymentStarted | undefined;
  /** What the guard knew when it decided. */
  readonly facts?: GuardFacts;
}

/** What is played, and where. */
export interface ToRehearse {
  /** What the event asks for. */
  readonly routes: readonly Routed[];
  readonly groups: readonly GuardSettings[];
  readonly rehearsal: Rehearsal;
  readonly checkpoints: Checkpoints;
}

/** Plays an event through dispatcher, detect and decide, and carries the verdict out against recorders. */
export async function rehearse({ routes, groups, rehearsal, checkpoints }: ToRehearse): Promise<Rehearsed> {
  const dispatcher: string[] = [];
  for (const routed of routes) dispatcher.push(await carryOutReplayed(rehearsal.world, routed));
  const input = rehearsal.started.find((one) => one.automation === guard.name)?.input;
  const started = input === undefined ? await watchedFor(routes, { groups, rehearsal }) : parseStarted(input);
  if (started !== undefined) return { dispatcher, started, ...(await judge(started, { groups, rehearsal, checkpoints })) };
  const group = groups.find((one) =>
    routes.some((routed) => routed.kind === "alarm" && one.services.some((service) => routed.alarm.listening.includes(service.name))),
  );
  const verdict = group === undefined ? notOurs(dispatcher) : await judgeTail(group, { rehearsal, checkpoints });
  return { dispatcher, started: undefined, verdict, calls: [] };
}

/** What the dispatcher does with one event. Of an alarm it keeps what a watch reads; that it would open or join an incident is said. */
export async function carryOutReplayed(world: Rehearsal["world"], routed: Routed): Promise<string> {
  if (routed.kind !== "alarm") return carryOut(world, routed);
  const { move, listening, group } = routed.alarm;
  for (const service of listening) await world.signals.alarm(service, { name: move.name, value: move.value, since: move.at, reason: move.reason });
  const told = group === undefined ? "" : `; it is about ${move.service} (${move.severity}) and goes into the incident of ${group}`;
  return `remembered that ${move.name} is ${move.value}${told}`;
}

const notOurs = (because: readonly string[]): Verdict => ({ kind: "leave", reason: "not-acted-on", because });

/** An alarm is read by the open watch of its group, if there is one. */
async function watchedFor(routes: readonly Routed[], { groups, rehearsal }: Pick<ToRehearse, "groups" | "rehearsal">): Promise<DeploymentStarted | undefined> {
  for (const routed of routes) {
    if (routed.kind !== "alarm") continue;
    const group = groups.find((one) => one.services.some((service) => routed.alarm.listening.includes(service.name)));
    const watch = group === undefined ? undefined : await rehearsal.world.watches.find(group.group);
    if (group === undefined || watch === undefined || watch.state === "closed") continue;
    const [first] = group.services.filter((service) => watch.key === `${guard.name}/${group.group}/${watch.members[service.name]}`);
    const deployment = first === undefined ? undefined : watch.members[first.name];
    if (first !== undefined && deployment !== undefined) return { group: group.group, service: first.name, deployment, at: watch.openedAt };
  }
  return undefined;
}

/** The guard, up to its verdict; then what acting on it would call. */
async function judge(
  started: DeploymentStarted,
  { groups, rehearsal, checkpoints }: Pick<ToRehearse, "groups" | "rehearsal" | "checkpoints">,
): Promise<Pick<Rehearsed, "verdict" | "calls" | "facts">> {
  const settings = groups.find((one) => one.group === started.group);
  if (settings === undefined) return { verdict: notOurs([`${started.group} is not in the config`]), calls: [] };
  const run = runIn(rehearsal.world, checkpoints, guard.key(started));
  const facts = await guard.detect(started, settings, run);
  const now = decideGuard(facts.prepared, facts.memory, settings);
  if (now.kind === "wait") return { verdict: now, calls: rehearsal.calls };
  const verdict = guard.decide(facts, settings);
  if (verdict.kind !== "leave" && verdict.plan !== undefined) await guard.act(verdict, facts, run);
  return { verdict, calls: rehearsal.calls, facts };
}

/** Outside of a watch the sweep says what it makes of an alarm; it never acts. */
async function judgeTail(settings: GuardSettings, { rehearsal, checkpoints }: Pick<ToRehearse, "rehearsal" | "checkpoints">): Promise<Verdict> {
  const due = { group: settings.group, occasion: "replay", askForImages: false };
  const { reason, because } = tail.decide(await tail.detect(due, settings, runIn(rehearsal.world, checkpoints, tail.key(due))), settings);
  return { kind: "leave", reason, because };
}
